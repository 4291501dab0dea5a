use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::words::wrapped;

/// The version of the JSON of `assize explain`: a member may be added, none changes its meaning.
/// Its schema is `docs/schema/output/explain.json`.
pub(super) const FORMAT: u32 = 1;

/// What kind of thing is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Topic {
    /// A problem of files, such as `unknown-key`.
    Problem,
    /// How an answer does not fit, such as `status-mismatch`.
    Finding,
    /// A block of a step, such as `expect`.
    Block,
    /// A check.
    Check,
    /// A matcher.
    Matcher,
    /// A requirement of a suite.
    Requirement,
    /// A scenario of a suite.
    Scenario,
}

/// One thing, explained.
#[derive(Debug, Serialize)]
pub(super) struct Explained {
    pub(super) kind: Topic,
    pub(super) id: String,
    /// What it is.
    pub(super) what: String,
    /// Why it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
    /// Where that is taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<String>,
    /// How to mend it, or what to look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fix: Option<String>,
    /// A few lines that show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) example: Option<String>,
    /// What only a thing of its kind has.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub(super) details: Value,
    /// What people read first; nothing where `what` says it all.
    #[serde(skip)]
    pub(super) head: Option<String>,
}

impl Explained {
    /// What has no more than a sentence: `check `status`: the status code`.
    pub(super) fn word(kind: Topic, id: &str, what: &str) -> Self {
        let name = match kind {
            Topic::Block => "block",
            Topic::Check => "check",
            Topic::Matcher => "matcher",
            Topic::Problem | Topic::Finding | Topic::Requirement | Topic::Scenario => "",
        };
        Self {
            kind,
            id: id.to_owned(),
            what: what.to_owned(),
            why: None,
            source: None,
            fix: None,
            example: None,
            details: Value::Null,
            head: Some(format!("{name} `{id}`: {what}\n")),
        }
    }

    /// For people.
    pub(super) fn text(&self, width: usize) -> String {
        let mut text = self.head.clone().unwrap_or_else(|| format!("{}: {}\n", self.id, self.what));
        // Writing to a text cannot fail, here and below.
        for (title, words) in [("Why it matters", &self.why), ("Source", &self.source), ("How to mend it", &self.fix)] {
            // What has a head tells of its source there.
            if let Some(words) = words.as_ref().filter(|_| title != "Source" || self.head.is_none()) {
                let lines = wrapped(&format!("{title}: {words}"), width, 0, 2);
                let _ = writeln!(text, "\n{}", lines.join("\n"));
            }
        }
        if let Some(example) = &self.example {
            text.push_str("\nExample:\n");
            for line in example.lines() {
                let _ = writeln!(text, "{}", format!("    {line}").trim_end());
            }
        }
        text
    }
}
