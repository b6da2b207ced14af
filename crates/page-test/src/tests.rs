use super::*;

use std::path::PathBuf;

/// A folder of pages that is removed again.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, pages: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("page-test-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        for (page, text) in pages {
            fs::write(path.join(page), text).unwrap();
        }
        Self(path)
    }

    fn problems(&self, untested: &[&str], expectation: Expectation) -> Vec<String> {
        run_pages(&self.0, untested, expectation, |block| {
            format!(
                "{} {} [{}] {}",
                block.page,
                block.language,
                block.info,
                block.content.to_uppercase()
            )
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const PAGE: &str = "Words.\n\n```json one two\na\nb\n```\nMore:\n```text\nunit json [one two] A\nwrong\n```\nEnd.\n";

#[test]
fn a_right_page_passes() {
    let folder = Folder::new("right", &[("unit.md", &PAGE.replace("wrong", "B"))]);
    assert_eq!(folder.problems(&[], Expectation::Compare), Vec::<String>::new());
}

#[test]
fn a_wrong_output_is_shown_with_its_line() {
    let folder = Folder::new("wrong", &[("unit.md", PAGE)]);
    let problems = folder.problems(&[], Expectation::Compare);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].ends_with("unit.md:3:\n  - wrong\n  + B"), "{}", problems[0]);
}

#[test]
fn updating_writes_the_output_and_nothing_else() {
    let folder = Folder::new("update", &[("unit.md", PAGE)]);
    assert_eq!(folder.problems(&[], Expectation::Update), Vec::<String>::new());
    assert_eq!(fs::read_to_string(folder.0.join("unit.md")).unwrap(), PAGE.replace("wrong", "B"));
    assert_eq!(folder.problems(&[], Expectation::Compare), Vec::<String>::new());
}

#[test]
fn a_page_without_example_must_be_excepted() {
    let plain = "```json\n{}\n```\n```json\n{}\n```\n";
    let folder = Folder::new("plain", &[("README.md", plain)]);
    assert!(
        folder.problems(&[], Expectation::Compare)[0]
            .ends_with("README.md:1: the page has no example")
    );
    assert_eq!(folder.problems(&["README"], Expectation::Compare), Vec::<String>::new());
    assert_eq!(folder.problems(&["README", "gone"], Expectation::Compare).len(), 1);
}

#[test]
fn an_exception_with_examples_is_a_problem() {
    let folder = Folder::new("excepted", &[("unit.md", &PAGE.replace("wrong", "B"))]);
    assert_eq!(folder.problems(&["unit"], Expectation::Compare).len(), 1);
}

#[test]
fn an_empty_or_missing_folder_is_a_problem() {
    let folder = Folder::new("empty", &[]);
    assert_eq!(folder.problems(&[], Expectation::Compare).len(), 1);
    assert_eq!(
        run_pages(&folder.0.join("gone"), &[], Expectation::Compare, |_| String::new()).len(),
        1
    );
}

#[test]
fn loose_fences_are_errors() {
    for (text, line) in
        [("a\n\n  ```json\n", 3), ("```\nx\n```\n", 1), ("```json\n{}\n```\n````json\n```\n", 4)]
    {
        assert_eq!(fences(text).unwrap_err().line(), line, "{text}");
    }
    assert_eq!(fences("````md\n```json\n```\n````\n").unwrap().len(), 1);
}
