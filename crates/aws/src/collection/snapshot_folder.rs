//! The snapshot folder on disk: accounts are staged beside it and swapped in whole, so that what is there is always
//! whole, and a run that was killed goes on where it stopped.
//!
//! While a run is on its way, `.collect` holds `run.json` (what is collected), `staged/ID` (an account that is being
//! written) and `done/ID.json` (what could not be read in an account that is finished). As long as `run.json` is there, the
//! snapshot is not finished, and readers say so.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::absent::Absent;
use super::file_name::{resource_file, type_folder};
use super::not_read::NotRead;

const STATE: &str = ".collect";

/// Where things are written that are read one by one.
const PATCHES: &str = ".patches";

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
    /// What does not exist where the account is.
    #[serde(default)]
    pub(super) absent: Vec<Absent>,
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
        let present = Some(self.account(id)).filter(|present| present.exists());
        Ok(StagedAccount { staged, present, folders: Mutex::default() })
    }

    /// Puts a staged account in its place at once, and takes note that it is finished.
    pub(super) fn commit(&self, id: &str, staged: &StagedAccount, done: &Done) -> io::Result<()> {
        let place = self.account(id);
        match &staged.present {
            Some(present) if same_tree(&staged.staged, present) => {
                fs::remove_dir_all(&staged.staged)?;
            }
            Some(present) => {
                exchange(&staged.staged, present)?;
                fs::remove_dir_all(&staged.staged)?;
            }
            None => fs::rename(&staged.staged, place)?,
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

/// Gives a resource, a role or a fact its place in a snapshot that is finished.
#[derive(Debug)]
pub(super) struct Patch {
    root: PathBuf,
    staged: PathBuf,
}

impl Patch {
    /// Begins to write something of an account. `number` tells patches apart that are made at the same time.
    pub(super) fn begin(root: &Path, id: &str, number: u64) -> io::Result<(Self, StagedAccount)> {
        let staged = root.join(PATCHES).join(number.to_string());
        let _ = fs::remove_dir_all(&staged);
        fs::create_dir_all(&staged)?;
        let present = root.join("accounts").join(id);
        let account = StagedAccount {
            staged: staged.clone(),
            present: Some(present),
            folders: Mutex::default(),
        };
        Ok((Self { root: root.to_owned(), staged }, account))
    }

    /// Moves what was written to where it belongs, file by file, and gives the files.
    pub(super) fn commit(self, id: &str) -> io::Result<Vec<PathBuf>> {
        let present = self.root.join("accounts").join(id);
        let mut moved = Vec::new();
        for from in files_below(&self.staged)? {
            let Ok(name) = from.strip_prefix(&self.staged) else { continue };
            let to = present.join(name);
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::rename(&from, &to)?;
            moved.push(to);
        }
        Ok(moved)
    }
}

impl Drop for Patch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.staged);
    }
}

/// Reads a file of a snapshot, changes it, and writes it such that it is there whole or not at all.
pub(super) fn change_file(path: &Path, change: impl FnOnce(&mut Value)) -> io::Result<()> {
    let before = read_json(path)?;
    let mut value = before.clone();
    change(&mut value);
    if value == before { Ok(()) } else { write_whole(path, &text(&value)?) }
}

fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// An account on its way to disk. Files that are as they were are linked, not written.
#[derive(Debug)]
pub(super) struct StagedAccount {
    staged: PathBuf,
    /// What there is of the account from an earlier run.
    present: Option<PathBuf>,
    /// Folders that were made: asking for one again with each of its files costs as much as writing the file.
    folders: Mutex<HashSet<PathBuf>>,
}

impl StagedAccount {
    /// One that nothing is written to.
    pub(super) fn nowhere() -> Self {
        Self { staged: PathBuf::new(), present: None, folders: Mutex::default() }
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
        let mut made = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if !made.contains(&folder) {
            fs::create_dir_all(self.staged.join(&folder))?;
            made.insert(folder.clone());
        }
        drop(made);
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
        let staged = self.staged.join(name);
        match self.present.as_ref().map(|present| present.join(name)) {
            Some(present) if same_file(&staged, &present) => {
                anew(&staged, |staged| link_or_copy(&present, staged))
            }
            _ => Ok(()),
        }
    }

    fn put(&self, path: &Path, text: &[u8]) -> io::Result<()> {
        let staged = self.staged.join(path);
        let is_as_before = |present: &PathBuf| {
            fs::metadata(present).is_ok_and(|file| file.len() == text.len() as u64)
                && fs::read(present).is_ok_and(|before| before == text)
        };
        let present = self.present.as_ref().map(|present| present.join(path));
        anew(&staged, |staged| match present.as_ref().filter(|present| is_as_before(present)) {
            Some(present) => link_or_copy(present, staged),
            None => File::create_new(staged)?.write_all(text),
        })
    }
}

/// Makes a file, in the place of the one that may be there: a resource that is listed twice is written twice, and a link
/// must not be written through.
fn anew(path: &Path, make: impl Fn(&Path) -> io::Result<()>) -> io::Result<()> {
    match make(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            make(path)
        }
        made => made,
    }
}

/// Where the file system has no links, the content is copied.
fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) => fs::copy(from, to).map(|_| ()),
        Ok(()) => Ok(()),
    }
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
