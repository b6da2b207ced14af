//! The snapshot folder on disk: accounts are staged beside it and swapped in whole, so that what is there is always
//! whole, and a run that was killed goes on where it stopped.
//!
//! While a run is on its way, `.collect` holds `run.json` (what is collected), `staged/ID` (an account that is being
//! written) and `done/ID.json` (what could not be read in an account that is finished). As long as `run.json` is there, the
//! snapshot is not finished, and readers say so.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::file_name::{resource_file, type_folder};
use super::not_read::NotRead;

const STATE: &str = ".collect";

/// A folder that is written by one run.
#[derive(Debug)]
pub(super) struct SnapshotFolder {
    root: PathBuf,
}

/// An account that is finished.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Done {
    pub(super) resources: usize,
    pub(super) not_read: Vec<NotRead>,
}

impl SnapshotFolder {
    /// Begins a run, or goes on with one of the same `plan` that was broken off; `None` for the accounts that it has
    /// finished when the run is a new one.
    pub(super) fn begin(root: &Path, plan: &Value) -> io::Result<Self> {
        let folder = Self { root: root.to_owned() };
        let state = folder.state();
        let going_on = read_json(&state.join("run.json")).is_ok_and(|before| before == *plan);
        if !going_on && state.exists() {
            folder.forget_run()?;
        }
        fs::create_dir_all(state.join("done"))?;
        fs::create_dir_all(root.join("accounts"))?;
        // What was staged when the run before was killed is not known to be whole.
        let _ = fs::remove_dir_all(state.join("staged"));
        fs::create_dir_all(state.join("staged"))?;
        write_whole(&state.join("run.json"), &text(plan)?)?;
        Ok(folder)
    }

    fn state(&self) -> PathBuf {
        self.root.join(STATE)
    }

    fn account(&self, id: &str) -> PathBuf {
        self.root.join("accounts").join(id)
    }

    /// The ids of the accounts that the folder has.
    pub(super) fn accounts(root: &Path) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(root.join("accounts")) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names = names.collect::<io::Result<Vec<_>>>()?;
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        Ok(names)
    }

    /// What the run, before it was broken off, left of an account that it had finished.
    pub(super) fn done(&self, id: &str) -> Option<Done> {
        let done = read_json(&self.state().join("done").join(format!("{id}.json"))).ok()?;
        serde_json::from_value(done).ok()
    }

    /// Begins to write an account.
    pub(super) fn stage(&self, id: &str) -> io::Result<StagedAccount> {
        let staged = self.state().join("staged").join(id);
        let _ = fs::remove_dir_all(&staged);
        fs::create_dir_all(&staged)?;
        Ok(StagedAccount { staged, present: self.account(id) })
    }

    /// Puts a staged account in its place at once, and takes note that it is finished.
    pub(super) fn commit(&self, id: &str, staged: &StagedAccount, done: &Done) -> io::Result<()> {
        if same_tree(&staged.staged, &staged.present) {
            fs::remove_dir_all(&staged.staged)?;
        } else if staged.present.exists() {
            exchange(&staged.staged, &staged.present)?;
            fs::remove_dir_all(&staged.staged)?;
        } else {
            fs::rename(&staged.staged, &staged.present)?;
        }
        let note = self.state().join("done").join(format!("{id}.json"));
        write_whole(&note, &text(done)?)
    }

    /// Removes an account that is not part of the snapshot any more.
    pub(super) fn remove_account(&self, id: &str) -> io::Result<()> {
        let aside = self.state().join("staged").join(id);
        let _ = fs::remove_dir_all(&aside);
        fs::rename(self.account(id), &aside)?;
        fs::remove_dir_all(aside)
    }

    /// Writes a file of the folder itself, if that changes it.
    pub(super) fn write(&self, name: &str, value: &impl Serialize) -> io::Result<()> {
        let path = self.root.join(name);
        let text = text(value)?;
        if fs::read(&path).is_ok_and(|present| present == text) {
            return Ok(());
        }
        let staged = self.state().join(name);
        fs::write(&staged, text)?;
        fs::rename(staged, path)
    }

    /// Removes a file of the folder itself, if it is there.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.root.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Writes `snapshot.json` and forgets the run: the snapshot is finished.
    pub(super) fn finish(&self, manifest: &impl Serialize) -> io::Result<()> {
        self.write("snapshot.json", manifest)?;
        self.forget_run()
    }

    fn forget_run(&self) -> io::Result<()> {
        let marker = self.state().join("run.json");
        if marker.exists() {
            fs::remove_file(marker)?;
        }
        fs::remove_dir_all(self.state())
    }
}

/// An account on its way to disk. Files that are as they were are linked, not written.
#[derive(Debug)]
pub(super) struct StagedAccount {
    staged: PathBuf,
    present: PathBuf,
}

impl StagedAccount {
    /// One that nothing is written to.
    pub(super) fn nowhere() -> Self {
        Self { staged: PathBuf::new(), present: PathBuf::new() }
    }

    /// Writes the file of a resource.
    pub(super) fn resource(
        &self,
        region: &str,
        resource_type: &str,
        name: &str,
        value: &Value,
    ) -> io::Result<()> {
        let folder = Path::new(region).join(type_folder(resource_type));
        fs::create_dir_all(self.staged.join(&folder))?;
        self.put(&folder.join(resource_file(name)), &text(value)?)
    }

    /// Writes a file of the account.
    pub(super) fn file(&self, name: &str, value: &Value) -> io::Result<()> {
        self.put(Path::new(name), &text(value)?)
    }

    /// A file that is written piece by piece; [`Self::written`] has to be told when it is whole.
    pub(super) fn pieces(&self, name: &str) -> io::Result<BufWriter<File>> {
        Ok(BufWriter::new(File::create(self.staged.join(name))?))
    }

    /// Links a file that [`Self::pieces`] wrote to the present one if they are the same.
    pub(super) fn written(&self, name: &str) -> io::Result<()> {
        let (staged, present) = (self.staged.join(name), self.present.join(name));
        if same_file(&staged, &present) {
            fs::remove_file(&staged)?;
            link_or_copy(&present, &staged)?;
        }
        Ok(())
    }

    fn put(&self, path: &Path, text: &[u8]) -> io::Result<()> {
        let (staged, present) = (self.staged.join(path), self.present.join(path));
        // A resource that is listed twice is written twice; a link must not be written through.
        let _ = fs::remove_file(&staged);
        let is_as_before = fs::metadata(&present).is_ok_and(|file| file.len() == text.len() as u64)
            && fs::read(&present).is_ok_and(|before| before == text);
        if is_as_before { link_or_copy(&present, &staged) } else { fs::write(staged, text) }
    }
}

fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}

fn text(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}

fn read_json(path: &Path) -> io::Result<Value> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

/// Writes a file such that it is there whole or not at all.
fn write_whole(path: &Path, text: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, text)?;
    fs::rename(beside, path)
}

/// Swaps two folders in one step.
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        // A file system that cannot swap: the account is missing for a moment, never half there.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
            let aside = one.with_extension("old");
            fs::rename(other, &aside)?;
            fs::rename(one, other)?;
            fs::rename(aside, one)
        }
        Err(error) => Err(error.into()),
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    let length = |path| fs::metadata(path).map(|file| file.len()).ok();
    if length(one).is_none() || length(one) != length(other) {
        return false;
    }
    let (Ok(one), Ok(other)) = (fs::read(one), fs::read(other)) else { return false };
    one == other
}

fn same_tree(one: &Path, other: &Path) -> bool {
    let names = |path: &Path| -> io::Result<Vec<_>> {
        let mut names: Vec<_> =
            fs::read_dir(path)?.map(|e| e.map(|e| e.file_name())).collect::<io::Result<_>>()?;
        names.sort();
        Ok(names)
    };
    let (Ok(ours), Ok(theirs)) = (names(one), names(other)) else { return false };
    ours == theirs
        && ours.iter().all(|name| {
            let (one, other) = (one.join(name), other.join(name));
            if one.is_dir() { same_tree(&one, &other) } else { same_file(&one, &other) }
        })
}
