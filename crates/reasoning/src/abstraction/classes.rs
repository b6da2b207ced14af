//! The classes of an attribute: its values, told apart by the literals they make true and the labels
//! they have.

use std::collections::BTreeSet;

use crate::bits::Bits;
use crate::limit::Limit;
use crate::theory::attribute::{Attribute, Choice};

/// Values that nothing in the question tells apart.
pub(super) struct Class {
    /// The atoms that are true.
    pub(super) truth: Bits,
    /// One of the values.
    pub(super) choice: Choice,
    /// For each component of the attribute the smallest labels, by number; none for "anything".
    pub(super) smallest: Vec<Vec<u16>>,
}

/// For each label of a component the labels that contain it (itself included).
pub(super) type Above = Vec<Bits>;

/// A component's labels on one value.
fn labels_of(tests: &[Option<crate::theory::value::Test>], choice: &Choice) -> Bits {
    let having =
        tests.iter().enumerate().filter(|(_, test)| super::labels::has(test.as_ref(), choice));
    having.map(|(index, _)| index).collect()
}

/// The classes of `attribute`, which the labels of `components` (their tests) describe, and which labels
/// contain which.
pub(super) fn classes(
    attribute: &mut Attribute,
    components: &[Vec<Option<crate::theory::value::Test>>],
) -> Result<(Vec<Class>, Vec<Above>), Limit> {
    let choices = attribute.all_choices()?;
    let described: Vec<(Choice, Vec<Bits>)> = choices
        .into_iter()
        .map(|choice| {
            let labels = components.iter().map(|tests| labels_of(tests, &choice)).collect();
            (choice, labels)
        })
        .collect();
    let above: Vec<Above> = components
        .iter()
        .enumerate()
        .map(|(component, tests)| containment(component, tests.len(), &described))
        .collect();
    let mut seen = BTreeSet::new();
    let mut classes = Vec::new();
    for (choice, labels) in described {
        let truth = attribute.truth(&choice);
        let smallest: Vec<Vec<u16>> =
            labels.iter().zip(&above).map(|(own, above)| smallest(own, above)).collect();
        if seen.insert((truth.clone(), smallest.clone())) {
            classes.push(Class { truth, choice, smallest });
        }
    }
    Ok((classes, above))
}

/// A label lies below another when every value that has it has the other.
fn containment(component: usize, count: usize, described: &[(Choice, Vec<Bits>)]) -> Above {
    (0..count)
        .map(|label| {
            let having = described
                .iter()
                .filter_map(|(_, labels)| labels.get(component))
                .filter(|l| l.contains(label));
            let common = having.fold(None, |common: Option<Bits>, labels| match common {
                Some(common) => Some(common.intersection(labels)),
                None => Some(labels.clone()),
            });
            common.unwrap_or_else(|| std::iter::once(label).collect())
        })
        .collect()
}

/// The labels of `own` that lie above no other of them; of labels with one language the first.
fn smallest(own: &Bits, above: &Above) -> Vec<u16> {
    let contains = |low: usize, high: usize| above.get(low).is_some_and(|a| a.contains(high));
    let minimal = own.iter().filter(|&label| {
        !own.iter().any(|other| {
            other != label && contains(other, label) && (!contains(label, other) || other < label)
        })
    });
    minimal.filter_map(|label| u16::try_from(label).ok()).collect()
}
