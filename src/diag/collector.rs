use super::{Code, Diagnostic, Severity};

/// How many errors, and how many warnings, a collector keeps.
pub const MOST_PER_SEVERITY: usize = 200;

/// Collects the problems of a load: each once, up to [`MOST_PER_SEVERITY`] of a kind; what is over is counted.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    more: usize,
}

impl Diagnostics {
    /// An empty collector.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a problem in, unless the very same one is there.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let kept = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        // No search for twins once it is full: a hostile file must not make this quadratic.
        if kept.len() >= MOST_PER_SEVERITY {
            self.more += 1;
        } else if !kept.contains(&diagnostic) {
            kept.push(diagnostic);
        }
    }

    /// Takes in all that another one holds.
    pub fn append(&mut self, other: Self) {
        self.extend(other.errors.into_iter().chain(other.warnings));
        self.more += other.more;
    }

    /// Whether a problem had to be left out: a stage that only finds more of them may stop.
    #[must_use]
    pub const fn is_over_full(&self) -> bool {
        self.more > 0
    }

    /// Whether anything is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty() && self.warnings.is_empty()
    }

    /// How many errors there are, those not kept aside.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.errors.len()
    }

    /// Everything found, by file (in the order of source ids; what has no place comes first) and position. A last entry
    /// tells how many were not kept.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut all = self.errors;
        all.extend(self.warnings);
        all.sort_by(|left, right| {
            let key = |it: &Diagnostic| (it.primary.as_ref().map(|label| label.span), it.severity, it.code.as_str());
            key(left)
                .cmp(&key(right))
                .then_with(|| left.file.cmp(&right.file))
                .then_with(|| left.message.cmp(&right.message))
        });
        if self.more > 0 {
            let are = if self.more == 1 { "problem is" } else { "problems are" };
            let message = format!("at least {} more {are} not shown", self.more);
            // An error only where there are errors: warnings, however many, stop nothing.
            let has_errors = all.iter().any(|it| it.severity == Severity::Error);
            let last = if has_errors { Diagnostic::error } else { Diagnostic::warning };
            all.push(last(Code::TooManyProblems, message));
        }
        all
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{SourceId, Span};

    fn at(file: u32, start: u32, message: &str) -> Diagnostic {
        Diagnostic::error(Code::UnknownKey, message).at(Span::point(SourceId(file), start), "")
    }

    #[test]
    fn problems_are_sorted_by_file_and_position_and_told_once() {
        let mut found = Diagnostics::new();
        let warning = Diagnostic { severity: Severity::Warning, ..at(0, 5, "e") };
        found.extend([at(1, 0, "a"), at(0, 9, "b"), warning.clone(), at(0, 9, "b"), at(0, 1, "c")]);
        let whole = Diagnostic::error(Code::NotUtf8, "d").in_file("x");
        found.push(whole.clone());
        assert_eq!(found.into_sorted(), [whole, at(0, 1, "c"), warning, at(0, 9, "b"), at(1, 0, "a")]);
    }

    #[test]
    fn warnings_never_crowd_out_an_error_and_what_is_over_is_counted() {
        let mut found = Diagnostics::new();
        for start in 0..300 {
            found.push(Diagnostic { severity: Severity::Warning, ..at(0, start, "w") });
        }
        assert!(!found.has_errors() && found.is_over_full());
        let mut other = Diagnostics::new();
        other.push(at(0, 1000, "the error"));
        found.append(other);
        assert!(found.has_errors());
        let sorted = found.into_sorted();
        assert_eq!(sorted.len(), MOST_PER_SEVERITY + 2);
        assert_eq!(sorted[MOST_PER_SEVERITY].message, "the error");
        assert_eq!(sorted[MOST_PER_SEVERITY + 1].message, "at least 100 more problems are not shown");
    }
}
