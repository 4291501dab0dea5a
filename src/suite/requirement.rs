use std::collections::BTreeMap;

use crate::diag::Span;
use crate::event::{Level, RequirementId};

/// The promises of a suite, and the document that they are taken from.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Its name.
    pub name: String,
    /// The document.
    pub document: Option<String>,
    /// The document's digest, so that a change of it is noticed.
    pub sha256: Option<String>,
    /// The document's questions, in its order.
    pub questions: Vec<Question>,
    /// The requirements, in order.
    pub requirements: Vec<Requirement>,
    index: BTreeMap<RequirementId, usize>,
}

/// A question of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its id, such as `Q13`.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// A promise.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Its id.
    pub id: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// Whom it binds.
    pub actor: Actor,
    /// The variants it holds in; all when absent.
    pub variants: Option<Vec<String>>,
    /// What it says.
    pub text: String,
    /// The question, or the section, that it is taken from.
    pub source: Clause,
    /// Another reading, and who holds it.
    pub disputed: Option<String>,
    /// Requirements that cannot hold beside it.
    pub conflicts_with: Vec<RequirementId>,
    /// Why nothing can test it.
    pub untestable: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// Whom a requirement binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Whoever answers.
    Server,
    /// Whoever asks.
    Client,
    /// Both.
    Both,
}

impl Actor {
    /// The words.
    pub const WORDS: [(&'static str, Self); 3] =
        [("server", Self::Server), ("client", Self::Client), ("both", Self::Both)];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Both => "both",
        }
    }
}

/// Where a requirement is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// `Q13`, or the name of a section.
    pub place: String,
    /// Whether the place is a question of the document.
    pub is_question: bool,
    /// How it follows from there.
    pub basis: Basis,
}

/// How a requirement follows from its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The source says so.
    Stated,
    /// It follows from what the source says.
    Implied,
    /// Other documents of the vendor say so.
    Reference,
    /// It is good practice.
    Assumed,
}

impl Basis {
    /// The words.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("stated", Self::Stated),
        ("implied", Self::Implied),
        ("reference", Self::Reference),
        ("assumed", Self::Assumed),
    ];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Implied => "implied",
            Self::Reference => "reference",
            Self::Assumed => "assumed",
        }
    }
}

impl Catalogue {
    /// Adds a requirement; false when there is one of that id already.
    pub fn add(&mut self, requirement: Requirement) -> bool {
        let index = self.requirements.len();
        if self.index.contains_key(&requirement.id) {
            return false;
        }
        self.index.insert(requirement.id.clone(), index);
        self.requirements.push(requirement);
        true
    }

    /// The requirement of this id.
    #[must_use]
    pub fn get(&self, id: &RequirementId) -> Option<&Requirement> {
        self.index.get(id).map(|index| &self.requirements[*index])
    }

    /// The strictest level of these requirements; none when there are none.
    #[must_use]
    pub fn strictest(&self, ids: &[RequirementId]) -> Option<Level> {
        ids.iter().filter_map(|id| self.get(id)).map(|requirement| requirement.level).max()
    }
}
