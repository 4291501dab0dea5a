use serde::{Deserialize, Serialize};

use crate::clock::Day;

use super::{Block, CaseId, Finding, RequirementId, StepPath, Verdict, WaiverId};

/// A failure that is known, somebody's, and forgiven until a day: part of the record of every run that it was given to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Its id.
    pub id: WaiverId,
    /// What it is for.
    pub of: Waived,
    /// The code of the finding that it waives; any of a check where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it is being dealt with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// The last day on which it holds.
    pub expires: Day,
    /// How many days after the run's start that is; negative when it has expired.
    pub days_left: i32,
}

/// What a waiver is for, the narrowest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waived {
    /// One check, by its whole id: `case#step.block.check[path]`.
    Check(String),
    /// All promises of a case.
    Case(CaseId),
    /// All promises of a scenario: of each of its rows, in each variant.
    Scenario(String),
    /// The steps that are evidence for a requirement.
    Requirement(RequirementId),
}

/// Where a finding was made.
#[derive(Clone, Copy, Debug)]
pub struct FoundAt<'f> {
    /// The case.
    pub case: &'f CaseId,
    /// Its scenario.
    pub scenario: &'f str,
    /// The step.
    pub step: &'f StepPath,
    /// The requirements that the step is evidence for.
    pub verifies: &'f [RequirementId],
}

impl Waiver {
    /// Whether it has not expired.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.days_left >= 0
    }

    /// Whether a failure of this finding is forgiven: it is of the check, the case, … and fails as the waiver says. A
    /// precondition is not forgiven, nor what could not be decided.
    #[must_use]
    pub fn covers(&self, at: FoundAt<'_>, finding: &Finding) -> bool {
        self.is_live()
            && matches!(finding.verdict, Verdict::Fail | Verdict::Warn)
            && self.finding.as_ref().is_none_or(|code| *code == finding.code)
            && self.concerns(at, finding)
    }

    /// Whether the finding is of what it is for, whatever came of it.
    #[must_use]
    pub fn concerns(&self, at: FoundAt<'_>, finding: &Finding) -> bool {
        finding.block != Block::Given && self.of.holds(at, &finding.check)
    }

    /// What it names, as it stands in the file.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.of.text()
    }
}

impl Waived {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Check(text) | Self::Scenario(text) => text,
            Self::Case(id) => id.as_str(),
            Self::Requirement(id) => id.as_str(),
        }
    }

    /// How much it takes in: the narrower of two waivers is the one that forgives a finding.
    #[must_use]
    pub fn breadth(&self) -> u8 {
        match self {
            Self::Check(_) => 0,
            Self::Case(_) => 1,
            Self::Scenario(_) => 2,
            Self::Requirement(_) => 3,
        }
    }

    /// The word for what it is.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Check(_) => "check",
            Self::Case(_) => "case",
            Self::Scenario(_) => "scenario",
            Self::Requirement(_) => "requirement",
        }
    }

    /// The check within its step, where the id is one of this step.
    fn check_at<'a>(id: &'a str, at: FoundAt<'_>) -> Option<&'a str> {
        id.strip_prefix(at.case.base())?.strip_prefix('#')?.strip_prefix(at.step.as_str())?.strip_prefix('.')
    }

    fn holds(&self, at: FoundAt<'_>, check: &str) -> bool {
        match self {
            Self::Check(id) => Self::check_at(id, at) == Some(check),
            Self::Case(_) | Self::Scenario(_) | Self::Requirement(_) => self.holds_step(at),
        }
    }

    /// Whether the step is one that it speaks of.
    pub(super) fn holds_step(&self, at: FoundAt<'_>) -> bool {
        match self {
            Self::Check(id) => Self::check_at(id, at).is_some(),
            Self::Case(id) => id.as_str() == at.case.base(),
            Self::Scenario(id) => id == at.scenario,
            Self::Requirement(id) => at.verifies.contains(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiver(of: Waived, finding: Option<&str>, days_left: i32) -> Waiver {
        Waiver {
            id: WaiverId::new("W-1"),
            of,
            finding: finding.map(str::to_owned),
            reason: "known".to_owned(),
            owner: "api-team".to_owned(),
            issue: None,
            expires: Day::parse("2027-02-01").unwrap(),
            days_left,
        }
    }

    fn finding(block: Block, verdict: Verdict, code: &str) -> Finding {
        Finding { verdict, code: code.to_owned(), ..Finding::pass(format!("{block}.status").into(), block) }
    }

    fn covers(waiver: &Waiver, finding: &Finding) -> bool {
        let (case, step, verifies) =
            (CaseId::new("shop.order/dear@new"), StepPath::new("buy"), [RequirementId::new("R-1")]);
        waiver.covers(FoundAt { case: &case, scenario: "shop.order", step: &step, verifies: &verifies }, finding)
    }

    #[test]
    fn a_check_a_case_a_scenario_and_a_requirement_each_name_the_failure() {
        let failure = finding(Block::Expect, Verdict::Fail, "status-mismatch");
        let check = |text: &str| Waived::Check(text.to_owned());
        for (of, expected) in [
            (check("shop.order/dear@new#buy.expect.status"), true),
            (check("shop.order/dear@new#buy.expect.stat"), false),
            (check("shop.order/dear@new#bu.expect.status"), false),
            (check("shop.order/dear@old#buy.expect.status"), false),
            (Waived::Case(CaseId::new("shop.order/dear@new")), true),
            (Waived::Case(CaseId::new("shop.order/dear")), false),
            (Waived::Scenario("shop.order".to_owned()), true),
            (Waived::Scenario("shop".to_owned()), false),
            (Waived::Requirement(RequirementId::new("R-1")), true),
            (Waived::Requirement(RequirementId::new("R-2")), false),
        ] {
            let waiver = waiver(of, None, 3);
            assert_eq!(covers(&waiver, &failure), expected, "{:?}", waiver.of);
        }
    }

    #[test]
    fn only_a_promise_that_fails_as_said_is_forgiven_and_only_until_the_day() {
        let of = || Waived::Scenario("shop.order".to_owned());
        let failure = |verdict| finding(Block::Expect, verdict, "status-mismatch");
        let live = waiver(of(), Some("status-mismatch"), 0);
        assert!(covers(&live, &failure(Verdict::Fail)));
        assert!(covers(&live, &failure(Verdict::Warn)));
        assert!(covers(&live, &finding(Block::Should, Verdict::Warn, "status-mismatch")));
        assert!(!covers(&live, &failure(Verdict::Note)));
        assert!(!covers(&live, &failure(Verdict::Broken)));
        assert!(!covers(&live, &failure(Verdict::Pass)));
        assert!(!covers(&live, &finding(Block::Given, Verdict::Fail, "status-mismatch")));
        assert!(!covers(&live, &finding(Block::Expect, Verdict::Fail, "json-missing")));
        assert!(!covers(&waiver(of(), Some("status-mismatch"), -1), &failure(Verdict::Fail)));
    }
}
