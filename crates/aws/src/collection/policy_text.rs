//! Policy documents as they go into a snapshot: as JSON that a person can read and findings can point into, but never
//! at the price of what the document says.

use std::collections::BTreeSet;
use std::fmt;

use percent_encoding::percent_decode_str;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The document of a policy; `null` when there is none.
///
/// It stays text where a tree would lose something: it is no JSON, a member stands twice, or a number has no exact
/// form.
pub(crate) fn policy(text: Option<&str>) -> Value {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Value::Null };
    let mut reader = serde_json::Deserializer::from_str(text);
    let kept = Faithful.deserialize(&mut reader).is_ok() && reader.end().is_ok();
    let parsed = if kept { serde_json::from_str(text).ok() } else { None };
    parsed.filter(Value::is_object).unwrap_or_else(|| Value::String(text.to_owned()))
}

/// The document of an IAM policy, which comes URL-encoded.
pub(crate) fn encoded_policy(text: Option<&str>) -> Value {
    let decoded = text.map(|text| percent_decode_str(text).decode_utf8_lossy());
    policy(decoded.as_deref())
}

/// Accepts JSON that `Value` holds without loss.
struct Faithful;

impl<'de> DeserializeSeed<'de> for Faithful {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Deserialize<'de> for Faithful {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        Faithful.deserialize(reader).map(|()| Faithful)
    }
}

impl<'de> Visitor<'de> for Faithful {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON whose members stand once and whose numbers are whole")
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<Faithful>()?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            members.next_value::<Faithful>()?;
            if !names.insert(name) {
                return Err(serde::de::Error::custom("a member stands twice"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_is_lost() {
        assert_eq!(policy(None), Value::Null);
        assert_eq!(policy(Some("")), Value::Null);
        assert_eq!(policy(Some(r#"{"Version":"2012-10-17"}"#)), json!({"Version": "2012-10-17"}));
        for text in [r#"{"a":1,"a":2}"#, r#"{"a":{"b":1,"b":1}}"#, r#"{"a":1.10}"#, "{", "[]"] {
            assert_eq!(policy(Some(text)), Value::String(text.to_owned()), "{text}");
        }
        assert_eq!(encoded_policy(Some("%7B%22a%22%3A%22%2B%22%7D")), json!({"a": "+"}));
    }
}
