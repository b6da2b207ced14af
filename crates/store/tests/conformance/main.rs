//! One suite, run on every kind of store.

mod cases;
mod folder;
mod killed;
mod model;
mod postgres;
mod sample;
mod trouble;

use folder::Folder;
use ringfence_store::{Location, Store};

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
