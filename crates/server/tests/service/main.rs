//! The program over HTTP: what it refuses, its limits, how it ends; AWS's own clients against it; and what an operator
//! does with it: both databases, kills, backups, certificates.

#[path = "../../../collect/tests/live/proxy.rs"]
#[expect(dead_code, reason = "shared with the tests of collection, which break more")]
mod proxy;

#[path = "../../../../tests/support/actions.rs"]
mod actions;
mod anchored;
mod approval;
mod archive_reason;
mod aws_findings;
mod aws_keeps;
mod clients;
mod events;
mod events_aws;
#[path = "../../../store/tests/conformance/folder.rs"]
mod folder;
mod killed;
mod limits;
mod mail;
mod notify_preview;
mod operator;
mod own_operations;
#[path = "../../../store/tests/conformance/postgres.rs"]
mod postgres;
mod python;
mod rules_and_record;
mod rules_dry_run;
mod running;
mod rust_sdk;
mod seed;
mod stores;
mod stories;
mod stub;
mod terraform;
#[path = "../../../../tests/support/terraform.rs"]
mod terraform_program;
mod topic;
mod transport;
mod waiting;
mod watching;
