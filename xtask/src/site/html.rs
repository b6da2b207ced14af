//! Pages and the index as HTML.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html::push_html};

use super::pages::{Group, Page};

/// The page itself.
pub(super) fn page(page: &Page, pages: &[Page]) -> String {
    let group = page.group.title();
    let mut body =
        format!("<p class=\"group\">{}</p>\n<h1>{}</h1>\n", text(group), text(&page.title));
    render(&page.markdown, pages, &mut body);
    if let Some(link) = &page.aws {
        body += &format!("<p>AWS: <a href=\"{0}\">{0}</a></p>\n", text(link));
    }
    let up = "<nav><a href=\"../index.html\">All pages</a></nav>\n";
    frame(&page.title, "../", &format!("{up}{body}"))
}

/// The list of all pages, by group.
pub(super) fn index(pages: &[Page]) -> String {
    let mut body = "<h1>Ringfence reference</h1>\n<nav>\n".to_owned();
    for (number, group) in Group::ALL.into_iter().enumerate() {
        let title = text(group.title());
        body += &format!("<p><a href=\"#group-{number}\">{title}</a></p>\n");
    }
    body += "</nav>\n";
    for (number, group) in Group::ALL.into_iter().enumerate() {
        let title = text(group.title());
        body += &format!("<h2 id=\"group-{number}\">{title}</h2>\n<dl>\n");
        for page in pages.iter().filter(|page| page.group == group) {
            body += &format!("<dt><a href=\"{}\">{}</a></dt>\n<dd>", page.path, text(&page.title));
            render(&first_sentence(&page.markdown), &[], &mut body);
            body += "</dd>\n";
        }
        body += "</dl>\n";
    }
    frame("Ringfence reference", "", &body)
}

fn frame(title: &str, root: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'\">\n\
         <title>{}</title>\n<link rel=\"stylesheet\" href=\"{root}style.css\">\n</head>\n\
         <body>\n{body}</body>\n</html>\n",
        text(title)
    )
}

/// Markdown as HTML. What looks like HTML in it is text, headings can be linked to, a block of code says above it
/// what it is for, and links to other pages lead to where these are in the site.
fn render(markdown: &str, pages: &[Page], out: &mut String) {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).flat_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => vec![Event::Text(html)],
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
            let mut events = about(&info);
            events.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))));
            events
        }
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = destination(dest_url, pages);
            vec![Event::Start(Tag::Link { link_type, dest_url, title, id })]
        }
        other => vec![other],
    });
    push_html(out, events);
}

/// What the words behind a block's language say.
fn about(info: &str) -> Vec<Event<'static>> {
    let Some((_, words)) = info.split_once(' ') else { return Vec::new() };
    vec![
        Event::Start(Tag::Paragraph),
        Event::Start(Tag::Emphasis),
        Event::Text(CowStr::from(words.to_owned())),
        Event::End(TagEnd::Emphasis),
        Event::End(TagEnd::Paragraph),
    ]
}

/// Where a link to a Markdown page of the reference leads in the site; other links stay as they are.
fn destination<'a>(link: CowStr<'a>, pages: &[Page]) -> CowStr<'a> {
    let Some(name) = link.strip_suffix(".md").and_then(|path| path.rsplit('/').next()) else {
        return link;
    };
    let file = format!("/{name}.html");
    match pages.iter().find(|page| page.path.ends_with(&file)) {
        Some(page) => CowStr::from(format!("../{}", page.path)),
        None => link,
    }
}

/// The first sentence of a page, as Markdown.
fn first_sentence(markdown: &str) -> String {
    let lines = markdown.lines().skip_while(|line| line.trim().is_empty());
    let paragraph: Vec<&str> = lines.take_while(|line| !line.trim().is_empty()).collect();
    let paragraph = paragraph.join(" ");
    let end = paragraph.find(". ").map_or(paragraph.len(), |end| end + 1);
    paragraph.get(..end).unwrap_or_default().to_owned()
}

/// A text with everything escaped that HTML would obey.
fn text(plain: &str) -> String {
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(markdown: &str) -> String {
        let mut out = String::new();
        render(markdown, &[], &mut out);
        out
    }

    #[test]
    fn markup_in_pages_is_text() {
        assert_eq!(
            rendered("a <script>x</script> `<b>` <https://e.org>"),
            "<p>a &lt;script&gt;x&lt;/script&gt; <code>&lt;b&gt;</code> \
             <a href=\"https://e.org\">https://e.org</a></p>\n"
        );
        assert!(!rendered("<div onclick=\"x()\">\n\ny").contains("<div"));
        assert_eq!(text("<a b=\"&\">"), "&lt;a b=&quot;&amp;&quot;&gt;");
    }

    #[test]
    fn blocks_say_what_they_are_for() {
        let block = rendered("```json AWS::S3::Bucket\n{}\n```\n");
        assert!(block.starts_with("<p><em>AWS::S3::Bucket</em></p>\n<pre>"), "{block}");
        assert_eq!(first_sentence("\nOne\ntwo. Three.\n\nFour."), "One two.");
    }
}
