//! Tags of each type of resource, and aliases of a key, as they are now.

use std::collections::BTreeSet;

use ringfence_aws::Cause;
use ringfence_response::slot::Target;
use serde_json::Value;

use crate::moto::Moto;
use crate::reach::{accounts, block_on, target};

#[test]
#[ignore = "needs the Python environment"]
fn tags_are_read_where_they_are() {
    let moto = Moto::start();
    moto.run("plant.py", &["plant"], "");
    let tagged: Vec<Value> = serde_json::from_str(&moto.run("plant.py", &["tags"], "")).unwrap();
    let tagged: Vec<Target> =
        tagged.into_iter().map(|it| serde_json::from_value(it).unwrap()).collect();
    let types: BTreeSet<&String> = tagged.iter().map(|it| &it.resource_type).collect();
    assert_eq!(types.len(), 12);
    block_on(async {
        let accounts = accounts(&moto.url()).await;
        for target in &tagged {
            let tags = accounts.tags(target).await;
            let tags = tags.unwrap_or_else(|it| panic!("{}: {it}", target.arn));
            assert_eq!(
                tags.get("IsAllowedToShare").map(String::as_str),
                Some("true"),
                "{}",
                target.arn
            );
        }
        let key = tagged.iter().find(|it| it.resource_type == "AWS::KMS::Key").unwrap();
        let aliases = accounts.key_aliases(key).await.unwrap();
        assert_eq!(aliases, BTreeSet::from(["alias/DevelopmentKey".to_owned()]));
        let untagged = target("AWS::S3::Bucket", "arn:aws:s3:::open-acl", "eu-west-1");
        assert!(accounts.tags(&untagged).await.unwrap().is_empty());
        assert!(accounts.key_aliases(&untagged).await.unwrap().is_empty());
        // That there is nothing to read is not the same as no tags.
        let gone = target("AWS::S3::Bucket", "arn:aws:s3:::gone", "eu-west-1");
        assert_eq!(accounts.tags(&gone).await.unwrap_err().cause, Cause::NotFound);
    });
}
