//! What is special about Amazon S3: access control lists, access points, delegation to them.

pub(crate) mod access_point;
pub(crate) mod acl;
pub(crate) mod delegation;
pub(crate) mod request_keys;
