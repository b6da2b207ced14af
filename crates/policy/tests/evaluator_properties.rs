//! Laws that hold for every policy and request, on generated ones. The generator is a small fixed-seed
//! one, so every run sees the same cases.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test case may panic")]

use std::sync::Arc;

use ringfence_policy::evaluate::{
    Decision, Match, PolicyStack, decide, document_decision, statement_matches,
};
use ringfence_policy::{
    Caller, Comparison, ConditionKey, ContextValue, PolicyDocument, RequestContext, parse_policy,
};
use serde_json::{Value, json};

/// xorshift64*: <https://en.wikipedia.org/wiki/Xorshift>
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn pick<'v, T>(&mut self, of: &'v [T]) -> &'v T {
        &of[self.below(of.len())]
    }

    fn text(&mut self, letters: &str, longest: usize) -> String {
        let letters: Vec<char> = letters.chars().collect();
        (0..self.below(longest + 1)).map(|_| *self.pick(&letters)).collect()
    }

    fn several<T>(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most) + 1).map(|_| one(self)).collect()
    }
}

fn document(statements: &Value) -> PolicyDocument {
    let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    parse_policy(&text).sound().unwrap()
}

fn request(resource: &str, context: &[(&str, ContextValue)]) -> RequestContext {
    RequestContext {
        caller: Caller::parse("arn:aws:iam::111122223333:user/alice").unwrap(),
        action: "s3:GetObject".into(),
        resource: resource.into(),
        resource_account: None,
        context: context.iter().map(|(k, v)| (ConditionKey::new(k), v.clone())).collect(),
    }
}

fn meets(operator: &str, patterns: &[String], values: Option<ContextValue>) -> bool {
    let statement = json!([{ "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": { operator: { "k": patterns } } }]);
    let context: Vec<_> = values.into_iter().map(|value| ("k", value)).collect();
    let matched = statement_matches(&document(&statement).statements[0], &request("*", &context));
    matched == Match::Matches
}

/// Glob matching as its definition says it, by recursion.
fn glob(pattern: &[char], text: &[char], star_stops_at: Option<char>) -> bool {
    let stops = |c: char| Some(c) == star_stops_at;
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => {
            // The last character of its field runs on over the border.
            let runs_on = rest.first().is_none_or(|next| stops(*next));
            glob(rest, text, star_stops_at)
                || matches!(text, [c, tail @ ..] if (runs_on || !stops(*c)) && glob(pattern, tail, star_stops_at))
        }
        ['?', rest @ ..] => {
            matches!(text, [c, tail @ ..] if !stops(*c) && glob(rest, tail, star_stops_at))
        }
        [c, rest @ ..] => {
            matches!(text, [d, tail @ ..] if c == d && glob(rest, tail, star_stops_at))
        }
    }
}

#[test]
fn globs_match_as_defined() {
    let mut random = Random(1);
    let mut hits = 0;
    for _ in 0..20_000 {
        let (pattern, text) = (random.text("aé:**?", 7), random.text("aé:", 7));
        let mut squeezed: Vec<char> = pattern.chars().collect();
        squeezed.dedup_by(|a, b| *a == '*' && *b == '*');
        let characters: Vec<char> = text.chars().collect();
        let like = meets(
            "StringLike",
            std::slice::from_ref(&pattern),
            Some(ContextValue::Single(text.clone())),
        );
        assert_eq!(like, glob(&squeezed, &characters, None), "StringLike {pattern} {text}");
        let statement = json!([{ "Effect": "Allow", "Action": "*", "Resource": pattern }]);
        let resource = statement_matches(&document(&statement).statements[0], &request(&text, &[]));
        assert_eq!(
            resource == Match::Matches,
            glob(&squeezed, &characters, Some(':')),
            "Resource {pattern} {text}"
        );
        hits += usize::from(like);
    }
    assert!(hits > 2_000, "only {hits} of the cases match");
}

#[test]
fn hard_globs_take_no_time() {
    let pattern = format!("{}b", "*a?".repeat(400));
    let text = "a".repeat(4_000);
    assert!(!meets("StringLike", &[pattern], Some(ContextValue::Single(text))));
}

const OPPOSITES: &[(Comparison, Comparison)] = &[
    (Comparison::StringEquals, Comparison::StringNotEquals),
    (Comparison::StringEqualsIgnoreCase, Comparison::StringNotEqualsIgnoreCase),
    (Comparison::StringLike, Comparison::StringNotLike),
    (Comparison::NumericEquals, Comparison::NumericNotEquals),
    (Comparison::DateEquals, Comparison::DateNotEquals),
    (Comparison::IpAddress, Comparison::NotIpAddress),
    (Comparison::ArnEquals, Comparison::ArnNotEquals),
    (Comparison::ArnLike, Comparison::ArnNotLike),
];

const VALUES: &[&str] = &[
    "",
    "a",
    "A",
    "a*",
    "1",
    "1.0",
    "-1",
    "1e400",
    "NaN",
    "2026-01-01",
    "2026-01-01T00:00Z",
    "2026-02-30",
    "10.0.0.1",
    "10.0.0.0/8",
    "2001:db8::/32",
    "2001:db8::1",
    "::/0",
    "0.0.0.0/0",
    "arn:aws:s3:::a",
    "arn:aws:s3:::*",
    "arn:*:s3:::a",
    "*",
    "arn",
    "true",
    "🦀",
];

/// An operator and its opposite, with and without set operator and suffix, on absent, single and many values.
#[test]
fn negated_operators_are_the_opposite() {
    let mut random = Random(2);
    for _ in 0..3_000 {
        let patterns = random.several(3, |random| (*random.pick(VALUES)).to_owned());
        let values = random.several(3, |random| (*random.pick(VALUES)).to_owned());
        let many = || Some(ContextValue::Many(values.clone()));
        let (plain, negated) = random.pick(OPPOSITES);
        let (plain, negated) = (plain.as_str(), negated.as_str());
        let about = format!("{plain} {patterns:?} {values:?}");
        let holds = |operator: &str, values| meets(operator, &patterns, values);
        assert_ne!(holds(plain, many()), holds(negated, many()), "{about}");
        let (all, any) = (format!("ForAllValues:{negated}"), format!("ForAnyValue:{plain}"));
        assert_ne!(holds(&all, many()), holds(&any, many()), "{about}");
        let (all, any) = (format!("ForAllValues:{plain}"), format!("ForAnyValue:{negated}"));
        assert_ne!(holds(&all, many()), holds(&any, many()), "{about}");
        for absent in [None, Some(ContextValue::Many(Vec::new()))] {
            assert!(!holds(plain, absent.clone()) && holds(negated, absent.clone()), "{about}");
            for name in [plain, negated] {
                assert!(holds(&format!("ForAllValues:{name}"), absent.clone()), "{about}");
                assert!(!holds(&format!("ForAnyValue:{name}"), absent.clone()), "{about}");
                assert!(holds(&format!("ForAnyValue:{name}IfExists"), absent.clone()), "{about}");
                assert!(holds(&format!("{name}IfExists"), absent.clone()), "{about}");
                assert_eq!(
                    holds(&format!("{name}IfExists"), many()),
                    holds(name, many()),
                    "{about}"
                );
            }
        }
    }
}

/// A value is less, equal or greater, or it is no number (no instant) and none of them.
#[test]
fn orders_are_total_on_what_can_be_compared() {
    for kind in ["Numeric", "Date"] {
        for value in VALUES {
            for pattern in VALUES {
                let holds = |name: &str| {
                    let value = ContextValue::Single((*value).to_owned());
                    meets(&format!("{kind}{name}"), &[(*pattern).to_owned()], Some(value))
                };
                let (less, equal, greater) =
                    (holds("LessThan"), holds("Equals"), holds("GreaterThan"));
                assert!(usize::from(less) + usize::from(equal) + usize::from(greater) <= 1);
                assert_eq!(holds("LessThanEquals"), less || equal, "{kind} {value} {pattern}");
                assert_eq!(
                    holds("GreaterThanEquals"),
                    greater || equal,
                    "{kind} {value} {pattern}"
                );
            }
        }
    }
}

fn statement(random: &mut Random) -> Value {
    let mut statement = json!({ "Effect": random.pick(&["Allow", "Allow", "Deny"]) });
    statement[*random.pick(&["Action", "Action", "NotAction"])] =
        json!(random.pick(&["*", "s3:*", "s3:Get*", "ec2:*"]));
    statement[*random.pick(&["Resource", "Resource", "NotResource"])] = json!(random.pick(&[
        "*",
        "arn:aws:s3:::a*",
        "arn:aws:s3:::*b",
        "arn:aws:s3:::${aws:username}"
    ]));
    if random.below(2) == 0 {
        let qualifier = random.pick(&["", "", "ForAllValues:", "ForAnyValue:"]);
        let operator = random.pick(Comparison::ALL).as_str();
        let patterns = random.several(2, |random| (*random.pick(VALUES)).to_owned());
        statement["Condition"] = json!({ format!("{qualifier}{operator}"): { "k": patterns } });
    }
    statement
}

fn random_request(random: &mut Random) -> RequestContext {
    let resource = format!("arn:aws:s3:::{}", random.text("ab", 3));
    let values = random.several(2, |random| (*random.pick(VALUES)).to_owned());
    let context = match random.below(3) {
        0 => vec![],
        _ => vec![("k", ContextValue::Many(values))],
    };
    request(&resource, &context)
}

#[test]
fn allows_never_take_away_and_denies_never_give() {
    let mut random = Random(3);
    let mut seen = [0; 3];
    for _ in 0..3_000 {
        let statements = random.several(3, statement);
        let request = random_request(&mut random);
        let before = document_decision(&document(&json!(statements)), &request);
        let mut more = statements.clone();
        more.push(statement(&mut random));
        let after = document_decision(&document(&json!(more)), &request);
        match more.last().unwrap()["Effect"].as_str() {
            Some("Allow") => assert!(after == before || before == Decision::ImplicitlyDenied),
            _ => assert!(after == before || after == Decision::ExplicitlyDenied),
        }
        seen[before as usize] += 1;
    }
    assert!(seen.iter().all(|count| *count > 200), "{seen:?}");
}

/// A layer that limits can only take away, whatever it says; and one document alone as identity policy
/// decides as the whole stack does.
#[test]
fn limiting_layers_never_give() {
    let mut random = Random(4);
    for _ in 0..2_000 {
        let mut layer = || Some(vec![Arc::new(document(&json!(random.several(2, statement))))]);
        let base = PolicyStack { identity_policies: layer(), ..PolicyStack::default() };
        let stacks = [
            PolicyStack { permissions_boundaries: layer(), ..base.clone() },
            PolicyStack { session_policies: layer(), ..base.clone() },
            PolicyStack { endpoint_policies: layer(), ..base.clone() },
            PolicyStack {
                service_control_policies: layer().map(|level| vec![level]),
                ..base.clone()
            },
            PolicyStack {
                resource_control_policies: layer().map(|level| vec![level]),
                ..base.clone()
            },
        ];
        let request = random_request(&mut random);
        let before = decide(&request, &base).decision;
        let alone = base.identity_policies.as_ref().unwrap()[0].as_ref();
        assert_eq!(before, document_decision(alone, &request));
        for stack in stacks {
            let outcome = decide(&request, &stack);
            assert!(outcome.decision == before || outcome.decision != Decision::Allowed);
            assert!(!outcome.reasons.is_empty());
        }
    }
}
