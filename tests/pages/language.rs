use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::blocks::blocks;

const PAGE: &str = include_str!("../../docs/language.md");
/// Schemas that the suite of the page refers to and has no need to show.
const SCHEMAS: [&str; 3] = ["error", "booking", "run"];

#[test]
fn the_suite_of_the_page_is_sound() {
    let folder = suite();
    let output = assize(&["check", "bookings"], folder.path());
    assert!(output.status.success() && err(&output).is_empty(), "{}{}", out(&output), err(&output));
}

#[test]
fn the_suite_of_the_page_can_be_put_to_each_of_its_targets() {
    let folder = suite();
    for target in ["staging", "fresh"] {
        let output = assize(&["run", "--dry-run", "--suite", "bookings", "--target", target], folder.path());
        assert!(output.status.success(), "{target}: {}{}", out(&output), err(&output));
    }
}

#[test]
fn a_bare_file_of_the_page_is_a_suite() {
    let bare = blocks(PAGE).into_iter().find(|block| block.kind == ["yaml", "bare"]).expect("the page has one");
    let folder = tempfile::tempdir().expect("a folder of its own");
    write(folder.path(), "hello.yaml", &bare.text);
    for arguments in
        [&["check", "hello.yaml"][..], &["run", "--dry-run", "hello.yaml", "--base-url", "https://api.example.com"]]
    {
        let output = assize(arguments, folder.path());
        assert!(output.status.success(), "{}{}", out(&output), err(&output));
    }
}

#[test]
fn what_the_page_says_is_refused_is_refused_for_that_reason() {
    let folder = suite();
    let mut tried = 0;
    for block in blocks(PAGE) {
        let ["yaml", "refused", code] = block.kind.as_slice() else { continue };
        write(folder.path(), "bookings/scenarios/refused.yaml", &scenario(&block.text, 0));
        let output = assize(&["check", "bookings", "--format", "json"], folder.path());
        let told: Value = serde_json::from_str(&out(&output)).expect("JSON");
        let problems = told["problems"].as_array().expect("a list");
        let codes: BTreeSet<&str> = problems
            .iter()
            .filter(|problem| problem["severity"] == "error")
            .filter_map(|problem| problem["code"].as_str())
            .collect();
        assert_eq!(codes, BTreeSet::from([*code]), "{}\n{told:#}", block.text);
        tried += 1;
    }
    assert!(tried >= 5, "the page has lost what is refused");
}

#[test]
fn the_page_names_every_key_check_and_matcher() {
    let folder = tempfile::tempdir().expect("a folder of its own");
    let mut keys = BTreeSet::new();
    for kind in ["suite", "requirements", "targets", "scenario", "flow", "waivers"] {
        let output = assize(&["schema", kind], folder.path());
        take_keys(&serde_json::from_str(&out(&output)).expect("JSON"), &mut keys);
    }
    let listed = out(&assize(&["explain"], folder.path()));
    let words = listed.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    keys.extend(words.map(str::to_owned));
    assert!(keys.len() > 100, "{keys:?}");
    let named: BTreeSet<&str> =
        PAGE.split(|sign: char| !sign.is_ascii_alphanumeric() && !"_-".contains(sign)).collect();
    let missing: Vec<&String> = keys.iter().filter(|key| !named.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "docs/language.md does not name {missing:?}");
}

/// The suite that the page shows, below `bookings`, and the file of targets beside it.
fn suite() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder of its own");
    for name in SCHEMAS {
        write(folder.path(), &format!("bookings/schemas/{name}.json"), "{ \"type\": \"object\" }");
    }
    for (number, block) in blocks(PAGE).into_iter().enumerate() {
        match block.kind.as_slice() {
            ["yaml", "scenario" | "steps"] => {
                let path = format!("bookings/scenarios/block-{number}.yaml");
                write(folder.path(), &path, &scenario(&block.text, number));
            }
            ["yaml", "bare"] | ["yaml", "refused", _] => {}
            ["yaml", "assize.yaml"] => write(folder.path(), "assize.yaml", &block.text),
            ["yaml", path] => write(folder.path(), &format!("bookings/{path}"), &block.text),
            kind => panic!("the page has a block of an unknown kind: {kind:?}"),
        }
    }
    folder
}

/// The scenario that a block is, or that its steps make.
fn scenario(text: &str, number: usize) -> String {
    if text.starts_with("- ") {
        format!("scenario: Block {number} of the page\nverifies: [BK-003]\nas: guest\nsteps:\n{text}")
    } else {
        text.to_owned()
    }
}

/// All keys of a schema of files.
fn take_keys(schema: &Value, keys: &mut BTreeSet<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        keys.extend(properties.keys().cloned());
    }
    match schema {
        Value::Object(members) => members.values().for_each(|member| take_keys(member, keys)),
        Value::Array(items) => items.iter().for_each(|item| take_keys(item, keys)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("it can be made");
    std::fs::write(path, text).expect("it can be written");
}

fn assize(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    // Where a target takes its secrets from; nothing is sent.
    for name in ["DESK_ID", "DESK_SECRET", "DESK_KEY", "DESK_REFRESH", "CLIENT_SECRET", "ANN", "BOB", "EVE"] {
        command.env(name, format!("not-a-secret-{name}"));
    }
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).env("NO_COLOR", "1");
    command.output().expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
