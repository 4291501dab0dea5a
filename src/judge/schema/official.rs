//! The official test suite of draft 2020-12 (`tests/json-schema/`), put to the very code that judges an answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use jsonschema::{Draft, Registry};

use crate::diag::{Diagnostics, Severity, Sources};
use crate::value::Json;

use super::compiled::Verdict;
use super::contradiction::contradictions;
use super::described::Described;
use super::lint::{Found, Lint};
use super::origin::Origin;
use super::schemas::{Refuse, options};
use super::{Schema, SchemaFile, Schemas};

/// A file beside the vendored suite.
fn text(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/json-schema").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn lines(name: &str) -> Vec<Json> {
    text(name).lines().map(|line| Json::parse(line.as_bytes()).expect("the suite is JSON")).collect()
}

fn of<'j>(json: &'j Json, key: &str) -> &'j str {
    json.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// A schema of the suite, as our own load reads it; the problems where it does not.
fn loaded(schema: &Json) -> (Option<std::sync::Arc<Schema>>, Vec<(bool, String)>) {
    let (mut sources, mut out) = (Sources::default(), Diagnostics::new());
    let text = schema.to_string();
    let source = sources.add("schemas/official.json", text.as_str());
    let schemas =
        Schemas::load([SchemaFile { name: "official", text: &text, source, path: "schemas/official.json" }], &mut out);
    let told = out.into_sorted().into_iter();
    let told = told.map(|it| (it.severity == Severity::Error, format!("{}: {}", it.code, it.message))).collect();
    (schemas.get("official").cloned(), told)
}

/// The same compiler without what our own load refuses: identifiers, anchors, references by address.
fn compiled(schema: &Json, remotes: &[Json]) -> Result<Schema, String> {
    let (mut sources, mut out, known) = (Sources::default(), Diagnostics::new(), BTreeSet::new());
    let text = schema.to_string();
    let origin = Origin::File { text: &text, source: sources.add("schemas/official.json", text.as_str()) };
    let mut lint = Lint { name: "", origin, known: &known, out: &mut out, found: Found::default() };
    lint.run(schema);
    let compares_numbers = lint.found.compares_numbers || text.contains("$ref");
    let mut builder = Registry::new().draft(Draft::Draft202012).retriever(Refuse);
    for remote in remotes {
        let value = remote.get("schema").expect("each has one").to_view().value;
        builder = builder.add(of(remote, "uri"), value).map_err(|error| error.to_string())?;
    }
    let registry = builder.prepare().map_err(|error| error.to_string())?;
    let value = schema.to_view().value;
    let validator = options().with_registry(&registry).build(&value).map_err(|error| error.to_string())?;
    Ok(Schema { validator, compares_numbers, allows_everything: false, row: 64, described: Described::default() })
}

/// What we say of every test, as far as it is not what the suite says.
fn disagreements() -> BTreeSet<String> {
    let remotes = lines("remotes.ndjson");
    let mut found = BTreeSet::new();
    for case in lines("draft2020-12.ndjson") {
        let group = case.get("group").expect("each has one");
        let schema = group.get("schema").expect("each has one");
        let name = format!("{} | {}", of(&case, "file"), of(group, "description"));
        let ours = match loaded(schema).0 {
            Some(schema) => Ok(schema),
            None => compiled(schema, &remotes).map(std::sync::Arc::new),
        };
        let is_impossible = contradictions(schema).iter().any(|doubt| doubt.message.starts_with("no value"));
        for test in group.get("tests").and_then(Json::as_array).unwrap_or_default() {
            let data = test.get("data").expect("each has one");
            let valid = test.get("valid").and_then(Json::as_bool).expect("each has one");
            assert!(!(is_impossible && valid), "{name}: called impossible, and is not: {data}");
            let says = match &ours {
                Err(_) => "refused",
                Ok(schema) => match schema.judge(data, &data.to_view()) {
                    Verdict::Follows => "valid",
                    Verdict::Violates(_) => "invalid",
                    Verdict::Inexact(_) => "inexact-number",
                    Verdict::Opaque(_) => "opaque-value",
                    Verdict::TooDeep => "too deep",
                },
            };
            if says != if valid { "valid" } else { "invalid" } {
                found.insert(format!("{name} | {} | {says}", of(test, "description")));
            }
        }
    }
    found
}

#[test]
fn the_official_verdicts_are_ours_but_for_a_list_with_reasons() {
    // Paragraphs: first the reason, after `# `, then what it explains.
    let listed = text("disagreements.txt");
    let mut expected = BTreeMap::new();
    let mut reason = String::new();
    for line in listed.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("# ") {
            Some(why) => reason = why.to_owned(),
            None => assert_eq!(expected.insert(line.to_owned(), reason.clone()), None, "{line} is there twice"),
        }
    }
    assert!(expected.values().all(|reason| !reason.is_empty()), "a reason stands above every list");
    let found = disagreements();
    let expected: BTreeSet<String> = expected.into_keys().collect();
    let mut told = String::new();
    for new in found.difference(&expected) {
        writeln!(told, "not listed: {new}").expect("a String takes everything");
    }
    for gone in expected.difference(&found) {
        writeln!(told, "listed, and agrees: {gone}").expect("a String takes everything");
    }
    assert!(told.is_empty(), "tests/json-schema/disagreements.txt:\n{told}");
}

/// What an author may not write, though the draft allows it; the verdicts on these were reached by [`compiled`].
#[test]
fn the_schemas_that_our_load_refuses_are_listed() {
    let mut told = String::new();
    for case in lines("draft2020-12.ndjson") {
        let group = case.get("group").expect("each has one");
        let (schema, problems) = loaded(group.get("schema").expect("each has one"));
        let reason = problems.into_iter().find(|(is_error, _)| *is_error).map(|(_, told)| told);
        if schema.is_none() {
            let reason = reason.expect("what is refused has a reason");
            writeln!(told, "{} | {}\n    {reason}", of(&case, "file"), of(group, "description"))
                .expect("a String takes everything");
        }
    }
    insta::assert_snapshot!(told);
}
