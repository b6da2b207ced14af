//! Users, groups, roles and managed policies, as GetAccountAuthorizationDetails has them. They go to disk page by page.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};

use aws_sdk_iam::Client;
use aws_sdk_iam::operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput as Answer;
use aws_sdk_iam::types::EntityType;
use serde_json::Value;

use super::authorization_items::{boundary, boundary_policy, group, policy, role, user};
use crate::collection::pages::Progress;
use crate::collection::place::{Place, client};
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const FILE: &str = "authorization-details.json";
const ACTION: &str = "iam:GetAccountAuthorizationDetails";

pub(super) const ACCOUNT_FACT: Unit = Unit {
    resource_type: None,
    reach: Reach::Account,
    actions: &[ACTION, "iam:GetPolicy", "iam:GetPolicyVersion"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: None,
};

/// One of the lists that the answer has: who is asked for, and what a page of the answer holds of it.
struct List {
    name: &'static str,
    filters: &'static [EntityType],
    items: fn(Answer) -> Vec<Value>,
}

const LISTS: [List; 4] = [
    List {
        name: "UserDetailList",
        filters: &[EntityType::User],
        items: |page| page.user_detail_list.iter().flatten().map(user).collect(),
    },
    List {
        name: "GroupDetailList",
        filters: &[EntityType::Group],
        items: |page| page.group_detail_list.iter().flatten().map(group).collect(),
    },
    List {
        name: "RoleDetailList",
        filters: &[EntityType::Role],
        items: |page| page.role_detail_list.iter().flatten().map(role).collect(),
    },
    List {
        name: "Policies",
        filters: &[EntityType::LocalManagedPolicy, EntityType::AwsManagedPolicy],
        items: |page| page.policies.iter().flatten().map(policy).collect(),
    },
];

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_iam);
    let staged = &place.account.staged;
    let mut writer = match staged.pieces(FILE) {
        Ok(file) => Lists::new(file),
        Err(error) => {
            place.account.check(Err(error));
            return Ok(());
        }
    };
    let read = lists(&place, &client, &mut writer).await;
    let written = writer.finish().and_then(|()| staged.written(FILE));
    place.account.check(written);
    read
}

async fn lists(
    place: &Place,
    client: &Client,
    writer: &mut Lists<impl Write>,
) -> Result<(), Failure> {
    let mut boundaries = BTreeSet::new();
    for list in &LISTS {
        place.account.check(writer.begin(list.name));
        let mut progress = Progress::default();
        let mut marker = None;
        loop {
            let asked = client.get_account_authorization_details().max_items(1000);
            let asked = asked.set_filter(Some(list.filters.to_vec())).set_marker(marker).send();
            let page = place.call(ACTION, asked).await?;
            let next = page.marker.clone().filter(|next| page.is_truncated && !next.is_empty());
            let items = (list.items)(page);
            progress.page(ACTION, &items, next.as_deref())?;
            for item in items {
                boundaries.extend(boundary(&item).map(str::to_owned));
                if list.name == "Policies"
                    && let Some(arn) = item.get("Arn").and_then(Value::as_str)
                {
                    boundaries.remove(arn);
                }
                place.account.check(writer.item(&item));
            }
            match next {
                Some(next) => marker = Some(next),
                None => break,
            }
        }
    }
    // What is only used as a boundary need not be among the policies.
    for arn in boundaries {
        let mut reading = place.reading(arn.clone());
        let policy = reading.part("iam:GetPolicy", client.get_policy().policy_arn(&arn).send());
        let Some(policy) = policy.await.and_then(|answer| answer.policy) else { continue };
        let version = policy.default_version_id.clone().unwrap_or_default();
        let version = client.get_policy_version().policy_arn(&arn).version_id(version).send();
        let version = reading.part("iam:GetPolicyVersion", version).await;
        let Some(version) = version.and_then(|answer| answer.policy_version) else { continue };
        place.account.check(writer.item(&boundary_policy(&policy, &version)));
    }
    Ok(())
}

/// Writes an object of lists, item by item, such that it is whole wherever the items end.
struct Lists<W: Write> {
    writer: BufWriter<W>,
    names: Vec<&'static str>,
    is_empty: bool,
}

impl<W: Write> Lists<W> {
    fn new(writer: BufWriter<W>) -> Self {
        Self { writer, names: Vec::new(), is_empty: true }
    }

    fn begin(&mut self, name: &'static str) -> io::Result<()> {
        let before = if self.names.is_empty() { "{" } else { "\n  ]," };
        self.names.push(name);
        self.is_empty = true;
        write!(self.writer, "{before}\n  \"{name}\": [")
    }

    fn item(&mut self, item: &Value) -> io::Result<()> {
        let before = if self.is_empty { "" } else { "," };
        self.is_empty = false;
        let text = serde_json::to_string_pretty(item)?.replace('\n', "\n    ");
        write!(self.writer, "{before}\n    {text}")
    }

    fn finish(mut self) -> io::Result<()> {
        for list in &LISTS {
            if !self.names.contains(&list.name) {
                self.begin(list.name)?;
            }
        }
        self.writer.write_all(b"\n  ]\n}\n")?;
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_file_is_whole_wherever_the_items_end() {
        let mut text = Vec::new();
        let mut lists = Lists::new(BufWriter::new(&mut text));
        lists.begin("UserDetailList").unwrap();
        lists.item(&json!({ "UserName": "a" })).unwrap();
        lists.item(&json!({ "UserName": "b" })).unwrap();
        lists.finish().unwrap();
        let read: Value = serde_json::from_slice(&text).unwrap();
        let expected = json!({
            "UserDetailList": [{ "UserName": "a" }, { "UserName": "b" }],
            "GroupDetailList": [],
            "RoleDetailList": [],
            "Policies": [],
        });
        assert_eq!(read, expected);
    }
}
