//! An organization: its tree and policies, its accounts by their roles, and parts of it.

use serde_json::Value;

use crate::moto::{Moto, OWN};
use crate::proxy::{Fate, Proxy};
use crate::run::{Folder, collector, json, not_read, said};

#[test]
#[ignore = "needs the Python environment"]
fn the_organization_is_read_whole() {
    let moto = Moto::start();
    let made: Value = serde_json::from_str(&moto.plant(&["organization"])).unwrap();
    let id = |name: &str| made[name].as_str().unwrap().to_owned();
    let folder = Folder::new("organization");
    let out = folder.out();
    let done = collector(&out, &moto.url())
        .args(["--organization", "--exclude", &id("other"), "--max-attempts", "1"])
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(4), "{}", said(&done));
    assert!(Moto::validate(&out) > 4);
    let organization = json(&out.join("organization.json"));
    let accounts = organization["Accounts"].as_array().unwrap();
    let account = |name: &str| accounts.iter().find(|it| it["Id"] == id(name)).unwrap();
    assert_eq!(account("card")["ParentId"], made["cards"]);
    let path = account("card")["OrgPath"].as_str().unwrap();
    assert!(path.ends_with(&format!("/{}/{}/", id("payments"), id("cards"))), "{path}");
    assert_eq!(account("card")["Tags"][0]["Value"], "pci");
    let policies = organization["Policies"].as_array().unwrap();
    let deny = policies.iter().find(|it| it["PolicySummary"]["Name"] == "deny").unwrap();
    let mut targets: Vec<&str> = deny["Targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["TargetId"].as_str().unwrap())
        .collect();
    targets.sort_unstable();
    let (cards, other) = (id("cards"), id("other"));
    let mut expected = [cards.as_str(), other.as_str()];
    expected.sort_unstable();
    assert_eq!(targets, expected);
    for (name, is_there) in [("card", true), ("pay", true), ("other", false)] {
        assert_eq!(out.join("accounts").join(id(name)).exists(), is_there, "{name}");
    }
    assert!(out.join("accounts").join(OWN).exists());
}

#[test]
#[ignore = "needs the Python environment"]
fn one_account_stops_no_other() {
    let moto = Moto::start();
    let made: Value = serde_json::from_str(&moto.plant(&["organization"])).unwrap();
    let id = |name: &str| made[name].as_str().unwrap().to_owned();
    let closed = id("card");
    let proxy = Proxy::start(moto.port, move |request| {
        let is_closed = String::from_utf8_lossy(request.text()).contains(&closed);
        if request.operation.as_deref() != Some("AssumeRole") || !is_closed {
            return Fate::Answer;
        }
        let error = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
        Fate::Instead(403, "text/xml", format!("<ErrorResponse>{error}</ErrorResponse>"))
    });
    let folder = Folder::new("one-account");
    let out = folder.out();
    let done = collector(&out, &proxy.url())
        .args(["--ou", &id("payments"), "--max-attempts", "1"])
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(4), "{}", said(&done));
    let denied: Vec<_> =
        not_read(&out).into_iter().filter(|(action, _)| action == "sts:AssumeRole").collect();
    assert_eq!(denied, [("sts:AssumeRole".to_owned(), "AccessDenied: no".to_owned())]);
    let regions = |account: &str| {
        json(&out.join("accounts").join(account).join("account.json"))["Regions"].clone()
    };
    assert_eq!(regions(&id("pay"))[0], "eu-west-1");
    assert_eq!(regions(&id("card")), Value::Null);
    assert!(!out.join("accounts").join(id("other")).exists());
}

#[test]
#[ignore = "needs the Python environment"]
fn an_organization_that_cannot_be_read_and_accounts_it_does_not_have() {
    let moto = Moto::start();
    let folder = Folder::new("no-organization");
    let run = |arguments: &[&str]| {
        let done = collector(&folder.out(), &moto.url())
            .args(["--max-attempts", "1"])
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(1), "{}", said(&done));
        said(&done)
    };
    let text = run(&["--organization"]);
    assert!(text.starts_with("error: the organization cannot be read: "), "{text}");
    moto.plant(&["organization"]);
    let text = run(&["--organization", "--accounts", "999999999999"]);
    assert!(text.contains("`999999999999` is not an active account"), "{text}");
    let text = run(&["--ou", "ou-none-none"]);
    assert!(text.contains("`ou-none-none` is neither a unit nor a root"), "{text}");
    let text = run(&["--region", "moon-west-1"]);
    assert!(text.contains("region `moon-west-1` does not exist"), "{text}");
}
