use ringfence_policy::{json, parse_policy, ConditionKey, Principal};
use ringfence_reasoning::{abstraction::*, ZoneOfTrust};
use std::{sync::Arc, time::Instant, collections::BTreeSet};
fn main() {
    for dir in std::env::args().skip(1) {
        let policy = parse_policy(&std::fs::read_to_string(format!("{dir}/policy.json")).unwrap()).sound().unwrap();
        let within = parse_policy(r#"{"Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::antsknmath"}}"#).sound().unwrap();
        let zone = ZoneOfTrust { accounts: Arc::new(BTreeSet::from(["222634363387".to_owned()])), ..Default::default() };
        let keys = ["aws:PrincipalArn","aws:PrincipalOrgID","aws:PrincipalOrgPaths","aws:SourceIp","aws:SourceVpc","aws:SourceVpce","aws:SourceAccount","aws:SourceArn","aws:UserId"];
        let t = Instant::now();
        let q = ExternalAccess { layers: &[vec![&policy]], denying: &[], known: &Default::default(), zone: &zone, within: &[&within.statements[0]], reported_keys: &keys };
        let ways = external_access(&q).unwrap();
        let dt = t.elapsed();
        let ours: BTreeSet<(bool, Vec<(String,String)>)> = ways.iter().map(|w| { assert_eq!(w.principal, Principal::Everyone); (w.is_public, w.conditions.iter().map(|(k, v): (&ConditionKey, &String)| (k.as_written().to_owned(), v.clone())).collect()) }).collect();
        let f = std::fs::read_to_string(format!("{dir}/findings.json")).unwrap_or_else(|_| "{\"findings\":[]}".into());
        let f = json::parse(&f);
        let theirs: BTreeSet<(bool, Vec<(String,String)>)> = f.value.get("findings").unwrap().elements().iter().map(|x| {
            let mut c: Vec<_> = x.get("condition").unwrap().members().iter().map(|m| (m.key.value.to_string(), m.value.as_str().unwrap().to_owned())).collect(); c.sort();
            (x.get("isPublic").unwrap().as_bool().unwrap(), c) }).collect();
        println!("{} ours {} theirs {} common {} {:?}", dir.rsplit('/').next().unwrap(), ours.len(), theirs.len(), ours.intersection(&theirs).count(), dt);
        if let Some(w) = ways.first() { println!("   {} {:?}", w.witness.to_scenario_json(), w.granted_by); }
        for x in ours.difference(&theirs).take(3) { println!("  only ours {x:?}"); }
        for x in theirs.difference(&ours).take(3) { println!("  only theirs {x:?}"); }
    }
}
