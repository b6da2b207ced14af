//! Links of the site that lead nowhere.

use super::Site;

/// The links to files, or places in them, that the site does not have, each with the file it stands in. Addresses
/// elsewhere are not looked at.
pub(super) fn broken(site: &Site) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        for link in targets(text) {
            if !resolves(site, path, link) {
                broken.push(format!("{path}: `{link}`"));
            }
        }
    }
    broken
}

fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next())
}

fn resolves(site: &Site, from: &str, link: &str) -> bool {
    if link.starts_with("https://") {
        return true;
    }
    let (file, place) = link.split_once('#').unwrap_or((link, ""));
    let target = match file {
        "" => Some(from.to_owned()),
        _ => joined(from, file),
    };
    let Some(text) = target.and_then(|target| site.get(&target)) else { return false };
    place.is_empty() || text.contains(&format!("id=\"{place}\""))
}

/// The path that a link in a file means; none where it leaves the site.
fn joined(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_links() {
        let site = |link: &str| {
            let page = format!("<a href=\"{link}\">x</a><h2 id=\"here\">");
            let files =
                [("a/b.html", page.as_str()), ("c.html", "<h2 id=\"p\">"), ("style.css", "")];
            files
                .into_iter()
                .map(|(path, text)| (path.to_owned(), text.to_owned()))
                .collect::<Site>()
        };
        for right in
            ["https://e.org/x", "../c.html", "../c.html#p", "#here", "b.html", "../style.css"]
        {
            assert_eq!(broken(&site(right)), Vec::<String>::new(), "{right}");
        }
        for wrong in
            ["c.html", "../c.html#q", "#p", "../../c.html", "b.md", "http://e.org", "mailto:x"]
        {
            assert_eq!(broken(&site(wrong)), [format!("a/b.html: `{wrong}`")]);
        }
    }
}
