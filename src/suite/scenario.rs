use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::diag::Span;
use crate::event::RequirementId;
use crate::value::{Node, Operand};

use super::Step;

/// A scenario with one of its rows put in: what becomes one case in each variant.
#[derive(Debug)]
pub struct Scenario {
    /// Its id: a dotted name.
    pub id: String,
    /// What it says, the row put in; names that only the target knows stand as they are.
    pub title: String,
    /// The row, where it has rows.
    pub row: Option<String>,
    /// The requirements that its steps are evidence for, unless they say otherwise.
    pub verifies: Vec<RequirementId>,
    /// All requirements that any of its steps is evidence for.
    pub evidence_for: Vec<RequirementId>,
    /// The variants it runs in; all when absent.
    pub variants: Option<Vec<String>>,
    /// Features that the target must have.
    pub needs: Vec<String>,
    /// For selection.
    pub tags: Vec<String>,
    /// Cases with a common lock do not overlap; `*` is alone on the target.
    pub locks: Vec<String>,
    /// Those who act in it, in order: declared ones, then identities that stand for one device of theirs.
    pub devices: Vec<Device>,
    /// Values with a name, in order: each may use those before it.
    pub vars: Vec<(String, Operand)>,
    /// How often it is tried again when it does not pass.
    pub retry: u32,
    /// How long the case may take.
    pub deadline: Duration,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Whether something in it can be compiled only when the target is known.
    pub is_late: bool,
    /// Names that it takes from the target, with the first place of each.
    pub wants: BTreeMap<String, Span>,
    /// What it was compiled from, the row put in.
    pub node: Node,
    /// Where its title stands.
    pub span: Span,
    /// Where the whole of it stands: from its first line to its last.
    pub extent: Span,
}

impl Scenario {
    /// The case's id without the variant: `scenario[/row]`.
    #[must_use]
    pub fn case_stem(&self) -> String {
        match &self.row {
            Some(row) => format!("{}/{row}", self.id),
            None => self.id.clone(),
        }
    }
}

/// Somebody who acts in a scenario, on one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub identity: String,
    /// The device whose user it shares; none when it leases a user of its own.
    pub shares_with: Option<String>,
}

/// A part of scenarios that is written once.
#[derive(Debug)]
pub struct Flow {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub text: String,
    /// Names that whoever uses it must give.
    pub inputs: Vec<String>,
    /// Names that it gives back.
    pub outputs: Vec<String>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Flows that it uses.
    pub uses: Vec<String>,
    /// Whether something in it can be compiled only when the target is known.
    pub is_late: bool,
    /// Names that it takes from the target.
    pub wants: BTreeMap<String, Span>,
    /// What it was compiled from.
    pub node: Node,
    /// Where it stands.
    pub span: Span,
}

/// The flows of a suite, by name.
pub type Flows = BTreeMap<String, Arc<Flow>>;
