//! Parts of ARNs that calls ask for.

use ringfence_response::slot::Target;

use crate::failure::{Cause, Failure};

/// What follows a prefix in the last part of an ARN: with `role/`, the path and name of a role.
///
/// # Errors
/// When it is the ARN of something else.
pub(super) fn after<'a>(arn: &'a str, prefix: &str) -> Result<&'a str, Failure> {
    let resource = arn.splitn(6, ':').nth(5).filter(|_| arn.starts_with("arn:"));
    let found = resource.and_then(|resource| resource.strip_prefix(prefix));
    found.filter(|name| !name.is_empty()).ok_or_else(|| {
        let detail = format!("`{arn}` is not the ARN of what it should be");
        Failure::new("read", Cause::Other, detail)
    })
}

/// The name of a role, without its path.
///
/// # Errors
/// When the target is no role.
pub(super) fn role_name(target: &Target) -> Result<&str, Failure> {
    let path = after(&target.arn, "role/")?;
    Ok(path.rsplit('/').next().unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parts_of_arns() {
        let arn = "arn:aws:rds:eu-west-1:123456789012:snapshot:rds:db-2026";
        assert_eq!(after(arn, "snapshot:").unwrap(), "rds:db-2026");
        assert_eq!(after("arn:aws:s3:::data", "").unwrap(), "data");
        let repository = "arn:aws:ecr:eu-west-1:123456789012:repository/pay/app";
        assert_eq!(after(repository, "repository/").unwrap(), "pay/app");
        for wrong in ["", "data", "arn:aws:s3:::", "arn:aws:iam::123456789012:user/a"] {
            assert!(after(wrong, "role/").is_err(), "{wrong}");
        }
    }
}
