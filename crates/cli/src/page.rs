//! Reference pages in a terminal. The pages are Markdown of the plainest kind: headings, paragraphs, fenced blocks.

use std::io::{self, Write};

use crate::output::Output;
use crate::text::wrap;

/// Blocks of code stand this far in.
const INDENT: &str = "    ";

/// Writes a page: headings in bold, paragraphs wrapped, blocks of code as they are.
pub(crate) fn write(writer: &mut impl Write, page: &str, output: &Output) -> io::Result<()> {
    for block in blocks(page) {
        match block {
            Block::Heading(text) => {
                let title = output.palette.title;
                writeln!(writer, "{title}{text}{title:#}\n")?;
            }
            Block::Paragraph(text) => {
                for line in wrap(&without_brackets(&text), output.width) {
                    writeln!(writer, "{line}")?;
                }
                writeln!(writer)?;
            }
            Block::Code { info, lines } => {
                let faint = output.palette.faint;
                // The first word is the language; what follows says what the policy is for.
                if let Some((_, about)) = info.split_once(' ') {
                    writeln!(writer, "{INDENT}{faint}{about}{faint:#}")?;
                }
                let is_result = info == "text";
                for line in lines {
                    match is_result {
                        true => writeln!(writer, "{INDENT}{faint}{line}{faint:#}")?,
                        false => writeln!(writer, "{INDENT}{line}")?,
                    }
                }
                writeln!(writer)?;
            }
        }
    }
    Ok(())
}

/// The first sentence of a page.
pub(crate) fn first_sentence(page: &str) -> String {
    let paragraph = blocks(page).into_iter().find_map(|block| match block {
        Block::Paragraph(text) => Some(text),
        Block::Heading(_) | Block::Code { .. } => None,
    });
    let paragraph = paragraph.unwrap_or_default();
    let end = paragraph.find(". ").map_or(paragraph.len(), |end| end + 1);
    paragraph.get(..end).unwrap_or_default().to_owned()
}

#[derive(Debug, PartialEq, Eq)]
enum Block<'p> {
    Heading(&'p str),
    /// On one line.
    Paragraph(String),
    Code {
        info: &'p str,
        lines: Vec<&'p str>,
    },
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    let mut paragraph: Vec<&str> = Vec::new();
    while let Some(line) = lines.next() {
        let is_text = !line.trim().is_empty() && !line.starts_with("```") && !line.starts_with('#');
        let is_item = line.starts_with("- ") || line.starts_with("* ");
        if (!is_text || is_item) && !paragraph.is_empty() {
            blocks.push(Block::Paragraph(paragraph.join(" ")));
            paragraph.clear();
        }
        if let Some(info) = line.strip_prefix("```") {
            let code = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            blocks.push(Block::Code { info, lines: code });
        } else if line.starts_with('#') {
            blocks.push(Block::Heading(line.trim_start_matches('#').trim()));
        } else if is_text {
            paragraph.push(line.trim());
        }
    }
    if !paragraph.is_empty() {
        blocks.push(Block::Paragraph(paragraph.join(" ")));
    }
    blocks
}

/// The addresses of `<https://…>` without what marks them in Markdown.
fn without_brackets(text: &str) -> String {
    let mut parts = text.split("<https://");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str("https://");
        match part.split_once('>') {
            Some((address, rest)) => {
                plain.push_str(address);
                plain.push_str(rest);
            }
            None => plain.push_str(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_blocks_of_a_page() {
        let page =
            "One. Two\nthree <https://a.b/c>.\n\n## Reported\n```json X, y\n{\n\n}\n```\n- a\n- b";
        assert_eq!(
            blocks(page),
            [
                Block::Paragraph("One. Two three <https://a.b/c>.".to_owned()),
                Block::Heading("Reported"),
                Block::Code { info: "json X, y", lines: vec!["{", "", "}"] },
                Block::Paragraph("- a".to_owned()),
                Block::Paragraph("- b".to_owned()),
            ]
        );
        assert_eq!(first_sentence(page), "One.");
        assert_eq!(first_sentence("# T\n\nAll of it"), "All of it");
        assert_eq!(first_sentence(""), "");
        assert_eq!(without_brackets("see <https://a.b/c>. x < y"), "see https://a.b/c. x < y");
    }

    #[test]
    fn every_check_has_a_sentence() {
        for check in ringfence_validation::checks() {
            let sentence = first_sentence(check.page);
            assert!(sentence.ends_with('.'), "{}: {sentence}", check.issue_code);
            assert_eq!(sentence, without_brackets(&sentence), "{}", check.issue_code);
        }
    }
}
