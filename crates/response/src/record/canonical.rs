//! The one way to write a JSON value, so that equal values have equal bytes.

use serde_json::Value;

/// The text of `value` without spaces, with the members of every object in the order of their names' bytes. Strings
/// are escaped where JSON demands it and nowhere else: `\"`, `\\`, `\b`, `\f`, `\n`, `\r`, `\t`, other characters below
/// U+0020 as `\u00` and two small hexadecimal digits. It is what Python writes with
/// `json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_unstable();
            text.push('{');
            for (index, name) in names.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                string(name, text);
                text.push(':');
                if let Some(member) = members.get(name) {
                    write(member, text);
                }
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::String(own) => string(own, text),
        Value::Null | Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
}

fn string(own: &str, text: &mut String) {
    text.push_str(&Value::from(own).to_string());
}
