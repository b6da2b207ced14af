//! Patterns of Action and NotAction.

use std::cell::OnceCell;

use ringfence_policy::catalogue::{Action, Service};

use super::catalogue;
use super::element::Text;
use crate::glob;

/// Prefixes of services that were renamed long ago, which IAM still takes and the catalogue does not list: Amazon
/// WorkDocs was Amazon Zocalo.
const RENAMED: &[&str] = &["zocalo"];

/// One string of Action or NotAction: `s3:Get*`.
#[derive(Debug)]
pub(crate) struct ActionPattern<'d> {
    pub(crate) text: Text<'d>,
    /// What stands before the first colon; the whole text where there is none.
    pub(crate) prefix: &'d str,
    /// What stands behind the first colon.
    pub(crate) name: Option<&'d str>,
    service: OnceCell<Option<Service<'static>>>,
    is_known: OnceCell<bool>,
}

impl<'d> ActionPattern<'d> {
    pub(crate) fn new(text: Text<'d>) -> Self {
        let (prefix, name) = match text.value.split_once(':') {
            Some((prefix, name)) => (prefix, Some(name)),
            None => (text.value, None),
        };
        Self { text, prefix, name, service: OnceCell::new(), is_known: OnceCell::new() }
    }

    /// Whether it matches every action of every service.
    pub(crate) fn is_everything(&self) -> bool {
        matches!((self.prefix, self.name), (prefix, None | Some("*")) if is_stars(prefix))
    }

    /// Whether it holds `*` or `?`.
    pub(crate) fn has_wildcard(&self) -> bool {
        self.text.has_wildcard()
    }

    /// Whether it names this service.
    pub(crate) fn is_of(&self, prefix: &str) -> bool {
        self.name.is_some() && self.prefix.eq_ignore_ascii_case(prefix)
    }

    /// Whether it is this action, in any case.
    pub(crate) fn is(&self, action: &str) -> bool {
        self.text.value.eq_ignore_ascii_case(action)
    }

    /// Whether it matches this action.
    pub(crate) fn matches(&self, action: &str) -> bool {
        glob::matches_ignoring_case(self.text.value, action)
    }

    /// The service that it names, when the catalogue knows it.
    pub(crate) fn service(&self) -> Option<Service<'static>> {
        *self.service.get_or_init(|| catalogue().service(self.prefix))
    }

    /// Whether it names a service that was renamed; the catalogue says nothing about it.
    pub(crate) fn is_of_renamed_service(&self) -> bool {
        RENAMED.iter().any(|prefix| self.is_of(prefix))
    }

    /// Whether the catalogue has an action that it matches. Of a pattern with a wildcard in the prefix only the prefix is
    /// looked at: it would take a look at every action of every service.
    pub(crate) fn is_known(&self) -> bool {
        *self.is_known.get_or_init(|| match self.prefix.contains(['*', '?']) {
            true => catalogue()
                .services()
                .any(|service| glob::matches_ignoring_case(self.prefix, service.prefix())),
            false => self.actions().next().is_some(),
        })
    }

    /// The actions of its service that it matches; none where it does not name a service that the catalogue knows.
    pub(crate) fn actions(&self) -> impl Iterator<Item = Action<'static>> {
        let service = self.service();
        let named = || service?.action(self.name?);
        let exact = if self.has_wildcard() { None } else { named() };
        let pattern = service.filter(|_| self.has_wildcard()).map(|_| self.text.value);
        exact.into_iter().chain(pattern.map(|p| catalogue().match_actions(p)).into_iter().flatten())
    }
}

fn is_stars(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}
