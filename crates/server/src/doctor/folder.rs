//! The data folder, the file of the encryption key, and the room on the disk.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{Check, told};
use crate::config::Data;
use crate::keys::MasterKey;

const FOLDER: &str = "data folder";
const KEY: &str = "encryption key";
const DISK: &str = "disk space";

/// Less room than this is a problem, ten times as much a warning.
const LEAST_ROOM: u64 = 100 << 20;

pub(super) fn checks(data: &Data) -> Vec<Check> {
    let folder = &data.folder;
    if !folder.exists() {
        let message =
            format!("`{}` is not there yet; `ringfence serve` makes it", folder.display());
        return vec![Check::warning(FOLDER, message)];
    }
    vec![folder_check(folder), key_check(data), disk_check(folder)]
}

fn folder_check(folder: &Path) -> Check {
    let name = folder.display();
    let mode = match fs::metadata(folder) {
        Ok(found) if !found.is_dir() => {
            return Check::problem(FOLDER, format!("`{name}` is no folder"));
        }
        Ok(found) => found.permissions().mode(),
        Err(error) => {
            return Check::problem(FOLDER, format!("`{name}` cannot be read: {error}"));
        }
    };
    // What the service does: make a file there.
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    if let Err(error) = fs::write(&probe, b"") {
        return Check::problem(FOLDER, format!("nothing can be written into `{name}`: {error}"));
    }
    if let Err(error) = fs::remove_file(&probe) {
        return Check::problem(FOLDER, format!("`{}` cannot be removed: {error}", probe.display()));
    }
    match mode & 0o022 {
        0 => Check::ok(FOLDER, format!("`{name}` can be written")),
        _ => {
            let message = format!("others may write into `{name}`: `chmod go-w {name}`");
            Check::warning(FOLDER, message)
        }
    }
}

fn key_check(data: &Data) -> Check {
    let Some(file) = data.key_file() else {
        return match data.master_key() {
            Ok(_) => Check::ok(KEY, "it is given by the environment or the configuration"),
            Err(error) => Check::problem(KEY, told(&error)),
        };
    };
    let name = file.display();
    // Reading it by way of the configuration would make it where it is not there.
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Check::warning(
                KEY,
                format!("`{name}` is not there yet; the first key makes it"),
            );
        }
        Err(error) => return Check::problem(KEY, format!("`{name}` cannot be read: {error}")),
    };
    if let Err(error) = MasterKey::parse(&text) {
        return Check::problem(KEY, format!("`{name}`: {error}"));
    }
    match fs::metadata(&file).map(|found| found.permissions().mode() & 0o077) {
        Ok(0) => Check::ok(KEY, format!("only its owner reads `{name}`")),
        Ok(_) => Check::problem(KEY, format!("others may read `{name}`: `chmod 600 {name}`")),
        Err(error) => Check::problem(KEY, format!("`{name}` cannot be read: {error}")),
    }
}

fn disk_check(folder: &Path) -> Check {
    let found = match rustix::fs::statvfs(folder) {
        Ok(found) => found,
        Err(error) => return Check::problem(DISK, format!("it cannot be asked: {error}")),
    };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let message = format!("{} MiB are free for `{}`", free >> 20, folder.display());
    match free {
        own if own < LEAST_ROOM => Check::problem(DISK, message),
        own if own < LEAST_ROOM * 10 => Check::warning(DISK, message),
        _ => Check::ok(DISK, message),
    }
}
