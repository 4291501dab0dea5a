use serde::Serialize;

use super::prose::Prose;
use super::shown::Shown;

/// The longest line, in bytes.
const MOST_LINE: usize = 500;
/// How far in a line stands at most.
const DEEPEST: usize = 3;

/// A further line of a finding: a field, the rule that it breaks and where that stands, a hint.
#[derive(Debug, Serialize)]
pub(super) struct DetailView {
    /// How far in it stands: notes stand below what they speak of.
    depth: usize,
    /// `field`, `rule`, `hint`, `branch`, or `text` for anything else.
    kind: &'static str,
    /// The field, or the keyword of the rule.
    lead: Shown,
    /// What is said of it; of a rule, where it stands.
    text: Prose,
}

impl DetailView {
    /// The line as the judge wrote it.
    pub(super) fn new(line: &str) -> Self {
        let text = line.trim_start_matches(' ');
        let depth = ((line.len() - text.len()) / 2).min(DEEPEST);
        let (kind, lead, text) = parts(text);
        Self { depth, kind, lead: Shown::short(lead, MOST_LINE), text: Prose::new(&Shown::short(text, MOST_LINE)) }
    }
}

fn parts(text: &str) -> (&'static str, &str, &str) {
    if let Some((keyword, place)) = text.strip_prefix("rule: `").and_then(|rest| rest.split_once("` at ")) {
        return ("rule", keyword, place);
    }
    if let Some(hint) = text.strip_prefix("hint: ") {
        return ("hint", "", hint);
    }
    if let Some(way) = text.strip_prefix("at ").filter(|way| way.starts_with('$')) {
        return ("branch", "", way);
    }
    match text.split_once(": ") {
        Some((field, said)) if field.starts_with('$') => ("field", field, said),
        _ => ("text", "", text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_the_judge_has_its_kind_and_depth() {
        let drawn = |line: &str| {
            let it = DetailView::new(line);
            format!("{} {} [{}] {}", it.depth, it.kind, it.lead.as_str(), it.text.text())
        };
        assert_eq!(drawn("$.id: expected a text, got 5"), "0 field [$.id] expected a text, got 5");
        assert_eq!(drawn("  rule: `type` at schemas/event.json:5:15"), "1 rule [type] schemas/event.json:5:15");
        assert_eq!(drawn("    hint: a text sent as a number"), "2 hint [] a text sent as a number");
        assert_eq!(drawn("at $.events[0], oneOf: the branch"), "0 branch [] $.events[0], oneOf: the branch");
        assert_eq!(drawn("              rule: all"), "3 text [] rule: all");
    }
}
