//! `ringfence prove`: the evidence of a verdict, for those who do not want to take the engine's word.
//!
//! A question is written as SMT-LIB for any solver, and an answer that holds as a certificate, which
//! `--verify` checks again with code that does not use the engine.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Subcommand;
use ringfence_policy::{AccountId, PolicyType};
use ringfence_reasoning::certificate::{Certificate, NotCertified, certify, verify};
use ringfence_reasoning::smtlib::export;
use ringfence_reasoning::{Access, Answer, Question, ZoneOfTrust};
use serde_json::{Value, json};

use crate::exit::{self, UsageError};
use crate::output::{Format, Output, write_json};
use crate::policy_file::{self, PolicyFile};
use crate::request;
use crate::text::visible;

/// Writes and verifies the evidence of a verdict
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, long_about = LONG_ABOUT)]
pub(crate) struct ProveArguments {
    /// A certificate to check again without the engine; `-` for standard input
    #[arg(long, value_name = "FILE")]
    verify: Option<PathBuf>,
    #[command(subcommand)]
    claim: Option<Claim>,
}

const LONG_ABOUT: &str = "\
Writes and verifies the evidence of a verdict.

A certificate proves a claim about the policies that stand in it: compare them with yours. Exits with 0 when the \
claim holds or the certificate proves it, with 3 when it does not.";

/// What is claimed.
#[derive(Debug, Subcommand)]
enum Claim {
    /// The new policy allows nothing that the existing one does not
    NoNewAccess(NoNewAccess),
    /// None of the listed access is allowed
    AccessNotGranted(AccessNotGranted),
    /// Nobody anonymous or unknown gets in
    NoPublicAccess(NoPublicAccess),
    /// Nobody outside a zone of trust gets in
    Outside(Outside),
}

/// Where the evidence goes.
#[derive(Debug, clap::Args)]
struct Evidence {
    /// Where to write the question as SMT-LIB: a solver says `unsat` when the claim holds
    #[arg(long, value_name = "FILE")]
    smtlib: Option<PathBuf>,
    /// Where to write the certificate, if the claim holds
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct NoNewAccess {
    /// The policy as it is: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE")]
    existing: PathBuf,
    /// The policy as it is to be: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE")]
    new: PathBuf,
    /// Their type: `identity` or `resource`
    #[arg(long, value_name = "TYPE", value_parser = policy_type)]
    policy_type: PolicyType,
    #[command(flatten)]
    evidence: Evidence,
}

#[derive(Debug, clap::Args)]
struct AccessNotGranted {
    /// The policy: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    /// Its type: `identity` or `resource`
    #[arg(long, value_name = "TYPE", value_parser = policy_type)]
    policy_type: PolicyType,
    /// An action that must not be allowed; may be repeated
    #[arg(long, value_name = "ACTION", required_unless_present = "resource")]
    action: Vec<String>,
    /// The ARN of a resource that must not be reachable; may be repeated
    #[arg(long, value_name = "ARN")]
    resource: Vec<String>,
    #[command(flatten)]
    evidence: Evidence,
}

#[derive(Debug, clap::Args)]
struct NoPublicAccess {
    /// The policy of the resource: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    #[command(flatten)]
    evidence: Evidence,
}

#[derive(Debug, clap::Args)]
struct Outside {
    /// The policy of the resource: a JSON file, `-` for standard input
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    /// The id of a trusted account; may be repeated
    #[arg(long, value_name = "ID", required = true, value_parser = account)]
    account: Vec<String>,
    /// The id of the organization that is trusted
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    #[command(flatten)]
    evidence: Evidence,
}

fn policy_type(name: &str) -> Result<PolicyType, String> {
    match PolicyType::parse(name) {
        Some(known @ (PolicyType::IdentityPolicy | PolicyType::ResourcePolicy)) => Ok(known),
        Some(_) | None => {
            Err("use identity (IDENTITY_POLICY) or resource (RESOURCE_POLICY)".into())
        }
    }
}

fn account(text: &str) -> Result<String, String> {
    match AccountId::new(text) {
        Some(account) => Ok(account.to_string()),
        None => Err("an account id has twelve digits".into()),
    }
}

/// Proves a claim, or verifies a certificate.
pub(crate) fn run(arguments: &ProveArguments, output: &Output) -> anyhow::Result<ExitCode> {
    match (&arguments.verify, &arguments.claim) {
        (Some(path), None) => check_certificate(path, output),
        (None, Some(claim)) => prove(claim, output),
        _ => Err(UsageError("either a claim or --verify is needed".to_owned()).into()),
    }
}

fn prove(claim: &Claim, output: &Output) -> anyhow::Result<ExitCode> {
    match claim {
        Claim::NoNewAccess(own) => {
            policy_file::require_one_stdin(&[&own.existing, &own.new])?;
            let (existing, new) = policy_file::read_both(&own.existing, &own.new)?;
            let question =
                Question::NoNewAccess { existing: &existing.document, new: &new.document };
            answer(&question, &new, &own.evidence, output)
        }
        Claim::AccessNotGranted(own) => {
            let policy = policy_file::read(&own.policy)?;
            let access = Access { actions: own.action.clone(), resources: own.resource.clone() };
            let accesses = [access];
            let question =
                Question::AccessNotGranted { policy: &policy.document, accesses: &accesses };
            answer(&question, &policy, &own.evidence, output)
        }
        Claim::NoPublicAccess(own) => {
            let policy = policy_file::read(&own.policy)?;
            let question = Question::NoPublicAccess { policy: &policy.document };
            answer(&question, &policy, &own.evidence, output)
        }
        Claim::Outside(own) => {
            let policy = policy_file::read(&own.policy)?;
            let zone = ZoneOfTrust {
                accounts: Arc::new(own.account.iter().cloned().collect()),
                organization: own.organization.clone(),
                ..ZoneOfTrust::default()
            };
            let question = Question::NoAccessFromOutside { policy: &policy.document, zone: &zone };
            answer(&question, &policy, &own.evidence, output)
        }
    }
}

/// Answers, and writes the evidence that was asked for. What cannot be written is told after the verdict.
fn answer(
    question: &Question<'_>,
    policy: &PolicyFile,
    evidence: &Evidence,
    output: &Output,
) -> anyhow::Result<ExitCode> {
    let answer = question.ask();
    let holds = answer == Answer::Holds;
    write_answer(&answer, policy, output)?;
    if let Some(path) = &evidence.smtlib {
        let text = export(question).context("the question has no SMT-LIB form")?;
        save(path, &text)?;
    }
    if let Some(path) = &evidence.certificate {
        match certify(question) {
            Ok(certificate) => {
                save(
                    path,
                    &format!("{}\n", serde_json::to_string_pretty(&certificate.to_json())?),
                )?;
            }
            Err(NotCertified::Fails(_) | NotCertified::Unknown(_)) if !holds => {
                eprintln!("no certificate is written: the claim is not proved");
            }
            Err(error) => bail!("there is no certificate: {error}"),
        }
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(exit::FOUND) })
}

fn save(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("`{}` cannot be written", path.display()))
}

fn write_answer(answer: &Answer, policy: &PolicyFile, output: &Output) -> anyhow::Result<()> {
    let mut writer = output.open_for_verdict()?;
    let written = match output.format {
        Format::Table => write_table(&mut writer, answer, policy, output),
        Format::Json | Format::Jsonl => write_json(&mut writer, output.format, &as_json(answer)),
    };
    written.and_then(|()| writer.flush()).map_err(|error| output.failed(error))
}

fn as_json(answer: &Answer) -> Value {
    match answer {
        Answer::Holds => json!({ "result": "PASS" }),
        Answer::Fails(refutation) => json!({
            "result": "FAIL",
            "statements": refutation.statements,
            "witness": refutation.witness.to_scenario_json(),
        }),
        Answer::Unknown(limit) => json!({ "result": "UNKNOWN", "limit": limit.to_string() }),
    }
}

fn write_table(
    writer: &mut impl Write,
    answer: &Answer,
    policy: &PolicyFile,
    output: &Output,
) -> io::Result<()> {
    let palette = output.palette;
    match answer {
        Answer::Holds => {
            writeln!(writer, "{style}PASS{style:#}  The claim holds.", style = palette.good)
        }
        Answer::Unknown(limit) => {
            let style = palette.doubt;
            writeln!(writer, "{style}UNKNOWN{style:#}  A limit was reached: {limit}.")
        }
        Answer::Fails(refutation) => {
            let style = palette.alarm;
            writeln!(writer, "{style}FAIL{style:#}  The claim does not hold.")?;
            for index in &refutation.statements {
                let Some(own) = policy.document.statements.get(*index) else { continue };
                let place = policy.source.position(own.span.start);
                let file = visible(policy.source.file());
                writeln!(writer, "\n{file}:{}:{}  statement {index}", place.line, place.column)?;
            }
            let title = palette.title;
            writeln!(writer, "\n{title}A request that gets through{title:#}")?;
            request::write(writer, &refutation.witness, "  ", output)
        }
    }
}

/// Longer certificates are not read.
const MAX_BYTES: u64 = 256 << 20;

fn check_certificate(path: &Path, output: &Output) -> anyhow::Result<ExitCode> {
    let name = if policy_file::is_stdin(path) { "<stdin>".into() } else { path.to_string_lossy() };
    let mut text = String::new();
    let mut reader = policy_file::open(path)?.take(MAX_BYTES + 1);
    reader.read_to_string(&mut text).with_context(|| format!("`{name}` cannot be read"))?;
    if text.len() as u64 > MAX_BYTES {
        bail!("`{name}` has more than {MAX_BYTES} bytes; certificates of that size are not read");
    }
    let certificate = Certificate::parse(&text)
        .with_context(|| format!("`{name}` is no certificate that can be read"))?;
    let claim = certificate.claim.to_json();
    let refused = verify(&certificate).err();
    let mut writer = output.open_for_verdict()?;
    let written = match (output.format, &refused) {
        (Format::Table, None) => {
            let style = output.palette.good;
            let count = certificate.lemmas.len();
            writeln!(writer, "{style}VERIFIED{style:#}  {count} lemmas, from which follows:")
                .and_then(|()| write_json(&mut writer, Format::Json, &claim))
        }
        (Format::Table, Some(refused)) => {
            let style = output.palette.alarm;
            writeln!(writer, "{style}REFUSED{style:#}  {}", visible(&refused.to_string()))
        }
        (format, None) => {
            let lemmas = certificate.lemmas.len();
            let verified = json!({ "result": "VERIFIED", "lemmas": lemmas, "claim": claim });
            write_json(&mut writer, format, &verified)
        }
        (format, Some(refused)) => {
            let refusal =
                json!({ "result": "REFUSED", "reason": refused.to_string(), "claim": claim });
            write_json(&mut writer, format, &refusal)
        }
    };
    written.and_then(|()| writer.flush()).map_err(|error| output.failed(error))?;
    Ok(if refused.is_none() { ExitCode::SUCCESS } else { ExitCode::from(exit::FOUND) })
}
