//! The commands that a mail gives to its reader. They are copied into a shell, so whatever is put into one is quoted,
//! or it is not given at all.

use serde::Serialize;

use super::{Notification, aws_cli, clean};

const ROLE: &str = "AWS::IAM::Role";
/// As many digits of a plan's hash as a person compares.
const SHOWN_HASH: usize = 12;

/// What a reader may do, as commands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Instructions {
    /// The access is meant to be there: the finding is archived.
    pub(super) archive: Option<String>,
    /// Shows a resolution.
    pub(super) show: Option<String>,
    /// Lets it be applied.
    pub(super) approve: Option<String>,
    /// Does not.
    pub(super) reject: Option<String>,
    /// The access was intended: it comes back, and is archived from now on.
    pub(super) intended: Option<String>,
    /// The access was intended, with the AWS CLI; of policies to which statements were added.
    pub(super) intended_aws_cli: Option<Vec<String>>,
    /// What these commands take.
    pub(super) intended_with: &'static str,
    /// The role should go; of roles.
    pub(super) delete_role: Option<String>,
}

/// The commands that a notification may give.
pub(super) fn instructions(notification: &Notification) -> Instructions {
    let Notification { analyzer_arn, finding_id, target, .. } = notification;
    let archive = (is_plain(analyzer_arn) && is_plain(finding_id)).then(|| {
        format!(
            "aws accessanalyzer update-findings --analyzer-arn {analyzer_arn} --ids {finding_id} --status ARCHIVED"
        )
    });
    let Some(resolution) = &notification.resolution else {
        return Instructions { archive, ..Instructions::default() };
    };
    let command =
        |verb: &str| Some(format!("ringfence resolution {verb} {}", quoted(&resolution.id)));
    // What nobody answered in time cannot be answered any more.
    let is_open = resolution.expires_at.is_some();
    let hash = resolution.plan_hash.as_deref().and_then(|hash| hash.get(..SHOWN_HASH));
    let plan = hash.map(|hash| format!(" --plan {}", quoted(hash))).unwrap_or_default();
    let is_role = target.resource_type == ROLE;
    let role = target.arn.rsplit('/').next().filter(|name| is_role && is_role_name(name));
    // A statement that was not read back is not there to be taken out.
    let added = resolution.sid.as_ref().map_or(&[][..], |_| &resolution.added);
    Instructions {
        archive,
        show: command("show"),
        approve: command("approve").filter(|_| is_open).map(|own| own + &plan),
        reject: command("reject").filter(|_| is_open),
        intended: command("intended"),
        intended_aws_cli: aws_cli::commands(target, added),
        intended_with: match aws_cli::takes_jq(added) {
            true => "the AWS CLI and jq",
            false => "the AWS CLI alone",
        },
        delete_role: role.and_then(|_| command("delete-role")),
    }
}

/// IAM's names of roles, none of whose characters a shell reads.
fn is_role_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && name.chars().all(|own| own.is_ascii_alphanumeric() || "+=,.@_-".contains(own))
}

/// Text that a shell takes as one word, and a command not as an option.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && text.chars().all(|own| own.is_ascii_alphanumeric() || "-_./:".contains(own))
}

/// The text as one word. What comes from outside may hold ends of lines, which no quotes keep out of a mail.
fn quoted(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    format!("'{}'", clean(text).replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::{NotificationKind, sample};
    use super::*;

    #[test]
    fn what_a_shell_would_read_is_quoted_or_not_given() {
        let mut notification = sample(NotificationKind::Resolved, Timestamp::UNIX_EPOCH);
        let of = |own: &Notification| instructions(own);
        assert!(of(&notification).intended_aws_cli.is_some());
        notification.target.arn = "arn:aws:iam::111122223333:role/x;id".to_owned();
        notification.finding_id = "x; id".to_owned();
        assert_eq!(of(&notification).intended_aws_cli, None);
        assert_eq!((of(&notification).delete_role, of(&notification).archive), (None, None));
        let resolution = notification.resolution.as_mut().unwrap();
        resolution.id = "$(id)'x".to_owned();
        let intended = of(&notification).intended.unwrap();
        assert_eq!(intended, "ringfence resolution intended '$(id)'\\''x'");
    }
}
