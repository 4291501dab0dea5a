use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::event::{CaseHead, CaseId};
use crate::suite::{Scenario, Suite};

use super::Selection;
use super::selection::{is_evidence, nearest_requirement, unmatched_help};

/// The selected cases of a suite in all of its variants, in order: what there is, whatever a target may offer.
///
/// # Errors
/// When a part of the selection matches nothing.
pub fn outline(suite: &Suite, selection: &Selection) -> Result<Vec<CaseHead>, Diagnostics> {
    let mut out = Diagnostics::new();
    let known: Vec<&str> = suite.variants.iter().map(|(name, _)| name.as_str()).collect();
    check_variants(&known, selection, &mut out);
    let is_wanted = |name: &&str| selection.variants.is_empty() || selection.variants.iter().any(|it| it == name);
    let variants: Vec<Option<&str>> = match known.as_slice() {
        [] => vec![None],
        known => known.iter().copied().filter(is_wanted).map(Some).collect(),
    };
    check_selection(suite, &variants, selection, &mut out);
    if out.has_errors() {
        return Err(out);
    }
    let mut heads = Vec::new();
    for scenario in &suite.scenarios {
        for variant in variants.iter().copied().filter(|variant| runs_in(scenario, *variant)) {
            if is_selected(suite, selection, scenario, &case_id(scenario, variant)) {
                heads.push(case_head(suite, scenario, variant));
            }
        }
    }
    Ok(heads)
}

/// The id of a case.
pub(super) fn case_id(scenario: &Scenario, variant: Option<&str>) -> String {
    match variant {
        Some(variant) => format!("{}@{variant}", scenario.case_stem()),
        None => scenario.case_stem(),
    }
}

/// What reports say of a case; names in its title are not put in.
pub(super) fn case_head(suite: &Suite, scenario: &Scenario, variant: Option<&str>) -> CaseHead {
    CaseHead {
        id: CaseId::new(&case_id(scenario, variant)),
        scenario: scenario.id.clone(),
        title: scenario.title.clone(),
        row: scenario.row.clone(),
        variant: variant.map(str::to_owned),
        verifies: scenario.evidence_for.clone(),
        tags: scenario.tags.clone(),
        at: suite.sources.place(scenario.span),
    }
}

/// Whether the scenario runs in this variant.
pub(super) fn runs_in(scenario: &Scenario, variant: Option<&str>) -> bool {
    match (&scenario.variants, variant) {
        (Some(variants), Some(variant)) => variants.iter().any(|known| known == variant),
        (Some(_) | None, None) | (None, Some(_)) => true,
    }
}

/// Whether the case is wanted.
pub(super) fn is_selected(suite: &Suite, selection: &Selection, scenario: &Scenario, id: &str) -> bool {
    let by_selector = selection.selectors.is_empty()
        || selection.selectors.iter().any(|selector| selector.holds(scenario, id, &suite.sources));
    by_selector
        && selection.tags.iter().all(|tags| tags.holds(&scenario.tags))
        && (selection.requirements.is_empty()
            || selection.requirements.iter().any(|pattern| is_evidence(scenario, pattern)))
}

/// Reports variants that are wanted and not there.
pub(super) fn check_variants(known: &[&str], selection: &Selection, out: &mut Diagnostics) {
    for wanted in selection.variants.iter().filter(|wanted| !known.contains(&wanted.as_str())) {
        out.push(
            Diagnostic::error(Code::SelectorMatchesNothing, format!("the suite has no variant `{wanted}`"))
                .help_nearest(nearest(wanted, known)),
        );
    }
}

/// Reports parts of a selection that match no case in any of these variants.
pub(super) fn check_selection(suite: &Suite, variants: &[Option<&str>], selection: &Selection, out: &mut Diagnostics) {
    let ids = |scenario: &Scenario| -> Vec<String> {
        let offered = variants.iter().filter(|variant| runs_in(scenario, **variant));
        offered.map(|variant| case_id(scenario, *variant)).collect()
    };
    for selector in &selection.selectors {
        let is_met = suite
            .scenarios
            .iter()
            .any(|scenario| ids(scenario).iter().any(|id| selector.holds(scenario, id, &suite.sources)));
        if !is_met {
            let text = selector.text();
            out.push(
                Diagnostic::error(Code::SelectorMatchesNothing, format!("`{text}` selects nothing"))
                    .help_nearest(unmatched_help(&text, suite))
                    .help("`assize list` shows what there is"),
            );
        }
    }
    let all_tags: Vec<&str> = suite.scenarios.iter().flat_map(|scenario| &scenario.tags).map(String::as_str).collect();
    for tag in selection.tags.iter().flat_map(super::TagExpr::tags) {
        if !all_tags.contains(&tag) {
            out.push(
                Diagnostic::error(Code::SelectorMatchesNothing, format!("no scenario has the tag `{tag}`"))
                    .help_nearest(nearest(tag, &all_tags)),
            );
        }
    }
    for pattern in &selection.requirements {
        if !suite.scenarios.iter().any(|scenario| is_evidence(scenario, pattern)) {
            out.push(
                Diagnostic::error(
                    Code::SelectorMatchesNothing,
                    format!("no scenario is evidence for a requirement `{pattern}`"),
                )
                .help_nearest(nearest_requirement(pattern, suite)),
            );
        }
    }
}
