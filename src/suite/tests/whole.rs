use super::tree::Tree;
use crate::suite::SuiteKind;

const STEP: &str = "steps: [{ request: GET /, expect: 200 }]\n";

fn scenario(rest: &str) -> String {
    format!("scenario: It works\n{rest}{STEP}")
}

#[test]
fn all_problems_of_all_files_are_told_at_once() {
    let tree = Tree::of(&[
        ("suite.yaml", b"suit: a\n".as_slice()),
        ("requirements.yaml", b"catalogue: a\n"),
        ("targets.yaml", b"targets: [\n"),
        ("flows/a.yaml", b"flow: a\nstep: []\n"),
        ("scenarios/a.yaml", b"scenario: \xff\n"),
        ("scenarios/b.yaml", b""),
        ("scenarios/c.yaml", b"- 1\n"),
        ("scenarios/d.yaml", b"scenario: x\nstesp: []\n"),
    ]);
    insta::assert_snapshot!(tree.problems());
}

#[test]
fn two_of_a_name_are_told_with_both_places() {
    let tree = Tree::of(&[
        ("suite.yaml", "suite: a\n".to_owned()),
        ("suite.yml", "suite: a\n".to_owned()),
        ("flows/a.yaml", format!("flow: go\n{STEP}---\nflow: go\n{STEP}")),
        ("scenarios/a.yaml", scenario("id: one\n")),
        ("scenarios/b.yaml", scenario("id: one\n")),
        ("scenarios/one.yaml", scenario("")),
    ]);
    insta::assert_snapshot!(tree.problems());
}

#[test]
fn a_file_that_nothing_reads_is_told() {
    let tree = Tree::of(&[
        ("suite.yaml", "suite: a\n".to_owned()),
        ("login.yaml", scenario("")),
        ("scenario/a.yaml", scenario("")),
        ("assize.yaml", String::new()),
        ("README.md", String::new()),
    ]);
    insta::assert_snapshot!(tree.problems());
}

#[test]
fn a_must_that_only_advice_stands_for_is_told() {
    let tree = Tree::of(&[
        ("suite.yaml", "suite: a\n"),
        (
            "requirements.yaml",
            "catalogue: a\nrequirements:\n  - { id: A-1, level: MUST, actor: server, text: x, source: { section: x, basis: stated } }\n  - { id: A-2, level: SHOULD, actor: server, text: x, source: { section: x, basis: stated } }\n  - { id: A-3, level: MUST, actor: server, text: x, source: { section: x, basis: stated } }\n",
        ),
        (
            "scenarios/a.yaml",
            "scenario: x\nverifies: [A-1, A-2, A-3]\nsteps:\n  - { request: GET /, given: 200, verifies: [A-1] }\n  - { request: GET /, should: 200, verifies: [A-1, A-2] }\n  - { use: check, verifies: [A-3] }\n",
        ),
        ("flows/check.yaml", "flow: check\nsteps: [{ request: GET /, expect: 200 }]\n"),
    ]);
    insta::assert_snapshot!(tree.problems());
}

#[test]
fn a_single_file_is_a_bare_suite() {
    let text = format!("{}---\n{}", scenario(""), scenario("id: second\n"));
    let suite = Tree::of(&[("hello.yaml", text)]).good();
    assert_eq!((suite.kind, suite.name.as_str()), (SuiteKind::Bare, "hello"));
    let ids: Vec<&str> = suite.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
    assert_eq!(ids, ["hello.1", "second"]);
}

#[test]
fn ids_come_from_paths_and_the_digest_from_every_byte() {
    let files = |title: &str| {
        Tree::of(&[
            ("suite.yaml", format!("suite: a\ntitle: {title}\n")),
            ("scenarios/auth/again.yaml", scenario("")),
            ("schemas/error.json", r#"{ "type": "object" }"#.to_owned()),
        ])
        .good()
    };
    let (one, other) = (files("one"), files("two"));
    assert_eq!(one.scenarios[0].id, "auth.again");
    let paths: Vec<&str> = one.manifest.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["scenarios/auth/again.yaml", "schemas/error.json", "suite.yaml"]);
    assert_eq!(one.sha256.len(), 64);
    assert_ne!(one.sha256, other.sha256);
    assert_eq!(one.sha256, files("one").sha256);
}

#[test]
fn a_file_over_the_limit_is_told_by_its_name() {
    let tree = Tree::of(&[("a.yaml", vec![b'#'; 1024 * 1024 + 1])]);
    insta::assert_snapshot!(tree.problems());
}
