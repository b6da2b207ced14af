//! `ringfence explain`: the page about a check.

use std::io::{self, Write};
use std::process::ExitCode;

use ringfence_validation::{Origin, checks};
use serde::Serialize;

use crate::exit::UsageError;
use crate::output::{Format, Output, write_json};
use crate::page;
use crate::validate::issue::{Issue, custom_codes, issue};

/// Nearer codes than this, in changed letters, are suggested for one that does not exist.
const NEAR: usize = 8;
/// How many codes are suggested.
const SUGGESTED: usize = 3;

/// Explains a check: what it is about, and policies that it reports and others that it does not
#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArguments {
    /// The issue code, such as INVALID_ACTION, in any case; `ringfence checks list` has all
    #[arg(value_name = "CODE")]
    code: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explanation<'a> {
    issue_code: &'a str,
    finding_type: &'a str,
    origin: &'a str,
    learn_more_link: String,
    page: &'a str,
}

/// Writes the page.
pub(crate) fn run(arguments: &ExplainArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let (code, issue) = find(&arguments.code)?;
    let mut writer = output.open_for_verdict()?;
    let written = match output.format {
        Format::Table => table(&mut writer, &code, &issue, output),
        Format::Json | Format::Jsonl => {
            let explanation = Explanation {
                issue_code: &code,
                finding_type: issue.finding_type.as_str(),
                origin: issue.origin.as_str(),
                learn_more_link: issue.link,
                page: issue.page,
            };
            write_json(&mut writer, output.format, &explanation)
        }
    };
    written.and_then(|()| writer.flush()).map_err(|error| output.failed(error))?;
    Ok(ExitCode::SUCCESS)
}

fn table(writer: &mut impl Write, code: &str, issue: &Issue, output: &Output) -> io::Result<()> {
    let (title, faint, place) = (output.palette.title, output.palette.faint, output.palette.place);
    let kind = issue.finding_type.as_str();
    let (whose, more) = match issue.origin {
        Origin::Aws => ("", "AWS"),
        Origin::Ringfence => (" (Ringfence's own)", "More"),
    };
    writeln!(writer, "{title}{code}{title:#}  {faint}{kind}{whose}{faint:#}\n")?;
    page::write(writer, issue.page, output)?;
    writeln!(writer, "{more}: {place}{}{place:#}", issue.link)
}

fn find(wanted: &str) -> Result<(String, Issue), UsageError> {
    let wanted = wanted.trim().to_ascii_uppercase().replace('-', "_");
    if let Some(issue) = issue(&wanted) {
        return Ok((wanted, issue));
    }
    let near = nearest(&wanted);
    let hint = match near.split_last() {
        None => "`ringfence checks list` has all".to_owned(),
        Some((only, [])) => format!("did you mean `{only}`?"),
        Some((last, others)) => format!("did you mean `{}` or `{last}`?", others.join("`, `")),
    };
    Err(UsageError(format!("there is no check `{wanted}`; {hint}")))
}

/// The codes that were probably meant, the nearest first: those spelled alike, and those that hold what was written.
fn nearest(wanted: &str) -> Vec<&'static str> {
    let mut near: Vec<(usize, &str)> = checks()
        .map(|check| check.issue_code)
        .chain(custom_codes())
        .filter_map(|code| match strsim::osa_distance(wanted, code) {
            distance if distance <= NEAR.min(wanted.len() / 3) => Some((distance, code)),
            _ if wanted.len() > 3 && code.contains(wanted) => Some((NEAR, code)),
            _ => None,
        })
        .collect();
    near.sort_unstable();
    let nearest = near.first().map_or(0, |(distance, _)| *distance);
    near.retain(|(distance, _)| *distance <= nearest + 1);
    near.into_iter().take(SUGGESTED).map(|(_, code)| code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(wanted: &str) -> String {
        find(wanted).map_or_else(|error| error.0, |(code, _)| code)
    }

    #[test]
    fn finds_codes_and_those_that_were_meant() {
        assert_eq!(told(" invalid-Action "), "INVALID_ACTION");
        assert!(told("INVALID_ACTOIN").contains("did you mean `INVALID_ACTION`"));
        assert!(told("MISSING_VERSON").ends_with("did you mean `MISSING_VERSION`?"));
        assert!(told("pass_role").contains("`PASS_ROLE_WITH_"));
        for strange in ["", "X", "\u{1b}[31m", "no such thing at all"] {
            assert!(told(strange).ends_with("`ringfence checks list` has all"), "{strange}");
        }
    }
}
