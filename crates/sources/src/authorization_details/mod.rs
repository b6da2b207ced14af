//! Files of GetAccountAuthorizationDetails: everything that IAM holds in one account.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html>. Policies
//! are percent-encoded strings (the API), objects (the AWS CLI) or plain strings; all three are read. Each
//! user, group, role and policy is read on its own, so that a broken one leaves the others alone.

mod element;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use ringfence_access::inventory::{
    Account, AuthorizationDetails, Configuration, IamRole, Inventory, NotAnalyzed, Resource,
    ResourceType, Role,
};
use ringfence_policy::location::Position;
use ringfence_policy::{AccountId, Arn, Partition};

use crate::error::{SourceError, SourceProblem};
use crate::file::{name_of, read_text};
use crate::part::TOP;
use crate::split::{Piece, elements, members};
use element::{Element, List, ReadElement};

/// What is known about a file before it is read.
#[derive(Clone, Copy, Default)]
pub(crate) struct Expected<'e> {
    pub(crate) account: Option<&'e AccountId>,
    pub(crate) partition: Option<Partition>,
}

/// What a file says.
pub(crate) struct Details {
    pub(crate) account: AccountId,
    pub(crate) details: AuthorizationDetails,
    /// The roles as resources.
    pub(crate) roles: Vec<Resource>,
    pub(crate) not_analyzed: Vec<NotAnalyzed>,
}

/// Reads a file that holds the output of `aws iam get-account-authorization-details`. The account is the
/// one that its ARNs name.
///
/// # Errors
/// When the file cannot be read, is something else, or names no account.
pub fn read_authorization_details(path: &Path) -> Result<Inventory, SourceError> {
    let file = name_of(path);
    inventory(&file, &read_text(path, &file)?)
}

pub(crate) fn inventory(file: &Arc<str>, text: &str) -> Result<Inventory, SourceError> {
    let read = read(file, text, Expected::default())?;
    let partition = crate::snapshot::partition_of(read.roles.iter());
    let mut inventory = Inventory::empty(partition.unwrap_or(Partition::Aws));
    let account = Account {
        authorization_details: Some(Arc::new(read.details)),
        ..Account::new(read.account.clone())
    };
    inventory.accounts.insert(read.account, account);
    inventory.resources = read.roles.into();
    inventory.not_analyzed = read.not_analyzed;
    inventory.arrange();
    Ok(inventory)
}

/// Whether these members are those of authorization details.
pub(crate) fn is_details(text: &str, members: &[Piece]) -> bool {
    let is_list = |piece: &Piece| {
        let list = text.get(piece.name.clone()).and_then(List::named);
        list.is_some_and(|list| list != List::Policies)
    };
    members.iter().any(is_list)
}

pub(crate) fn read(
    file: &Arc<str>,
    text: &str,
    expected: Expected<'_>,
) -> Result<Details, SourceError> {
    let mut reader = Reader { file, text, pieces: Vec::new(), not_analyzed: Vec::new() };
    reader.cut()?;
    let elements = reader.elements();
    let read = elements.par_iter().map(|element| element::read(element, expected.partition));
    let mut read: Vec<ReadElement> = read.collect();

    let named =
        || read.iter().find_map(|element| Arn::parse(element.arn.as_deref()?)?.account_id());
    let no_account = || {
        let reason = "no user, group or role in it has an ARN that names an account".to_owned();
        SourceError::new(file, SourceProblem::Shape(reason))
    };
    let account = expected.account.cloned().or_else(named).ok_or_else(no_account)?;
    let mut details = Details {
        account: account.clone(),
        details: AuthorizationDetails::default(),
        roles: Vec::new(),
        not_analyzed: reader.not_analyzed,
    };
    for element in &mut read {
        details.take(element, file, &account);
    }
    Ok(details)
}

/// Cuts the file into its elements.
struct Reader<'t> {
    file: &'t Arc<str>,
    text: &'t str,
    pieces: Vec<(List, Piece)>,
    not_analyzed: Vec<NotAnalyzed>,
}

impl<'t> Reader<'t> {
    fn cut(&mut self) -> Result<(), SourceError> {
        let unlike = || {
            let reason = "the lists of get-account-authorization-details (`RoleDetailList`, \
                          `UserDetailList`, `GroupDetailList`, `Policies`) are expected here"
                .to_owned();
            SourceError::at(self.file, TOP, SourceProblem::Shape(reason))
        };
        let top = members(self.text).ok_or_else(unlike)?;
        if !is_details(self.text, &top.pieces) {
            return Err(unlike());
        }
        let mut problem = top.problem;
        let mut seen = BTreeMap::new();
        for member in top.pieces {
            let name = self.text.get(member.name.clone()).unwrap_or_default();
            if name == "IsTruncated" && self.text.get(member.value.clone()) == Some("true") {
                let reason = "the list goes on in other pages of the answer, which are not here";
                self.report(member.value.start, reason);
            }
            let Some(list) = List::named(name) else { continue };
            if seen.insert(list, ()).is_some() {
                self.report(member.value.start, &format!("`{name}` stands twice in this file"));
            }
            let Some(split) = elements(self.text, &member.value) else {
                self.report(member.value.start, &format!("`{name}` should be a list"));
                continue;
            };
            problem = split.problem.or(problem);
            self.pieces.extend(split.pieces.into_iter().map(|piece| (list, piece)));
        }
        if let Some((at, message)) = problem {
            let reason =
                format!("the file is not readable JSON: {message}; from here on nothing is read");
            self.report(at, &reason);
        } else if !seen.contains_key(&List::Roles) {
            self.report(0, "`RoleDetailList` is missing, so the account's roles are not known");
        }
        Ok(())
    }

    fn report(&mut self, at: usize, reason: &str) {
        let position = Some(position_after(TOP, self.text.get(..at).unwrap_or_default()));
        self.not_analyzed.push(NotAnalyzed { position, ..NotAnalyzed::new(self.file, reason) });
    }

    /// The elements with their places, for which the text is read once from start to end.
    fn elements(&self) -> Vec<Element<'t>> {
        let mut here = (0, TOP);
        let mut element = |(list, piece): &(List, Piece)| {
            let (from, to) = (here.0, piece.value.start);
            let start = position_after(here.1, self.text.get(from..to).unwrap_or_default());
            here = (to, start);
            let text = self.text.get(piece.value.clone()).unwrap_or_default();
            Element { list: *list, file: self.file, text, start }
        };
        self.pieces.iter().map(&mut element).collect()
    }
}

/// The position behind `text`, which starts at `start`.
fn position_after(start: Position, text: &str) -> Position {
    let lines = text.bytes().filter(|byte| *byte == b'\n').count();
    let characters = text.chars().count();
    let column = match text.rfind('\n') {
        Some(newline) => text.get(newline + 1..).map_or(0, |line| line.chars().count()),
        None => start.column + characters,
    };
    Position { line: start.line + lines, column, offset: start.offset + characters }
}

impl Details {
    fn take(&mut self, element: &mut ReadElement, file: &Arc<str>, account: &AccountId) {
        for mut entry in std::mem::take(&mut element.not_analyzed) {
            entry.account = Some(account.clone());
            self.not_analyzed.push(entry);
        }
        let owner = element.arn.as_deref().and_then(Arn::parse).and_then(|arn| arn.account_id());
        if let Some(owner) = owner
            && owner != *account
        {
            let reason = format!("it belongs to account {owner}, and the file is of {account}");
            self.not_analyzed.push(NotAnalyzed {
                position: Some(element.start),
                account: Some(owner),
                resource: element.arn.clone(),
                resource_type: element.resource_type(),
                ..NotAnalyzed::new(file, reason)
            });
            return;
        }
        match element.item.take() {
            Some(element::Item::User(user)) => {
                self.details.users.insert(user.arn.clone(), user);
            }
            Some(element::Item::Group(group)) => {
                self.details.groups.insert(group.name.clone(), group);
            }
            Some(element::Item::Policy(policy)) => {
                self.details.policies.insert(policy.arn.clone(), policy);
            }
            Some(element::Item::Role(role)) => {
                self.roles.push(resource_of(&role, file, element.start, account));
                self.details.roles.insert(role.arn.clone(), role);
            }
            None => {}
        }
    }
}

fn resource_of(role: &Role, file: &Arc<str>, start: Position, account: &AccountId) -> Resource {
    Resource {
        arn: role.arn.clone(),
        account: account.clone(),
        region: Arc::from("global"),
        tags: role.tags.clone(),
        file: Arc::clone(file),
        position: start,
        configuration: Configuration::IamRole(IamRole { trust_policy: role.trust_policy.clone() }),
    }
}

impl ReadElement {
    fn resource_type(&self) -> Option<String> {
        (self.list == List::Roles).then(|| ResourceType::IamRole.as_str().to_owned())
    }
}
