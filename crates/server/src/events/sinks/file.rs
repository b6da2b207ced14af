//! A file of JSON lines. It is opened for each batch, so that a file that was moved away is made anew, and what was
//! written is on the disk before it counts as delivered.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::Outcome;
use crate::events::envelope::Outgoing;
use crate::events::settings::FileSettings;

/// A file.
#[derive(Debug)]
pub(crate) struct File {
    path: PathBuf,
}

impl File {
    pub(super) fn new(settings: &FileSettings) -> Result<Self, String> {
        if settings.path.file_name().is_none() {
            return Err("`path` names no file".to_owned());
        }
        Ok(Self { path: settings.path.clone() })
    }

    pub(super) async fn deliver(&self, events: &[Outgoing]) -> Vec<Outcome> {
        let mut lines = String::new();
        for event in events {
            lines.push_str(&event.envelope().to_string());
            lines.push('\n');
        }
        let path = self.path.clone();
        let written = tokio::task::spawn_blocking(move || append(&path, lines.as_bytes())).await;
        let outcome = match written {
            Ok(Ok(())) => Outcome::Delivered,
            Ok(Err(error)) => Outcome::Unavailable(format!(
                "`{}` cannot be written: {error}",
                self.path.display()
            )),
            Err(error) => Outcome::Unavailable(error.to_string()),
        };
        vec![outcome; events.len()]
    }
}

/// Appends lines. A line that a process left unfinished when it was killed is ended first; what cannot be written whole
/// is taken back.
fn append(path: &Path, lines: &[u8]) -> io::Result<()> {
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let length = file.seek(SeekFrom::End(0))?;
    let mut bytes = Vec::new();
    if length > 0 {
        file.seek(SeekFrom::Start(length.saturating_sub(1)))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            bytes.push(b'\n');
        }
    }
    bytes.extend_from_slice(lines);
    if let Err(error) = file.write_all(&bytes).and_then(|()| file.sync_data()) {
        let _ = file.set_len(length);
        return Err(error);
    }
    if is_new && let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
