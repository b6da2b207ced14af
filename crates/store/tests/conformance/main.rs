//! One suite, run on every kind of store.

mod cases;
mod postgres;
mod sample;

use std::path::PathBuf;

use ringfence_store::{Location, Store};

/// A folder that is removed at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("ringfence-store-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_conforms() {
    for (name, case) in cases::ALL {
        let folder = Folder::new(name);
        eprintln!("case {name}");
        let store = Store::open(&Location::Folder(folder.0.clone())).await.unwrap();
        case(store.clone()).await;
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts the PostgreSQL server of the Python environment"]
async fn postgres_conforms() {
    let server = postgres::Server::start();
    for (name, case) in cases::ALL {
        eprintln!("case {name}");
        let store = Store::open(&Location::Url(server.database(name).await)).await.unwrap();
        case(store.clone()).await;
        store.close().await;
    }
}
