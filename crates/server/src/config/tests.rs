//! What is said where, which one holds, what is told when something is wrong, and that no secret is shown.

use std::path::Path;

use serde_json::{Value, json};

use super::{Config, FLAGS, File, Given, Loaded, Origin, load, schema};

fn given(pairs: &[(&str, &str)]) -> Vec<Given> {
    let one = |(name, value): &(&str, &str)| Given { name: (*name).into(), value: (*value).into() };
    pairs.iter().map(one).collect()
}

fn loaded(
    text: &str,
    variables: &[(&str, &str)],
    flags: &[(&str, &str)],
) -> Result<Loaded, String> {
    let file = Some(File { name: "a.toml", text });
    load(file, &given(variables), &given(flags)).map_err(|error| error.to_string())
}

fn file(line: usize) -> Origin {
    Origin::File { file: "a.toml".into(), line }
}

#[test]
fn flags_go_over_variables_and_these_over_the_file() {
    let text = "[serve]\nlisten = \"127.0.0.1:1\"\nregion = \"eu-west-1\"\n\n[limits]\nmax_body_bytes = 7\n";
    let variables = [
        ("RINGFENCE_LISTEN", "127.0.0.1:3"),
        ("RINGFENCE_SERVE__LISTEN", "127.0.0.1:2"),
        ("RINGFENCE_LIMITS__REQUESTS_PER_SECOND", "12"),
        ("RINGFENCE_PYTHON", "not ours"),
    ];
    let own = loaded(text, &variables, &[]).unwrap();
    assert_eq!(own.config.serve.listen.port(), 3);
    assert_eq!(own.origin("serve.listen"), Origin::Variable("RINGFENCE_LISTEN".into()));
    assert_eq!(own.config.limits.requests_per_second, 12);
    assert_eq!(own.config.limits.max_body_bytes, 7);
    assert_eq!(own.origin("limits.max_body_bytes"), file(6));
    assert_eq!(own.config.serve.region, "eu-west-1");
    assert_eq!(own.origin("serve.region"), file(3));
    assert_eq!(own.origin("log.format"), Origin::Default);
    let own = loaded(text, &variables, &[("listen", "127.0.0.1:4"), ("allow_plaintext", "true")]);
    let own = own.unwrap();
    assert_eq!((own.config.serve.listen.port(), own.config.tls.allow_plaintext), (4, true));
    assert_eq!(own.origin("serve.listen"), Origin::Flag("--listen".into()));
}

#[test]
fn a_text_of_digits_is_a_text_where_a_text_is_expected() {
    let variables = [("RINGFENCE_REGION", "1"), ("RINGFENCE_SCAN_INTERVAL", "60")];
    let own = loaded("", &variables, &[]).unwrap().config;
    assert_eq!((own.serve.region.as_str(), own.source.scan_interval_seconds), ("1", 60));
}

#[test]
fn what_is_not_known_or_of_another_type_is_named_with_its_place() {
    let refused = |text: &str, variables: &[(&str, &str)], flags: &[(&str, &str)]| {
        loaded(text, variables, flags).unwrap_err()
    };
    for (error, parts) in [
        (refused("[serve]\nlisen = 1\n", &[], &[]), ["a.toml:2: `serve.lisen`", "`listen`"]),
        (refused("[sevre]\n", &[], &[]), ["a.toml:1: `sevre`", "`serve`"]),
        (
            refused("[limits]\n\nmax_body_bytes = \"many\"\n", &[], &[]),
            ["a.toml:3: `limits.max_body_bytes`", "expected usize"],
        ),
        (refused("[serve]\nlisten = 1 2\n", &[], &[]), ["a.toml:2: ", "expected"]),
        (
            refused("", &[("RINGFENCE_LOG__FORM", "text")], &[]),
            ["RINGFENCE_LOG__FORM: `log.form`", "`format`"],
        ),
        (
            refused("", &[("RINGFENCE_SCAN_INTERVAL", "daily")], &[]),
            ["RINGFENCE_SCAN_INTERVAL: `source.scan_interval_seconds`", "expected u64"],
        ),
        (refused("", &[], &[("partition", "moon")]), ["--partition: `serve.partition`", "aws-cn"]),
        (
            refused("", &[("RINGFENCE_BROAD_ARCHIVE_RULES", "on")], &[]),
            ["RINGFENCE_BROAD_ARCHIVE_RULES: `archive_rules.broad`", "`enforce`"],
        ),
    ] {
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
}

#[test]
fn no_secret_is_shown() {
    let text = "[data]\nencryption_key = \"hush-key\"\ndatabase = \"postgres://u:hush-pass@h:5/d?password=hush-q\"\n";
    let own = loaded(text, &[], &[]).unwrap();
    let all = format!("{:?} {}", own, serde_json::to_string(&own.shown()).unwrap());
    assert!(!all.contains("hush"), "{all}");
    assert!(all.contains("postgres://u:(secret)@h:5/d"), "{all}");
    for wrong in ["encryption_key = [\"hush\"]", "database = { hush = \"hush-pass\" }"] {
        let error = loaded(&format!("[data]\n{wrong}\n"), &[], &[]).unwrap_err();
        assert!(!error.contains("hush") && error.starts_with("a.toml:2: `data."), "{error}");
    }
    let error = loaded("", &[("RINGFENCE_DATABASE", "mysql://u:hush@h/d")], &[]).unwrap_err();
    assert!(!error.contains("hush") && error.contains("postgres://"), "{error}");
}

#[test]
fn every_named_key_exists() {
    let values = serde_json::to_value(Config::default()).unwrap();
    for flag in FLAGS {
        let pointer = format!("/{}", flag.key.replace('.', "/"));
        assert!(values.pointer(&pointer).is_some(), "{}", flag.key);
    }
}

/// `docs/schemas/config.schema.json` and the table of `docs/configuration.md` are written from the types.
/// `UPDATE_EXPECT=1` writes them.
#[test]
fn the_reference_is_what_the_types_say() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let update = std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1");
    let schema_file = docs.join("schemas/config.schema.json");
    let page_file = docs.join("configuration.md");
    let own_schema = format!("{:#}\n", schema());
    let page = std::fs::read_to_string(&page_file).unwrap();
    let (head, rest) = page.split_once("<!-- keys -->\n").unwrap();
    let (_, tail) = rest.split_once("<!-- end of keys -->\n").unwrap();
    let own_page = format!("{head}<!-- keys -->\n{}<!-- end of keys -->\n{tail}", table());
    if update {
        std::fs::write(&schema_file, &own_schema).unwrap();
        std::fs::write(&page_file, &own_page).unwrap();
    }
    let is = |path: &Path, own: &str| std::fs::read_to_string(path).is_ok_and(|text| text == own);
    assert!(
        is(&schema_file, &own_schema),
        "UPDATE_EXPECT=1 writes docs/schemas/config.schema.json"
    );
    assert!(is(&page_file, &own_page), "UPDATE_EXPECT=1 writes the table of docs/configuration.md");
}

#[test]
fn the_example_can_be_used() {
    let path = "../../docs/schemas/examples/config.toml";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(path).unwrap();
    loaded(&text, &[], &[]).unwrap();
}

/// A table of keys for each section, from the schema and the default values.
fn table() -> String {
    let (schema, defaults) = (schema(), serde_json::to_value(Config::default()).unwrap());
    let mut text = String::new();
    for (section, reference) in schema["properties"].as_object().unwrap() {
        let definition = resolved(&schema, reference);
        text.push_str(&format!("\n## `[{section}]`\n\n{}\n", one_line(&definition["description"])));
        let Some(keys) = definition["properties"].as_object() else { continue };
        text.push_str("\n| Key | Without it | What it is | Flag, variable |\n|---|---|---|---|\n");
        for (key, own) in keys {
            let name = format!("{section}.{key}");
            let flag = FLAGS.iter().find(|flag| flag.key == name);
            let flags =
                flag.and_then(|own| own.flag).map(|own| format!("`--{}`", own.replace('_', "-")));
            let variables = flag.and_then(|own| own.variable).map(|own| format!("`{own}`"));
            let names: Vec<String> = flags.into_iter().chain(variables).collect();
            let default = match &defaults[section][key] {
                Value::Null => "–".to_owned(),
                value => format!("`{value}`"),
            };
            let what = one_line(&own["description"]);
            text.push_str(&format!("| `{key}` | {default} | {what} | {} |\n", names.join(", ")));
        }
    }
    text.push('\n');
    text
}

fn resolved<'s>(schema: &'s Value, reference: &'s Value) -> &'s Value {
    let name = reference["$ref"].as_str().and_then(|own| own.strip_prefix("#/$defs/"));
    name.map_or(reference, |name| &schema["$defs"][name])
}

fn one_line(description: &Value) -> String {
    description.as_str().unwrap_or_default().replace('\n', " ").replace('|', "\\|")
}

#[test]
fn shows_each_key_with_its_origin() {
    let shown = loaded("[limits]\nmax_body_bytes = 7\n", &[], &[]).unwrap().shown();
    let shown = serde_json::to_value(shown).unwrap();
    let own = |key: &str| shown.as_array().unwrap().iter().find(|own| own["key"] == key).cloned();
    let origin = json!({ "kind": "file", "file": "a.toml", "line": 2 });
    let expected = json!({ "key": "limits.max_body_bytes", "value": 7, "origin": origin });
    assert_eq!(own("limits.max_body_bytes"), Some(expected));
    assert_eq!(own("log.format").unwrap()["origin"], json!({ "kind": "default" }));
}
