//! EBS, RDS DB and RDS cluster snapshots.

use ringfence_access::inventory::{Configuration, EbsSnapshot, Placed, RdsSnapshot};
use ringfence_policy::AccountId;
use ringfence_policy::json::Value;

use super::unknown;
use crate::part::Part;
use crate::shape::{
    ShapeError, Shaped, account_id, list, map, object, optional_bool, optional_text, text,
};

pub(super) fn ebs(
    part: &Part<'_>,
    value: &Value<'_>,
    attributes: Option<&Value<'_>>,
) -> Shaped<Configuration> {
    let placed = |value: &Value<'_>, text: &str| Placed {
        value: text.to_owned(),
        position: part.position(value.span),
    };
    let user = |value| Ok(placed(value, account_id(value, "userIds")?.as_str()));
    let group = |value| match text(value, "groups")? {
        "all" => Ok(placed(value, "all")),
        other => Err(unknown(value, other, "`all`, the only group there is")),
    };
    Ok(Configuration::Ec2Snapshot(Box::new(EbsSnapshot {
        user_ids: list(value, "userIds")?.iter().map(user).collect::<Shaped<_>>()?,
        groups: list(value, "groups")?.iter().map(group).collect::<Shaped<_>>()?,
        kms_key_id: optional_text(value, "kmsKeyId")?,
        encrypted: encrypted(attributes, "Encrypted")?,
    })))
}

/// `encrypted` is the attribute that says whether the snapshot is encrypted.
pub(super) fn rds(
    part: &Part<'_>,
    value: &Value<'_>,
    attributes: Option<&Value<'_>>,
    encrypted_name: &str,
) -> Shaped<RdsSnapshot> {
    let mut snapshot = RdsSnapshot {
        restore_account_ids: Vec::new(),
        kms_key_id: optional_text(value, "kmsKeyId")?,
        encrypted: encrypted(attributes, encrypted_name)?,
    };
    for attribute in map(value, "attributes")? {
        if attribute.key.value != "restore" {
            let message = format!(
                "a snapshot has one attribute, called `restore`; there is none called `{}`",
                attribute.key.value
            );
            return Err(ShapeError { span: attribute.key.span, message });
        }
        object(&attribute.value, "restore")?;
        for account in list(&attribute.value, "accountIds")? {
            let id = text(account, "accountIds")?;
            if id != "all" && AccountId::new(id).is_none() {
                return Err(unknown(account, id, "an account id of twelve digits or `all`"));
            }
            let position = part.position(account.span);
            snapshot.restore_account_ids.push(Placed { value: id.to_owned(), position });
        }
    }
    Ok(snapshot)
}

fn encrypted(attributes: Option<&Value<'_>>, name: &str) -> Shaped<Option<bool>> {
    attributes.map_or(Ok(None), |attributes| optional_bool(attributes, name))
}
