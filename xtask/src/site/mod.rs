//! The reference as a static site: the pages that stand beside the checks, condition operators and resource types,
//! as plain HTML without scripts, with an index. Nothing is loaded from elsewhere.
//!
//! The site is made in memory first; a link that leads nowhere stops it before anything is written.

mod html;
mod links;
mod pages;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

/// The files of the site by path, with `/` between the parts.
type Site = BTreeMap<String, String>;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder to write to; files of the same names are replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Writes the site.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let site = site()?;
    for (path, text) in &site {
        let file = arguments.out.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot create `{}`", folder.display()))?;
        }
        fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
    }
    println!("{} files in `{}`", site.len(), arguments.out.display());
    Ok(ExitCode::SUCCESS)
}

fn site() -> Result<Site> {
    let pages = pages::all()?;
    let mut site = Site::new();
    site.insert("style.css".to_owned(), include_str!("style.css").to_owned());
    site.insert("index.html".to_owned(), html::index(&pages));
    for page in &pages {
        site.insert(page.path.clone(), html::page(page, &pages));
    }
    let broken = links::broken(&site);
    if !broken.is_empty() {
        bail!("links lead nowhere:\n{}", broken.join("\n"));
    }
    Ok(site)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_has_a_page_in_the_index() {
        let site = site().unwrap();
        let index = &site["index.html"];
        let checks = ringfence_validation::checks().count();
        let operators = ringfence_policy::Comparison::ALL.len() + 3;
        let resource_types = ringfence_access::resource_types::UNITS.len();
        assert_eq!(site.len(), checks + operators + resource_types + 2);
        for path in site.keys().filter(|path| path.contains('/')) {
            assert!(index.contains(&format!("href=\"{path}\"")), "{path}");
        }
        let page = &site["checks/invalid_version.html"];
        assert!(
            page.contains("<h1>INVALID_VERSION</h1>")
                && page.contains("<code class=\"language-json\">")
        );
        assert!(index.contains(">ForAnyValue</a>") && index.contains(">AWS::RDS::DBSnapshot</a>"));
    }

    #[test]
    fn pages_are_plain() {
        for (path, text) in site().unwrap() {
            for forbidden in
                ["<script", "<iframe", "<img", " src=", " onload=", "@import", "javascript:"]
            {
                assert!(!text.contains(forbidden), "{path}: {forbidden}");
            }
        }
    }
}
