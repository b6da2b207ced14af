//! What the page says of a plan of which not everything is proved.

use ringfence_response::plan::Claim;
use ringfence_response::workflow::resolution::Start;
use ringfence_response::workflow::transition::Separation;
use serde_json::json;

use super::world::resolution;
use crate::response::links::Token;
use crate::response::page::html::form;

const ATTACK: &str = "</pre></td><script>alert(1)</script>\"'&\u{202e}";

#[test]
fn what_is_lost_is_shown_with_its_witness_and_stays_text() {
    let mut own = resolution(Start::Proposed);
    let shown = |own: &_| {
        let token = Token::new(own, ATTACK, "secret");
        form(own, &token, "token", Separation::NotDemanded)
    };
    let proved = shown(&own);
    assert_eq!(proved.matches("<td>proved</td>").count(), 5, "{proved}");
    let witness =
        json!({ "principal": "arn:aws:iam::111122223333:role/In", "context": { "x": ATTACK } });
    own.plan.proof.keeps = Claim::Refuted { what: format!("In loses access {ATTACK}"), witness };
    own.plan.proof.valid = Claim::Unknown { why: format!("a limit {ATTACK}") };
    let html = shown(&own);
    let lost = "not so: In loses access &lt;/pre&gt;&lt;/td&gt;&lt;script&gt;";
    for part in [
        lost,
        "<p>For example:</p>",
        "arn:aws:iam::111122223333:role/In",
        "not known: a limit &lt;",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("<script") && !html.contains('\u{202e}'), "{html}");
    assert_eq!(html.matches("<td>proved</td>").count(), 3, "{html}");
    // As many tags as without the attack, but for those of the witness.
    let tags = |html: &str| html.matches('<').count();
    let of_lost = 2; // The summary says what is lost in a line of its own.
    let of_witness = 4;
    assert_eq!(tags(&html), tags(&proved) + of_lost + of_witness, "{html}");
}
