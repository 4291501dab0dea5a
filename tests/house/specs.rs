use std::collections::BTreeSet;

use assize::cli::EMBEDDED_SUITES;
use assize::sandbox::Defect;
use assize::suite::{Folder, LoadOptions, load};

use crate::tree::{files, has_ending, root, text};

#[test]
fn every_file_of_every_suite_comes_along() {
    let carried: BTreeSet<String> = EMBEDDED_SUITES
        .iter()
        .flat_map(|(name, suite)| suite.files.iter().map(move |(path, _)| on_disk(name, path)))
        .collect();
    let of = |folder: &'static str| files(folder).into_iter().map(move |path| format!("{folder}/{path}"));
    // What a run left to be looked at is no part of a suite.
    let there: BTreeSet<String> =
        of("snapshots").chain(of("specs")).filter(|path| !path.ends_with(".snap.new")).collect();
    let odd: Vec<&String> = carried.symmetric_difference(&there).collect();
    assert!(odd.is_empty(), "only in src/cli/embedded.rs, or only in specs/ and snapshots/: {odd:#?}");
}

#[test]
fn what_comes_along_is_what_stands_in_the_folder() {
    for (name, suite) in EMBEDDED_SUITES {
        for (path, bytes) in suite.files {
            let path = on_disk(name, path);
            let there = std::fs::read(root().join(&path)).expect("it is listed");
            assert!(there == *bytes, "{path} is not the file that comes along");
        }
    }
}

/// Where a file of a suite lies: snapshots beside all suites.
fn on_disk(suite: &str, path: &str) -> String {
    match path.strip_prefix("snapshots/") {
        Some(file) => format!("snapshots/{suite}/{file}"),
        None => format!("specs/{suite}/{path}"),
    }
}

#[test]
fn suites_hold_yaml_json_and_their_source_only() {
    let others: Vec<String> = files("specs")
        .into_iter()
        .filter(|path| !has_ending(path, "yaml") && !has_ending(path, "json") && path != "cxone/seed-faq.txt")
        .collect();
    assert_eq!(others, Vec::<String>::new());
}

#[test]
fn every_yaml_file_tells_editors_its_schema() {
    for path in files("specs").into_iter().filter(|path| has_ending(path, "yaml")) {
        let up = "../".repeat(path.matches('/').count() + 1);
        let schema = match crate::schemas::kind_of(&path) {
            Some(kind) => format!("{up}docs/schema/{}.json", kind.as_str()),
            None => "https://spec.openapis.org/oas/3.1/schema/2022-10-07".to_owned(),
        };
        let wanted = format!("# yaml-language-server: $schema={schema}");
        assert_eq!(text(&format!("specs/{path}")).lines().next(), Some(wanted.as_str()), "specs/{path}");
    }
}

#[test]
fn the_contract_says_what_must_notice_every_defect_of_the_tenant() {
    let loaded = load(&Folder::open(&root().join("specs/cxone")).unwrap(), &LoadOptions::default()).unwrap();
    let mut said: Vec<&str> = loaded.suite.defects.iter().map(|entry| entry.name.as_str()).collect();
    let mut known: Vec<&str> = Defect::ALL.iter().map(|defect| defect.name()).collect();
    said.sort_unstable();
    known.sort_unstable();
    assert_eq!(said, known, "specs/cxone/defects.yaml names the defects of `assize sandbox --defect list`");
}
