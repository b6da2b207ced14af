//! The action that a policy has to allow for a call, from AWS's service authorization reference and independent of
//! what the code declares: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html>.

/// The action of a call: an operation's name, or method and target where the protocol has no names.
pub(crate) fn action(service: &str, call: &str) -> String {
    let Some((method, target)) = call.split_once(' ') else { return format!("{service}:{call}") };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    // What stands for reading, and in it for writing and deleting.
    let by_method = |get: &str, put: &str, delete: &str| match method {
        "GET" => get.to_owned(),
        "DELETE" => delete.to_owned(),
        _ => put.to_owned(),
    };
    let policy = |thing: &str| {
        by_method(
            &format!("Get{thing}Policy"),
            &format!("Put{thing}Policy"),
            &format!("Delete{thing}Policy"),
        )
    };
    let name = match (service, parts.as_slice()) {
        ("lambda", [_, "functions"]) => "ListFunctions".to_owned(),
        ("lambda", [_, "functions", _, "configuration"]) => "GetFunctionConfiguration".to_owned(),
        ("lambda", [_, "functions", _, "url"]) => "GetFunctionUrlConfig".to_owned(),
        ("lambda", [_, "functions", _, "policy", ..]) => {
            by_method("GetPolicy", "AddPermission", "RemovePermission")
        }
        ("lambda", [_, "tags", ..]) => "ListTags".to_owned(),
        ("lambda", [_, "layers"]) => "ListLayers".to_owned(),
        ("lambda", [_, "layers", _, "versions"]) => "ListLayerVersions".to_owned(),
        ("lambda", [_, "layers", _, "versions", _, "policy", ..]) => by_method(
            "GetLayerVersionPolicy",
            "AddLayerVersionPermission",
            "RemoveLayerVersionPermission",
        ),
        ("elasticfilesystem", [_, "file-systems"]) => "DescribeFileSystems".to_owned(),
        ("elasticfilesystem", [_, "file-systems", _, "policy"]) => {
            by_method("DescribeFileSystemPolicy", "PutFileSystemPolicy", "DeleteFileSystemPolicy")
        }
        ("access-analyzer", ["finding" | "findingv2", _]) => "GetFinding".to_owned(),
        ("access-analyzer", ["finding"]) => "UpdateFindings".to_owned(),
        ("access-analyzer", ["analyzer", _, "archive-rule"]) => "CreateArchiveRule".to_owned(),
        ("access-analyzer", ["resource", "scan"]) => "StartResourceScan".to_owned(),
        (_, ["v20180820", "accesspoint"]) => "ListAccessPoints".to_owned(),
        (_, ["v20180820", "accesspoint", _]) => "GetAccessPoint".to_owned(),
        (_, ["v20180820", "accesspoint", _, "policy"]) => policy("AccessPoint"),
        (_, ["v20180820", "accesspointfordirectory"]) => {
            "ListAccessPointsForDirectoryBuckets".to_owned()
        }
        (_, ["v20180820", "mrap", "instances"]) => "ListMultiRegionAccessPoints".to_owned(),
        (_, ["v20180820", "mrap", "instances", _, "policy"]) => {
            "GetMultiRegionAccessPointPolicy".to_owned()
        }
        (_, ["v20180820", "async-requests", "mrap", "put-policy"]) => {
            "PutMultiRegionAccessPointPolicy".to_owned()
        }
        (_, ["v20180820", "async-requests", "mrap", ..]) => {
            "DescribeMultiRegionAccessPointOperation".to_owned()
        }
        (_, ["v20180820", "configuration", _]) => "GetAccountPublicAccessBlock".to_owned(),
        (_, ["v20180820", "tags", ..]) => "ListTagsForResource".to_owned(),
        ("s3express", [""]) => "ListAllMyDirectoryBuckets".to_owned(),
        (_, [""]) => "ListAllMyBuckets".to_owned(),
        (_, [_bucket]) => match query.split(['=', '&']).next().unwrap_or_default() {
            "policy" => policy("Bucket"),
            "acl" => by_method("GetBucketAcl", "PutBucketAcl", "?"),
            // There is no permission of its own for deleting it.
            "publicAccessBlock" => {
                let put = "PutBucketPublicAccessBlock";
                by_method("GetBucketPublicAccessBlock", put, put)
            }
            "ownershipControls" => "GetBucketOwnershipControls".to_owned(),
            "tagging" => "GetBucketTagging".to_owned(),
            "encryption" => "GetEncryptionConfiguration".to_owned(),
            "versioning" => "GetBucketVersioning".to_owned(),
            "logging" => "GetBucketLogging".to_owned(),
            "location" => "GetBucketLocation".to_owned(),
            other => panic!("what is {other}?"),
        },
        _ => panic!("what is {service} {call}?"),
    };
    let is_express = service == "s3express"
        || name == "ListAccessPointsForDirectoryBuckets"
        || ["-x-s3", "-xa-s3"].iter().any(|ending| target.contains(ending));
    let service = match service {
        "s3" | "s3express" if is_express => "s3express",
        "s3express" => "s3",
        service => service,
    };
    format!("{service}:{name}")
}
