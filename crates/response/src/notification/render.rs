//! Texts of a notification.

use serde_json::{Map, Value, json};

use super::instructions::instructions;
use super::{Notification, TemplateError, Templates, clean, clean_line};

/// Longer no subject is; SNS takes 100 characters, which its channel sees to.
const SUBJECT: usize = 200;

/// What a channel makes its message of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// A whole page of HTML.
    pub html: String,
    /// Where the plan can be approved.
    pub link: Option<String>,
}

/// Makes the texts of a notification.
///
/// # Errors
/// Where a template asks for something that is not there.
pub fn render(templates: &Templates, own: &Notification) -> Result<Rendered, TemplateError> {
    let (subject, text, html) = parts(templates, own)?;
    let link =
        own.resolution.as_ref().and_then(|own| own.approval_url.as_deref()).and_then(web_address);
    Ok(Rendered { html: page(&subject, &html), subject, text, link })
}

/// Makes one text of several notifications, in their order.
///
/// # Errors
/// Where a template asks for something that is not there.
pub fn render_digest(
    templates: &Templates,
    all: &[&Notification],
) -> Result<Rendered, TemplateError> {
    if let [only] = all {
        return render(templates, only);
    }
    let subject = format!("[Ringfence] {} notifications", all.len());
    let (mut text, mut html) = (String::new(), String::new());
    for (number, own) in all.iter().enumerate() {
        let (title, own_text, own_html) = parts(templates, own)?;
        let number = number.saturating_add(1);
        text.push_str(&format!("({number}) {title}\n\n{}\n\n", own_text.trim_end()));
        html.push_str(&format!("<h2>{number}. {}</h2>\n{own_html}<hr>\n", escaped(&title)));
    }
    Ok(Rendered { html: page(&subject, &html), subject, text, link: None })
}

fn parts(
    templates: &Templates,
    own: &Notification,
) -> Result<(String, String, String), TemplateError> {
    let variables = variables(own);
    let name = own.kind.template();
    let whole = templates.fill(&format!("{name}.txt"), &variables)?;
    let (subject, text) = whole.split_once('\n').unwrap_or((&whole, ""));
    let html = templates.fill(&format!("{name}.html"), &variables)?;
    Ok((clean_line(subject.trim(), SUBJECT), text.trim_start_matches('\n').to_owned(), html))
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
         <body style=\"font-family: sans-serif\">\n{body}</body>\n</html>\n",
        escaped(title)
    )
}

fn escaped(text: &str) -> String {
    minijinja::HtmlEscape(text).to_string()
}

/// What templates see: the members of a notification, each text in it made harmless, and what follows from them.
fn variables(own: &Notification) -> Value {
    let mut value = serde_json::to_value(own).unwrap_or_default();
    clean_texts(&mut value);
    let Value::Object(members) = &mut value else { return value };
    let mut put = |name: &str, value: Value| _ = members.insert(name.to_owned(), value);
    let name = own.target.arn.rsplit([':', '/']).next().unwrap_or(&own.target.arn);
    put("resourceName", json!(clean(name)));
    put("commands", json!(instructions(own)));
    if let Some(resolution) = &own.resolution
        && let Some(Value::Object(facts)) = members.get_mut("resolution")
    {
        let url = resolution.approval_url.as_deref().and_then(web_address);
        facts.insert("approvalUrl".to_owned(), json!(url));
    }
    value
}

/// The URL where it is one that a browser opens and that ends nothing around it; a token must not be cut.
fn web_address(url: &str) -> Option<String> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let is_one = url.chars().all(|own| own.is_ascii_graphic() && !"<>\"'`\\".contains(own));
    (is_web && is_one).then(|| url.to_owned())
}

fn clean_texts(value: &mut Value) {
    match value {
        Value::String(text) => *text = clean(text),
        Value::Array(values) => values.iter_mut().for_each(clean_texts),
        Value::Object(members) => {
            let cleaned: Map<String, Value> = std::mem::take(members)
                .into_iter()
                .map(|(name, mut own)| {
                    clean_texts(&mut own);
                    (clean(&name), own)
                })
                .collect();
            *members = cleaned;
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
