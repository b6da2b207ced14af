//! What stands below the rules, whatever they say.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_findings::finding::Finding;
use serde::{Deserialize, Serialize};

use crate::context::{Context, Fact};
use crate::text::shown;

/// What rules may do in spite of the safety that is built in. Nothing, unless it is named here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Safety {
    /// The ids of the rules that may archive a public finding.
    pub public_archive: BTreeSet<String>,
    /// The keys of the tags that may decide about archiving and routing, each with who may set it: ARNs with `*` and
    /// `?`, `["*"]` for anybody. Whoever can tag could otherwise hide an exposure.
    pub deciding_tags: BTreeMap<String, Vec<String>>,
    /// The tag whose value is the data classification, where it comes from a tag.
    pub classification_tag: Option<String>,
}

/// Whether a tag of a resource may decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagTrust {
    /// It may.
    Trusted,
    /// It changed after the finding appeared, and a person vouched for it in the record.
    Vouched,
    /// It may not.
    Distrusted {
        /// Why not, for a person.
        why: String,
    },
}

impl Safety {
    /// Whether the tag called `key` may decide about archiving and routing of `finding`. The tag's absence is trusted
    /// in the same way as its value.
    #[must_use]
    pub fn tag_trust(&self, key: &str, finding: &Finding, context: &Context) -> TagTrust {
        match self.distrust(key, finding, context) {
            None => TagTrust::Trusted,
            Some(_) if self.deciding_tags.contains_key(key) && is_vouched(key, context) => {
                TagTrust::Vouched
            }
            Some(why) => TagTrust::Distrusted { why },
        }
    }

    /// The tags of the resource that may decide about routing, for what tells people.
    #[must_use]
    pub fn trusted_tags(&self, finding: &Finding, context: &Context) -> BTreeMap<String, String> {
        let tags = context.tags.known().into_iter().flatten();
        let trusted = tags.filter(|(key, _)| {
            !matches!(self.tag_trust(key, finding, context), TagTrust::Distrusted { .. })
        });
        trusted.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    fn distrust(&self, key: &str, finding: &Finding, context: &Context) -> Option<String> {
        let tag = shown(key);
        let Some(setters) = self.deciding_tags.get(key) else {
            return Some(format!("the tag `{tag}` is not among `deciding_tags`"));
        };
        let now = match &context.tags {
            Fact::Known(tags) => tags.get(key),
            Fact::Missing { why } => {
                return Some(format!("the tags are not known: {}", shown(why)));
            }
        };
        match &context.tags_when_seen {
            Fact::Known(then) if then.get(key) == now => {}
            Fact::Known(_) => {
                return Some(format!("the tag `{tag}` changed after the finding appeared"));
            }
            Fact::Missing { why } => {
                let why = shown(why);
                return Some(format!(
                    "it is not known whether the tag `{tag}` changed since the finding appeared: {why}"
                ));
            }
        }
        if context.unexplained_tags.contains(key) {
            return Some(format!("the tag `{tag}` was changed by a call that is not known yet"));
        }
        let setter = context.tag_setters.known().and_then(|known| known.get(key));
        if setter.is_some_and(|own| own.at > finding.created_at) {
            return Some(format!("the tag `{tag}` was set after the finding appeared"));
        }
        if setters.iter().any(|own| own == "*") {
            return None;
        }
        match (setter, now) {
            (Some(own), _) if setters.iter().any(|pattern| matches(pattern, &own.who)) => None,
            (Some(own), _) => {
                Some(format!("the tag `{tag}` was set by `{}`, who may not", shown(&own.who)))
            }
            (None, None) => None,
            (None, Some(_)) => {
                let why = context.tag_setters.why_missing();
                let why = why.map_or_else(|| "nothing tells of it".to_owned(), shown);
                Some(format!(
                    "it is not known who set the tag `{tag}`, which not everybody may: {why}"
                ))
            }
        }
    }
}

fn is_vouched(key: &str, context: &Context) -> bool {
    let Fact::Known(tags) = &context.tags else { return false };
    context.vouched_tags.get(key).is_some_and(|own| own.as_ref() == tags.get(key))
}

/// Whether `text` is one that `pattern` stands for: `*` is any number of characters, `?` is one.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    // Where the last star stands, and how much of the text it has taken so far.
    let (mut star, mut taken) = (None, 0);
    let (mut at, mut seen) = (0, 0);
    while let Some(character) = text.get(seen) {
        match pattern.get(at) {
            Some('*') => {
                star = Some(at);
                taken = seen;
                at += 1;
            }
            Some(own) if *own == '?' || own == character => {
                at += 1;
                seen += 1;
            }
            Some(_) | None => match star {
                Some(place) => {
                    taken += 1;
                    (at, seen) = (place + 1, taken);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|own| *own == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_of_principals() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("arn:*:role/a?", "arn:aws:iam::1:role/ab", true),
            ("arn:*:role/a?", "arn:aws:iam::1:role/a", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
