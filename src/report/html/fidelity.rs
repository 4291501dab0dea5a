use crate::event::OutcomeClass;

/// How much of a case stands in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fidelity {
    /// The line of the case and, where it did not simply pass, what was found; nothing of what was sent.
    Line,
    /// Also a line for each exchange.
    Diagram,
    /// Also its header fields and bodies, cut short.
    Brief,
    /// Also whole header fields and bodies, as far as a page can hold them.
    Full,
}

/// How much of one exchange is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Bytes of a body, once its lines are indented.
    pub(super) body_bytes: usize,
    /// Lines of a body.
    pub(super) body_lines: usize,
    /// Header fields.
    pub(super) headers: usize,
    /// Exchanges of a try.
    pub(super) exchanges: usize,
}

impl Fidelity {
    /// What is drawn of exchanges.
    pub(super) fn room(self) -> Room {
        match self {
            Self::Full => Room { body_bytes: 64 * 1024, body_lines: 1000, headers: 60, exchanges: 40 },
            Self::Brief => Room { body_bytes: 1024, body_lines: 24, headers: 16, exchanges: 12 },
            Self::Line | Self::Diagram => Room { body_bytes: 0, body_lines: 0, headers: 0, exchanges: 0 },
        }
    }
}

const MIB: u64 = 1024 * 1024;

/// How many bytes of the page cases may take before less is told of each, so that a page of any run can be opened.
#[derive(Debug, Default)]
pub(super) struct Budget {
    passing: u64,
    others: u64,
}

impl Budget {
    /// How much is told of the next case that ended so.
    pub(super) fn fidelity(&self, class: OutcomeClass) -> Fidelity {
        let (spent, steps) = if is_passing(class) {
            (self.passing, [(3 * MIB, Fidelity::Brief), (4 * MIB, Fidelity::Diagram)])
        } else {
            (self.others, [(8 * MIB, Fidelity::Full), (10 * MIB, Fidelity::Brief)])
        };
        steps.into_iter().find(|(limit, _)| spent < *limit).map_or(Fidelity::Line, |(_, fidelity)| fidelity)
    }

    /// Takes in how many bytes it took.
    pub(super) fn spend(&mut self, class: OutcomeClass, bytes: usize) {
        let spent = if is_passing(class) { &mut self.passing } else { &mut self.others };
        *spent += bytes as u64;
    }
}

fn is_passing(class: OutcomeClass) -> bool {
    match class {
        OutcomeClass::Passed | OutcomeClass::Skipped => true,
        OutcomeClass::Warned
        | OutcomeClass::Flaky
        | OutcomeClass::Known
        | OutcomeClass::Failed
        | OutcomeClass::Inconclusive
        | OutcomeClass::Broken
        | OutcomeClass::Blocked
        | OutcomeClass::Unfinished => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passing_cases_are_told_in_ever_fewer_words_and_never_at_the_cost_of_others() {
        let mut budget = Budget::default();
        let of_passing = |budget: &Budget| budget.fidelity(OutcomeClass::Passed);
        assert_eq!(of_passing(&budget), Fidelity::Brief);
        budget.spend(OutcomeClass::Passed, 3 * 1024 * 1024);
        assert_eq!(of_passing(&budget), Fidelity::Diagram);
        budget.spend(OutcomeClass::Passed, 1024 * 1024);
        assert_eq!(of_passing(&budget), Fidelity::Line);
        assert_eq!(budget.fidelity(OutcomeClass::Failed), Fidelity::Full);
    }
}
