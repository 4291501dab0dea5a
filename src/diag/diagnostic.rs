use serde::{Deserialize, Serialize};

use super::{Code, Span};

/// How bad a problem is. Errors come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing can be done with what was written.
    Error,
    /// It can be run, but probably does not say what was meant.
    Warning,
}

/// A place and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is said under the caret; may be empty.
    pub text: String,
}

/// A problem in what a person wrote.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: Code,
    /// One sentence: lowercase, no full stop; what was expected and what was found.
    pub message: String,
    /// The place it is about.
    pub primary: Option<Label>,
    /// Places that explain it, such as the first of two equal keys.
    pub others: Vec<Label>,
    /// What can be done, a sentence each.
    pub help: Vec<String>,
    /// The file it is about, where no place within it can be named.
    pub file: Option<String>,
}

impl Diagnostic {
    /// A problem that stops the load.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    /// A problem that does not.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    const fn new(severity: Severity, code: Code, message: String) -> Self {
        Self { severity, code, message, primary: None, others: Vec::new(), help: Vec::new(), file: None }
    }

    /// Says where it is, with a text for the caret, which may be empty.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.primary = Some(Label { span, text: text.into() });
        self
    }

    /// Adds a place that explains it.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.others.push(Label { span, text: text.into() });
        self
    }

    /// Adds a sentence on what can be done.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds `did you mean …` where there is a nearest word.
    #[must_use]
    pub fn help_nearest(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(word) => self.help(format!("did you mean `{word}`?")),
            None => self,
        }
    }

    /// Names the file, for a problem that has no place within it.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.file = Some(path.into());
        self
    }
}
