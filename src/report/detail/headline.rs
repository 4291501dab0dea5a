use crate::event::{Block, CaseRecord, Finding, Outcome, OutcomeClass, RunRecord, StepRecord, TryRecord, Verdict};
use crate::report::waived;

/// Why a case did not simply pass, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct Headline {
    /// Kebab-case: the code of the finding that decided it, or the class of the outcome.
    pub(in crate::report) code: String,
    /// The reason; untrusted, not yet made visible.
    pub(in crate::report) message: String,
}

/// The reason of a case's outcome; `None` where it passed.
pub(in crate::report) fn headline(record: &RunRecord, case: &CaseRecord, outcome: &Outcome) -> Option<Headline> {
    let class = outcome.class();
    let deciding = deciding(case, class);
    let more = deciding.len().saturating_sub(1);
    let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    let first = deciding.first().map(|(step, finding)| (format!("{}{more}", finding.message), step, finding));
    let by_class = |message: String| Headline { code: class.as_str().to_owned(), message };
    let by_finding = |prefix: &str| match &first {
        Some((message, _, finding)) => {
            let code = if finding.code.is_empty() { class.as_str() } else { &finding.code };
            Headline { code: code.to_owned(), message: format!("{prefix}{message}") }
        }
        None => by_class(format!("{prefix}{}", outcome.why().unwrap_or_else(|| "no finding says why".to_owned()))),
    };
    match outcome {
        Outcome::Passed => None,
        Outcome::Warned | Outcome::Failed => Some(by_finding("")),
        Outcome::Known { waivers } => Some(by_finding(&format!("waiver {}: ", waived::told_all(record, waivers)))),
        Outcome::Flaky { tries } => Some(match &first {
            Some((message, _, _)) => by_class(format!("passed at try {tries}; before: {message}")),
            None => by_class(outcome.why().unwrap_or_default()),
        }),
        Outcome::Blocked { step } => Some(match &first {
            Some(_) => by_finding(&format!("given, step {step}: ")),
            None => by_class(outcome.why().unwrap_or_default()),
        }),
        Outcome::Inconclusive { why }
        | Outcome::Broken { why }
        | Outcome::Unfinished { why }
        | Outcome::Skipped { why } => Some(by_class(why.clone())),
    }
}

/// The try that the outcome speaks of: the last, of a case that failed the last that did, and of a flaky one the last
/// that did not pass.
pub(in crate::report) fn told_try<'c>(case: &'c CaseRecord, outcome: &Outcome) -> Option<(usize, &'c TryRecord)> {
    let tries = case.tries.iter().enumerate();
    let failing = matches!(outcome, Outcome::Flaky { .. }).then(|| {
        tries.clone().rev().find(|(_, attempt)| {
            let class = attempt.outcome.as_ref().map(Outcome::class);
            !matches!(class, Some(OutcomeClass::Passed | OutcomeClass::Warned | OutcomeClass::Flaky))
        })
    });
    failing.flatten().or_else(|| case.deciding_try())
}

/// The findings of a try that do not hold, in order.
pub(in crate::report) fn adverse(attempt: &TryRecord) -> impl Iterator<Item = (&StepRecord, &Finding)> {
    attempt.steps.iter().flat_map(|step| {
        step.findings.iter().filter(|finding| finding.is_adverse()).map(move |finding| (step, finding))
    })
}

/// The findings that made the outcome what it is.
fn deciding(case: &CaseRecord, class: OutcomeClass) -> Vec<(&StepRecord, &Finding)> {
    let flaky = Outcome::Flaky { tries: 0 };
    let told = if class == OutcomeClass::Flaky { told_try(case, &flaky) } else { told_try(case, &Outcome::Failed) };
    let Some((_, attempt)) = told else { return Vec::new() };
    let decides = |finding: &Finding| match class {
        OutcomeClass::Failed => finding.verdict == Verdict::Fail && finding.block != Block::Given,
        OutcomeClass::Known => finding.waived.is_some(),
        OutcomeClass::Flaky => matches!(finding.verdict, Verdict::Fail | Verdict::Broken),
        OutcomeClass::Blocked => finding.verdict == Verdict::Fail && finding.block == Block::Given,
        OutcomeClass::Broken => finding.verdict == Verdict::Broken,
        OutcomeClass::Warned => finding.verdict == Verdict::Warn,
        OutcomeClass::Passed | OutcomeClass::Inconclusive | OutcomeClass::Unfinished | OutcomeClass::Skipped => false,
    };
    adverse(attempt).filter(|(_, finding)| decides(finding)).collect()
}
