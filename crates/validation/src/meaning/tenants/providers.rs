//! Identity providers that many organizations share under one address, as data: only the claims of a token say whose it
//! is.
//!
//! The providers, and the claim that AWS asks for, are those of
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html>; the form of the
//! claims is from each provider's own page. Google, Facebook and Amazon, whose tokens are made for one application
//! out of many, are those of
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>.
//!
//! Not here: providers whose address is one tenant's own, such as Bitbucket (`…/workspaces/NAME/…`), CircleCI
//! (`oidc.circleci.com/org/ID`), Microsoft Entra (`sts.windows.net/TENANT`) and Amazon EKS clusters. Whoever has a token
//! of such an address belongs to the tenant.

/// A provider of many tenants.
#[derive(Debug)]
pub(crate) struct SharedProvider {
    /// Its address without `https://`.
    pub(crate) host: &'static str,
    /// What to call it.
    pub(crate) name: &'static str,
    /// Claims that say whose a token is, and that every token has.
    pub(super) claims: &'static [Claim],
    /// Claims that whoever asks for a token chooses.
    pub(super) chosen: &'static [&'static str],
    /// Where the form of the claims is documented.
    pub(crate) source: &'static str,
}

/// A claim that says whose a token is.
#[derive(Debug)]
pub(super) struct Claim {
    /// The condition key; the provider's address and a colon stand in front where there is no colon in it.
    pub(super) key: &'static str,
    /// Where in its value the tenant is.
    pub(super) forms: &'static [Form],
}

/// Where in the value of a claim the tenant is.
#[derive(Debug)]
pub(super) struct Form {
    /// What stands before the tenant.
    pub(super) before: &'static str,
    /// What ends the tenant's name; nothing where the name is all that is left.
    pub(super) end: Option<char>,
    /// A pattern of the values of this form.
    pub(super) shape: &'static str,
    /// A value of some other tenant.
    pub(super) example: &'static str,
}

const fn form(before: &'static str, end: char, shape: &'static str, example: &'static str) -> Form {
    Form { before, end: Some(end), shape, example }
}

const fn whole(shape: &'static str, example: &'static str) -> Form {
    Form { before: "", end: None, shape, example }
}

const fn sub(forms: &'static [Form]) -> Claim {
    Claim { key: "sub", forms }
}

const fn aud(forms: &'static [Form]) -> Claim {
    Claim { key: "aud", forms }
}

const AWS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html";
const KEYS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html";

/// What a workflow of GitHub chooses by what it does.
const OF_WORKFLOW: &[&str] = &[
    "aud",
    "base_ref",
    "environment",
    "event_name",
    "head_ref",
    "ref",
    "ref_type",
    "run_attempt",
    "run_id",
    "run_number",
    "runner_environment",
    "sha",
    "workflow",
];

/// Every provider.
pub(crate) const PROVIDERS: &[SharedProvider] = &[
    SharedProvider {
        host: "token.actions.githubusercontent.com",
        name: "GitHub Actions",
        claims: &[sub(&[
            form("repo:", '/', "repo:?*/?*:?*", "repo:unrelated/unrelated:ref:refs/heads/main"),
            form(
                "repository_owner:",
                ':',
                "repository_owner:?*:?*",
                "repository_owner:unrelated:context",
            ),
            form(
                "repository:",
                '/',
                "repository:?*/?*:?*",
                "repository:unrelated/unrelated:context",
            ),
            form(
                "job_workflow_ref:",
                '/',
                "job_workflow_ref:?*/?*/?*",
                "job_workflow_ref:unrelated/unrelated/.github/workflows/a.yml@main",
            ),
        ])],
        chosen: OF_WORKFLOW,
        source: "https://docs.github.com/en/actions/reference/security/oidc",
    },
    SharedProvider {
        host: "vstoken.actions.githubusercontent.com",
        name: "GitHub Actions (vstoken)",
        claims: &[sub(&[form(
            "repo:",
            '/',
            "repo:?*/?*:?*",
            "repo:unrelated/unrelated:ref:refs/heads/main",
        )])],
        chosen: OF_WORKFLOW,
        source: AWS,
    },
    SharedProvider {
        host: "oidc-configuration.audit-log.githubusercontent.com",
        name: "GitHub audit log streaming",
        claims: &[sub(&[whole("https://github.com/?*", "https://github.com/unrelated")])],
        chosen: &["aud"],
        source: "https://docs.github.com/en/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/\
                 reviewing-audit-logs-for-your-enterprise/streaming-the-audit-log-for-your-enterprise",
    },
    SharedProvider {
        host: "gitlab.com",
        name: "GitLab",
        claims: &[sub(&[form(
            "project_path:",
            '/',
            "project_path:?*/?*:ref_type:?*",
            "project_path:unrelated/unrelated:ref_type:branch:ref:main",
        )])],
        chosen: &["aud"],
        source: "https://docs.gitlab.com/ci/cloud_services/aws/",
    },
    SharedProvider {
        host: "app.terraform.io",
        name: "HCP Terraform",
        claims: &[sub(&[form(
            "organization:",
            ':',
            "organization:?*:?*",
            "organization:unrelated:project:unrelated:workspace:unrelated:run_phase:apply",
        )])],
        chosen: &["aud"],
        source: "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration",
    },
    SharedProvider {
        host: "agent.buildkite.com",
        name: "Buildkite",
        claims: &[sub(&[form(
            "organization:",
            ':',
            "organization:?*:?*",
            "organization:unrelated:pipeline:unrelated:ref:refs/heads/main:commit:0:step:build",
        )])],
        chosen: &["aud"],
        source: "https://buildkite.com/docs/agent/v3/cli-oidc",
    },
    SharedProvider {
        host: "oidc.codefresh.io",
        name: "Codefresh",
        claims: &[sub(&[form(
            "account:",
            ':',
            "account:?*:?*",
            "account:unrelated:pipeline:unrelated",
        )])],
        chosen: &["aud"],
        source: "https://codefresh.io/docs/docs/integrations/oidc-pipelines/",
    },
    SharedProvider {
        host: "scalr.io",
        name: "Scalr",
        claims: &[sub(&[form(
            "account:",
            ':',
            "account:?*:?*",
            "account:unrelated:environment:unrelated:workspace:unrelated",
        )])],
        chosen: &["aud"],
        source: "https://docs.scalr.io/docs/aws",
    },
    SharedProvider {
        host: "oidc.vercel.com",
        name: "Vercel",
        claims: &[
            aud(&[whole("https://vercel.com/?*", "https://vercel.com/unrelated")]),
            sub(&[form(
                "owner:",
                ':',
                "owner:?*:project:?*",
                "owner:unrelated:project:unrelated:environment:production",
            )]),
        ],
        chosen: &[],
        source: "https://vercel.com/docs/oidc/reference",
    },
    SharedProvider {
        host: "cognito-identity.amazonaws.com",
        name: "Amazon Cognito identity pools",
        claims: &[
            aud(&[whole("?*", "us-east-1:00000000-0000-0000-0000-000000000000")]),
            sub(&[whole("?*", "us-east-1:11111111-1111-1111-1111-111111111111")]),
        ],
        chosen: &["amr"],
        source: "https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html",
    },
    SharedProvider {
        host: "accounts.google.com",
        name: "Google",
        claims: &[
            aud(&[whole("?*", "unrelated.apps.googleusercontent.com")]),
            sub(&[whole("?*", "100000000000000000000")]),
        ],
        chosen: &[],
        source: KEYS,
    },
    SharedProvider {
        host: "graph.facebook.com",
        name: "Facebook",
        claims: &[Claim { key: "app_id", forms: &[whole("?*", "100000000000000")] }],
        chosen: &[],
        source: KEYS,
    },
    SharedProvider {
        host: "www.amazon.com",
        name: "Login with Amazon",
        claims: &[Claim {
            key: "app_id",
            forms: &[whole("?*", "amzn1.application-oa2-client.unrelated")],
        }],
        chosen: &[],
        source: KEYS,
    },
    shared("api.pulumi.com/oidc", "Pulumi Cloud", &[aud(UNKNOWN)], &["sub"]),
    shared("sandboxes.cloud", "sandboxes.cloud", &[aud(UNKNOWN)], &["sub"]),
    shared("studio.datachain.ai/api", "DVC Studio", &[sub(UNKNOWN)], &["aud"]),
    shared("tokens.cloud.shisho.dev", "Shisho Cloud", &[sub(UNKNOWN)], &["aud"]),
    shared("proidc.upbound.io", "Upbound", &[sub(UNKNOWN)], &["aud"]),
    shared(
        "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d",
        "Microsoft Sentinel",
        &[Claim { key: "sts:RoleSessionName", forms: UNKNOWN }],
        &["aud"],
    ),
];

/// Of these AWS's page says which claim names the tenant, and nothing says in which form.
const UNKNOWN: &[Form] = &[whole("?*", "unrelated")];

const fn shared(
    host: &'static str,
    name: &'static str,
    claims: &'static [Claim],
    chosen: &'static [&'static str],
) -> SharedProvider {
    SharedProvider { host, name, claims, chosen, source: AWS }
}
