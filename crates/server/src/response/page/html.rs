//! What the page shows. Every text that comes from outside is escaped; there is no script, and one style, which the
//! page's own policy names by its digest.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ringfence_response::plan::{Claim, Plan};
use ringfence_response::workflow::resolution::Resolution;
use ringfence_response::workflow::transition::Separation;
use serde_json::Value;

use crate::response::links::{PATH, Token};
use crate::response::message::summary;

const STYLE: &str = "body{font:16px sans-serif;max-width:46em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}\
pre{background:#f4f4f4;padding:1em;white-space:pre-wrap}button{font:inherit;padding:.5em 1.5em;margin-right:1em}\
th{text-align:left;padding-right:1em;vertical-align:top;white-space:nowrap}label{display:block;margin:.5em 0}";

/// What a browser may do with the page: nothing but show it and send its form back here.
pub(super) fn content_security_policy() -> String {
    let style = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// A whole page.
pub(super) fn document(content: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Ringfence</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head>\
         <body>{content}</body></html>\n"
    )
}

/// One sentence.
pub(super) fn said(text: &str) -> String {
    format!("<p>{}</p>", escape(text))
}

/// A plan with what is proved of it, and the form that approves or rejects it.
pub(in crate::response) fn form(
    own: &Resolution,
    token: &Token,
    text: &str,
    separation: Separation,
) -> String {
    let mut html = String::from("<h1>A change waits for your approval</h1>");
    facts(&mut html, own, token);
    plan(&mut html, &own.plan);
    proof(&mut html, &own.plan);
    let _ = write!(
        html,
        "<form method=\"post\" action=\"{PATH}\"><input type=\"hidden\" name=\"token\" value=\"{}\">",
        escape(text)
    );
    match separation {
        Separation::Demanded => html.push_str(
            "<p>Requester and approver have to differ: show who you are.</p>\
             <label>Id of your key <input name=\"key_id\" autocomplete=\"username\" required></label>\
             <label>Its secret <input name=\"key_secret\" type=\"password\" autocomplete=\"current-password\" required></label>",
        ),
        Separation::NotDemanded => {}
    }
    html.push_str(
        "<p><button name=\"decision\" value=\"approve\">Approve</button>\
         <button name=\"decision\" value=\"reject\">Reject</button></p></form>",
    );
    html
}

fn facts(html: &mut String, own: &Resolution, token: &Token) {
    let target = &own.plan.target;
    let principal = own.finding.observation.principal();
    let principal = principal.and_then(|own| own.values().next()).map_or("", String::as_str);
    html.push_str("<table>");
    for (name, value) in [
        ("Resource", target.arn.as_str()),
        ("Type", &target.resource_type),
        ("Account", &target.account),
        ("Who gets in", principal),
        ("Finding", own.finding.id()),
        ("Asked for by", &own.requester),
        ("Sent to", &token.approver),
        ("Plan", &own.plan_hash),
    ] {
        let _ = write!(html, "<tr><th>{name}</th><td>{}</td></tr>", escape(value));
    }
    html.push_str("</table>");
}

fn plan(html: &mut String, plan: &Plan) {
    html.push_str("<h2>What is changed</h2><ul>");
    for line in summary(plan) {
        let _ = write!(html, "<li>{}</li>", escape(&line));
    }
    html.push_str("</ul>");
    for edit in &plan.edits {
        let slot = serde_json::to_value(&edit.slot).unwrap_or_default();
        let _ = write!(
            html,
            "<h3>{}</h3><p>Now:</p><pre>{}</pre><p>Then:</p><pre>{}</pre>",
            escape(&slot_name(&slot)),
            escape(&readable(edit.before.as_deref())),
            escape(&readable(edit.after.as_deref())),
        );
    }
}

/// The slot's kind, and which one where a resource has several.
fn slot_name(slot: &Value) -> String {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let which = slot.as_object().into_iter().flatten().filter(|(name, _)| *name != "slot");
    let kind = slot.get("slot").and_then(text);
    kind.into_iter().chain(which.filter_map(|(_, value)| text(value))).collect::<Vec<_>>().join(" ")
}

/// A document with its lines broken; any other text as it is.
fn readable(text: Option<&str>) -> String {
    let Some(text) = text else { return "(nothing)".to_owned() };
    match serde_json::from_str::<Value>(text) {
        Ok(value) => format!("{value:#}"),
        Err(_) => text.to_owned(),
    }
}

fn proof(html: &mut String, plan: &Plan) {
    html.push_str("<h2>What is proved of it</h2><table>");
    let own = &plan.proof;
    for (name, claim) in [
        ("Nobody gets in that way afterwards", &own.closes),
        ("Nobody inside loses anything", &own.keeps),
        ("Nothing new is allowed", &own.adds_nothing),
        ("The account can still administer it", &own.administrable),
        ("The policy checks find nothing new", &own.valid),
    ] {
        let _ = write!(html, "<tr><th>{name}</th><td>");
        match claim {
            Claim::Proved => html.push_str("proved"),
            Claim::Unknown { why } => {
                let _ = write!(html, "not known: {}", escape(why));
            }
            Claim::Refuted { what, witness } => {
                let _ = write!(html, "not so: {}", escape(what));
                if !witness.is_null() {
                    let shown = format!("{witness:#}");
                    let _ = write!(html, "<p>For example:</p><pre>{}</pre>", escape(&shown));
                }
            }
        }
        html.push_str("</td></tr>");
    }
    html.push_str("</table>");
}

/// A text as HTML shows it, in content and in attributes. What turns the direction of writing, or cannot be seen, is
/// shown by its number: it could make one text look like another.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for own in text.chars() {
        match own {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('\n'),
            own if own.is_control() || is_invisible(own) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(own));
            }
            own => out.push(own),
        }
    }
    out
}

fn is_invisible(own: char) -> bool {
    matches!(own, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
