use serde::{Deserialize, Serialize};

use super::{Code, Diagnostic, Label, Place, Severity, Sources};

/// A diagnostic without spans, for `--format json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainDiagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: Code,
    /// One sentence.
    pub message: String,
    /// The place it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub primary: Option<PlainLabel>,
    /// Places that explain it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub others: Vec<PlainLabel>,
    /// What can be done.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub help: Vec<String>,
    /// The file it is about, where no place within it can be named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<String>,
}

/// A place and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainLabel {
    /// Where.
    pub place: Place,
    /// What is said about it; may be empty.
    pub text: String,
}

impl PlainDiagnostic {
    /// The same, with every span turned into a place.
    #[must_use]
    pub fn new(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let plain = |label: &Label| PlainLabel { place: sources.place(label.span), text: label.text.clone() };
        Self {
            severity: diagnostic.severity,
            code: diagnostic.code,
            message: diagnostic.message.clone(),
            primary: diagnostic.primary.as_ref().map(plain),
            others: diagnostic.others.iter().map(plain).collect(),
            help: diagnostic.help.clone(),
            file: diagnostic.file.clone(),
        }
    }
}
