use crate::judge::{Breach, BreachCode, Check, Checks, Compiler, Reading, Rule, Schema, Subject};
use crate::value::Node;

use super::registry::one;

/// `any_of`: blocks of which at least one holds.
#[derive(Debug)]
struct AnyOf(Vec<Checks>);

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let Some(items) = node.as_list().filter(|items| !items.is_empty()) else {
        compiler.wrong_type(node, "a list of blocks of checks");
        return None;
    };
    let branches: Vec<_> =
        items.iter().map(|item| compiler.within_branch(|compiler| Checks::parse(item, compiler))).collect();
    let branches = branches.into_iter().collect::<Option<Vec<_>>>()?;
    Some(one("any_of", node, AnyOf(branches)))
}

/// What one branch misses.
struct Missed<'c> {
    number: usize,
    held: usize,
    check: &'c Check,
    breach: Breach,
    undecided: bool,
}

impl Rule for AnyOf {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let mut missed = Vec::with_capacity(self.0.len());
        for (at, branch) in self.0.iter().enumerate() {
            match first_miss(at + 1, branch, subject) {
                None => return Reading::Holds,
                Some(miss) => missed.push(miss),
            }
        }
        let undecided = missed.iter().any(|miss| miss.undecided);
        let code = missed.iter().find(|miss| miss.undecided).map_or(BreachCode::NoBranch, |miss| miss.breach.code);
        // What might have held comes first, then what came nearest; of equals the one that stands first.
        missed.sort_by_key(|miss| (!miss.undecided, std::cmp::Reverse(miss.held)));
        let line = |miss: &Missed<'_>| format!("branch {}: {}", miss.number, miss.check.told(&miss.breach));
        let message = match &missed[..] {
            [only] => format!("the only branch does not hold: {}", only.check.told(&only.breach)),
            [nearest, ..] => format!("none of the {} branches holds; nearest is {}", missed.len(), line(nearest)),
            [] => "there is no branch".to_owned(),
        };
        let details = if missed.len() > 1 { missed.iter().map(line).collect() } else { Vec::new() };
        let breach = Breach { details, ..Breach::new(code, message) };
        if undecided { Reading::Undecided(breach) } else { Reading::Breaks(breach) }
    }

    fn vacuous(&self) -> Option<String> {
        let reason = self.0.iter().find_map(Checks::vacuous)?;
        Some(format!("a branch of `any_of` cannot fail: {reason}"))
    }

    fn needs_answer(&self) -> bool {
        self.0.iter().any(Checks::needs_answer)
    }

    fn schemas(&self) -> Vec<&Schema> {
        self.0.iter().flat_map(Checks::schemas).collect()
    }

    fn judges_members(&self) -> bool {
        self.0.iter().any(Checks::judges_members)
    }

    fn names_status(&self, status: u16) -> bool {
        self.0.iter().any(|branch| branch.names_status(status))
    }
}

/// What a branch misses: a check that breaks rather than one that cannot be decided. `None` when all of it holds.
fn first_miss<'c>(number: usize, branch: &'c Checks, subject: &Subject<'_>) -> Option<Missed<'c>> {
    let (mut held, mut broken, mut unsure) = (0, None, None);
    for check in branch.promises() {
        match check.rule.judge(subject) {
            Reading::Holds => held += 1,
            Reading::Breaks(breach) => broken = broken.or(Some((check, breach))),
            Reading::Undecided(breach) => unsure = unsure.or(Some((check, breach))),
        }
    }
    let undecided = broken.is_none();
    let (check, breach) = broken.or(unsure)?;
    Some(Missed { number, held, check, breach, undecided })
}
