use ringfence_policy::{json, policy_from_json};
use ringfence_reasoning::{Answer, check_no_new_access};
use std::time::Instant;
fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let mut times = vec![];
    let (mut agree, mut disagree, mut unknown) = (0, 0, 0);
    let t0 = Instant::now();
    for line in text.lines() {
        let t = Instant::now();
        let parsed = json::parse(line);
        let existing = policy_from_json(parsed.value.get("existing").unwrap());
        let new = policy_from_json(parsed.value.get("new").unwrap());
        assert!(existing.diagnostics.is_empty() && new.diagnostics.is_empty());
        let answer = check_no_new_access(&existing.document, &new.document);
        times.push(t.elapsed().as_nanos() as u64);
        let want = parsed.value.get("result").and_then(|v| v.as_str().map(str::to_owned));
        let got = match &answer { Answer::Holds => "PASS", Answer::Fails(_) => "FAIL", Answer::Unknown(_) => "UNKNOWN" };
        if want.as_deref() == Some(got) { agree += 1 } else if got == "UNKNOWN" { unknown += 1 } else {
            disagree += 1;
            println!("{} want {:?} got {got}", parsed.value.get("id").unwrap().as_str().unwrap(), want);
            if let Answer::Fails(r) = &answer { println!("{}", r.witness.to_scenario_json()); }
        }
    }
    let total = t0.elapsed();
    times.sort();
    println!("agree {agree} disagree {disagree} unknown {unknown}; total {total:?} p50 {} p99 {} worst {} ns", times[times.len()/2], times[times.len()*99/100], times[times.len()-1]);
}
