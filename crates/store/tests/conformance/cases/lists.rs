//! Lists against the definition of filters.

use ringfence_findings::analyzer::AnalyzerType;
use ringfence_findings::filter::{Criterion, Filter};
use ringfence_findings::finding::{ArchivedBy, Finding, StatusUpdate};
use ringfence_findings::sort::{OrderBy, SortBy};
use ringfence_store::Store;
use ringfence_store::findings::UpdateTarget;
use ringfence_store::list::FindingsQuery;

use crate::sample::{act, analysis, analyzer, at, bucket, eq, filter};

const SORTS: [SortBy; 8] = [
    SortBy::UpdatedAt,
    SortBy::CreatedAt,
    SortBy::AnalyzedAt,
    SortBy::Id,
    SortBy::Resource,
    SortBy::ResourceType,
    SortBy::ResourceOwnerAccount,
    SortBy::Status,
];

/// Some dozens of findings whose texts sort otherwise by language than by bytes.
async fn fill(store: &Store) -> String {
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap();
    let names = ["b", "B", "a_b", "a-b", "é", "z", "Z", "aa", "nul\0", "100%"];
    for (number, name) in (0i64..).zip(names) {
        let who = ["*", "1", "2", "nobody", "o'\"$1"];
        let seen = analysis("a", name, &who[..(number as usize % 5) + 1]);
        store.apply_reconciliation(&own.arn, &[seen], at(number / 3)).await.unwrap();
    }
    let by = ArchivedBy::Person { who: "alice".to_owned(), reason: None };
    for (name, seconds) in [("b", 50), ("z", 60)] {
        let arn = bucket(name);
        let target = UpdateTarget::Resource(&arn);
        let update = act("UpdateFindings", seconds);
        store
            .update_findings(&own.arn, target, StatusUpdate::Archived, &by, &update)
            .await
            .unwrap();
    }
    store.apply_reconciliation(&own.arn, &[analysis("a", "é", &["*"])], at(70)).await.unwrap();
    own.arn
}

async fn whole(store: &Store, own: &str, list: FindingsQuery<'_>) -> Vec<Finding> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = FindingsQuery { after: after.as_ref(), ..list };
        let page = store.list_findings(own, &page).await.unwrap();
        assert!(page.items.len() <= list.most);
        all.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

fn criteria() -> Vec<Criterion> {
    let list = |values: &[&str]| Some(values.iter().map(|own| (*own).to_owned()).collect());
    let none = Criterion::default();
    vec![
        Criterion { exists: Some(true), ..none.clone() },
        Criterion { exists: Some(false), ..none.clone() },
        Criterion { contains: list(&["b", "%", "_"]), ..none.clone() },
        Criterion { contains: list(&["1"]), exists: Some(true), ..none.clone() },
        Criterion { neq: list(&["*", "ACTIVE", "vpc-1", "true"]), ..none.clone() },
        Criterion {
            eq: list(&["*", "1", "ACTIVE", "vpc-1", "true", "ACCESS_DENIED"]),
            ..none.clone()
        },
        Criterion { eq: list(&["o'\"$1", "vpc-o'\"$1", "arn:aws:s3:::nul\0"]), ..none.clone() },
        Criterion { eq: list(&["1", "*"]), neq: list(&["1"]), contains: list(&[""]), exists: None },
        Criterion { eq: list(&[]), ..none.clone() },
        Criterion { neq: list(&[]), exists: Some(true), ..none },
    ]
}

const KEYS: [&str; 20] = [
    "resource",
    "resourceType",
    "resourceOwnerAccount",
    "isPublic",
    "findingType",
    "resourceControlPolicyRestriction",
    "serviceControlPolicyRestriction",
    "accessType",
    "principalType",
    "principalOwnerAccount",
    "error",
    "status",
    "id",
    "principal.AWS",
    "principal.Federated",
    "principal.CanonicalUser",
    "condition.aws:SourceVpc",
    "condition.AWS:SOURCEVPC",
    "condition.aws:SourceIp",
    "changeType",
];

pub(crate) async fn agree_with_filters(store: Store) {
    let own = fill(&store).await;
    let (sort, order) = (SortBy::Id, OrderBy::Asc);
    let list = FindingsQuery { filter: &Filter::default(), sort, order, after: None, most: 7 };
    let all = whole(&store, &own, list).await;
    assert!(all.len() > 25, "{}", all.len());
    let mut matched = 0;
    for key in KEYS {
        for criterion in criteria() {
            let own_filter = filter(&[
                (key, criterion.clone()),
                ("resource", Criterion { neq: Some(vec![bucket("aa")]), ..Criterion::default() }),
            ]);
            let own_filter = match key {
                "resource" => filter(&[(key, criterion)]),
                _ => own_filter,
            };
            let found = whole(&store, &own, FindingsQuery { filter: &own_filter, ..list }).await;
            let expected: Vec<Finding> =
                all.iter().filter(|finding| own_filter.admits(finding)).cloned().collect();
            assert_eq!(found, expected, "{own_filter:?}");
            matched += found.len();
        }
    }
    assert!(matched > 500, "{matched}");
    let unknown = filter(&[("nothing", eq("x"))]);
    assert_eq!(whole(&store, &own, FindingsQuery { filter: &unknown, ..list }).await, []);
}

pub(crate) async fn pages_are_stable(store: Store) {
    let own = fill(&store).await;
    for sort in SORTS {
        for order in [OrderBy::Asc, OrderBy::Desc] {
            let everything = Filter::default();
            let list = FindingsQuery { filter: &everything, sort, order, after: None, most: 4 };
            let found = whole(&store, &own, list).await;
            let mut expected = found.clone();
            expected.sort_by_key(|own| (sort.key(own), own.id().to_owned()));
            if order == OrderBy::Desc {
                expected.reverse();
            }
            let ids =
                |all: &[Finding]| all.iter().map(|own| own.id().to_owned()).collect::<Vec<_>>();
            assert_eq!(ids(&found), ids(&expected), "{sort:?} {order:?}");
        }
    }
    // What comes in meanwhile neither repeats nor hides what was there.
    let everything = Filter::default();
    let list = FindingsQuery {
        filter: &everything,
        sort: SortBy::Resource,
        order: OrderBy::Asc,
        after: None,
        most: 10,
    };
    let first = store.list_findings(&own, &list).await.unwrap();
    let fresh = [analysis("a", "!", &["*", "1"]), analysis("a", "zzz", &["*"])];
    store.apply_reconciliation(&own, &fresh, at(100)).await.unwrap();
    let rest = FindingsQuery { after: first.next.as_ref(), most: 1000, ..list };
    let rest = store.list_findings(&own, &rest).await.unwrap();
    let mut ids: Vec<&str> = first.items.iter().chain(&rest.items).map(|own| own.id()).collect();
    assert!(ids.contains(&"a/zzz/*") && !ids.contains(&"a/!/*"));
    let listed = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), listed);
}

/// Thousands of findings and filters that few of them meet: whatever way leads there, all are found.
pub(crate) async fn rare_among_many(store: Store) {
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap();
    for batch in 0..12i64 {
        let who: Vec<String> = (0..500).map(|number| format!("{batch}-{number}")).collect();
        let mut who: Vec<&str> = who.iter().map(String::as_str).collect();
        who.push("*");
        let seen = analysis("a", &format!("bucket-{batch}"), &who);
        store.apply_reconciliation(&own.arn, &[seen], at(batch)).await.unwrap();
    }
    let contains =
        |value: &str| Criterion { contains: Some(vec![value.to_owned()]), ..Criterion::default() };
    let filters = [
        filter(&[("principal.AWS", eq("3-77"))]),
        filter(&[("condition.aws:SourceVpc", eq("vpc-11-499"))]),
        filter(&[("condition.aws:SourceVpc", contains("-499")), ("status", eq("ACTIVE"))]),
        filter(&[("principal.AWS", contains("-77"))]),
        filter(&[("isPublic", eq("true")), ("status", eq("ACTIVE"))]),
        filter(&[
            ("isPublic", eq("false")),
            ("resource", contains("bucket-11")),
            ("status", eq("ACTIVE")),
        ]),
        filter(&[("isPublic", eq("false")), ("status", eq("RESOLVED"))]),
        filter(&[("status", eq("ACTIVE")), ("principal.AWS", contains("nothing"))]),
    ];
    let everything = Filter::default();
    let list = FindingsQuery {
        filter: &everything,
        sort: SortBy::UpdatedAt,
        order: OrderBy::Desc,
        after: None,
        most: 100,
    };
    for sort in SORTS {
        let list = FindingsQuery { sort, ..list };
        let all = whole(&store, &own.arn, list).await;
        assert_eq!(all.len(), 12 * 501);
        for own_filter in &filters {
            let found = whole(&store, &own.arn, FindingsQuery { filter: own_filter, ..list }).await;
            let expected: Vec<Finding> =
                all.iter().filter(|finding| own_filter.admits(finding)).cloned().collect();
            assert_eq!(found, expected, "{sort:?} {own_filter:?}");
        }
    }
}
