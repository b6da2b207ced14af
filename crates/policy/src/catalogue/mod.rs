//! The service catalogue: which services, actions, resource types and condition keys AWS has, and which actions the
//! policy of a resource can hold.
//!
//! The data is generated into `data/catalogue/` (see its README) and is part of the program; [`Catalogue::embedded`]
//! gives it. Nothing is read before it is asked for: the list of services at the first use, a service's actions when
//! that service is first looked at. What the data says is AWS's word at the time it was made. An action that is not
//! in it may still exist.
//!
//! What a pattern or a condition means is left to the model and the evaluator; this module only names things.
//!
//! Invariant: the text never changes, so whatever was found once is found again.

mod access_level;
mod action;
mod condition_key;
mod federation_condition_keys;
mod global_condition_keys;
mod name;
mod resource_policies;
mod resource_type;
mod section;
mod service;
#[cfg(test)]
mod tests;

use std::sync::{LazyLock, OnceLock};

pub use access_level::{AccessLevel, AccessLevels};
pub use action::{Action, SdkOperation, Support};
pub use condition_key::{ConditionKey, ConditionValueType};
pub use resource_policies::{CrossAccount, ResourcePolicyAction};
pub use resource_type::{ActionResourceType, ResourceType};
pub use service::Service;

use condition_key::ConditionKeys;
use service::ServiceRecord;

/// The files of `data/catalogue/`.
#[derive(Clone, Copy)]
struct Texts {
    services: &'static str,
    condition_keys: &'static str,
    actions: &'static str,
}

const EMBEDDED: Texts = Texts {
    services: include_str!("../../../../data/catalogue/services.tsv"),
    condition_keys: include_str!("../../../../data/catalogue/condition_keys.tsv"),
    actions: include_str!("../../../../data/catalogue/actions.txt"),
};

/// What AWS's services offer to policies.
pub struct Catalogue {
    /// In the order of [`name::compare`].
    services: Vec<ServiceRecord>,
    condition_keys_text: &'static str,
    condition_keys: OnceLock<ConditionKeys>,
}

impl Catalogue {
    /// The catalogue that this program was built with.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(EMBEDDED));
        &CATALOGUE
    }

    /// Reads the list of services only. A line that is not of the form ends the list, because the place of every
    /// later section depends on it.
    fn read(texts: Texts) -> Self {
        let mut sections = texts.actions;
        let read = |line| ServiceRecord::read(line, &mut sections);
        Self {
            services: texts.services.lines().map_while(read).collect(),
            condition_keys_text: texts.condition_keys,
            condition_keys: OnceLock::new(),
        }
    }

    /// The service with this prefix, in any case.
    #[must_use]
    pub fn service(&self, prefix: &str) -> Option<Service<'_>> {
        let record = name::find(&self.services, prefix, |record| record.prefix)?;
        Some(Service { catalogue: self, record })
    }

    /// Every service, in the order of the prefixes.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        self.services.iter().map(|record| Service { catalogue: self, record })
    }

    /// The action that `s3:GetObject`, in any case and without wildcards, names.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<Action<'_>> {
        let (prefix, name) = name.split_once(':')?;
        self.service(prefix)?.action(name)
    }

    /// The actions that an element of `Action` or `NotAction` matches, in any case: `s3:Get*`, `S3:get?bject`, `*`.
    /// Services in the order of their prefixes, each one's actions in that of their names. A pattern that names its
    /// service without wildcards looks at no other service.
    pub fn match_actions<'a, 'p>(
        &'a self,
        pattern: &'p str,
    ) -> impl Iterator<Item = Action<'a>> + use<'a, 'p> {
        // The one colon of an action's name can only match the pattern's own, or else a star: then the pattern is
        // compared with the whole name.
        let (prefix, name) = pattern.split_once(':').unwrap_or(("*", "*"));
        let whole = !pattern.contains(':') && pattern != "*";
        let candidates = name::starting_with(
            &self.services,
            name::literal_start(prefix),
            |record: &ServiceRecord| record.prefix,
        );
        candidates
            .iter()
            .filter(move |record| name::matches(prefix, record.prefix))
            .flat_map(move |record| Service { catalogue: self, record }.matching(name))
            .filter(move |action| !whole || name::matches(pattern, &action.to_string()))
    }

    /// The condition key that a name in a policy means, in any case: `aws:sourceip`, `aws:ResourceTag/Owner`,
    /// `s3:prefix`. Of an OpenID Connect provider's claims those are known that AWS documents.
    #[must_use]
    pub fn condition_key(&self, name: &str) -> Option<ConditionKey> {
        self.condition_keys().find(name)
    }

    /// The global condition keys, grouped as on AWS's page:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
    pub fn global_condition_keys(&self) -> impl Iterator<Item = ConditionKey> {
        global_condition_keys::GLOBAL_CONDITION_KEYS.iter().copied()
    }

    /// The condition keys of all services, in the order of their names without regard to case.
    pub fn service_condition_keys(&self) -> impl Iterator<Item = ConditionKey> {
        self.condition_keys().iter()
    }

    /// Whether condition keys can begin with this and a colon, in any case: `aws`, the prefix of a service, another
    /// that AWS uses, such as `saml`, or what can be the address of an OpenID Connect provider.
    #[must_use]
    pub fn is_condition_key_prefix(&self, prefix: &str) -> bool {
        prefix.eq_ignore_ascii_case("aws")
            || self.service(prefix).is_some()
            || federation_condition_keys::is_provider(prefix)
            || self.condition_keys().has_prefix(prefix)
    }

    /// The services to whose resources resource control policies apply.
    pub fn rcp_services(&self) -> impl Iterator<Item = Service<'_>> {
        self.services().filter(|service| service.supports_resource_control_policies())
    }

    fn condition_keys(&self) -> &ConditionKeys {
        self.condition_keys.get_or_init(|| ConditionKeys::read(self.condition_keys_text))
    }
}
