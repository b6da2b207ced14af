//! One service's part of `data/catalogue/actions.txt`, whose form its README describes. A section is split into
//! lines and fields when its service is first used; lists inside a field are read when they are asked for.
//! A line that is not of the form is left out, so that reading cannot fail; a test reads all of the file.

use super::access_level::{AccessLevel, AccessLevels};
use super::action::Support;

/// What a service's section holds. Each table is in the order of [`super::name::compare`].
#[derive(Default)]
pub(super) struct Section {
    pub(super) condition_keys: Vec<&'static str>,
    /// Lists of places in `condition_keys`, separated by blanks.
    key_sets: Vec<&'static str>,
    pub(super) resource_types: Vec<ResourceTypeRecord>,
    pub(super) operations: Vec<OperationRecord>,
    pub(super) actions: Vec<ActionRecord>,
}

/// A resource type's line.
pub(super) struct ResourceTypeRecord {
    pub(super) name: &'static str,
    /// Separated by blanks.
    pub(super) arn_formats: &'static str,
    key_set: &'static str,
}

/// The line of an operation of the service's API that is authorized as something else than its own name.
pub(super) struct OperationRecord {
    pub(super) name: &'static str,
    /// Names of actions, those of other services with their prefix, separated by blanks.
    pub(super) actions: &'static str,
}

/// An action's line.
pub(super) struct ActionRecord {
    pub(super) name: &'static str,
    pub(super) levels: AccessLevels,
    pub(super) policy_generation: Support,
    pub(super) last_accessed: Support,
    resource_types: &'static str,
    key_set: &'static str,
    /// Names of operations, those of other services with their prefix, separated by blanks; `=` is the one of the
    /// action's own name.
    pub(super) operations: &'static str,
}

/// One of the resource types of an action.
pub(super) struct ActionResourceRecord<'a> {
    pub(super) resource_type: &'a ResourceTypeRecord,
    pub(super) required: bool,
    key_set: &'static str,
}

impl Section {
    pub(super) fn read(text: &'static str) -> Self {
        let mut section = Self::default();
        for line in text.lines() {
            let Some((kind, rest)) = line.split_once('\t') else { continue };
            match kind {
                "K" => section.condition_keys = words(rest).collect(),
                "S" => section.key_sets.push(rest),
                "R" => section.resource_types.extend(ResourceTypeRecord::read(rest)),
                "O" => section.operations.extend(OperationRecord::read(rest)),
                "A" => section.actions.extend(ActionRecord::read(rest)),
                _ => {}
            }
        }
        section
    }

    /// The names of the condition keys of an action.
    pub(super) fn action_keys<'a>(
        &'a self,
        action: &ActionRecord,
    ) -> impl Iterator<Item = &'static str> + use<'a> {
        self.key_set(action.key_set)
    }

    /// The names of the condition keys of a resource type.
    pub(super) fn resource_type_keys<'a>(
        &'a self,
        resource_type: &ResourceTypeRecord,
    ) -> impl Iterator<Item = &'static str> + use<'a> {
        self.key_set(resource_type.key_set)
    }

    /// The names of the condition keys of an action on one of its resource types.
    pub(super) fn action_resource_keys<'a>(
        &'a self,
        resource: &ActionResourceRecord<'_>,
    ) -> impl Iterator<Item = &'static str> + use<'a> {
        self.key_set(resource.key_set)
    }

    /// The resource types of an action: `3*:12` is the fourth of the table, required, with key set 12.
    pub(super) fn action_resources<'a>(
        &'a self,
        action: &ActionRecord,
    ) -> impl Iterator<Item = ActionResourceRecord<'a>> + use<'a> {
        words(action.resource_types).filter_map(|word| {
            let (place, key_set) = word.split_once(':').unwrap_or((word, ""));
            let required = place.ends_with('*');
            let resource_type = self.resource_types.get(number(place.trim_end_matches('*'))?)?;
            Some(ActionResourceRecord { resource_type, required, key_set })
        })
    }

    pub(super) fn key_set<'a>(
        &'a self,
        place: &str,
    ) -> impl Iterator<Item = &'static str> + use<'a> {
        let set = number(place).and_then(|place| self.key_sets.get(place));
        let places = words(set.copied().unwrap_or_default()).filter_map(number);
        places.filter_map(|place| self.condition_keys.get(place)).copied()
    }
}

impl ResourceTypeRecord {
    fn read(line: &'static str) -> Option<Self> {
        let mut fields = line.split('\t');
        Some(Self { name: fields.next()?, arn_formats: fields.next()?, key_set: fields.next()? })
    }
}

impl OperationRecord {
    fn read(line: &'static str) -> Option<Self> {
        let (name, actions) = line.split_once('\t')?;
        Some(Self { name, actions })
    }
}

impl ActionRecord {
    fn read(line: &'static str) -> Option<Self> {
        let mut fields = line.split('\t');
        let (name, levels, flags) = (fields.next()?, fields.next()?, fields.next()?);
        Some(Self {
            name,
            levels: levels.bytes().filter_map(level).collect(),
            policy_generation: support(flags, 'g'),
            last_accessed: support(flags, 'l'),
            resource_types: fields.next()?,
            key_set: fields.next()?,
            operations: fields.next()?,
        })
    }
}

/// The parts of a list; an empty one has none.
pub(super) fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(' ').filter(|word| !word.is_empty())
}

fn number(text: &str) -> Option<usize> {
    text.parse().ok()
}

fn level(letter: u8) -> Option<AccessLevel> {
    match letter {
        b'R' => Some(AccessLevel::Read),
        b'L' => Some(AccessLevel::List),
        b'W' => Some(AccessLevel::Write),
        b'T' => Some(AccessLevel::Tagging),
        b'P' => Some(AccessLevel::PermissionsManagement),
        _ => None,
    }
}

fn support(flags: &str, flag: char) -> Support {
    match flags {
        "?" => Support::Unknown,
        _ if flags.contains(flag) => Support::Supported,
        _ => Support::NotSupported,
    }
}
