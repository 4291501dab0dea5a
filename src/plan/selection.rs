use crate::diag::{Sources, nearest};
use crate::event::RequirementId;
use crate::suite::{Scenario, Suite};

use super::TagExpr;
use super::glob;

/// Which cases are wanted; all where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Scenarios, by id or place; one of these.
    pub selectors: Vec<Selector>,
    /// Conditions on tags; all of these.
    pub tags: Vec<TagExpr>,
    /// Requirements; evidence for one of these.
    pub requirements: Vec<String>,
    /// Variants; one of these.
    pub variants: Vec<String>,
}

/// A scenario or several, by id or place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// A file or folder.
    Path(String),
    /// The scenario that stands at a line of a file.
    Line(String, u32),
    /// An id of a scenario or case, in which `*` and `?` are wild.
    Id(String),
}

impl Selector {
    /// Reads a selector: what has a `/` and no known id, or ends in `.yaml`, is a path, and may end in `:LINE`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if let Some((path, line)) = text.rsplit_once(':')
            && is_yaml(path)
            && let Ok(line) = line.parse()
        {
            return Self::Line(trimmed(path), line);
        }
        if is_yaml(text) || text.starts_with("./") || text.starts_with('/') || text.ends_with('/') {
            return Self::Path(trimmed(text));
        }
        Self::Id(text.to_owned())
    }

    /// What was written.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Path(path) => path.clone(),
            Self::Line(path, line) => format!("{path}:{line}"),
            Self::Id(id) => id.clone(),
        }
    }

    /// Whether it means this case.
    pub(super) fn holds(&self, scenario: &Scenario, case_id: &str, sources: &Sources) -> bool {
        let file = || sources.get(scenario.extent.source).map(crate::diag::Source::path).unwrap_or_default().to_owned();
        match self {
            Self::Path(path) => is_at(&file(), path),
            Self::Line(path, line) => {
                let first = sources.place(scenario.span).line;
                let end = crate::diag::Span::point(scenario.extent.source, scenario.extent.end);
                let is_within = (first..=sources.place(end).line.max(first)).contains(line);
                let text = || sources.get(scenario.extent.source).map(crate::diag::Source::text).unwrap_or_default();
                is_at(&file(), path) && (is_within || leads_to(text(), *line, first))
            }
            Self::Id(pattern) => {
                let stem = scenario.case_stem();
                [scenario.id.as_str(), stem.as_str(), case_id].iter().any(|id| glob::matches(pattern, id))
                    || case_id
                        .split_once('@')
                        .is_some_and(|(_, variant)| glob::matches(pattern, &format!("{}@{variant}", scenario.id)))
                    || is_at(&file(), pattern)
            }
        }
    }
}

/// What is wrong with a selection: a part of it means nothing, and what comes nearest.
pub(super) fn unmatched_help<'s>(text: &str, suite: &'s Suite) -> Option<&'s str> {
    nearest(text, suite.scenarios.iter().map(|scenario| scenario.id.as_str()))
}

/// The nearest requirement.
pub(super) fn nearest_requirement<'s>(text: &str, suite: &'s Suite) -> Option<&'s str> {
    nearest(text, suite.catalogue.requirements.iter().map(|requirement| requirement.id.as_str()))
}

/// Whether the scenario is evidence for one of these requirements; `*` and `?` are wild.
pub(super) fn is_evidence(scenario: &Scenario, pattern: &str) -> bool {
    scenario.evidence_for.iter().any(|id: &RequirementId| glob::matches(pattern, id.as_str()))
}

fn is_yaml(path: &str) -> bool {
    let path = std::path::Path::new(path);
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}

/// Whether nothing but comments, blank lines and `---` stand from `line` on before the line `first`, both from 1: what
/// stands above a scenario belongs to it.
fn leads_to(text: &str, line: u32, first: u32) -> bool {
    let above = |line: u32| (line as usize).saturating_sub(1);
    let is_idle = |text: &str| text.is_empty() || text.starts_with('#') || text == "---";
    (1..first).contains(&line) && text.lines().take(above(first)).skip(above(line)).all(|text| is_idle(text.trim()))
}

fn trimmed(path: &str) -> String {
    path.trim_start_matches("./").trim_end_matches('/').to_owned()
}

/// Whether `file` is `path`, ends in it, or lies below it.
fn is_at(file: &str, path: &str) -> bool {
    let file = format!("/{}", file.trim_start_matches("./").trim_start_matches('/'));
    let path = path.trim_start_matches('/');
    file.ends_with(&format!("/{path}")) || file.contains(&format!("/{path}/"))
}

#[cfg(test)]
mod tests {
    use super::leads_to;

    #[test]
    fn comments_above_a_scenario_belong_to_it() {
        let text = "# modeline\n\nscenario: a\nsteps: []\n---\n# second\nscenario: b\n";
        assert!(leads_to(text, 1, 3));
        assert!(leads_to(text, 5, 7));
        assert!(!leads_to(text, 4, 7));
        assert!(!leads_to(text, 3, 3));
        assert!(!leads_to(text, 0, 3));
    }
}
