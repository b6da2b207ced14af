//! The roles of `deploy/` allow what a full collection calls, and nothing else.

use std::collections::BTreeSet;

use crate::actions::action;
use crate::moto::{Moto, OWN};
use crate::proxy::{Fate, Proxy, Request};
use crate::run::{Folder, collector, json, ringfence, said};

const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/");

fn deployed(file: &str) -> BTreeSet<String> {
    let policy = json(&std::path::Path::new(DEPLOY).join(file));
    let actions = policy["Statement"][0]["Action"].as_array().unwrap();
    let listed: Vec<String> = actions.iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    assert!(listed.is_sorted(), "{file}");
    listed.into_iter().collect()
}

/// What a template lists, a line each: `- service:Action` or `"service:Action",`.
fn listed(file: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(format!("{DEPLOY}{file}")).unwrap();
    let lines = text.lines().map(|line| line.trim());
    let words = lines.filter_map(|line| {
        let in_yaml = line.strip_prefix("- ");
        in_yaml.or_else(|| line.strip_prefix('"')?.strip_suffix("\","))
    });
    let is_action = |word: &str| {
        word.split_once(':').is_some_and(|(service, name)| {
            service.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && !name.is_empty()
        })
    };
    words.filter(|word| is_action(word)).map(str::to_owned).collect()
}

#[test]
fn every_form_of_the_role_lists_the_same() {
    let account = deployed("collector-policy.json");
    let organization = deployed("organization-policy.json");
    let declared = ringfence_aws::collection::actions();
    let owned = |set: BTreeSet<&str>| set.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(account, owned(declared.account));
    assert_eq!(organization, owned(declared.organization));
    let both: BTreeSet<String> = account.union(&organization).cloned().collect();
    assert_eq!(listed("collector-role.yaml"), both);
    assert_eq!(listed("terraform/main.tf"), both);
}

#[test]
fn validation_has_nothing_to_say() {
    for file in ["collector-policy.json", "organization-policy.json"] {
        let path = format!("{DEPLOY}{file}");
        let arguments = ["validate", "--policy-type", "identity", "--fail-on", "suggestion", &path];
        let done = ringfence().args(arguments).output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stdout));
    }
}

/// The actions of the calls that a collection of an account and its organization makes, with every kind of thing to read.
pub(crate) fn called() -> BTreeSet<String> {
    let moto = Moto::start();
    moto.plant(&["accounts", OWN]);
    moto.plant(&["organization"]);
    let proxy = Proxy::start(moto.port, |request| gap(request).unwrap_or(Fate::Answer));
    let folder = Folder::new("roles");
    let done = collector(&folder.out(), &proxy.url())
        .args(["--organization", "--accounts", OWN, "--max-attempts", "1"])
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(4), "{}", said(&done));
    let calls = proxy.calls.lock().unwrap();
    let of_services = calls.iter().filter(|(service, _)| service != "sts");
    of_services.map(|(service, call)| action(service, call)).collect()
}

#[test]
#[ignore = "needs the Python environment"]
fn a_full_collection_calls_what_the_role_allows() {
    let called = called();
    let account = deployed("collector-policy.json");
    let allowed = account.union(&deployed("organization-policy.json")).cloned().collect();
    let missing: Vec<_> = called.difference(&allowed).collect();
    let unused: Vec<_> = allowed.difference(&called).collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing {missing:?}, unused {unused:?}");
}

const BUCKET: &str = "cache--euw1-az1--x-s3";
const POINT: &str = "point--euw1-az1--xa-s3";

/// Answers to what the endpoint does not have, so that every call is made that there is.
fn gap(request: &Request) -> Option<Fate> {
    let xml = |status, body: String| Some(Fate::Instead(status, "application/xml", body));
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let text = String::from_utf8_lossy(request.text());
    match (request.service.as_str(), request.operation.as_deref(), path) {
        ("s3express", None, "/") => xml(200, format!(
            "<ListAllMyDirectoryBucketsResult><Buckets><Bucket><Name>{BUCKET}</Name></Bucket>\
             </Buckets></ListAllMyDirectoryBucketsResult>"
        )),
        ("s3", None, "/") => xml(200, format!(
            "<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets><Bucket>\
             <Name>open-{OWN}</Name></Bucket></Buckets></ListAllMyBucketsResult>"
        )),
        (_, None, path) if path.contains(BUCKET) && query.contains("policy") => {
            xml(404, "<Error><Code>NoSuchBucketPolicy</Code></Error>".to_owned())
        }
        (_, None, "/v20180820/accesspointfordirectory") => xml(200, format!(
            "<ListAccessPointsForDirectoryBucketsResult><AccessPointList><AccessPoint>\
             <Name>{POINT}</Name><NetworkOrigin>Internet</NetworkOrigin><Bucket>{BUCKET}</Bucket>\
             </AccessPoint></AccessPointList></ListAccessPointsForDirectoryBucketsResult>"
        )),
        (_, None, path) if path.contains(POINT) && path.ends_with("/policy") => xml(
            404,
            "<ErrorResponse><Error><Code>NoSuchAccessPointPolicy</Code></Error></ErrorResponse>"
                .to_owned(),
        ),
        (_, None, path) if path.contains(POINT) => {
            xml(200, format!("<GetAccessPointResult><Name>{POINT}</Name></GetAccessPointResult>"))
        }
        (_, None, path) if path.starts_with("/v20180820/tags/") => {
            xml(200, "<ListTagsForResourceResult></ListTagsForResourceResult>".to_owned())
        }
        (_, None, "/v20180820/mrap/instances") => xml(
            200,
            "<ListMultiRegionAccessPointsResult><AccessPoints><AccessPoint><Name>m</Name>\
             <Alias>m.mrap</Alias></AccessPoint></AccessPoints></ListMultiRegionAccessPointsResult>"
                .to_owned(),
        ),
        ("iam", Some("GetAccountAuthorizationDetails"), _) if text.contains("=User") => xml(
            200,
            format!(
                "<R><GetAccountAuthorizationDetailsResult><IsTruncated>false</IsTruncated>\
                 <UserDetailList><member><UserName>a</UserName><PermissionsBoundary>\
                 <PermissionsBoundaryArn>arn:aws:iam::{OWN}:policy/boundary</PermissionsBoundaryArn>\
                 </PermissionsBoundary></member></UserDetailList>\
                 </GetAccountAuthorizationDetailsResult></R>"
            )
            .replace("<R>", "<GetAccountAuthorizationDetailsResponse>")
            .replace("</R>", "</GetAccountAuthorizationDetailsResponse>"),
        ),
        ("iam", Some("GetAccountAuthorizationDetails"), _) if text.contains("ManagedPolicy") => xml(
            200,
            "<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult>\
             <IsTruncated>false</IsTruncated></GetAccountAuthorizationDetailsResult>\
             </GetAccountAuthorizationDetailsResponse>"
                .to_owned(),
        ),
        _ => None,
    }
}
