//! A template with values for its parameters: works out what its values come to.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use ringfence_access::inventory::NotAnalyzed;

use super::attributes::Identity;
use super::{MissingParameters, dependencies, expand, functions, parameters};
use crate::assembly::Whereabouts;
use crate::error::SourceError;
use crate::node::{Key, Node, NodeKind, Place};
use crate::planned::{Planned, PlannedKind, Text, Truth, Unknown};

/// Where a template is deployed.
#[derive(Clone)]
pub(super) struct Environment {
    pub(super) whereabouts: Whereabouts,
    pub(super) stack_name: String,
    /// What stands before the names of the resources of a nested stack.
    pub(super) path: String,
    /// Where templates of nested stacks are looked for.
    pub(super) folder: PathBuf,
    pub(super) imports: BTreeMap<String, String>,
    pub(super) missing_parameters: MissingParameters,
    /// The template and those that it is nested in.
    pub(super) outer: Vec<PathBuf>,
}

/// A template with values for its parameters.
pub(super) struct Stack {
    pub(super) template: Node,
    pub(super) environment: Environment,
    pub(super) parameters: BTreeMap<String, Planned>,
    pub(super) identities: RefCell<BTreeMap<String, Rc<Identity>>>,
    /// The outputs of nested stacks, by the names of those.
    pub(super) outputs: RefCell<BTreeMap<String, BTreeMap<String, Planned>>>,
    not_analyzed: RefCell<Vec<NotAnalyzed>>,
    depth: Cell<usize>,
    steps: Cell<usize>,
}

/// A value, which `AWS::NoValue` takes away.
pub(super) type Evaluated = Result<Option<Planned>, SourceError>;

/// References are followed this far: a name that is made of another resource's name, and so on.
const MAX_DEPTH: usize = 400;
/// More values are not worked out: each reference works out what it refers to.
const MAX_STEPS: usize = 3_000_000;
/// No text is longer.
pub(super) const MAX_TEXT: usize = 1 << 20;

impl Stack {
    pub(super) fn new(
        template: Node,
        environment: Environment,
        given: BTreeMap<String, Planned>,
    ) -> Result<Self, SourceError> {
        if template.get("Resources").is_none_or(|own| !matches!(own.kind, NodeKind::Map(_))) {
            return Err(template
                .place
                .problem("a template has an object `Resources`; there is none here"));
        }
        let parameters = parameters::values(&template, given, environment.missing_parameters)?;
        let mut not_analyzed = Vec::new();
        let template = expand::loops(template, &parameters)?;
        let template = crate::serverless::translate(template, &parameters, &mut not_analyzed)?;
        dependencies::refuse_cycles(&template)?;
        let stack = Self {
            template,
            environment,
            parameters,
            identities: RefCell::default(),
            outputs: RefCell::default(),
            not_analyzed: RefCell::new(not_analyzed),
            depth: Cell::new(0),
            steps: Cell::new(0),
        };
        stack.note_macros();
        Ok(stack)
    }

    /// Macros that are not read may change everything.
    fn note_macros(&self) {
        const READ: &[&str] = &[
            "AWS::Serverless-2016-10-31",
            "AWS::LanguageExtensions",
            "AWS::SecretsManager-2020-07-23",
        ];
        let Some(transform) = self.template.get("Transform") else { return };
        let all = match &transform.kind {
            NodeKind::List(all) => all.as_slice(),
            _ => std::slice::from_ref(transform),
        };
        for one in all {
            let name = one
                .as_text()
                .or_else(|| one.get("Name").and_then(Node::as_text))
                .unwrap_or_default();
            if !READ.iter().any(|read| name.starts_with(read)) {
                self.note(
                    &one.place,
                    format!(
                        "the macro `{name}` may change the template; what it makes is not known"
                    ),
                );
            }
        }
    }

    pub(super) fn note(&self, place: &Place, reason: impl Into<String>) {
        let entry =
            NotAnalyzed { position: Some(place.start), ..NotAnalyzed::new(&place.file, reason) };
        self.not_analyzed.borrow_mut().push(entry);
    }

    pub(super) fn add_not_analyzed(&self, entries: impl IntoIterator<Item = NotAnalyzed>) {
        self.not_analyzed.borrow_mut().extend(entries);
    }

    pub(super) fn take_not_analyzed(&self) -> Vec<NotAnalyzed> {
        self.not_analyzed.take()
    }

    pub(super) fn section(&self, name: &str) -> &[(Key, Node)] {
        self.template.get(name).map(Node::members).unwrap_or_default()
    }

    pub(super) fn resource(&self, logical_id: &str) -> Option<&Node> {
        self.template.get("Resources")?.get(logical_id)
    }

    /// What a node comes to.
    pub(super) fn value(&self, node: &Node) -> Evaluated {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS {
            return Err(node
                .place
                .problem(format!("the template takes more than {MAX_STEPS} steps to work out")));
        }
        if self.depth.get() > MAX_DEPTH {
            let message =
                format!("references lead on and on: more than {MAX_DEPTH} steps up to here");
            return Err(node.place.problem(message));
        }
        self.depth.set(self.depth.get() + 1);
        let value = self.value_of(node);
        self.depth.set(self.depth.get() - 1);
        value
    }

    fn value_of(&self, node: &Node) -> Evaluated {
        let place = &node.place;
        let kind = match &node.kind {
            NodeKind::Null | NodeKind::Boolean(_) | NodeKind::Number(_) => {
                Planned::of_node(node).kind
            }
            NodeKind::Text(text) => PlannedKind::Text(dynamic(text, place)),
            NodeKind::List(all) => {
                let mut found = Vec::with_capacity(all.len());
                for element in all {
                    found.extend(self.value(element)?);
                }
                PlannedKind::List(found)
            }
            NodeKind::Map(members) => match members.as_slice() {
                [(key, argument)] if key.name == "Ref" || key.name.starts_with("Fn::") => {
                    return functions::call(self, key, argument, place);
                }
                _ => {
                    let mut found = Vec::with_capacity(members.len());
                    for (key, member) in members {
                        if let Some(value) = self.value(member)? {
                            found.push((key.clone(), value));
                        }
                    }
                    PlannedKind::Map(found)
                }
            },
        };
        Ok(Some(Planned::new(place, kind)))
    }

    /// The value as text.
    pub(super) fn text(&self, node: &Node) -> Result<Text, SourceError> {
        let value = self.value(node)?;
        let text = value.as_ref().and_then(Planned::as_text);
        text.ok_or_else(|| {
            node.place.problem(format!("a text is expected here, not {}", node.type_name()))
        })
    }

    /// The value of a condition of the template.
    pub(super) fn condition(&self, name: &str, place: &Place) -> Result<Truth, SourceError> {
        let found = self.template.get("Conditions").and_then(|all| all.get(name));
        let Some(node) = found else {
            return Err(place.problem(format!("the template has no condition `{name}`")));
        };
        Ok(match functions::truth(self, node)? {
            Truth::Unknown(why) => Truth::Unknown(Unknown::new(
                format!("condition:{}{name}", self.environment.path),
                "*",
                format!("the condition `{name}` is not known: {}", why.reason()),
                place,
            )),
            known => known,
        })
    }
}

/// A text in which `{{resolve:…}}` stands for what a service holds:
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>.
pub(super) fn dynamic(text: &str, place: &Place) -> Text {
    let mut found = Text::default();
    let mut rest = text;
    while let Some(at) = rest.find("{{resolve:") {
        let (before, from) = rest.split_at(at);
        let Some(end) = from.find("}}") else { break };
        let (reference, behind) = from.split_at(end + 2);
        found.push_known(before);
        let reason = format!("`{reference}` is looked up at deployment");
        found.push(&Text::unknown(Unknown::new(reference, "*", reason, place)));
        rest = behind;
    }
    found.push_known(rest);
    found
}
