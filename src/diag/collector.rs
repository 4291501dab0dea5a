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
            let message = format!("{} more {are} not shown", self.more);
            all.push(Diagnostic::error(Code::TooManyProblems, message));
        }
        all
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}
