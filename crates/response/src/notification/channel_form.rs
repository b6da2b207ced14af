//! The shapes that chats read. Texts go into elements that these chats never read as markup, so that there is nothing
//! to escape but in the one member that has no such element.
//!
//! <https://api.slack.com/reference/block-kit>, <https://adaptivecards.io/explorer/RichTextBlock.html>

use serde_json::{Value, json};

use super::{Rendered, clean_line};

/// Slack refuses longer headers.
const SLACK_HEADER: usize = 150;
/// Slack refuses longer sections; some room is left for the mark of a cut.
const SLACK_SECTION: usize = 2_900;
/// Slack takes 50 blocks; one is the header and one the link.
const SLACK_SECTIONS: usize = 40;
/// Teams refuses messages of more than 28 KB.
const TEAMS_TEXT: usize = 18_000;

/// A message for an incoming webhook of Slack.
#[must_use]
pub fn slack(rendered: &Rendered) -> Value {
    let plain = |text: String| json!({ "type": "plain_text", "text": text, "emoji": false });
    let mut blocks = vec![
        json!({ "type": "header", "text": plain(clean_line(&rendered.subject, SLACK_HEADER)) }),
    ];
    let pieces = pieces(&rendered.text, SLACK_SECTION);
    blocks.extend(
        pieces
            .into_iter()
            .take(SLACK_SECTIONS)
            .map(|piece| json!({ "type": "section", "text": plain(piece) })),
    );
    if let Some(url) = &rendered.link {
        let button =
            json!({ "type": "button", "text": plain("Review the plan".to_owned()), "url": url });
        blocks.push(json!({ "type": "actions", "elements": [button] }));
    }
    // What notifications on a phone show. It is read as markup, of which these three begin everything that acts.
    let text = rendered.subject.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({ "text": text, "mrkdwn": false, "blocks": blocks })
}

/// A message for a workflow of Teams that posts adaptive cards.
#[must_use]
pub fn teams(rendered: &Rendered) -> Value {
    let run = |text: &str| json!({ "type": "TextRun", "text": text });
    let mut subject = run(&rendered.subject);
    if let Value::Object(members) = &mut subject {
        members.insert("weight".to_owned(), json!("Bolder"));
    }
    let mut body = vec![json!({ "type": "RichTextBlock", "inlines": [subject] })];
    let text = cut(&rendered.text, TEAMS_TEXT);
    body.extend(text.lines().map(|line| {
        let line = if line.is_empty() { "\u{a0}" } else { line };
        json!({ "type": "RichTextBlock", "spacing": "None", "inlines": [run(line)] })
    }));
    let actions: Vec<Value> = rendered
        .link
        .iter()
        .map(|url| json!({ "type": "Action.OpenUrl", "title": "Review the plan", "url": url }))
        .collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": body,
                "actions": actions,
            },
        }],
    })
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most).chain("\n… cut".chars()).collect()
}

/// The text in pieces of whole lines, none longer than `most` characters.
fn pieces(text: &str, most: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for line in text.trim_end().lines() {
        let line = cut(line, most / 2);
        let last = pieces.last().map_or(0, |last| last.chars().count());
        if last + line.chars().count() + 1 > most {
            pieces.push(String::new());
        }
        if let Some(last) = pieces.last_mut() {
            if !last.is_empty() {
                last.push('\n');
            }
            last.push_str(&line);
        }
    }
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}
