use super::tree::{Tree, operator};

pub(super) const SUITE: &str = include_str!("good/suite.yaml");
pub(super) const REQUIREMENTS: &str = include_str!("good/requirements.yaml");
pub(super) const TARGETS: &str = include_str!("good/targets.yaml");
pub(super) const ASSIZE: &str = include_str!("good/assize.yaml");
pub(super) const FLOW: &str = include_str!("good/flows.yaml");
pub(super) const SCENARIO: &str = include_str!("good/scenarios.yaml");

#[test]
fn a_whole_suite_is_read_and_nothing_is_said_of_it() {
    let suite = Tree::of(&[
        ("faq.txt", include_str!("good/faq.txt")),
        ("flows/all.yaml", FLOW),
        ("requirements.yaml", REQUIREMENTS),
        ("scenarios/all.yaml", SCENARIO),
        ("schemas/error.json", include_str!("good/error.json")),
        ("schemas/event.json", include_str!("good/event.json")),
        ("schemas/next-event.json", include_str!("good/next-event.json")),
        ("schemas/report-job-started.json", include_str!("good/report-job-started.json")),
        ("schemas/report-job.json", include_str!("good/report-job.json")),
        ("schemas/token-answer.json", include_str!("good/token-answer.json")),
        ("suite.yaml", SUITE),
        ("targets.yaml", TARGETS),
    ])
    .good();
    let ids: Vec<&str> = suite.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
    assert_eq!(ids, ["session.start-twice", "general.report-job"]);
    assert_eq!(suite.flows.keys().collect::<Vec<_>>(), ["see-state", "start-session"]);
    assert_eq!(suite.manifest.len(), 12);
    let [sandbox] = suite.targets.as_slice() else { panic!("{:?}", suite.targets) };
    assert!(sandbox.default && sandbox.embedded);
    assert_eq!(sandbox.variants["legacy"].identities["agent"].users.len(), 2);
}

#[test]
fn the_file_of_an_operator_is_read_and_nothing_is_said_of_it() {
    let (targets, drawn) = operator(ASSIZE);
    assert_eq!((drawn.as_str(), targets.len()), ("", 1));
}
