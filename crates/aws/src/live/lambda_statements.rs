//! The policies of functions and layers, which Lambda lets nobody write as a whole: a statement is added from a few
//! parameters, or removed by its Sid.
//!
//! <https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html> names the parameters; how each is shown in the
//! policy is what is read back here. A statement that no parameters make is refused, never approximated.

use std::collections::BTreeMap;

use serde_json::Value;

use super::canonical::statement;
use super::change::Change;
use super::unit::Held;
use super::write_failure::WriteFailure;
use crate::collection::policy_text::policy;
use crate::failure::Failure;

/// What is done to one statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Removes the statement of a Sid.
    Remove(String),
    /// Adds a statement.
    Add(Box<Permission>),
    /// Removes a statement and adds another under its Sid.
    Replace {
        /// The other.
        new: Box<Permission>,
        /// The one that is removed, to be put back where the other is not taken; nothing where Lambda has made it in a
        /// way that no parameters do.
        old: Option<Box<Permission>>,
    },
}

/// The calls of one policy.
pub(super) trait Calls {
    /// Removes the statement of a Sid.
    async fn remove(&mut self, sid: &str) -> Result<(), WriteFailure>;
    /// Adds a statement.
    async fn add(&mut self, permission: &Permission) -> Result<(), WriteFailure>;
}

/// Whether a conflict is none: what is held, and the revision of it, are those that the call named. There are endpoints
/// that refuse the revision that they just gave; such a call is made again without.
pub(super) fn is_imagined(failure: &Failure, named: Option<&str>, now: &Held) -> bool {
    failure.code == "PreconditionFailedException"
        && named.is_some()
        && named == now.revision.as_deref()
}

/// Carries steps out.
///
/// # Errors
/// When a call is refused. A statement that was to be replaced is put back then; what came before stays.
pub(super) async fn carry_out(
    steps: Vec<Step>,
    calls: &mut impl Calls,
) -> Result<(), WriteFailure> {
    for step in steps {
        match step {
            Step::Remove(sid) => calls.remove(&sid).await?,
            Step::Add(added) => calls.add(&added).await?,
            Step::Replace { new, old } => {
                calls.remove(&new.sid).await?;
                if let Err(failure) = calls.add(&new).await {
                    if let Some(old) = old {
                        calls.add(&old).await?;
                    }
                    return Err(failure);
                }
            }
        }
    }
    Ok(())
}

/// What a statement is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Permission {
    pub(super) sid: String,
    pub(super) action: String,
    pub(super) principal: String,
    pub(super) source_arn: Option<String>,
    pub(super) source_account: Option<String>,
    pub(super) principal_org_id: Option<String>,
    pub(super) event_source_token: Option<String>,
    pub(super) function_url_auth_type: Option<String>,
    pub(super) invoked_via_function_url: Option<bool>,
}

impl Permission {
    /// Whether it has no condition but one on the organization.
    pub(super) fn is_plain(&self) -> bool {
        let others = [
            &self.source_arn,
            &self.source_account,
            &self.event_source_token,
            &self.function_url_auth_type,
        ];
        others.iter().all(|it| it.is_none()) && self.invoked_via_function_url.is_none()
    }

    /// What makes a statement of a resource.
    fn of(given: &Value, arn: &str) -> Result<Self, String> {
        let members = given.as_object().ok_or("a statement is no object")?;
        let mut made = Self::default();
        for (name, value) in members {
            match name.as_str() {
                "Sid" => made.sid = one(value).ok_or("`Sid` is no text")?,
                "Effect" if value == "Allow" => (),
                "Effect" => return Err("Lambda only adds statements that allow".to_owned()),
                "Action" => made.action = one(value).ok_or("Lambda adds one action a statement")?,
                "Resource" => {
                    let resource = one(value).ok_or("Lambda adds one resource a statement")?;
                    if resource != arn {
                        return Err(format!("the statement is about `{resource}`, not `{arn}`"));
                    }
                }
                "Principal" => made.principal = principal(value)?,
                "Condition" => made.conditions(value)?,
                other => return Err(format!("Lambda adds no `{other}`")),
            }
        }
        if made.sid.is_empty() || made.action.is_empty() || made.principal.is_empty() {
            return Err("a statement needs `Sid`, `Action` and `Principal`".to_owned());
        }
        Ok(made)
    }

    fn conditions(&mut self, conditions: &Value) -> Result<(), String> {
        let operators = conditions.as_object().ok_or("`Condition` is no object")?;
        for (operator, keys) in operators {
            for (key, value) in keys.as_object().ok_or("an operator holds no keys")? {
                let text = one(value).ok_or_else(|| format!("`{key}` has several values"))?;
                let place = match (operator.as_str(), key.to_ascii_lowercase().as_str()) {
                    ("ArnLike", "aws:sourcearn") => &mut self.source_arn,
                    ("StringEquals", "aws:sourceaccount") => &mut self.source_account,
                    ("StringEquals", "aws:principalorgid") => &mut self.principal_org_id,
                    ("StringEquals", "lambda:eventsourcetoken") => &mut self.event_source_token,
                    ("StringEquals", "lambda:functionurlauthtype") => {
                        &mut self.function_url_auth_type
                    }
                    ("Bool", "lambda:invokedviafunctionurl") => {
                        let is = text.eq_ignore_ascii_case("true");
                        self.invoked_via_function_url = Some(is);
                        continue;
                    }
                    _ => return Err(format!("Lambda adds no condition `{operator}` on `{key}`")),
                };
                if place.replace(text).is_some() {
                    return Err(format!("`{key}` stands twice"));
                }
            }
        }
        Ok(())
    }
}

/// The calls that make of the policy that is held the one that is to be held. A statement of a new Sid is added first, so
/// that nobody who keeps access is without it in between; one that is changed under its Sid has to go before.
///
/// # Errors
/// When a statement is none that Lambda can add; nothing was called then.
pub(super) fn steps(change: &Change<'_>) -> Result<Vec<Step>, WriteFailure> {
    let (held, after) = (change.held.text.as_deref(), change.after);
    between(held, after, &change.target.arn, &change.place.partition)
        .map_err(|detail| WriteFailure::Malformed { detail })
}

fn between(
    held: Option<&str>,
    after: Option<&str>,
    arn: &str,
    partition: &str,
) -> Result<Vec<Step>, String> {
    let (held, after) = (statements(held)?, statements(after)?);
    let same = |one: &Value, other: &Value| {
        statement(one.clone(), partition) == statement(other.clone(), partition)
    };
    let (mut first, mut replaced, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for (sid, wanted) in &after {
        match held.get(sid) {
            None => first.push(Step::Add(Box::new(Permission::of(wanted, arn)?))),
            Some(found) if same(found, wanted) => (),
            Some(found) => replaced.push(Step::Replace {
                new: Box::new(Permission::of(wanted, arn)?),
                old: Permission::of(found, arn).ok().map(Box::new),
            }),
        }
    }
    for sid in held.keys().filter(|sid| !after.contains_key(*sid)) {
        last.push(Step::Remove(sid.clone()));
    }
    first.extend(replaced);
    first.extend(last);
    Ok(first)
}

/// The statements of a policy by their Sids.
fn statements(text: Option<&str>) -> Result<BTreeMap<String, Value>, String> {
    let Some(text) = text else { return Ok(BTreeMap::new()) };
    let Value::Object(mut document) = policy(Some(text)) else {
        return Err("the policy is no JSON object that can be read without loss".to_owned());
    };
    let listed = match document.remove("Statement") {
        Some(Value::Array(statements)) => statements,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let mut found = BTreeMap::new();
    for statement in listed {
        let sid = statement.get("Sid").and_then(Value::as_str);
        let sid = sid.ok_or("a statement of a Lambda policy has a Sid")?.to_owned();
        if found.insert(sid.clone(), statement).is_some() {
            return Err(format!("the Sid `{sid}` stands twice"));
        }
    }
    Ok(found)
}

fn principal(value: &Value) -> Result<String, String> {
    if let Some(text) = value.as_str() {
        return Ok(account(text).to_owned());
    }
    let kinds = value.as_object().filter(|kinds| kinds.len() == 1);
    let named = kinds.and_then(|kinds| kinds.iter().next());
    match named {
        Some((kind, name)) if kind == "AWS" || kind == "Service" => {
            let name = one(name).ok_or("Lambda adds one principal a statement")?;
            Ok(account(&name).to_owned())
        }
        _ => Err("Lambda adds one AWS principal or service a statement".to_owned()),
    }
}

/// Lambda takes an account by its id, and shows it by the ARN of its root.
fn account(principal: &str) -> &str {
    let parts: Vec<&str> = principal.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "iam", "", account, "root"] => account,
        _ => principal,
    }
}

fn one(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(items) => match items.as_slice() {
            [one_item] => one(one_item),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:function:f";

    fn of(more: &Value) -> Result<Permission, String> {
        let mut given = json!({
            "Sid": "s", "Effect": "Allow", "Principal": "*",
            "Action": "lambda:InvokeFunction", "Resource": ARN,
        });
        for (name, value) in more.as_object().unwrap() {
            given[name] = value.clone();
        }
        Permission::of(&given, ARN)
    }

    #[test]
    fn every_parameter_has_its_place() {
        let made = of(&json!({
            "Principal": { "Service": "s3.amazonaws.com" },
            "Condition": {
                "ArnLike": { "AWS:SourceArn": "arn:aws:s3:::data" },
                "StringEquals": {
                    "AWS:SourceAccount": "123456789012",
                    "aws:PrincipalOrgID": "o-abcdefghij",
                    "lambda:EventSourceToken": "t",
                    "lambda:FunctionUrlAuthType": "NONE",
                },
                "Bool": { "lambda:InvokedViaFunctionUrl": "true" },
            },
        }));
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            made.unwrap(),
            Permission {
                sid: "s".to_owned(),
                action: "lambda:InvokeFunction".to_owned(),
                principal: "s3.amazonaws.com".to_owned(),
                source_arn: text("arn:aws:s3:::data"),
                source_account: text("123456789012"),
                principal_org_id: text("o-abcdefghij"),
                event_source_token: text("t"),
                function_url_auth_type: text("NONE"),
                invoked_via_function_url: Some(true),
            }
        );
        assert!(of(&json!({})).unwrap().is_plain());
        let account = of(&json!({ "Principal": { "AWS": "arn:aws:iam::123456789012:root" } }));
        assert_eq!(account.unwrap().principal, "123456789012");
        let role = of(&json!({ "Principal": { "AWS": "arn:aws:iam::123456789012:role/a" } }));
        assert_eq!(role.unwrap().principal, "arn:aws:iam::123456789012:role/a");
    }

    #[test]
    fn what_lambda_cannot_add_is_refused() {
        for more in [
            json!({ "Effect": "Deny" }),
            json!({ "Action": ["lambda:InvokeFunction", "lambda:GetFunction"] }),
            json!({ "Principal": { "AWS": ["arn:aws:iam::1:root", "arn:aws:iam::2:root"] } }),
            json!({ "Principal": { "Federated": "x" } }),
            json!({ "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:g" }),
            json!({ "NotAction": "a:b" }),
            json!({ "Condition": { "StringLike": { "aws:PrincipalOrgID": "o-*" } } }),
            json!({ "Condition": { "StringEquals": { "aws:SourceVpc": "vpc-1" } } }),
            json!({ "Condition": { "StringEquals": { "aws:SourceAccount": ["1", "2"] } } }),
        ] {
            assert!(of(&more).is_err(), "{more}");
        }
    }

    #[test]
    fn only_what_differs_is_called() {
        let document = |sids: &[(&str, &str)]| {
            let statements = sids.iter().map(|(sid, principal)| {
                json!({
                    "Sid": sid, "Effect": "Allow", "Principal": principal,
                    "Action": "lambda:InvokeFunction", "Resource": ARN,
                })
            });
            json!({ "Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>() })
                .to_string()
        };
        let account = "123456789012";
        let held = document(&[("a", "*"), ("b", "*"), ("c", account)]);
        let after =
            document(&[("b", account), ("c", "arn:aws:iam::123456789012:root"), ("d", "*")]);
        let steps = between(Some(&held), Some(&after), ARN, "aws").unwrap();
        let shown: Vec<String> = steps
            .iter()
            .map(|step| match step {
                Step::Remove(sid) => format!("-{sid}"),
                Step::Add(added) => format!("+{}", added.sid),
                Step::Replace { new, old } => format!("{}{}", new.sid, old.is_some()),
            })
            .collect();
        assert_eq!(shown, ["+d", "btrue", "-a"]);
        assert_eq!(between(Some(&held), None, ARN, "aws").unwrap().len(), 3);
        assert!(between(None, Some("{"), ARN, "aws").is_err());
    }
}
