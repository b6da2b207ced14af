use jiff::civil::date;

use super::config::Level;
use super::read::parse;
use crate::validate::severity::{FailOn, Severity};

#[test]
fn reads_what_holds_where() {
    let text = "\
fail_on = \"warning\"
exclude = [\"old\"]

[checks]
MISSING_VERSION = \"error\"
REDUNDANT_ACTION = \"off\"

[[path]]
path = \"legacy/**\"
[path.checks]
MISSING_VERSION = \"suggestion\"
";
    let config = parse("f.toml", text).unwrap();
    assert_eq!(config.fail_on, Some(FailOn::Warning));
    assert!(config.exclude.iter().any(|glob| glob.matches("old/a.json")));
    let level = |check, name| config.level(check, name);
    assert_eq!(level("MISSING_VERSION", "a.json"), Some(Level::Severity(Severity::Error)));
    let lower = Some(Level::Severity(Severity::Suggestion));
    assert_eq!(level("MISSING_VERSION", "legacy/a.json"), lower);
    assert_eq!(level("REDUNDANT_ACTION", "legacy/a.json"), Some(Level::Off));
    assert_eq!(level("INVALID_ACTION", "a.json"), None);
}

#[test]
fn a_suppression_says_why_who_and_until_when() {
    let text = "\
[[suppression]]
check = \"INVALID_ACTION\"
path = \"a.json\"
reason = \"new service\"
owner = \"team-a\"
expires = 2026-12-31

[[suppression]]
check = \"INVALID_ACTION\"
path = \"b.json\"
reason = \" \"
";
    let config = parse("f.toml", text).unwrap();
    let [whole, poor] = config.suppressions.as_slice() else { panic!("{config:?}") };
    assert_eq!(whole.expires, Some(date(2026, 12, 31)));
    assert_eq!(whole.problems(date(2026, 12, 31)), []);
    let past: Vec<String> =
        whole.problems(date(2027, 1, 1)).into_iter().map(|own| own.message).collect();
    assert!(past.len() == 1 && past[0].contains("is past its date, 2026-12-31"), "{past:?}");
    let missing = poor.problems(date(2026, 1, 1));
    let said = |word: &str| missing.iter().any(|own| own.message.contains(word));
    assert!(missing.len() == 3 && said("`reason`") && said("`owner`") && said("`expires`"));
}

#[test]
fn tells_every_problem_with_its_place() {
    let text = "\
fail_on = \"never\"
exclude = [\"a{b\"]
not_suppressible = [\"NO_SUCH\"]
[checks]
MISSING_VERSION = \"loud\"
JSON_SYNTAX_ERROR = \"off\"
";
    let mut problems = parse("f.toml", text).unwrap_err();
    problems.sort();
    let places: Vec<&str> =
        problems.iter().filter_map(|problem| problem.split(": ").next()).collect();
    assert_eq!(places, ["f.toml:1:10", "f.toml:2:11", "f.toml:3:20", "f.toml:5:18", "f.toml:6:20"]);
    for (text, place) in [
        ("fail_on = \n", "f.toml:1:"),
        ("x = 1\n", "f.toml:1:"),
        (
            "[[suppression]]\ncheck = \"INVALID_ACTION\"\npath = \"a\"\nexpires = \"soon\"\n",
            "f.toml:4:10",
        ),
        (
            "[[path]]\npath = \"a\"\npolicy_type = \"scp\"\nresource_type = \"AWS::S3::Bucket\"\n",
            "f.toml:3:14",
        ),
    ] {
        let problems = parse("f.toml", text).unwrap_err();
        assert!(problems.len() == 1 && problems[0].starts_with(place), "{text}: {problems:?}");
    }
}
