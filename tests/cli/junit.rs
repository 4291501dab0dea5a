//! A JUnit file, read by another crate than the one that wrote it.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus};

use crate::bench::Bench;

/// A JUnit file.
pub(crate) struct Junit {
    pub(crate) report: Report,
}

impl Junit {
    pub(crate) fn read(bench: &Bench, path: &str) -> Self {
        let junit = Self { report: Report::deserialize_from_str(&bench.read(path)).unwrap() };
        junit.assert_counts();
        junit
    }

    /// The counts that its heads claim are those of its elements.
    fn assert_counts(&self) {
        let count = |of: fn(&TestCaseStatus) -> bool| self.cases().filter(|case| of(&case.status)).count();
        let is = |kind: NonSuccessKind| {
            let of = |wanted: NonSuccessKind| {
                self.cases()
                    .filter(|case| matches!(&case.status, TestCaseStatus::NonSuccess { kind, .. } if *kind == wanted))
                    .count()
            };
            of(kind)
        };
        let report = &self.report;
        let skipped = count(|status| matches!(status, TestCaseStatus::Skipped { .. }));
        let claimed = (report.tests, report.failures, report.errors, report.skipped);
        let counted = (self.cases().count(), is(NonSuccessKind::Failure), is(NonSuccessKind::Error), skipped);
        assert_eq!(claimed, counted);
        let suites = &report.test_suites;
        let sum = |of: fn(&quick_junit::TestSuite) -> usize| suites.iter().map(of).sum::<usize>();
        let of_suites = (sum(|s| s.tests), sum(|s| s.failures), sum(|s| s.errors), sum(|s| s.skipped));
        assert_eq!(of_suites, counted);
    }

    fn cases(&self) -> impl Iterator<Item = &TestCase> {
        self.report.test_suites.iter().flat_map(|suite| &suite.test_cases)
    }

    /// Case id → its outcome, as its property says.
    pub(crate) fn outcomes(&self) -> BTreeMap<String, String> {
        let outcome = |case: &TestCase| {
            let property = case.properties.iter().find(|property| property.name.as_str() == "outcome");
            property.map_or("none", |property| property.value.as_str()).to_owned()
        };
        self.cases().map(|case| (case.name.as_str().to_owned(), outcome(case))).collect()
    }

    /// How many cases have this outcome.
    pub(crate) fn count(&self, outcome: &str) -> usize {
        self.outcomes().values().filter(|found| *found == outcome).count()
    }

    /// The outcomes as the last line of stdout tells them.
    pub(crate) fn totals(&self) -> String {
        let classes = [
            "passed",
            "warned",
            "flaky",
            "known",
            "failed",
            "inconclusive",
            "broken",
            "blocked",
            "unfinished",
            "skipped",
        ];
        let told = classes.iter().filter_map(|class| match (self.count(class), *class) {
            (0, class) if class != "passed" && class != "failed" => None,
            (count, class) => Some(format!("{count} {class}")),
        });
        told.collect::<Vec<_>>().join(", ")
    }
}
