//! What names refer to: locals, variables, outputs, instances, attributes of resources.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions/references>

use hcl_edit::expr::{Expression, TraversalOperator};

use super::evaluate::Evaluation;
use super::operators::{self, Step};
use super::scope::Scope;
use super::{joined, text};
use crate::node::Node;
use crate::planned::{Planned, PlannedKind, Unknown};
use crate::terraform::plan::{Change, Plan, keys};
use crate::terraform::policy_document;
use crate::terraform::resource_types::arn_of;
use crate::terraform::values::Values;

impl<'p, 'n> Evaluation<'_, 'p, 'n> {
    /// What `FIRST.NAME…` refers to.
    pub(super) fn named(&self, scope: &Scope<'p>, first: &str, steps: &[Step]) -> Option<Planned> {
        let (Step::To(name), rest) = steps.split_first()? else { return None };
        match first {
            "local" => {
                let (file, expression) = scope.module.local(name)?;
                let inner = scope.elsewhere(scope.module, file, scope.instance)?;
                operators::follow(self.expression(&inner, expression), rest)
            }
            "var" => operators::follow(self.variable(scope, name)?, rest),
            "each" | "count" => self.each(scope, name, rest),
            "module" => {
                let (key, rest) = match rest.split_first()? {
                    (Step::Key(key), rest) => (Some(key), rest),
                    _ => (None, rest),
                };
                let (Step::To(output), rest) = rest.split_first()? else { return None };
                let address = joined(&scope.module.address, &format!("module.{name}"));
                let module = self.values.plan.written.module(&address)?;
                let (file, block) = module.block("output", &[output])?;
                // Only the module's own instance matters, and of that only where it has keys.
                key.is_none().then_some(())?;
                let inner = scope.elsewhere(module, file, "")?;
                let value = &block.body.get_attribute("value")?.value;
                operators::follow(self.expression(&inner, value), rest)
            }
            "data" => {
                let (Step::To(own), rest) = rest.split_first()? else { return None };
                self.resource(scope, &format!("data.{name}.{own}"), rest)
            }
            "path" | "terraform" | "self" => None,
            kind => self.resource(scope, &format!("{kind}.{name}"), rest),
        }
    }

    fn variable(&self, scope: &Scope<'p>, name: &str) -> Option<Planned> {
        let plan = self.values.plan;
        let address = scope.module.address.as_str();
        let Some((outer, call)) = crate::terraform::references::parent(address) else {
            let value = plan.root.get("variables")?.get(name)?.get("value")?;
            return Some(Planned::of_node(value));
        };
        let given = || {
            let module = plan.written.module(outer)?;
            let (file, block) = module.block("module", &[call])?;
            let value = &block.body.get_attribute(name)?.value;
            let inner = scope.elsewhere(module, file, scope.outer_instance())?;
            Some(self.expression(&inner, value))
        };
        let default = || {
            let module = plan.module(address)?;
            Some(Planned::of_node(module.get("variables")?.get(name)?.get("default")?))
        };
        given().or_else(default)
    }

    /// `each.key`, `each.value`, `count.index`.
    fn each(&self, scope: &Scope<'p>, name: &str, rest: &[Step]) -> Option<Planned> {
        let key = scope.key()?;
        let place = self.values.change.place.clone();
        let known = Planned::text(&place, key);
        match name {
            "key" => operators::follow(known, rest),
            "index" => Some(Planned::new(&place, PlannedKind::Number(key.to_owned()))),
            "value" => {
                let own = self.values.change;
                let (file, block) =
                    scope.module.block("resource", &[own.resource_type, own.name])?;
                let all = &block.body.get_attribute("for_each")?.value;
                let inner = scope.elsewhere(scope.module, file, scope.instance)?;
                if let Expression::Traversal(traversal) = all
                    && let (Expression::Variable(kind), [operator]) =
                        (&traversal.expr, traversal.operators.as_slice())
                    && let TraversalOperator::GetAttr(own) = operator.value()
                    && kind.as_str() != "local"
                    && kind.as_str() != "var"
                {
                    let steps = [&[Step::Key(key.to_owned())], rest].concat();
                    let address = format!("{}.{}", kind.as_str(), own.as_str());
                    return self.resource(&inner, &address, &steps);
                }
                let value = match self.expression(&inner, all).kind {
                    PlannedKind::Map(members) => {
                        members.into_iter().find(|(own, _)| own.name == key)?.1
                    }
                    PlannedKind::List(_) => known,
                    _ => return None,
                };
                operators::follow(value, rest)
            }
            _ => None,
        }
    }

    /// An attribute of a resource or data source.
    fn resource(&self, scope: &Scope<'p>, address: &str, steps: &[Step]) -> Option<Planned> {
        let plan = self.values.plan;
        let address = joined(&scope.module.address, address);
        let (key, steps) = match steps.split_first()? {
            (Step::Key(key), rest) => (Some(key.as_str()), rest),
            _ => (None, steps),
        };
        let mut changes = plan.instances(&address);
        if let Some(key) = key {
            let ends = |own: &&Change<'_>| {
                keys(own.address).last().is_some_and(|own| own.trim_matches('"') == key)
            };
            changes.retain(ends);
        }
        // Of a module with several instances, what is in the same one is meant.
        let own_module = keys(scope.outer_instance());
        if !own_module.is_empty() {
            changes.retain(|own| keys(own.address).starts_with(&own_module));
        }
        if let (Some((Step::Each, rest)), false) = (steps.split_first(), changes.is_empty()) {
            let (Step::To(attribute), rest) = rest.split_first()? else { return None };
            let one = |change: &&'p Change<'n>| {
                operators::follow(self.attribute(change, attribute)?, rest)
            };
            let all = changes.iter().map(one).collect::<Option<Vec<_>>>()?;
            return Some(Planned::new(self.values.change.place, PlannedKind::List(all)));
        }
        let (Step::To(attribute), rest) = steps.split_first()? else { return None };
        match changes.as_slice() {
            [] => operators::follow(Planned::of_node(state(plan, &address)?.get(attribute)?), rest),
            [only] => operators::follow(self.attribute(only, attribute)?, rest),
            _ => None,
        }
    }

    /// An attribute of an instance: as the plan knows it, or as it will be for certain.
    fn attribute(&self, change: &'p Change<'n>, attribute: &str) -> Option<Planned> {
        let values = Values { change, ..*self.values };
        let planned = values.attribute_of_plan(attribute);
        if let Some(value) = planned.filter(|own| !matches!(own.kind, PlannedKind::Unknown(_))) {
            return Some(value);
        }
        let text = |text| Some(Planned::new(change.place, PlannedKind::Text(text)));
        match (change.resource_type, attribute) {
            ("aws_iam_policy_document", "json") => {
                if let Some(document) = policy_document::document(&values) {
                    return Some(document);
                }
            }
            (_, "arn") | ("aws_sns_topic", "id") => {
                if let Some(arn) = arn_of(&values) {
                    return text(arn);
                }
            }
            ("aws_s3_bucket", "id") => {
                if let Some(name) = values.attribute_of_plan("bucket") {
                    return Some(name);
                }
            }
            _ => {}
        }
        let identity = format!("plan:{}.{attribute}", change.address);
        let reason = format!("`{}.{attribute}` is known after apply", change.address);
        let unknown = Unknown::new(identity, "*", reason, change.place);
        Some(Planned::unknown(change.place, unknown))
    }
}

/// The values of a data source that was read before the plan was made.
fn state<'n>(plan: &Plan<'n>, address: &str) -> Option<&'n Node> {
    let mut module = plan.root.get("prior_state")?.get("values")?.get("root_module")?;
    loop {
        let found = module.get("resources").map(Node::elements).unwrap_or_default().iter();
        let mut found = found.filter(|own| text(own, "address") == Some(address));
        if let Some(found) = found.next() {
            return found.get("values");
        }
        let inner = module.get("child_modules").map(Node::elements).unwrap_or_default().iter();
        let mut inner = inner.filter(|own| {
            text(own, "address").is_some_and(|own| address.starts_with(&format!("{own}.")))
        });
        module = inner.next()?;
    }
}
