//! Sets of requests that questions are about, written as statements.

use std::collections::BTreeMap;

use ringfence_policy::evaluate::{Decision, document_decision};
use ringfence_policy::{PolicyDocument, RequestContext, json, parse_policy};
use ringfence_reasoning::{Answer, Limit, RequestBox, anything_allowed};

/// A set of requests: those that match all that is said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    /// The action.
    pub(crate) action: String,
    /// An identity provider that vouches for the caller.
    pub(crate) federated: Option<String>,
    /// Patterns of the resource; anything when empty.
    pub(crate) resources: Vec<String>,
    /// Resources that are none of them.
    pub(crate) other_resources: Vec<String>,
    /// Conditions: operator, key, and values.
    pub(crate) conditions: Vec<(&'static str, String, Vec<String>)>,
}

impl Requests {
    /// Adds a condition.
    pub(crate) fn with(
        &mut self,
        operator: &'static str,
        key: impl Into<String>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) {
        let values = values.into_iter().map(Into::into).collect();
        self.conditions.push((operator, key.into(), values));
    }

    /// A request of the set that the policy allows, if there is one.
    ///
    /// # Errors
    /// The limit that was hit before it was known.
    pub(crate) fn allowed_by(
        &self,
        policy: &PolicyDocument,
    ) -> Result<Option<RequestContext>, Limit> {
        let document = parse_policy(&self.to_policy()).document;
        let matching = document.statements.iter().collect();
        let within = RequestBox { matching, outside: None, untrusted: false };
        match anything_allowed(&[vec![policy]], &within) {
            Answer::Holds => Ok(None),
            Answer::Unknown(limit) => Err(limit),
            Answer::Fails(found) => match document_decision(policy, &found.witness) {
                Decision::Allowed => Ok(Some(found.witness)),
                // The evaluator is the judge of witnesses.
                Decision::ImplicitlyDenied | Decision::ExplicitlyDenied => Err(Limit::Search),
            },
        }
    }

    /// One statement for what can stand together, and one for each condition whose operator is taken.
    fn to_policy(&self) -> String {
        let mut blocks: Vec<BTreeMap<&str, Vec<String>>> = vec![BTreeMap::new()];
        for (operator, key, values) in &self.conditions {
            let member = format!("{}: {}", json::escape(key), list(values));
            let free = blocks.iter_mut().find(|block| !block.contains_key(operator));
            match free {
                Some(block) => _ = block.insert(operator, vec![member]),
                None => blocks.push(BTreeMap::from([(*operator, vec![member])])),
            }
        }
        let mut statements: Vec<String> =
            blocks.iter().map(|block| self.statement(&self.resources, "Resource", block)).collect();
        if !self.other_resources.is_empty() {
            let none = BTreeMap::new();
            statements.push(self.statement(&self.other_resources, "NotResource", &none));
        }
        format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{}]}}", statements.join(", "))
    }

    fn statement(
        &self,
        resources: &[String],
        element: &str,
        conditions: &BTreeMap<&str, Vec<String>>,
    ) -> String {
        let mut members = vec![
            "\"Effect\": \"Allow\"".to_owned(),
            format!("\"Action\": {}", json::escape(&self.action)),
        ];
        if let Some(provider) = &self.federated {
            members.push(format!("\"Principal\": {{\"Federated\": {}}}", json::escape(provider)));
        }
        let resources = if resources.is_empty() { &["*".to_owned()] } else { resources };
        members.push(format!("\"{element}\": {}", list(resources)));
        let blocks: Vec<String> = conditions
            .iter()
            .map(|(operator, own)| format!("\"{operator}\": {{{}}}", own.join(", ")))
            .collect();
        members.push(format!("\"Condition\": {{{}}}", blocks.join(", ")));
        format!("{{{}}}", members.join(", "))
    }
}

fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| json::escape(value)).collect();
    format!("[{}]", values.join(", "))
}
