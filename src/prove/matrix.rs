use serde::Serialize;

/// The version of the JSON that [`Matrix`] is printed as: a member may be added, none changes its meaning.
pub(super) const FORMAT: u32 = 1;

/// Which defect was noticed by which check: what `assize prove` shows. `--format json` prints it as it stands here.
#[derive(Clone, Debug, Serialize)]
pub struct Matrix {
    /// The version of this form.
    pub format: u32,
    /// The suite's name.
    pub suite: String,
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
    /// The requirements that it breaks.
    pub breaks: Vec<String>,
    /// Whether it was noticed.
    pub stand: Stand,
    /// Why nothing can notice it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The checks that noticed it.
    pub noticed_by: Vec<Notice>,
    /// Cases that ended otherwise than they may.
    pub astray: Vec<Astray>,
}

/// Whether a defect was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stand {
    /// By a step that verifies a requirement that it breaks.
    Noticed,
    /// By nothing.
    NotNoticed,
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
    /// Defects that nothing can notice.
    pub unnoticeable: usize,
    /// Findings and cases that are not allowed.
    pub astray: usize,
    /// Scenarios that noticed nothing.
    pub idle: usize,
}

impl Matrix {
    /// Puts rows together; `scenarios` are those of the plan, where every defect was tried.
    pub(super) fn of(suite: &str, defects: Vec<Row>, scenarios: &[String]) -> Self {
        let is_idle = |scenario: &&String| {
            defects.iter().all(|row| row.noticed_by.iter().all(|notice| notice.scenario != **scenario))
        };
        let idle: Vec<String> = scenarios.iter().filter(is_idle).cloned().collect();
        let of = |stand: Stand| defects.iter().filter(|row| row.stand == stand).count();
        let totals = MatrixTotals {
            noticed: of(Stand::Noticed),
            not_noticed: of(Stand::NotNoticed),
            unnoticeable: of(Stand::Unnoticeable),
            astray: defects.iter().map(|row| row.astray.len()).sum(),
            idle: idle.len(),
        };
        Self { format: FORMAT, suite: suite.to_owned(), defects, idle, totals }
    }

    /// Whether every defect was noticed, and every case ended as it may.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.totals.not_noticed == 0 && self.totals.astray == 0
    }
}

impl Row {
    /// Whether it is as it must be.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.stand != Stand::NotNoticed && self.astray.is_empty()
    }
}
