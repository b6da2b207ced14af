//! The files of a configuration, module by module.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use ringfence_policy::location::Position;

use super::{joined, text};
use crate::file::{name_of, read_text};
use crate::node::{Node, Place, read_json_text};

/// Longer files are not read: people do not write them.
const MAX_BYTES: usize = 1 << 20;

/// Nor are those with more nesting, which would exhaust the stack of the parser.
const MAX_NESTING: usize = 100;

/// Nor those with more choices, each of which nests in the one before.
const MAX_CHOICES: usize = 1_000;

/// Modules in modules are followed this far.
const MAX_DEPTH: usize = 16;

/// Where `terraform init` notes the folders of modules.
const MODULES: &str = ".terraform/modules/modules.json";

/// The modules of a configuration by their addresses without keys of instances.
#[derive(Debug, Default)]
pub(in crate::terraform) struct Written {
    modules: BTreeMap<String, Module>,
}

/// The files of a module.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) address: String,
    files: Vec<File>,
}

/// A file of a module.
#[derive(Debug)]
pub(super) struct File {
    name: Arc<str>,
    text: String,
    body: Body,
}

impl Written {
    /// What lies in the folder of a plan; nothing where that is no configuration. `root` is the plan.
    pub(in crate::terraform) fn beside(plan: &Path, root: &Node) -> Self {
        let root_folder = plan.parent().map(Path::to_owned).unwrap_or_default();
        let mut written = Self::default();
        let configuration = Configuration { noted: noted_folders(&root_folder), root_folder };
        if let Some(node) = root.get("configuration").and_then(|own| own.get("root_module")) {
            let folder = &configuration.root_folder;
            let module = Called { node, folder, address: String::new(), key: String::new() };
            written.read(&configuration, &module, MAX_DEPTH);
        }
        written
    }

    fn read(&mut self, configuration: &Configuration, module: &Called<'_>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let address = module.address.as_str();
        let files = files_of(module.folder);
        if files.is_empty() {
            return;
        }
        self.modules.insert(address.to_owned(), Module { address: address.to_owned(), files });
        let calls = module.node.get("module_calls").map(Node::members).unwrap_or_default();
        for (name, call) in calls {
            let name = name.name.as_str();
            let key = joined(&module.key, name);
            let source = text(call, "source").filter(|source| source.starts_with('.'));
            let folder = match (configuration.noted.get(&key), source) {
                (Some(noted), _) => configuration.root_folder.join(noted),
                (None, Some(source)) => module.folder.join(source),
                (None, None) => continue,
            };
            let address = joined(address, &format!("module.{name}"));
            if let Some(node) = call.get("module") {
                let inner = Called { node, folder: &folder, address, key };
                self.read(configuration, &inner, depth);
            }
        }
    }

    /// A module by its address.
    pub(super) fn module(&self, address: &str) -> Option<&Module> {
        self.modules.get(address)
    }
}

/// What all modules of a configuration share.
struct Configuration {
    root_folder: PathBuf,
    noted: BTreeMap<String, PathBuf>,
}

/// A module, as the plan has it.
struct Called<'c> {
    node: &'c Node,
    folder: &'c Path,
    address: String,
    /// The names of the calls that lead to it.
    key: String,
}

/// The folders of modules by the names of the calls that lead to them.
fn noted_folders(root: &Path) -> BTreeMap<String, PathBuf> {
    let path = root.join(MODULES);
    let name = name_of(&path);
    let read = read_text(&path, &name).and_then(|text| read_json_text(&name, &text));
    let Ok(read) = read else { return BTreeMap::new() };
    let all = read.get("Modules").map(Node::elements).unwrap_or_default().iter();
    all.filter_map(|own| Some((text(own, "Key")?.to_owned(), PathBuf::from(text(own, "Dir")?))))
        .collect()
}

fn files_of(folder: &Path) -> Vec<File> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "tf"));
    paths.sort();
    paths.iter().filter_map(|path| file(path)).collect()
}

/// A file; nothing when it cannot be read: no plan was made of such a one.
fn file(path: &Path) -> Option<File> {
    let name = name_of(path);
    let text = read_text(path, &name).ok().filter(|text| is_readable(text))?;
    let body = hcl_edit::parser::parse_body(&text).ok()?;
    Some(File { name, text, body })
}

/// Whether the parser can read it without going too deep.
fn is_readable(text: &str) -> bool {
    let (mut depth, mut deepest, mut choices, mut signs) = (0_usize, 0, 0, 0_usize);
    for line in text.lines().map(str::trim_start) {
        if line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        for char in line.chars() {
            match char {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                '?' => choices += 1,
                _ => {}
            }
            signs = if matches!(char, '!' | '-') { signs + 1 } else { 0 };
            deepest = deepest.max(depth).max(signs);
        }
    }
    text.len() <= MAX_BYTES && deepest <= MAX_NESTING && choices <= MAX_CHOICES
}

impl Module {
    /// The block of this kind with these labels.
    pub(super) fn block<'m>(
        &'m self,
        kind: &'m str,
        labels: &[&str],
    ) -> Option<(&'m File, &'m Block)> {
        let is_meant = |block: &&Block| {
            block.labels.len() == labels.len()
                && block.labels.iter().zip(labels).all(|(own, label)| own.as_str() == *label)
        };
        let mut found = self
            .files
            .iter()
            .filter_map(|file| Some((file, file.body.get_blocks(kind).find(is_meant)?)));
        found.next()
    }

    /// The value of `local.NAME`.
    pub(super) fn local(&self, name: &str) -> Option<(&File, &Expression)> {
        let mut found = self.files.iter().filter_map(|file| {
            let mut all = file.body.get_blocks("locals");
            let attribute = all.find_map(|block| block.body.get_attribute(name))?;
            Some((file, &attribute.value))
        });
        found.next()
    }
}

impl File {
    /// Where an expression stands.
    pub(super) fn place(&self, of: &impl Span) -> Place {
        let span = of.span().unwrap_or_default();
        Place {
            file: Arc::clone(&self.name),
            start: self.position(span.start),
            end: self.position(span.end),
        }
    }

    fn position(&self, byte: usize) -> Position {
        let before = self.text.get(..byte).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count(),
            offset: before.chars().count(),
        }
    }
}
