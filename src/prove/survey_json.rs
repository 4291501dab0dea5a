use std::collections::BTreeMap;

use serde::Serialize;

use crate::event::{CaseId, Level, RequirementId, StepPath, WaiverId};

use super::{ChangeScore, Gravity, Survey, Survivor, SurvivorProblem};

/// The version of this JSON: a member may be added, none changes its meaning.
const FORMAT: u32 = 1;

/// What `assize prove --record LOG --format json` prints; members that are absent are left out:
///
/// ```json
/// { "format": 1, "suite": "cxone",
///   "requirements": [{ "id": "CX-SES-010", "level": "MUST",
///     "changes": 96, "noticed": 95, "allowed": 0, "waived": 1, "survived": 0 }],
///   "steps": [{ "scenario": "session.join-distinct", "step": "phone-joins", "verifies": ["CX-SES-010"], "level": "MUST",
///     "changes": 60, "noticed": 52, "allowed": 7,
///     "survivors": [{ "change": "$.sessionId is the one of `s1`", "kind": "repeated", "place": "$.sessionId",
///       "gravity": "grave", "gap": false, "noticed_elsewhere": false, "waived_by": "W-0008",
///       "cases": ["session.join-distinct@openid"], "remedy": "json: { $.sessionId: { not: $(s1) } }" }] }],
///   "waivers": [{ "waiver": "W-0009", "owner": "api-team", "step": "session.end-twice#end", "change": "status 200",
///     "fault": "unmatched" }],
///   "passed_over": ["session.start-twice@legacy"],
///   "totals": { "changes": 60, "noticed": 52, "allowed": 7, "survivors": 1, "waived": 1, "gaps": 0 } }
/// ```
#[derive(Debug, Serialize)]
struct Report<'s> {
    format: u32,
    suite: &'s str,
    requirements: &'s [ChangeScore],
    steps: Vec<Looked<'s>>,
    /// Waivers that do not hold.
    waivers: &'s [SurvivorProblem],
    passed_over: &'s [CaseId],
    totals: Totals,
}

#[derive(Debug, Serialize)]
struct Looked<'s> {
    scenario: &'s str,
    step: &'s StepPath,
    verifies: &'s [RequirementId],
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    changes: u64,
    noticed: u64,
    allowed: u64,
    survivors: Vec<Unnoticed<'s>>,
}

#[derive(Debug, Serialize)]
struct Unnoticed<'s> {
    change: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    gravity: &'static str,
    gap: bool,
    noticed_elsewhere: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived_by: Option<&'s WaiverId>,
    cases: &'s [CaseId],
    remedy: &'s str,
}

#[derive(Debug, Serialize)]
struct Totals {
    changes: u64,
    noticed: u64,
    allowed: u64,
    survivors: usize,
    waived: usize,
    gaps: usize,
}

impl Survey {
    /// The survey as JSON, of this suite.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which nothing in it is known to cause.
    pub fn json(&self, suite: &str) -> serde_json::Result<String> {
        let mut of: BTreeMap<(&str, &StepPath), Vec<Unnoticed<'_>>> = BTreeMap::new();
        for survivor in &self.survivors {
            of.entry((&survivor.scenario, &survivor.step)).or_default().push(unnoticed(survivor));
        }
        let steps = self.steps.iter().map(|((scenario, step), score)| Looked {
            scenario,
            step,
            verifies: &score.verifies,
            level: score.level,
            changes: score.changes,
            noticed: score.noticed,
            allowed: score.allowed,
            survivors: of.remove(&(scenario.as_str(), step)).unwrap_or_default(),
        });
        let count = |is: fn(&Survivor) -> bool| self.survivors.iter().filter(|survivor| is(survivor)).count();
        serde_json::to_string_pretty(&Report {
            format: FORMAT,
            suite,
            requirements: &self.scores,
            steps: steps.collect(),
            waivers: &self.problems,
            passed_over: &self.passed_over,
            totals: Totals {
                changes: self.mutants,
                noticed: self.noticed,
                allowed: self.allowed,
                survivors: self.survivors.len(),
                waived: count(|survivor| survivor.waived_by.is_some()),
                gaps: count(Survivor::is_gap),
            },
        })
    }
}

fn unnoticed(survivor: &Survivor) -> Unnoticed<'_> {
    Unnoticed {
        change: survivor.mutation.to_string(),
        kind: survivor.mutation.kind(),
        place: survivor.mutation.place().map(ToString::to_string),
        gravity: match survivor.gravity {
            Gravity::Slight => "slight",
            Gravity::Grave => "grave",
        },
        gap: survivor.is_gap(),
        noticed_elsewhere: survivor.noticed_elsewhere,
        waived_by: survivor.waived_by.as_ref(),
        cases: &survivor.cases,
        remedy: &survivor.remedy,
    }
}
