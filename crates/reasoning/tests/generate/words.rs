//! The words that policies are made of: few, and close to each other.

pub(crate) const ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:PutObject",
    "s3:Get*",
    "s3:*",
    "*",
    "s3:?etObject",
    "S3:GETOBJECT",
    "sqs:SendMessage",
    "sqs:*",
    "s3:*Object",
    "kms:Decrypt",
    "kms:*",
];

pub(crate) const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/a",
    "arn:aws:s3:::b/a*",
    "arn:aws:s3:::b/?",
    "arn:aws:s3:::b/*a",
    "arn:aws:s3:::b/*/a",
    "arn:aws:s3:::b*/*a*",
    "arn:aws:s3:::?",
    "arn:aws:sqs:*:111122223333:q",
    "arn:aws:sqs:us-east-1:111122223333:q",
    "arn:aws:sqs:us-*",
    "arn:aws:sqs:us-*:1111*:q*",
    "arn:aws:*:*:*:q",
    "arn:aws:s*:q",
    "arn:*:q",
    "a?b",
    "*:q",
];

pub(crate) const RESOURCES_WITH_VARIABLES: &[&str] = &[
    "arn:aws:s3:::b/${aws:username}",
    "arn:aws:s3:::b/${aws:username}/*",
    "arn:aws:s3:::b/${aws:PrincipalTag/t}",
    "arn:aws:s3:::b/${aws:PrincipalTag/t}*",
    "arn:aws:s3:::${aws:PrincipalAccount}-b/*",
    "arn:aws:s3:::b/${aws:username, 'a'}",
    "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:q",
    "arn:aws:s3:::b/${aws:ResourceTag/t}/a",
    "arn:aws:s3:::b/${s3:prefix}",
    "arn:aws:s3:::b/${*}",
    "arn:aws:s3:::b/a",
    "arn:aws:s3:::b/a/*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/${aws:PrincipalTag/t}/${aws:username}/*",
];

/// Each with its type.
pub(crate) const PRINCIPALS: &[(&str, &str)] = &[
    ("AWS", "*"),
    ("AWS", "111122223333"),
    ("AWS", "444455556666"),
    ("AWS", "arn:aws:iam::111122223333:root"),
    ("AWS", "arn:aws:iam::111122223333:role/r"),
    ("AWS", "arn:aws:iam::111122223333:role/p/r"),
    ("AWS", "arn:aws:iam::111122223333:user/u"),
    ("AWS", "arn:aws:iam::111122223333:user/p/u"),
    ("AWS", "arn:aws:iam::444455556666:user/u"),
    ("AWS", "arn:aws:sts::111122223333:assumed-role/r/s"),
    ("AWS", "arn:aws:sts::111122223333:federated-user/f"),
    ("AWS", "AIDACKCEVSQ6C2EXAMPLE"),
    ("AWS", "arn:aws-us-gov:iam::111122223333:root"),
    ("Service", "sns.amazonaws.com"),
    ("Service", "ec2.amazonaws.com.cn"),
    ("Federated", "accounts.google.com"),
    ("Federated", "arn:aws:iam::111122223333:saml-provider/s"),
    ("CanonicalUser", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"),
];

pub(crate) const TEXTS: &[&str] = &["a", "ab", "b", "A", "aB", "abc", "a/b", "", "x"];
pub(crate) const GLOBS: &[&str] =
    &["a", "ab", "a*", "*b", "?b", "*a*", "ab*", "a?c", "*", "??", "a*c", "x"];
pub(crate) const TEXTS_WITH_VARIABLES: &[&str] = &[
    "${aws:username}",
    "${aws:PrincipalTag/t}",
    "${aws:username, 'a'}",
    "a",
    "${aws:ResourceTag/t}",
];
pub(crate) const GLOBS_WITH_VARIABLES: &[&str] = &[
    "${aws:username}/*",
    "a/${aws:username}/*",
    "${aws:PrincipalTag/t}*",
    "${aws:username, 'a'}*",
    "a*",
    "a/*",
    "*${aws:username}",
    "${$}a",
    "${*}",
];
pub(crate) const ACCOUNTS: &[&str] =
    &["111122223333", "444455556666", "1111*", "*", "11112222333?", "anonymous"];
pub(crate) const CALLER_ARNS: &[&str] = &[
    "arn:aws:iam::111122223333:role/r",
    "arn:aws:iam::111122223333:role/*",
    "arn:aws:iam::*:role/r",
    "arn:aws:iam::111122223333:user/u",
    "arn:aws:iam::*:user/p/*",
    "arn:aws:iam::111122223333:*",
    "arn:aws:iam::444455556666:root",
    "arn:aws:sts::111122223333:federated-user/f",
    "*",
    "arn:aws:iam::1111????3333:user/?",
];
pub(crate) const ARNS: &[&str] = &[
    "arn:aws:s3:::b",
    "arn:aws:s3:::*",
    "arn:aws:sns:us-east-1:111122223333:t",
    "arn:aws:sns:*:111122223333:*",
    "arn:aws:*:*:*:*",
    "arn:*:sns:*:*:t*",
    "*",
    "arn:aws:sns:us-east-1:1111*:t",
    "arn:aws:sns:us-east-1:111122223333:t:x",
    "arn:aws:sns:*",
    "a*",
];
pub(crate) const USER_IDS: &[&str] = &[
    "AROAEXAMPLE:s",
    "AROAEXAMPLE:*",
    "AIDAEXAMPLE",
    "AIDA*",
    "*:s",
    "111122223333",
    "anonymous",
    "*",
];
pub(crate) const TYPES: &[&str] =
    &["User", "AssumedRole", "Account", "FederatedUser", "Anonymous", "A*"];
pub(crate) const ORGANIZATIONS: &[&str] = &["o-a1", "o-b2", "o-a*", "o-*", "a*"];
pub(crate) const PATHS: &[&str] =
    &["o-a1/r-a/ou-a/", "o-a1/r-a/ou-a/*", "o-a1/*", "o-*/r-a/*", "*"];
pub(crate) const SERVICES: &[&str] =
    &["sns.amazonaws.com", "s*.amazonaws.com", "ec2.amazonaws.com.cn", "*"];
pub(crate) const USER_NAMES: &[&str] = &["u", "v", "u*", "a", "?"];
pub(crate) const TRUTHS: &[&str] = &["true", "false", "True", "yes"];
pub(crate) const BLOCKS: &[&str] = &[
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.3",
    "10.1.2.3/32",
    "0.0.0.0/0",
    "10.1.2.3/8",
    "2001:db8::/32",
    "2001:db8::1",
    "::/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "10.0.0.0/33",
    "x",
];
pub(crate) const NUMBERS: &[&str] = &["1", "2", "3", "2.0", "2.5", "-1", "1e1", "10", "0", "x"];
pub(crate) const INSTANTS: &[&str] = &[
    "2024-01-01",
    "2024-01-01T00:00:00Z",
    "2024-06-01T12:00:00Z",
    "2024-06-01T14:00:00+02:00",
    "1704067200",
    "2024",
    "2024-06",
    "2025-01-01T00:00:00.5Z",
    "2025-01-01T00:00Z",
    "2025-13-01",
    "x",
];
pub(crate) const BYTES: &[&str] = &["QQ==", "QUI=", "", "/w==", "QQ", "?"];
