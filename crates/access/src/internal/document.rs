//! Policies as the analysis reads them: each text once, and of each only what is about a type of resource.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use ringfence_policy::PolicyDocument;
use ringfence_reasoning::abstraction::ActionMatcher;

use super::actions::TypeActions;
use crate::inventory::{PolicyProblem, PolicySource, ResourceType};

/// A policy document and, for each type of resource, its statements about it.
pub(super) struct Model {
    pub(super) document: Arc<PolicyDocument>,
    /// By the type's position in [`ResourceType::ALL`].
    by_type: Vec<OnceLock<Vec<Sliced>>>,
}

/// A statement about at least one action on a type of resource.
pub(super) struct Sliced {
    /// The statement's place in the document.
    pub(super) statement: usize,
    /// For each action of the type whether the statement is about it.
    pub(super) actions: Vec<bool>,
}

/// A document where it stands.
#[derive(Clone)]
pub(super) struct Attached<'i> {
    pub(super) source: &'i PolicySource,
    pub(super) model: Arc<Model>,
}

/// The documents that were read, by text: most principals share most of theirs.
#[derive(Default)]
pub(super) struct Library<'i>(BTreeMap<Cow<'i, str>, Arc<Model>>);

impl Model {
    pub(super) fn new(document: Arc<PolicyDocument>) -> Self {
        let by_type = ResourceType::ALL.iter().map(|_| OnceLock::new()).collect();
        Self { document, by_type }
    }

    /// The statements that are about one of the type's `actions`.
    pub(super) fn about(&self, resource_type: ResourceType, actions: &TypeActions) -> &[Sliced] {
        let place = ResourceType::ALL.iter().position(|own| *own == resource_type);
        let Some(slot) = place.and_then(|place| self.by_type.get(place)) else { return &[] };
        slot.get_or_init(|| sliced(&self.document, actions))
    }
}

/// The statements of `document` that are about one of the `actions`.
pub(super) fn sliced(document: &PolicyDocument, actions: &TypeActions) -> Vec<Sliced> {
    let about = |(statement, own): (usize, &ringfence_policy::Statement)| {
        let matcher = ActionMatcher::new(&own.action);
        let actions: Vec<bool> =
            actions.actions.iter().map(|action| matcher.matches(&action.name)).collect();
        actions.contains(&true).then_some(Sliced { statement, actions })
    };
    document.statements.iter().enumerate().filter_map(about).collect()
}

impl<'i> Library<'i> {
    /// The document in `source`.
    pub(super) fn read(
        &mut self,
        source: &'i PolicySource,
    ) -> Result<Attached<'i>, Vec<PolicyProblem>> {
        let text = source.decoded().map_err(|problem| vec![problem])?;
        if let Some(model) = self.0.get(&text) {
            return Ok(Attached { source, model: Arc::clone(model) });
        }
        let model = Arc::new(Model::new(Arc::new(source.parse()?)));
        self.0.insert(text, Arc::clone(&model));
        Ok(Attached { source, model })
    }
}
