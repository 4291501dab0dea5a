use serde::Serialize;

use crate::event::Level;
use crate::plan::Plan;

/// The version of the JSON that [`Matrix`] is printed as: a member may be added, none changes its meaning.
pub(super) const FORMAT: u32 = 1;

/// Which defect was noticed by which check: what `assize prove` shows. `--format json` prints it as it stands here.
#[derive(Clone, Debug, Serialize)]
pub struct Matrix {
    /// The version of this form.
    pub format: u32,
    /// The suite's name.
    pub suite: String,
    /// The requirements that a defect breaks, in the order of the catalogue, with what became of their defects.
    pub requirements: Vec<RequirementScore>,
    /// The defects, in the order of `defects.yaml`.
    pub defects: Vec<Row>,
    /// Scenarios that noticed nothing, where every defect was tried.
    pub idle: Vec<String>,
    /// How many there are of each.
    pub totals: MatrixTotals,
}

/// A defect and what noticed it.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its name.
    pub defect: String,
    /// What it does.
    pub text: String,
    /// The requirements that it breaks, the one that it is about first.
    pub breaks: Vec<String>,
    /// The strictest level of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Whether it was noticed.
    pub stand: Stand,
    /// Why nothing can notice it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How many cases were run: those in which a sound tenant's rules ask for it.
    pub cases: usize,
    /// The checks that noticed it.
    pub noticed_by: Vec<Notice>,
    /// Cases that ended otherwise than they may.
    pub astray: Vec<Astray>,
}

/// What became of the defects that are about a requirement: of which it is the first that they break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequirementScore {
    /// Its id.
    pub id: String,
    /// How binding it is.
    pub level: Level,
    /// How many of them can be noticed and were tried.
    pub defects: usize,
    /// How many were noticed.
    pub noticed: usize,
}

/// Whether a defect was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stand {
    /// By a step that verifies a requirement that it breaks.
    Noticed,
    /// By nothing.
    NotNoticed,
    /// Its cases did not end in the time that a defect is given.
    TimedOut,
    /// Nothing can notice it, and the suite says why.
    Unnoticeable,
}

/// A check that noticed a defect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Its case.
    pub case: String,
    /// The scenario of the case.
    pub scenario: String,
    /// Its step.
    pub step: String,
    /// The check within its step.
    pub check: String,
    /// `fail`, `warn`, `note`, or `inconclusive` where no complete answer came.
    pub finding: &'static str,
    /// The requirement that the defect breaks and the step verifies.
    pub requirement: String,
}

/// A case that ended otherwise than it may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Astray {
    /// The case.
    pub case: String,
    /// How it ended.
    pub outcome: &'static str,
    /// By which check, or why.
    pub why: String,
}

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MatrixTotals {
    /// Defects that were noticed.
    pub noticed: usize,
    /// Defects that were not.
    pub not_noticed: usize,
    /// Defects whose cases did not end.
    pub timed_out: usize,
    /// Defects that nothing can notice.
    pub unnoticeable: usize,
    /// Findings and cases that are not allowed.
    pub astray: usize,
    /// Scenarios that noticed nothing.
    pub idle: usize,
}

impl Matrix {
    /// Puts rows together. Where every defect was tried, scenarios that noticed nothing are told too.
    pub(super) fn of(plan: &Plan, defects: Vec<Row>, is_whole: bool) -> Self {
        let mut idle: Vec<String> = Vec::new();
        for case in plan.cases.iter().filter(|_| is_whole) {
            let scenario = &case.head.scenario;
            let notices = |row: &Row| row.noticed_by.iter().any(|notice| notice.scenario == *scenario);
            if !idle.contains(scenario) && !defects.iter().any(notices) {
                idle.push(scenario.clone());
            }
        }
        let of = |stand: Stand| defects.iter().filter(|row| row.stand == stand).count();
        let totals = MatrixTotals {
            noticed: of(Stand::Noticed),
            not_noticed: of(Stand::NotNoticed),
            timed_out: of(Stand::TimedOut),
            unnoticeable: of(Stand::Unnoticeable),
            astray: defects.iter().map(|row| row.astray.len()).sum(),
            idle: idle.len(),
        };
        let scores = plan.suite.catalogue.requirements.iter().map(|requirement| {
            let about = || defects.iter().filter(|row| row.is_about(requirement.id.as_str()));
            RequirementScore {
                id: requirement.id.to_string(),
                level: requirement.level,
                defects: about().filter(|row| row.stand != Stand::Unnoticeable).count(),
                noticed: about().filter(|row| row.stand == Stand::Noticed).count(),
            }
        });
        let requirements = scores.filter(|score| defects.iter().any(|row| row.is_about(&score.id))).collect();
        Self { format: FORMAT, suite: plan.suite.name.clone(), requirements, defects, idle, totals }
    }

    /// Whether every defect that breaks a MUST was noticed, every case ended as it may, and no scenario noticed nothing.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.idle.is_empty() && self.defects.iter().all(|row| !row.is_fatal())
    }
}

impl Row {
    /// Whether it is as it must be.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        matches!(self.stand, Stand::Noticed | Stand::Unnoticeable) && self.astray.is_empty()
    }

    /// Whether the proof fails by it. A defect that breaks no MUST may survive.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        let is_binding = self.level.is_none_or(|level| level == Level::Must);
        self.stand == Stand::TimedOut || !self.astray.is_empty() || (self.stand == Stand::NotNoticed && is_binding)
    }

    /// Whether this is the first requirement that it breaks.
    pub(super) fn is_about(&self, requirement: &str) -> bool {
        self.breaks.first().is_some_and(|first| first == requirement)
    }
}
