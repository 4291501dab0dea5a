use serde::Serialize;

use crate::event::{Level, WaiverId};
use crate::plan::Plan;
use crate::suite::{Actor, Catalogue, Requirement};

use super::SurvivorProblem;

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
    /// Requirements that a server could break and no defect does, where every defect was tried.
    pub unbroken: Vec<Unbroken>,
    /// Waivers of defects that do not hold, in the order of their file.
    pub waivers: Vec<SurvivorProblem>,
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
    /// The waiver that says that it need not be noticed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived_by: Option<WaiverId>,
}

/// A requirement that no defect breaks: that the scenarios would notice it is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unbroken {
    /// Its id.
    pub id: String,
    /// How binding it is.
    pub level: Level,
    /// What it says.
    pub text: String,
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
    /// The proof was stopped before that was known.
    Untried,
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
    /// Defects that the proof was stopped before.
    pub untried: usize,
    /// Defects that were not noticed, and that a waiver accepts.
    pub waived: usize,
    /// Findings and cases that are not allowed.
    pub astray: usize,
    /// Scenarios that noticed nothing.
    pub idle: usize,
    /// Requirements that no defect breaks.
    pub unbroken: usize,
}

impl Matrix {
    /// Puts rows together. Where they are those of every defect, requirements that none breaks are told too, and, where
    /// each was tried, scenarios that noticed nothing.
    pub(super) fn of(plan: &Plan, defects: Vec<Row>, is_whole: bool) -> Self {
        let mut idle: Vec<String> = Vec::new();
        let is_stopped = defects.iter().any(|row| row.stand == Stand::Untried);
        for case in plan.cases.iter().filter(|_| is_whole && !is_stopped) {
            let scenario = &case.head.scenario;
            let notices = |row: &Row| row.noticed_by.iter().any(|notice| notice.scenario == *scenario);
            if !idle.contains(scenario) && !defects.iter().any(notices) {
                idle.push(scenario.clone());
            }
        }
        let of = |stand: Stand| defects.iter().filter(|row| row.stand == stand).count();
        let unbroken = if is_whole { unbroken(&plan.suite.catalogue, &defects) } else { Vec::new() };
        let totals = MatrixTotals {
            noticed: of(Stand::Noticed),
            not_noticed: of(Stand::NotNoticed),
            timed_out: of(Stand::TimedOut),
            unnoticeable: of(Stand::Unnoticeable),
            untried: of(Stand::Untried),
            waived: 0,
            astray: defects.iter().map(|row| row.astray.len()).sum(),
            idle: idle.len(),
            unbroken: unbroken.len(),
        };
        let scores = plan.suite.catalogue.requirements.iter().map(|requirement| {
            let about = || defects.iter().filter(|row| row.is_about(requirement.id.as_str()));
            RequirementScore {
                id: requirement.id.to_string(),
                level: requirement.level,
                defects: about().filter(|row| row.stand.is_tried()).count(),
                noticed: about().filter(|row| row.stand == Stand::Noticed).count(),
            }
        });
        let requirements = scores.filter(|score| defects.iter().any(|row| row.is_about(&score.id))).collect();
        Self {
            format: FORMAT,
            suite: plan.suite.name.clone(),
            requirements,
            defects,
            idle,
            unbroken,
            waivers: Vec::new(),
            totals,
        }
    }

    /// Whether every defect that breaks a MUST was noticed, every case ended as it may, no scenario noticed nothing, every
    /// MUST was broken, and every waiver holds.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.idle.is_empty()
            && self.waivers.is_empty()
            && !self.unbroken.iter().any(Unbroken::is_fatal)
            && !self.defects.iter().any(Row::is_fatal)
    }
}

/// The requirements that concern whoever answers, can be tested, and are broken by none of the defects that can be noticed.
fn unbroken(catalogue: &Catalogue, defects: &[Row]) -> Vec<Unbroken> {
    let is_meant = |it: &&Requirement| {
        matches!(it.actor, Actor::Server | Actor::Both) && it.untestable.is_none() && it.level != Level::Info
    };
    let is_broken = |it: &&Requirement| defects.iter().any(|row| row.breaks.iter().any(|id| id == it.id.as_str()));
    let unbroken = catalogue.requirements.iter().filter(is_meant).filter(|it| !is_broken(it));
    unbroken.map(|it| Unbroken { id: it.id.to_string(), level: it.level, text: it.text.clone() }).collect()
}

impl Unbroken {
    /// Whether the proof fails by it.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        self.level == Level::Must
    }
}

impl Stand {
    /// Whether it came to something that can be noticed.
    fn is_tried(self) -> bool {
        match self {
            Self::Noticed | Self::NotNoticed | Self::TimedOut => true,
            Self::Untried | Self::Unnoticeable => false,
        }
    }
}

impl Row {
    /// Whether it is as it must be.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        matches!(self.stand, Stand::Noticed | Stand::Unnoticeable) && self.astray.is_empty()
    }

    /// Whether the proof fails by it. A defect that breaks no MUST may survive, and one that a waiver accepts.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        let is_binding = self.level.is_none_or(|level| level == Level::Must);
        self.stand == Stand::TimedOut
            || !self.astray.is_empty()
            || (self.stand == Stand::NotNoticed && is_binding && self.waived_by.is_none())
    }

    /// Whether this is the first requirement that it breaks.
    pub(super) fn is_about(&self, requirement: &str) -> bool {
        self.breaks.first().is_some_and(|first| first == requirement)
    }
}
