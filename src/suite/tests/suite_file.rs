use std::time::Duration;

use super::tree::{Tree, table};
use crate::suite::SuiteKind;

fn problems(text: &str) -> String {
    Tree::of(&[("suite.yaml", text)]).problems()
}

#[test]
fn what_is_wrong_with_suite_yaml_is_told() {
    let cases = [
        ("unknown keys", "suite: a\nverison: 1.0.0\nsecrets: []\nzzz: 1\n"),
        ("no name", "title: x\n"),
        ("a bad name", "suite: My Suite\n"),
        ("a name that is a number", "suite: 5\n"),
        ("a list", "- suite: a\n"),
        ("a newer language, of which only that is told", "suite: a\nassize: 2\nwhatever: [x]\n"),
        ("a language that is no number", "suite: a\nassize: one\n"),
        ("empty", "# nothing\n"),
        ("two documents", "suite: a\n---\nsuite: b\n"),
        ("variants", "suite: a\nvariants: { Open ID: x, legacy: [x] }\n"),
        ("variants in a list", "suite: a\nvariants: [openid]\n"),
        (
            "what is provided",
            "suite: a\nvariants: { openid: x }\nprovides:\n  identities: { agent: { text: x, users: -1, variants: [openld] }, bob: { users: 1 } }\n  variables: { station: { text: x, needs: [clok] }, case: x, two words: x, n: 5 }\n  endpoints: { agent: x }\n  features: { clock: x }\n  stuff: {}\n",
        ),
        ("no variants at all", "suite: a\nprovides: { variables: { v: { text: x, variants: [openid] } } }\n"),
        (
            "defaults",
            "suite: a\ndefaults: { headers: { a b: x, accept: [x], x: $(nothing), y: $(, z: 1 }, deadline: 15, retries: 2 }\n",
        ),
        ("a deadline without a unit", "suite: a\ndefaults: { deadline: soon }\n"),
        ("paths", "suite: a\nvolatile: [$..id, '$.a[', id, { a: b }]\nsecret: $..token\n"),
        ("checks", "suite: a\nchecks: { Bad Name: { status: 200 } }\n"),
    ];
    insta::assert_snapshot!(table(&cases, problems));
}

#[test]
fn every_key_of_suite_yaml_is_read() {
    let text = r#"
suite: cxone
version: 1.0
title: Sessions
variants: { openid: current sign-in, legacy: first generation }
provides:
  identities:
    agent: { text: users, users: 2 }
    application: { text: an application, variants: [legacy] }
    machine: a client
  endpoints: { issuer: { text: where discovery is, variants: [openid] } }
  variables: { station: a number, report: { text: an id, needs: [reports] } }
  features: { clock: it moves, reports: they run }
defaults: { headers: { accept: "*/*", x-station: $(station) }, deadline: 15s }
checks: { none: { status: 304 } }
volatile: [$..sessionId]
secret: $..token
assize: 1
"#;
    let suite = Tree::of(&[("suite.yaml", text)]).good();
    assert_eq!((suite.name.as_str(), suite.version.as_str(), suite.kind), ("cxone", "1.0", SuiteKind::Folder));
    assert_eq!(suite.variants.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["openid", "legacy"]);
    assert_eq!(suite.provides.identities["agent"].users, 2);
    assert_eq!(suite.provides.identities["machine"].text, "a client");
    assert_eq!(suite.provides.identities["application"].variants.as_deref(), Some(&["legacy".to_owned()][..]));
    assert_eq!(suite.provides.variables["report"].needs, ["reports"]);
    assert_eq!(suite.provides.features.len(), 2);
    assert_eq!(suite.defaults.deadline, Duration::from_secs(15));
    assert_eq!(suite.defaults.headers["x-station"].text(), "$(station)");
    assert!(suite.sets.contains_key("none"));
    assert_eq!(suite.secret[0].text(), "$..token");
}
