use std::collections::BTreeSet;

use serde::Serialize;

use crate::event::RequirementId;
use crate::suite::{Actor, Requirement, Suite};

/// The version of the JSON that [`Matrix`] is printed as: a member may be added, none changes its meaning.
const FORMAT: u32 = 1;

/// Which requirement is tested by which scenarios: what `assize list --requirements` shows.
///
/// `--format json` prints it as it stands here, members that are absent left out:
///
/// ```json
/// { "format": 1, "suite": "cxone", "version": "1.0.0", "document": "seed-faq.txt",
///   "questions": [{ "id": "Q13", "text": "Why do I get a '409 Conflict' error …?" }],
///   "requirements": [{ "id": "CX-SES-002", "level": "MUST", "actor": "server", "text": "Ending …",
///     "question": "Q13", "basis": "stated", "variants": ["openid", "legacy"],
///     "state": "tested", "scenarios": ["session.end-twice"], "disputed": "the reference answers 404" }],
///   "totals": { "requirements": 1, "tested": 1, "untestable": 0, "client": 0, "uncovered": 0, "disputed": 1 } }
/// ```
#[derive(Debug, Serialize)]
pub(super) struct Matrix {
    /// [`FORMAT`].
    format: u32,
    /// The suite's name.
    suite: String,
    /// The suite's version.
    version: String,
    /// The document that the requirements are taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    /// Its questions, in its order.
    pub(super) questions: Vec<Asked>,
    /// The requirements, in the order of the catalogue.
    pub(super) requirements: Vec<Row>,
    /// How many there are of each state.
    pub(super) totals: MatrixTotals,
}

/// A question of the document.
#[derive(Debug, Serialize)]
pub(super) struct Asked {
    /// Its id.
    pub(super) id: String,
    /// Its words.
    pub(super) text: String,
}

/// A requirement.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// Its id.
    pub(super) id: String,
    /// `MUST`, `SHOULD`, `MAY` or `INFO`.
    pub(super) level: &'static str,
    /// `server`, `client` or `both`.
    pub(super) actor: &'static str,
    /// What it says.
    pub(super) text: String,
    /// The question that it is taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) question: Option<String>,
    /// The section that it is taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) section: Option<String>,
    /// How it follows from there: `stated`, `implied`, `reference` or `assumed`.
    pub(super) basis: &'static str,
    /// The variants that it holds in; empty where the suite has none.
    pub(super) variants: Vec<String>,
    /// Whether those are all of the suite's.
    #[serde(skip)]
    pub(super) is_everywhere: bool,
    /// Whether anything tests it.
    pub(super) state: CoverState,
    /// The scenarios that are evidence for it.
    pub(super) scenarios: Vec<String>,
    /// Why nothing can test it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) untestable: Option<String>,
    /// Another reading, and who holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) disputed: Option<String>,
    /// Requirements that cannot hold beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) conflicts_with: Vec<String>,
}

/// Whether anything tests a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CoverState {
    /// Scenarios are evidence for it.
    Tested,
    /// Nothing can test it, and it says why.
    Untestable,
    /// It binds clients alone, which a run against a server does not meet.
    Client,
    /// Nothing tests it, and nothing says why: loading a suite refuses that.
    Uncovered,
}

impl CoverState {
    /// The words.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Tested => "tested",
            Self::Untestable => "untestable",
            Self::Client => "client side",
            Self::Uncovered => "uncovered",
        }
    }
}

/// How many requirements there are of each state.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct MatrixTotals {
    pub(super) requirements: usize,
    pub(super) tested: usize,
    pub(super) untestable: usize,
    pub(super) client: usize,
    pub(super) uncovered: usize,
    /// Of any state.
    pub(super) disputed: usize,
}

impl Matrix {
    /// The requirements of the suite, or those among `wanted`.
    pub(super) fn of(suite: &Suite, wanted: Option<&BTreeSet<RequirementId>>) -> Self {
        let is_wanted = |requirement: &&Requirement| wanted.is_none_or(|wanted| wanted.contains(&requirement.id));
        let requirements: Vec<Row> = suite
            .catalogue
            .requirements
            .iter()
            .filter(is_wanted)
            .map(|requirement| Row::of(suite, requirement))
            .collect();
        let of = |state: CoverState| requirements.iter().filter(|row| row.state == state).count();
        let totals = MatrixTotals {
            requirements: requirements.len(),
            tested: of(CoverState::Tested),
            untestable: of(CoverState::Untestable),
            client: of(CoverState::Client),
            uncovered: of(CoverState::Uncovered),
            disputed: requirements.iter().filter(|row| row.disputed.is_some()).count(),
        };
        let questions = suite.catalogue.questions.iter();
        Self {
            format: FORMAT,
            suite: suite.name.clone(),
            version: suite.version.clone(),
            document: suite.catalogue.document.clone(),
            questions: questions.map(|asked| Asked { id: asked.id.clone(), text: asked.text.clone() }).collect(),
            requirements,
            totals,
        }
    }
}

impl Row {
    /// What there is to know of a requirement.
    pub(super) fn of(suite: &Suite, requirement: &Requirement) -> Self {
        let all: Vec<String> = suite.variants.iter().map(|(name, _)| name.clone()).collect();
        let variants = requirement.variants.clone().unwrap_or_else(|| all.clone());
        let mut scenarios: Vec<String> = Vec::new();
        // The rows of a scenario are one scenario.
        for scenario in suite.scenarios.iter().filter(|scenario| scenario.evidence_for.contains(&requirement.id)) {
            if !scenarios.contains(&scenario.id) {
                scenarios.push(scenario.id.clone());
            }
        }
        let state = match (scenarios.is_empty(), &requirement.untestable, requirement.actor) {
            (false, _, _) => CoverState::Tested,
            (true, Some(_), _) => CoverState::Untestable,
            (true, None, Actor::Client) => CoverState::Client,
            (true, None, Actor::Server | Actor::Both) => CoverState::Uncovered,
        };
        let place = requirement.source.place.clone();
        let (question, section) =
            if requirement.source.is_question { (Some(place), None) } else { (None, Some(place)) };
        Self {
            id: requirement.id.to_string(),
            level: requirement.level.as_str(),
            actor: requirement.actor.as_str(),
            text: requirement.text.clone(),
            question,
            section,
            basis: requirement.source.basis.as_str(),
            is_everywhere: all.iter().all(|name| variants.contains(name)),
            variants,
            state,
            scenarios,
            untestable: requirement.untestable.clone(),
            disputed: requirement.disputed.clone(),
            conflicts_with: requirement.conflicts_with.iter().map(ToString::to_string).collect(),
        }
    }

    /// `all`, or the names of its variants.
    pub(super) fn variants_in_words(&self) -> String {
        if self.is_everywhere { "all".to_owned() } else { self.variants.join(", ") }
    }

    /// `tested`, `untestable, disputed`: its state in words.
    pub(super) fn state_in_words(&self) -> String {
        let disputed = if self.disputed.is_some() { ", disputed" } else { "" };
        format!("{}{disputed}", self.state.as_str())
    }
}
