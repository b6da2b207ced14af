//! The options of `ringfence validate`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::ValueEnum;
use jiff::civil::Date;
use ringfence_policy::PolicyType;
use ringfence_validation::ValidatePolicyResourceType;

use super::fix::{Destination, Scope};
use super::severity::FailOn;
use crate::exit::UsageError;
use crate::output::AnyFormat;

/// Checks policies as AWS's ValidatePolicy does, and beyond
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, long_about = LONG_ABOUT)]
pub(crate) struct ValidateArguments {
    /// Policies: JSON files, folders, snapshot folders, files of GetAccountAuthorizationDetails; `-` for
    /// standard input
    #[arg(value_name = "FILE", required_unless_present = "batch", conflicts_with = "batch")]
    pub(super) targets: Vec<PathBuf>,
    /// The type of the policies: `identity`, `resource`, `scp` or `rcp` [default: `resource` where a statement
    /// names a principal, else `identity`]
    #[arg(long, value_name = "TYPE", value_parser = policy_type, conflicts_with = "batch")]
    pub(super) policy_type: Option<PolicyType>,
    /// What the resource policies will be attached to, such as AWS::S3::Bucket
    #[arg(long, value_name = "TYPE", value_parser = resource_type, conflicts_with = "batch")]
    pub(super) resource_type: Option<ValidatePolicyResourceType>,
    /// Which checks are made: those of AWS's ValidatePolicy only, or Ringfence's own as well. A batch is answered as
    /// AWS answers
    #[arg(long, value_enum, value_name = "WHICH", default_value_t, conflicts_with = "batch")]
    pub(super) checks: CheckSet,
    #[command(flatten)]
    pub(super) run: RunArguments,
    /// Make the repairs that change nothing about the requests that are allowed: files are rewritten, standard input
    /// goes to standard output
    #[arg(long, conflicts_with = "batch", help_heading = "Repairs")]
    pub(super) fix: bool,
    /// Make also the repairs that change what the policy allows, or of which that is not proved
    #[arg(long, requires = "fix", help_heading = "Repairs")]
    pub(super) unsafe_fixes: bool,
    /// Write nothing but a unified diff of what would change; exit with 3 where there is something
    #[arg(long, requires = "fix", conflicts_with = "reports", help_heading = "Repairs")]
    pub(super) dry_run: bool,
    /// The least severity that fails the run [default: security-warning]
    #[arg(
        long,
        value_enum,
        value_name = "SEVERITY",
        conflicts_with = "batch",
        help_heading = "Gate"
    )]
    pub(super) fail_on: Option<FailOn>,
    /// A job a line, answered in the same order; `-` for standard input
    #[arg(long, value_name = "FILE.jsonl")]
    pub(super) batch: Option<PathBuf>,
    /// Threads of a batch [default: one a core]
    #[arg(long, value_name = "N", requires = "batch")]
    pub(super) jobs: Option<NonZeroUsize>,
}

/// The options that every command has which looks at all policies of its targets.
#[derive(Debug, clap::Args)]
pub(crate) struct RunArguments {
    /// Pass over named files that hold no policy, as it is done in folders
    #[arg(long, conflicts_with = "batch", requires = "targets")]
    pub(crate) skip_other_files: bool,
    /// Leave out the policies that AWS manages, which authorization details list as well
    #[arg(long, conflicts_with = "batch", requires = "targets")]
    pub(crate) skip_aws_managed: bool,
    /// Write the result to a file as well, in this form: `sarif=findings.sarif`; may be repeated
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = report_file, conflicts_with = "batch", requires = "targets")]
    pub(crate) reports: Vec<ReportFile>,
    /// The configuration [default: ringfence.toml in the working folder, if it is there]
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "batch",
        requires = "targets",
        help_heading = "Gate"
    )]
    pub(crate) config: Option<PathBuf>,
    /// An earlier report (`--format json`): only what is not in it fails the run
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "batch",
        requires = "targets",
        help_heading = "Gate"
    )]
    pub(crate) baseline: Option<PathBuf>,
    /// The day that suppressions are held against [default: today, in UTC]
    #[arg(
        long,
        value_name = "DATE",
        conflicts_with = "batch",
        requires = "targets",
        help_heading = "Gate"
    )]
    pub(crate) today: Option<Date>,
    /// Exit with 0 instead of 4 when nothing fails but not everything could be looked at
    #[arg(long, conflicts_with = "batch", requires = "targets")]
    pub(crate) allow_incomplete: bool,
}

const LONG_ABOUT: &str = "\
Checks policies as AWS's ValidatePolicy does, and with checks of Ringfence's own that reason about what a policy means; \
`ringfence checks list` has them apart. `--checks aws` leaves them out, `[checks]` in ringfence.toml switches off one.

In a folder every `*.json` file that is a policy is looked at, in the folders inside as well, but for `node_modules` \
and those whose name starts with a dot; what is no policy is passed over and counted. A snapshot folder or a file of \
GetAccountAuthorizationDetails is recognized, and every policy in it is looked at as what it is there. A named file \
is a policy, whatever it says.

A file does not say what type of policy it holds. Without --policy-type a policy is a resource policy when a \
statement has a Principal or NotPrincipal, and an identity policy otherwise.

With --fix, what has one certain repair is repaired where every request is then answered as before, which is proved. \
Only files that are one policy are rewritten, not snapshots and the like. Findings that are switched off or suppressed \
are left alone.

Findings of the types ERROR and SECURITY_WARNING exit with 3. Columns in places such as `policy.json:3:0` count from \
0, as AWS's do.";

/// Whose checks are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckSet {
    /// AWS's and Ringfence's own
    #[default]
    All,
    /// AWS's
    Aws,
}

/// A report that is written to a file.
#[derive(Clone, Debug)]
pub(crate) struct ReportFile {
    /// Its form.
    pub(crate) format: AnyFormat,
    /// Where it goes.
    pub(crate) path: PathBuf,
}

impl ValidateArguments {
    /// Which repairs are made, and what becomes of them; none without `--fix`.
    pub(super) fn fixes(&self) -> Option<(Scope, Destination)> {
        let scope = if self.unsafe_fixes { Scope::Unsafe } else { Scope::Safe };
        let destination = if self.dry_run { Destination::Diff } else { Destination::Files };
        self.fix.then_some((scope, destination))
    }

    /// The type that the command line gives to policies in files.
    ///
    /// # Errors
    /// When a resource type stands with a type of policy that is attached to no resource.
    pub(super) fn given_type(&self) -> Result<Option<PolicyType>, UsageError> {
        match (self.policy_type, self.resource_type) {
            (given, None) => Ok(given),
            (None | Some(PolicyType::ResourcePolicy), Some(_)) => Ok(Some(PolicyType::ResourcePolicy)),
            (Some(_), Some(_)) => Err(UsageError(
                "--resource-type says what a resource policy is attached to; use it with --policy-type resource"
                    .to_owned(),
            )),
        }
    }
}

/// Reads `FORMAT=FILE`.
fn report_file(text: &str) -> Result<ReportFile, String> {
    let (format, path) = text.split_once('=').ok_or("write a format, `=` and a file")?;
    let format = AnyFormat::from_str(format, false).map_err(|_| {
        let known = AnyFormat::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let known: Vec<String> = known.map(|own| own.get_name().to_owned()).collect();
        format!("`{format}` is no format; there are {}", known.join(", "))
    })?;
    match path {
        "" | "-" => Err("name a file; `--format` says what goes to standard output".to_owned()),
        path => Ok(ReportFile { format, path: PathBuf::from(path) }),
    }
}

/// Reads the name of a policy type.
pub(super) fn policy_type(name: &str) -> Result<PolicyType, String> {
    PolicyType::parse(name)
        .ok_or_else(|| "use identity, resource, scp or rcp, or AWS's names of these".to_owned())
}

/// Reads the name of what a resource policy is attached to.
pub(super) fn resource_type(name: &str) -> Result<ValidatePolicyResourceType, String> {
    ValidatePolicyResourceType::parse(name).ok_or_else(|| {
        let known: Vec<&str> =
            ValidatePolicyResourceType::ALL.iter().map(|own| own.as_str()).collect();
        format!(
            "the checks know {}; leave it away for policies of other resources",
            known.join(", ")
        )
    })
}
