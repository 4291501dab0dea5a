use std::process::Command;

use crate::tree::{files, has_ending, root, text};

#[test]
fn the_suites_of_the_examples_are_sound() {
    for suite in suites() {
        let output = Command::new(env!("CARGO_BIN_EXE_assize"))
            .args(["check", suite.as_str()])
            .current_dir(root())
            .env("NO_COLOR", "1")
            .output()
            .expect("the program starts");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{suite}: {said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("sound"), "{suite}: {said}");
    }
}

#[test]
fn every_suite_of_an_example_can_be_planned_against_its_target() {
    for suite in suites() {
        let folder = suite.trim_end_matches("/suite");
        let output = Command::new(env!("CARGO_BIN_EXE_assize"))
            .args(["run", "--dry-run", "--suite", "suite", "--target-file", "assize.yaml"])
            .current_dir(root().join(folder))
            .env("NO_COLOR", "1")
            .output()
            .expect("the program starts");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{folder}: {said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains(" 0 skipped"), "{folder}: {said}");
    }
}

#[test]
fn every_yaml_file_of_an_example_tells_editors_its_schema() {
    for path in files("docs/examples").into_iter().filter(|path| has_ending(path, "yaml")) {
        let name = path.rsplit('/').next().unwrap_or_default();
        let kind = match name {
            "suite.yaml" => "suite",
            "requirements.yaml" => "requirements",
            "assize.yaml" => "targets",
            _ => "scenario",
        };
        let up = "../".repeat(path.matches('/').count() + 1);
        let wanted = format!("# yaml-language-server: $schema={up}schema/{kind}.json");
        assert_eq!(text(&format!("docs/examples/{path}")).lines().next(), Some(wanted.as_str()), "{path}");
    }
}

#[test]
fn what_the_pages_of_the_examples_show_stands_in_their_files() {
    for path in files("docs/examples").into_iter().filter(|path| path.ends_with("README.md")) {
        let folder = format!("docs/examples/{}", path.trim_end_matches("/README.md"));
        let page = text(&format!("{folder}/README.md"));
        let lines: Vec<&str> = page.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some((file, place)) = line.strip_prefix("  --> ").and_then(|place| place.split_once(".yaml:")) else {
                continue;
            };
            let wanted: usize =
                place.split(':').next().and_then(|line| line.parse().ok()).expect("a line has a number");
            let shown = lines[number + 2].split_once("| ").expect("the line is shown").1;
            assert_eq!(text(&format!("{file}.yaml")).lines().nth(wanted - 1), Some(shown), "{folder}: {line}");
        }
        for requirement in page.split(|byte: char| !byte.is_ascii_alphanumeric() && byte != '-') {
            if requirement.starts_with("WEB-") {
                assert!(text(&format!("{folder}/suite/requirements.yaml")).contains(requirement), "{requirement}");
            }
        }
    }
}

/// The folders of the suites, from the crate's.
fn suites() -> Vec<String> {
    let found: Vec<String> = files("docs/examples")
        .iter()
        .filter_map(|path| path.strip_suffix("/suite.yaml"))
        .map(|folder| format!("docs/examples/{folder}"))
        .collect();
    assert!(!found.is_empty(), "there is no example");
    found
}
