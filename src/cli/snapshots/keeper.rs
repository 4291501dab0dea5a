use std::collections::{BTreeMap, HashMap};
use std::io;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diag::visible;
use crate::event::{CaseId, Event, Finding, SnapshotDifference, SnapshotMode, Stamped};
use crate::report::Reporter;
use crate::snapshot::{Metadata, Name, Pending, Store, StoreError, Text, Written};

/// Listens to a run and writes the snapshots that are to be looked at, once the case that saw them has ended.
///
/// It hears events only: a run knows nothing of files. What a case saw in a try that is followed by another does not
/// count, nor does what a waiver forgives.
pub(in crate::cli) struct Keeper {
    mode: SnapshotMode,
    /// Where they are written; nowhere for a suite that is part of the program.
    store: Option<Store>,
    /// What the cases that are running have seen so far.
    heard: HashMap<CaseId, Vec<Heard>>,
    names: BTreeMap<Name, Seen>,
    /// What has to be told at the end.
    told: Vec<String>,
    /// What could not be written. It is told at the end: one that fails keeps no other from being written.
    failures: Vec<String>,
    kept: Arc<Mutex<Kept>>,
}

/// What became of snapshots, for the end of the run.
#[derive(Debug, Default)]
pub(in crate::cli) struct Kept {
    /// How many wait to be looked at.
    pub(in crate::cli) waiting: usize,
    /// How many were accepted.
    pub(in crate::cli) accepted: usize,
    /// How many would wait, if there were a folder.
    pub(in crate::cli) homeless: usize,
    /// What has to be told besides, a sentence each.
    pub(in crate::cli) told: Vec<String>,
}

impl Kept {
    /// What is to be said of it, in lines.
    pub(in crate::cli) fn told(&self) -> String {
        let waits = |count: usize| if count == 1 { "1 snapshot".to_owned() } else { format!("{count} snapshots") };
        let mut lines: Vec<String> = self.told.iter().map(|text| format!("warning: {}", visible(text))).collect();
        if self.waiting > 0 {
            let verb = if self.waiting == 1 { "waits" } else { "wait" };
            lines.push(format!("{} {verb} to be looked at: `assize snapshots review`", waits(self.waiting)));
        }
        if self.accepted > 0 {
            lines.push(format!("{} accepted; look at the files before they are committed", waits(self.accepted)));
        }
        if self.homeless > 0 {
            lines.push(format!(
                "{} not kept, for the suite is part of the program: run a copy of its folder to look at them",
                waits(self.homeless)
            ));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

/// What one check saw.
enum Heard {
    Same(Name),
    Other(Pending),
}

/// What all cases saw under one name.
#[derive(Default)]
struct Seen {
    /// A case that saw what was accepted.
    same: Option<CaseId>,
    /// The first case that saw something else.
    other: Option<(CaseId, Pending)>,
    /// A case that saw something else again.
    third: Option<CaseId>,
    /// Whether it could not be kept.
    refused: bool,
}

impl Keeper {
    /// A listener; what became of it all can be read from the second when the run has ended.
    pub(in crate::cli) fn new(mode: SnapshotMode, store: Option<Store>) -> (Self, Arc<Mutex<Kept>>) {
        let kept = Arc::<Mutex<Kept>>::default();
        let keeper = Self {
            mode,
            store,
            heard: HashMap::new(),
            names: BTreeMap::new(),
            told: Vec::new(),
            failures: Vec::new(),
            kept: Arc::clone(&kept),
        };
        (keeper, kept)
    }

    fn end(&mut self, case: &CaseId) {
        for heard in self.heard.remove(case).unwrap_or_default() {
            match heard {
                Heard::Same(name) => {
                    self.names.entry(name).or_default().same.get_or_insert_with(|| case.clone());
                }
                Heard::Other(pending) => self.note(case, &pending),
            }
        }
    }

    fn note(&mut self, case: &CaseId, pending: &Pending) {
        let seen = self.names.entry(pending.name.clone()).or_default();
        match &seen.other {
            None => {
                seen.other = Some((case.clone(), pending.clone()));
                // At once, so that a run that is killed later has left what it saw.
                if let (SnapshotMode::New, Some(store)) = (self.mode, &self.store) {
                    seen.refused = match store.keep(pending) {
                        Ok(_) => false,
                        // It fails by the answer already: a run need not be told apart by what cannot be kept of it.
                        Err(error @ StoreError::Suspicious { .. }) => {
                            self.told.push(error.to_string());
                            true
                        }
                        Err(error) => {
                            self.failures.push(error.to_string());
                            true
                        }
                    };
                }
            }
            Some((_, first)) if first.text != pending.text => {
                seen.third.get_or_insert_with(|| case.clone());
            }
            Some(_) => {}
        }
    }

    fn settle(mut self) -> io::Result<()> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.told.append(&mut self.told);
        let mut disputed = Vec::new();
        for (name, seen) in mem::take(&mut self.names) {
            let Some((case, pending)) = &seen.other else {
                if let (SnapshotMode::New | SnapshotMode::Accept, Some(store)) = (self.mode, &self.store) {
                    // What waited has been overtaken: the answer is as it was accepted again.
                    self.failures.extend(store.reject(&name).err().map(|error| error.to_string()));
                }
                continue;
            };
            if let Some(other) = seen.third.as_ref().or(seen.same.as_ref()) {
                let what = if seen.third.is_some() { "another text" } else { "the accepted text" };
                disputed.push(format!("the snapshot `{name}`: {case} gives one text, {other} gives {what}"));
                if self.mode == SnapshotMode::Accept {
                    continue;
                }
            }
            match (&self.store, self.mode) {
                (None, SnapshotMode::New | SnapshotMode::Accept) => kept.homeless += 1,
                (Some(_), SnapshotMode::New) => kept.waiting += usize::from(!seen.refused),
                (Some(store), SnapshotMode::Accept) => match store.put(pending) {
                    Ok(written) => kept.accepted += usize::from(written == Written::Anew),
                    Err(error) => self.failures.push(error.to_string()),
                },
                (_, SnapshotMode::Verify) => {}
            }
        }
        let help = "cases that differ need a name for each, such as `snapshot: $(variant)`";
        let disputed = disputed.into_iter().map(|text| format!("{text}; {help}"));
        if self.mode == SnapshotMode::Accept {
            self.failures.extend(disputed);
        } else {
            kept.told.extend(disputed);
        }
        if self.failures.is_empty() { Ok(()) } else { Err(io::Error::other(self.failures.join("; "))) }
    }
}

impl Reporter for Keeper {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        match &event.body {
            Event::StepFinished { case, findings, .. } => {
                let heard: Vec<Heard> = findings.iter().filter_map(heard).collect();
                if !heard.is_empty() {
                    self.heard.entry(case.clone()).or_default().extend(heard);
                }
            }
            Event::CaseFinished { case, again: true, .. } => drop(self.heard.remove(case)),
            Event::CaseFinished { case, again: false, .. } => self.end(case),
            Event::RunStarted { .. }
            | Event::CaseStarted { .. }
            | Event::SetupFinished { .. }
            | Event::StepStarted { .. }
            | Event::ExchangeDone { .. }
            | Event::Waited { .. }
            | Event::UndoFinished { .. }
            | Event::CancelBegun { .. }
            | Event::RunFinished(_) => {}
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.settle()
    }
}

fn heard(finding: &Finding) -> Option<Heard> {
    if finding.waived.is_some() {
        return None;
    }
    match &finding.snapshot {
        Some(difference) => pending(difference).map(Heard::Other),
        None if finding.is_adverse() => None,
        None => Name::parse(finding.compared.as_deref()?).ok().map(Heard::Same),
    }
}

fn pending(difference: &SnapshotDifference) -> Option<Pending> {
    let metadata = &difference.metadata;
    let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let info = given(&metadata.request).map(|request| ("request".to_owned(), request));
    Some(Pending {
        name: Name::parse(&difference.name).ok()?,
        text: Text::new(&difference.seen),
        metadata: Metadata {
            source: given(&metadata.source),
            line: Some(metadata.line).filter(|line| *line > 0),
            description: given(&metadata.description),
            info: info.into_iter().collect(),
        },
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::clock::Timestamp;
    use crate::event::{Block, Outcome, SnapshotMetadata, StepPath, Verdict};

    use super::*;

    struct Listening {
        _temp: tempfile::TempDir,
        keeper: Keeper,
        kept: Arc<Mutex<Kept>>,
        store: Store,
    }

    impl Listening {
        fn new(mode: SnapshotMode) -> Self {
            let temp = tempfile::tempdir().unwrap();
            let store = Store::new(temp.path().join("snapshots"));
            let (keeper, kept) = Keeper::new(mode, Some(store.clone()));
            Self { _temp: temp, keeper, kept, store }
        }

        fn hear(&mut self, body: Event) {
            let stamped = Stamped { seq: 0, at: Timestamp::from_millis(0), elapsed_us: 0, run: "r".into(), body };
            self.keeper.on_event(&stamped).unwrap();
        }

        /// A case saw this text under the name `a`, or the accepted one.
        fn saw(&mut self, case: &str, seen: Option<&str>) -> &mut Self {
            let mut finding = Finding::pass("expect.snapshot".into(), Block::Expect);
            finding.compared = Some("a".into());
            if let Some(seen) = seen {
                finding.verdict = Verdict::Fail;
                finding.snapshot = Some(Box::new(SnapshotDifference {
                    name: "a".to_owned(),
                    accepted: None,
                    seen: seen.to_owned(),
                    metadata: SnapshotMetadata::default(),
                }));
            }
            self.hear(Event::StepFinished {
                case: CaseId::new(case),
                step: StepPath::new("1"),
                verifies: Vec::new().into(),
                left_out: None,
                bindings: BTreeMap::new(),
                findings: vec![finding],
                facts: Vec::new(),
            });
            self
        }

        fn ended(&mut self, case: &str, again: bool) -> &mut Self {
            self.hear(Event::CaseFinished {
                case: CaseId::new(case),
                tried: 1,
                outcome: Outcome::Failed,
                again,
                took: Duration::ZERO,
                not_run: Vec::new(),
            });
            self
        }

        fn finish(self) -> (io::Result<()>, Kept, Vec<String>) {
            let done = Box::new(self.keeper).finish();
            let kept = mem::take(&mut *self.kept.lock().unwrap());
            let mut files: Vec<String> = std::fs::read_dir(self.store.folder())
                .map(|all| all.map(|it| it.unwrap().file_name().into_string().unwrap()).collect())
                .unwrap_or_default();
            files.sort();
            (done, kept, files)
        }
    }

    #[test]
    fn what_was_seen_waits_when_the_case_has_ended_and_not_before() {
        let mut run = Listening::new(SnapshotMode::New);
        run.saw("one", Some("200"));
        assert!(run.store.pending().unwrap().is_empty());
        run.ended("one", false);
        assert_eq!(run.store.pending().unwrap().len(), 1);
        let (done, kept, files) = run.finish();
        assert!(done.is_ok());
        assert_eq!((kept.waiting, files), (1, vec!["a.snap.new".to_owned()]));
    }

    #[test]
    fn a_try_that_is_followed_by_another_does_not_count() {
        let mut run = Listening::new(SnapshotMode::New);
        run.saw("one", Some("500")).ended("one", true).saw("one", None).ended("one", false);
        let (_, kept, files) = run.finish();
        assert_eq!((kept.waiting, files.len()), (0, 0));
    }

    #[test]
    fn what_waited_goes_when_the_answer_is_as_it_was_accepted() {
        let mut run = Listening::new(SnapshotMode::New);
        let difference = SnapshotDifference {
            name: "a".to_owned(),
            accepted: None,
            seen: "old".to_owned(),
            metadata: SnapshotMetadata::default(),
        };
        run.store.keep(&pending(&difference).unwrap()).unwrap();
        run.saw("one", None).ended("one", false);
        let (_, kept, files) = run.finish();
        assert_eq!((kept.waiting, files.len()), (0, 0));
    }

    #[test]
    fn nothing_is_written_where_snapshots_are_only_verified() {
        let mut run = Listening::new(SnapshotMode::Verify);
        run.saw("one", Some("200")).ended("one", false);
        let folder = run.store.folder().to_owned();
        assert_eq!(run.finish().1.waiting, 0);
        assert!(!folder.exists());
    }

    #[test]
    fn what_is_seen_is_accepted_where_that_was_asked_for() {
        let mut run = Listening::new(SnapshotMode::Accept);
        run.saw("one", Some("200")).saw("two", Some("200")).ended("one", false).ended("two", false);
        let (done, kept, files) = run.finish();
        assert!(done.is_ok());
        assert_eq!((kept.accepted, files), (1, vec!["a.snap".to_owned()]));
    }

    #[test]
    fn cases_that_see_different_texts_are_told_of_and_neither_is_accepted() {
        for other in [Some("404"), None] {
            let mut run = Listening::new(SnapshotMode::Accept);
            run.saw("one", Some("200")).saw("two", other).ended("one", false).ended("two", false);
            let (done, kept, files) = run.finish();
            assert!(done.unwrap_err().to_string().starts_with("the snapshot `a`: one gives one text, two gives "));
            assert_eq!((kept.accepted, files.len()), (0, 0));
        }
        let mut run = Listening::new(SnapshotMode::New);
        run.saw("one", Some("200")).saw("two", Some("404")).ended("one", false).ended("two", false);
        let (done, kept, files) = run.finish();
        assert!(done.is_ok());
        assert_eq!((kept.told.len(), files.len()), (1, 1));
    }
}
