use super::tree::{Tree, table};
use crate::event::{Level, RequirementId};
use crate::suite::{Actor, Basis};

const SUITE: &str = "suite: a\nvariants: { openid: x, legacy: y }\n";
const FAQ: &str = "FAQ\r\n\r\nHow  do I start?\r\nBy the door.\r\nWhy 409?\r\nBecause.\r\nWhy 409?\r\n";
const FAQ_SHA256: &str = "8776af0340a4c8a0fbad263b1d78bb5513c61b957839359a1cbc1589832137a8";

fn tree(requirements: &str) -> Tree {
    Tree::of(&[("suite.yaml", SUITE), ("requirements.yaml", requirements), ("faq.txt", FAQ)])
}

#[test]
fn what_is_wrong_with_requirements_is_told() {
    let cases = [
        ("unknown keys", "catalogue: a\nrequirments: []\n"),
        ("no list", "catalogue: a\nrequirements: { id: x }\n"),
        (
            "words that are none",
            "catalogue: a\nrequirements:\n  - { id: A-1, level: must, actor: servre, text: x, source: { section: 1, basis: said } }\n",
        ),
        ("missing keys", "catalogue: a\nrequirements:\n  - { id: A-1 }\n  - { level: MUST }\n  - text\n"),
        (
            "places that are none",
            "catalogue: a\nsource: { document: x, questions: { Q1: A? } }\nrequirements:\n  - { id: A-1, level: MAY, actor: client, text: x, source: { question: Q2, basis: stated }, variants: [opnid], conflicts_with: [A-3] }\n  - { id: A-2, level: MAY, actor: client, text: x, source: { question: Q1, section: x, basis: stated } }\n  - { id: A-2, level: MAY, actor: client, text: x, source: { question: Q1, basis: stated } }\n  - { id: 5 A, level: MAY, actor: client, text: x, source: { basis: stated } }\n",
        ),
        (
            "a question without an entry",
            "catalogue: a\nsource: { document: x, questions: { Q1: A?, Q2: B? } }\nrequirements: [{ id: A-1, level: MAY, actor: client, text: x, source: { question: Q1, basis: stated } }]\n",
        ),
        (
            "a document that has changed, and questions that are not in it",
            "catalogue: a\nsource:\n  document: faq.txt\n  sha256: 0000000000000000000000000000000000000000000000000000000000000000\n  questions:\n    Q2: Why 409?\n    Q1: How do I start?\n    Q3: Why 410?\nrequirements:\n  - { id: A-1, level: MAY, actor: client, text: x, source: { question: Q1, basis: stated } }\n  - { id: A-2, level: MAY, actor: client, text: x, source: { question: Q2, basis: stated } }\n  - { id: A-3, level: MAY, actor: client, text: x, source: { question: Q3, basis: stated } }\n",
        ),
        ("a digest that is none", "catalogue: a\nsource: { document: A book, sha256: abc }\nrequirements: []\n"),
        (
            "nothing verifies it",
            "catalogue: a\nrequirements:\n  - { id: A-1, level: MUST, actor: server, text: x, source: { section: x, basis: stated } }\n  - { id: A-2, level: MUST, actor: both, text: x, source: { section: x, basis: stated } }\n  - { id: A-3, level: MUST, actor: server, text: x, source: { section: x, basis: stated }, untestable: why }\n",
        ),
    ];
    insta::assert_snapshot!(table(&cases, |text| tree(text).problems()));
}

#[test]
fn every_key_of_requirements_is_read() {
    let text = format!(
        r#"
catalogue: faq
source:
  document: faq.txt
  sha256: {FAQ_SHA256}
  retrieved: 2026-11-22
  questions: {{ Q1: "How do I start?", Q2: Why 409?, Q3: Why 409? }}
requirements:
  - {{ id: A-1, level: INFO, actor: client, text: It starts., source: {{ question: Q1, basis: stated }}, untestable: words }}
  - id: A-2
    level: MUST
    actor: server
    variants: [legacy]
    text: It is refused.
    source: {{ question: Q2, basis: implied }}
    disputed: another reading
    conflicts_with: [A-3]
    untestable: for this test
  - {{ id: A-3, level: SHOULD, actor: client, text: It waits., source: {{ question: Q3, basis: reference }} }}
"#
    );
    let suite = tree(&text).good();
    let catalogue = &suite.catalogue;
    assert_eq!((catalogue.name.as_str(), catalogue.document.as_deref()), ("faq", Some("faq.txt")));
    assert_eq!(catalogue.questions.len(), 3);
    let second = catalogue.get(&RequirementId::new("A-2")).expect("it was read");
    assert_eq!((second.level, second.actor, second.source.basis), (Level::Must, Actor::Server, Basis::Implied));
    assert_eq!(second.variants.as_deref(), Some(&["legacy".to_owned()][..]));
    assert_eq!(second.conflicts_with, [RequirementId::new("A-3")]);
    let files: Vec<&str> = suite.manifest.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(files, ["faq.txt", "requirements.yaml", "suite.yaml"]);
}

#[test]
fn a_question_that_the_list_leaves_out_is_told() {
    let text = "catalogue: a\nsource: { document: faq.txt, questions: { Q1: How do I start? } }\nrequirements: [{ id: A-1, level: MAY, actor: client, text: x, source: { question: Q1, basis: stated } }]\n";
    insta::assert_snapshot!(tree(text).problems());
}
