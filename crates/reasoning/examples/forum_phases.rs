use ringfence_policy::{json, policy_from_json};
use ringfence_reasoning::check_no_new_access;
use std::time::Instant;
fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (mut tj, mut tm, mut tc) = (0u128, 0u128, 0u128);
    let rounds = 20;
    let mut worst: Vec<(u128, String)> = vec![];
    for r in 0..rounds {
        for line in &lines {
            let t = Instant::now();
            let parsed = json::parse(line);
            tj += t.elapsed().as_nanos();
            let t = Instant::now();
            let existing = policy_from_json(parsed.value.get("existing").unwrap());
            let new = policy_from_json(parsed.value.get("new").unwrap());
            tm += t.elapsed().as_nanos();
            let t = Instant::now();
            let _ = std::hint::black_box(check_no_new_access(&existing.document, &new.document));
            let d = t.elapsed().as_nanos();
            tc += d;
            if r == rounds - 1 { worst.push((d, parsed.value.get("id").unwrap().as_str().unwrap().to_owned())); }
        }
    }
    let n = (rounds * lines.len()) as u128;
    println!("json {} ns, model {} ns, check {} ns", tj / n, tm / n, tc / n);
    worst.sort();
    for w in worst.iter().rev().take(8) { println!("{w:?}"); }
}
