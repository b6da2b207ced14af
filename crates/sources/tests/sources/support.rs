//! Folders for tests to write into, and how entries are shown.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

use ringfence_access::inventory::Inventory;

/// A folder that is gone when the test is over.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ringfence-sources-{}-{number}", process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// Everything that was not analyzed, an entry a line, with paths from `root`.
pub(crate) fn entries(inventory: &Inventory, root: &Path) -> Vec<String> {
    let root = format!("{}/", root.display());
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let line = |line: Option<usize>| line.map_or_else(|| "-".to_owned(), |line| line.to_string());
    let entries = inventory.not_analyzed.iter().map(|entry| {
        let place = format!("{}:{}", entry.file.replace(&root, ""), line(entry.line()));
        let what = format!("{} {}", dash(&entry.resource_type), dash(&entry.resource));
        format!("{place}\n    {what}\n    {}", entry.reason.replace(&root, ""))
    });
    entries.collect()
}
