//! What expressions give, as far as that is known before apply.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions>

use hcl_edit::Span;
use hcl_edit::expr::{
    BinaryOperator, Conditional, Expression, ForExpr, ObjectKey, Traversal, TraversalOperator,
    UnaryOperator,
};
use hcl_edit::template::Element;

use super::functions;
use super::operators::{self, Step};
use super::scope::Scope;
use crate::node::Key;
use crate::planned::{Planned, PlannedKind, Text, Truth, Unknown, to_json_text};
use crate::terraform::values::Values;

/// Works out expressions for one resource.
pub(super) struct Evaluation<'e, 'p, 'n> {
    pub(super) values: &'e Values<'p, 'n>,
}

impl<'p, 'n> Evaluation<'_, 'p, 'n> {
    /// What an expression gives.
    pub(super) fn expression(&self, scope: &Scope<'p>, expression: &Expression) -> Planned {
        let place = scope.file.place(expression);
        let Some(scope) = scope.deeper() else {
            return self.unknown(scope, expression, "expressions lead in circles");
        };
        let scope = &scope;
        let kind = match expression {
            Expression::Null(_) => PlannedKind::Null,
            Expression::Bool(own) => PlannedKind::Boolean(*own.value()),
            Expression::Number(own) => PlannedKind::Number(own.value().to_string()),
            Expression::String(own) => PlannedKind::Text(Text::known(own.as_str())),
            Expression::Array(own) => {
                PlannedKind::List(own.iter().map(|one| self.expression(scope, one)).collect())
            }
            Expression::Object(own) => {
                let mut members = Vec::new();
                for (key, value) in own.iter() {
                    let name = match key {
                        ObjectKey::Ident(name) => name.as_str().to_owned(),
                        ObjectKey::Expression(key) => {
                            // A name with unknown parts keeps their form, as it does in a document that is text.
                            match self.expression(scope, key).as_text() {
                                Some(name) => name.pattern(),
                                None => {
                                    return self.unknown(scope, key, "a name is not worked out");
                                }
                            }
                        }
                    };
                    let key = Key { name, place: scope.file.place(key) };
                    members.push((key, self.expression(scope, value.expr())));
                }
                PlannedKind::Map(members)
            }
            Expression::StringTemplate(own) => return self.template(scope, expression, own.iter()),
            Expression::HeredocTemplate(own) => {
                return self.template(scope, expression, own.template.iter());
            }
            Expression::Parenthesis(own) => return self.expression(scope, own.inner()),
            Expression::Variable(name) => match scope.variable(name.as_str()) {
                Some(value) => return value.clone(),
                None => return self.unknown(scope, expression, "the name is not known"),
            },
            Expression::Conditional(own) => return self.conditional(scope, own),
            Expression::FuncCall(own) => {
                let name = own.name.name.as_str();
                if own.name.is_namespaced() || own.args.expand_final() {
                    return self.unknown(scope, expression, "the call is not worked out");
                }
                let arguments = own.args.iter().map(|one| self.expression(scope, one)).collect();
                return functions::call(name, arguments, &place).unwrap_or_else(|| {
                    self.unknown(
                        scope,
                        expression,
                        &format!("what `{name}` gives is not worked out"),
                    )
                });
            }
            Expression::Traversal(own) => return self.traversal(scope, own),
            Expression::UnaryOp(own) => {
                let value = self.expression(scope, &own.expr);
                match (own.operator.value(), &value.kind) {
                    (UnaryOperator::Not, PlannedKind::Boolean(truth)) => {
                        PlannedKind::Boolean(!truth)
                    }
                    _ => return self.unknown(scope, expression, "the operation is not worked out"),
                }
            }
            Expression::BinaryOp(own) => {
                let sides = [&own.lhs_expr, &own.rhs_expr].map(|side| self.expression(scope, side));
                let texts = [&sides[0], &sides[1]].map(Planned::as_known_text);
                match (own.operator.value(), texts) {
                    (BinaryOperator::Eq, [Some(one), Some(other)]) => {
                        PlannedKind::Boolean(one == other)
                    }
                    (BinaryOperator::NotEq, [Some(one), Some(other)]) => {
                        PlannedKind::Boolean(one != other)
                    }
                    _ => return self.unknown(scope, expression, "the operation is not worked out"),
                }
            }
            Expression::ForExpr(own) => {
                return self.for_each(scope, own).unwrap_or_else(|| {
                    self.unknown(scope, expression, "the elements of a `for` are not known")
                });
            }
        };
        Planned::new(&place, kind)
    }

    fn template<'t>(
        &self,
        scope: &Scope<'p>,
        whole: &Expression,
        elements: impl Iterator<Item = &'t Element>,
    ) -> Planned {
        let mut text = Text::default();
        for element in elements {
            match element {
                Element::Literal(literal) => text.push_known(literal.as_str()),
                Element::Interpolation(own) => {
                    let value = self.expression(scope, &own.expr);
                    text.push(&value.as_text().unwrap_or_else(|| to_json_text(&value)));
                }
                Element::Directive(_) => {
                    return self.unknown(scope, whole, "a directive in a text is not worked out");
                }
            }
        }
        Planned::new(&scope.file.place(whole), PlannedKind::Text(text))
    }

    fn conditional(&self, scope: &Scope<'p>, own: &Conditional) -> Planned {
        let branches = [&own.true_expr, &own.false_expr];
        match self.expression(scope, &own.cond_expr).truth() {
            Truth::Yes => self.expression(scope, branches[0]),
            Truth::No => self.expression(scope, branches[1]),
            Truth::Unknown(unknown) => {
                let all = branches.map(|branch| self.expression(scope, branch)).to_vec();
                Planned::new(&scope.file.place(own), PlannedKind::OneOf(all, unknown))
            }
        }
    }

    fn for_each(&self, scope: &Scope<'p>, own: &ForExpr) -> Option<Planned> {
        let place = scope.file.place(own);
        let collection = self.expression(scope, &own.intro.collection_expr);
        let elements: Vec<(Planned, Planned)> = match collection.kind {
            PlannedKind::List(all) => all
                .into_iter()
                .enumerate()
                .map(|(index, one)| {
                    (Planned::new(&place, PlannedKind::Number(index.to_string())), one)
                })
                .collect(),
            PlannedKind::Map(all) => all
                .into_iter()
                .map(|(key, one)| (Planned::text(&key.place, key.name), one))
                .collect(),
            _ => return None,
        };
        let (mut list, mut map) = (Vec::new(), Vec::new());
        for (key, value) in elements {
            let mut inner = scope.with(own.intro.value_var.as_str(), value);
            if let Some(name) = &own.intro.key_var {
                inner = inner.with(name.as_str(), key);
            }
            if let Some(condition) = &own.cond {
                match self.expression(&inner, &condition.expr).truth() {
                    Truth::Yes => {}
                    Truth::No => continue,
                    Truth::Unknown(_) => return None,
                }
            }
            let value = self.expression(&inner, &own.value_expr);
            match &own.key_expr {
                Some(key) => {
                    let name = self.expression(&inner, key).as_known_text()?;
                    map.push((Key { name, place: place.clone() }, value));
                }
                None => list.push(value),
            }
        }
        let kind = match (&own.key_expr, own.grouping) {
            (Some(_), true) => return None,
            (Some(_), false) => PlannedKind::Map(map),
            (None, _) => PlannedKind::List(list),
        };
        Some(Planned::new(&place, kind))
    }

    fn traversal(&self, scope: &Scope<'p>, own: &Traversal) -> Planned {
        let unknown = |why: &str| self.unknown(scope, own, why);
        let Expression::Variable(first) = &own.expr else {
            let value = self.expression(scope, &own.expr);
            let steps = self.steps(scope, &own.operators);
            return steps
                .and_then(|steps| operators::follow(value, &steps))
                .unwrap_or_else(|| unknown("a part of a value is not worked out"));
        };
        let Some(steps) = self.steps(scope, &own.operators) else {
            return unknown("a key is not known");
        };
        let found = match scope.variable(first.as_str()) {
            Some(value) => operators::follow(value.clone(), &steps),
            None => self.named(scope, first.as_str(), &steps),
        };
        let found = found.unwrap_or_else(|| unknown("what it refers to is not worked out"));
        // A document is one file's: what comes from elsewhere stands where it is referred to.
        found.standing_at(&scope.file.place(own))
    }

    fn steps(
        &self,
        scope: &Scope<'p>,
        all: &[hcl_edit::Decorated<TraversalOperator>],
    ) -> Option<Vec<Step>> {
        let step = |operator: &hcl_edit::Decorated<TraversalOperator>| match operator.value() {
            TraversalOperator::GetAttr(name) => Some(Step::To(name.as_str().to_owned())),
            TraversalOperator::Index(key) => {
                Some(Step::Key(self.expression(scope, key).as_known_text()?))
            }
            TraversalOperator::LegacyIndex(index) => Some(Step::Key(index.value().to_string())),
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => Some(Step::Each),
        };
        all.iter().map(step).collect()
    }

    fn unknown(&self, scope: &Scope<'p>, of: &impl Span, why: &str) -> Planned {
        let place = scope.file.place(of);
        let identity =
            format!("plan:{}.{}:{}", self.values.change.address, place.file, place.start.offset);
        let reason = format!("an expression has no value before apply: {why}");
        Planned::unknown(&place, Unknown::new(identity, "*", reason, &place))
    }
}
