//! Checks that are taken out of the contract: the proof by a recorded run names what nobody notices then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use assize::diag::{Sources, Span};
use assize::event::{Event, LogReader, Stamped};
use assize::prove::survey;
use assize::suite::yaml::{Limits, read};
use assize::suite::{Folder, LoadOptions, Suite, load};
use assize::trial::Rehearsal;
use assize::value::Node;

use crate::bench::Bench;

/// Every so many of the removals is tried: all of them take minutes. `ASSIZE_TEST_REMOVALS=1` tries each.
const STRIDE: usize = 13;
/// Checks that can go unmissed: another check of the scenario says the same, or no change that is made breaks them.
const SPARE: [(&str, &str); 4] = [
    ("general.report-job#settled expect.schema", "`always` of the same poll puts the same schema"),
    ("events.new-id#all-differ expect.values", "each poll already says that its id is a new one"),
    ("session.end-twice-joined#end-again should.status", "`expect` allows 404 in so many words, which is no survivor"),
    ("auth.code-redirect#other expect.text", "no change puts into a text what must not be in it"),
];
/// What may stand in the place of the only checks of a block, so that the step is still one that judges.
const IDLE: [&str; 2] = [
    "{ size: { min: 0 }, vacuous: all others were taken out }",
    "{ values: { variant: { exists: true } }, vacuous: all others were taken out }",
];

/// All checks of one kind, taken out of one block of a step.
struct Removal {
    file: String,
    scenario: String,
    told: String,
    /// Whether a snapshot of the same block holds the status too.
    is_held_twice: bool,
    /// The file without them; the first that can be loaded counts.
    texts: Vec<String>,
}

#[test]
fn checks_of_one_kind_that_are_taken_from_a_step_leave_changes_that_nobody_notices() {
    let bench = Bench::contract();
    bench.assize(["run", "*.*", "--report", "log=run.ndjson"]).run().exits(0);
    let log = bench.read("run.ndjson");
    let record: Vec<Stamped> = LogReader::new(log.as_bytes()).collect::<Result<_, _>>().unwrap();
    let Event::RunStarted { target, .. } = &record[0].body else { panic!("a log begins with the start of a run") };
    let names: BTreeSet<String> = target.names.values().flat_map(|names| names.keys().cloned()).collect();
    let removals = removals(&bench);
    assert!(removals.len() > 100, "{}", removals.len());
    let whole = suite_of(&bench, &names).unwrap();
    let (mut before, mut unnoticed) = (BTreeMap::new(), Vec::new());
    let is_spare = |removal: &&Removal| removal.is_held_twice || SPARE.iter().any(|(told, _)| *told == removal.told);
    let stride = std::env::var("ASSIZE_TEST_REMOVALS").map_or(STRIDE, |all| all.parse().unwrap());
    for removal in removals.iter().step_by(stride).filter(|removal| !is_spare(removal)) {
        let survivors = |suite: &Arc<Suite>| survivors(suite, &record, &removal.scenario);
        let before = before.entry(&removal.scenario).or_insert_with(|| survivors(&whole));
        let path = format!("specs/cxone/{}", removal.file);
        let text = bench.read(&path);
        let without = removal.texts.iter().find_map(|text| {
            bench.write(&path, text);
            suite_of(&bench, &names).ok()
        });
        bench.write(&path, &text);
        match without {
            None => unnoticed.push(format!("{}: cannot be taken out", removal.told)),
            Some(without) if survivors(&without).is_subset(before) => unnoticed.push(removal.told.clone()),
            Some(_) => {}
        }
    }
    assert_eq!(unnoticed, Vec::<String>::new());
}

fn suite_of(bench: &Bench, names: &BTreeSet<String>) -> Result<Arc<Suite>, String> {
    let folder = Folder::open(&bench.path("specs/cxone")).map_err(|error| error.to_string())?;
    let loaded = load(&folder, &LoadOptions { extra_names: names.clone() }).map_err(|error| format!("{error:?}"))?;
    Ok(Arc::new(loaded.suite))
}

/// The changes to answers of a scenario that nobody notices, each with its step.
fn survivors(suite: &Arc<Suite>, record: &[Stamped], scenario: &str) -> BTreeSet<String> {
    let is_of = |event: &Stamped| {
        let Some(case) = event.body.case() else { return matches!(event.body, Event::RunStarted { .. }) };
        case.as_str().split(['/', '@']).next() == Some(scenario)
    };
    let mut record: Vec<Stamped> = record.iter().filter(|event| is_of(event)).cloned().collect();
    // The answers are what they were: only what is asked of them is another suite.
    if let Some(Event::RunStarted { suite: head, .. }) = record.first_mut().map(|event| &mut event.body) {
        head.sha256.clone_from(&suite.sha256);
    }
    let rehearsals = Rehearsal::of_record(suite, &record).unwrap();
    let survey = survey(suite, &rehearsals, &[]);
    survey.survivors.iter().map(|it| format!("{}: {} in {:?}", it.step, it.mutation, it.cases)).collect()
}

/// Every removal that there is, in the order of files.
fn removals(bench: &Bench) -> Vec<Removal> {
    let root = bench.path("specs/cxone");
    let mut files: Vec<String> = Vec::new();
    for room in std::fs::read_dir(root.join("scenarios")).unwrap() {
        for file in std::fs::read_dir(room.unwrap().path()).unwrap() {
            files.push(file.unwrap().path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
        }
    }
    files.sort();
    files.iter().flat_map(|file| removals_of(file, &bench.read(&format!("specs/cxone/{file}")))).collect()
}

fn removals_of(file: &str, text: &str) -> Vec<Removal> {
    let mut sources = Sources::default();
    let source = sources.add(file, text);
    let nodes = read(source, text, &Limits::default(), &mut assize::diag::Diagnostics::new());
    let mut found = Vec::new();
    for scenario in &nodes {
        let id = scenario.get("id").and_then(Node::as_text).unwrap();
        let mut steps: Vec<&Node> = scenario.get("steps").and_then(Node::as_list).unwrap().iter().collect();
        let sets = steps.iter().filter_map(|step| step.get("together"));
        let of_sets: Vec<&Node> = sets.filter_map(Node::as_list).flatten().collect();
        steps.extend(of_sets);
        for step in steps {
            let always = step.get("poll").and_then(|poll| poll.get("always"));
            let blocks = [("expect", step.get("expect")), ("should", step.get("should")), ("always", always)];
            for (block, node) in blocks.iter().filter_map(|(block, node)| node.map(|node| (block, node))) {
                let name = step.get("step").and_then(Node::as_text).unwrap_or("?");
                for (kind, texts) in without_each(text, node) {
                    let told = format!("{id}#{name} {block}.{kind}");
                    let is_held_twice = kind == "status" && node.get("snapshot").is_some();
                    found.push(Removal { file: file.to_owned(), scenario: id.to_owned(), told, is_held_twice, texts });
                }
            }
        }
    }
    found
}

/// The text without each kind of check of a block.
fn without_each(text: &str, block: &Node) -> Vec<(String, Vec<String>)> {
    let replaced = |span: Span, by: &str| {
        let (start, end) = (span.start as usize, span.end as usize);
        format!("{}{by}{}", &text[..start], &text[end..])
    };
    let alone = || IDLE.map(|idle| replaced(block.span, idle)).to_vec();
    match block.as_map() {
        None => vec![("status".to_owned(), alone())],
        Some([only]) => vec![(only.key.text.to_string(), alone())],
        Some(checks) => {
            let one =
                |check: &assize::value::Entry| (check.key.text.to_string(), vec![replaced(check.value.span, "null")]);
            checks.iter().filter(|check| &*check.key.text != "vacuous").map(one).collect()
        }
    }
}
