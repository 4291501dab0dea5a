use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::diag::nearest;
use crate::judge::{Known, Moment, NameBook};
use crate::value::{Member, NamePath};

/// Names that the language itself knows, with their members.
const BUILT_IN: [(&str, &[&str]); 4] =
    [("now", &["iso"]), ("target", &["name"]), ("run", &["id", "nonce"]), ("case", &["nonce", "uuid"])];

/// Members of `identities.ID`.
const OF_IDENTITY: [&str; 5] = ["client_id", "redirect_uri", "scope", "issuer", "token_url"];

/// Members of `steps.ID`.
const OF_STEP: [&str; 7] = ["status", "headers", "json", "text", "reason", "elapsed", "sent"];

/// Whether names that nobody declares may come from the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undeclared {
    /// The suite says what a target must offer.
    Refused,
    /// A bare file takes whatever the target has; the plan checks it.
    FromTarget,
}

/// What names there are in a scenario or a flow, step after step.
#[derive(Debug)]
pub(crate) struct Names {
    /// Names of the target that the suite declares.
    target: BTreeSet<String>,
    identities: BTreeSet<String>,
    undeclared: Undeclared,
    /// `vars` of the scenario.
    vars: BTreeSet<String>,
    /// Set before the step at hand.
    set: BTreeSet<String>,
    /// Set by the step at hand.
    own: BTreeSet<String>,
    /// Set by any step.
    ever: BTreeSet<String>,
    /// Steps before the one at hand.
    steps: BTreeSet<String>,
    /// The step at hand.
    this_step: String,
    /// Set, and called so, by what stands in the same list of members or undo entries.
    beside: BTreeSet<String>,
    /// Set by those members of the set at hand that are read already.
    own_of_members: BTreeSet<String>,
    /// Those members.
    members: BTreeSet<String>,
    /// The members of the set at hand, once all are read.
    over: BTreeSet<String>,
    /// All steps.
    all_steps: BTreeSet<String>,
    /// Names that were taken from the target.
    wants: RefCell<BTreeSet<String>>,
}

impl Names {
    pub(crate) fn new(target: BTreeSet<String>, identities: BTreeSet<String>, undeclared: Undeclared) -> Self {
        Self {
            target,
            identities,
            undeclared,
            vars: BTreeSet::new(),
            set: BTreeSet::new(),
            own: BTreeSet::new(),
            ever: BTreeSet::new(),
            steps: BTreeSet::new(),
            this_step: String::new(),
            beside: BTreeSet::new(),
            own_of_members: BTreeSet::new(),
            members: BTreeSet::new(),
            over: BTreeSet::new(),
            all_steps: BTreeSet::new(),
            wants: RefCell::new(BTreeSet::new()),
        }
    }

    /// Adds values with a name that the scenario gives.
    pub(crate) fn add_vars(&mut self, names: impl IntoIterator<Item = String>) {
        self.vars.extend(names);
    }

    /// Adds names that are there from the first step on: the inputs of a flow.
    pub(crate) fn add_inputs(&mut self, names: impl IntoIterator<Item = String>) {
        for name in names {
            self.ever.insert(name.clone());
            self.set.insert(name);
        }
    }

    /// Says what all steps set, and what they are called.
    pub(crate) fn foresee(&mut self, set: impl IntoIterator<Item = String>, steps: impl IntoIterator<Item = String>) {
        self.ever.extend(set);
        self.all_steps.extend(steps);
    }

    /// Begins the next step.
    pub(crate) fn begin(&mut self, step: &str, own: BTreeSet<String>) {
        step.clone_into(&mut self.this_step);
        self.own = own;
    }

    /// The name of the step at hand; empty for a member that has none.
    pub(crate) fn this_step(&self) -> &str {
        &self.this_step
    }

    /// Ends the step at hand: what it sets is set for those after it.
    pub(crate) fn end(&mut self) {
        self.set.append(&mut self.own);
        self.steps.append(&mut self.over);
        let step = std::mem::take(&mut self.this_step);
        self.steps.insert(step);
    }

    /// Says what the members of a set, or the entries of an undo, set and are called: none sees that of another.
    pub(crate) fn begin_list(&mut self, names: impl IntoIterator<Item = String>) {
        self.beside = names.into_iter().collect();
    }

    /// Ends the member at hand of a set: the other members do not see what it sets.
    pub(crate) fn end_member(&mut self) {
        self.own_of_members.append(&mut self.own);
        let member = std::mem::take(&mut self.this_step);
        self.members.insert(member);
    }

    /// Goes on with the set whose members are read: what they set counts as its own.
    pub(crate) fn end_members(&mut self, set: &str) {
        set.clone_into(&mut self.this_step);
        self.own = std::mem::take(&mut self.own_of_members);
        self.over = std::mem::take(&mut self.members);
        self.beside.clear();
    }

    /// Lets names that an entry of `undo` sets be used by those after it; they mean nothing elsewhere.
    pub(crate) fn add_own(&mut self, names: impl IntoIterator<Item = String>) {
        self.own.extend(names);
    }

    /// What the step at hand sets, and what is set beside it.
    pub(crate) fn own(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        (self.own.clone(), self.beside.clone())
    }

    /// Takes back what [`Self::add_own`] added.
    pub(crate) fn restore_own(&mut self, own: BTreeSet<String>, beside: BTreeSet<String>) {
        self.own = own;
        self.beside = beside;
    }

    /// Whether a step before, or the one at hand, sets this name.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.set.contains(name) || self.own.contains(name)
    }

    /// Whether a step before sets this name.
    pub(crate) fn was_set(&self, name: &str) -> bool {
        self.set.contains(name)
    }

    /// Who else has this name: a name that hides another is an error.
    pub(crate) fn hides(&self, name: &str) -> Option<&'static str> {
        if BUILT_IN.iter().any(|(built_in, _)| *built_in == name)
            || ["steps", "identities", "variant", "row", "base_url"].contains(&name)
        {
            Some("a name of the language")
        } else if self.vars.contains(name) {
            Some("one of `vars`")
        } else if self.target.contains(name) {
            Some("a name of the target")
        } else {
            None
        }
    }

    /// The names that were taken from the target so far.
    pub(crate) fn wants(&self) -> BTreeSet<String> {
        self.wants.borrow().clone()
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.target
            .iter()
            .chain(&self.vars)
            .chain(&self.ever)
            .map(String::as_str)
            .chain(BUILT_IN.iter().map(|(name, _)| *name))
            .chain(["steps", "identities", "variant", "base_url"])
    }
}

impl NameBook for Names {
    fn known(&self, path: &NamePath) -> Known {
        let root = path.root.as_str();
        let first = path.members.first().and_then(|member| match member {
            Member::Key(key) => Some(key.as_str()),
            Member::Index(_) => None,
        });
        if let Some((_, members)) = BUILT_IN.iter().find(|(name, _)| *name == root) {
            let moment = if root == "now" { Moment::Sent } else { Moment::Plan };
            return match first {
                None if root == "now" => Known::From(moment),
                Some(member) if members.contains(&member) => Known::From(moment),
                _ => no_member(0, members),
            };
        }
        match root {
            "variant" | "base_url" => Known::From(Moment::Plan),
            "identities" => match (first, path.members.get(1)) {
                (Some(identity), Some(Member::Key(member))) => {
                    let known = self.identities.contains(identity) || self.undeclared == Undeclared::FromTarget;
                    if known && OF_IDENTITY.contains(&member.as_str()) {
                        Known::From(Moment::Plan)
                    } else if known {
                        no_member(1, &OF_IDENTITY)
                    } else {
                        Known::NoMember { at: 0, members: self.identities.iter().cloned().collect() }
                    }
                }
                (Some(identity), _) if self.identities.contains(identity) => no_member(1, &OF_IDENTITY),
                _ => Known::NoMember { at: 0, members: self.identities.iter().cloned().collect() },
            },
            "steps" => match first {
                Some(step) => {
                    let member_is_known = match path.members.get(1) {
                        Some(Member::Key(member)) => OF_STEP.contains(&member.as_str()),
                        Some(Member::Index(_)) | None => false,
                    };
                    if !self.all_steps.contains(step) {
                        Known::NoMember { at: 0, members: self.all_steps.iter().cloned().collect() }
                    } else if !member_is_known {
                        no_member(1, &OF_STEP)
                    } else if self.steps.contains(step) {
                        Known::From(Moment::Sent)
                    } else if self.this_step == step || self.over.contains(step) {
                        Known::From(Moment::Settled)
                    } else if self.beside.contains(step) {
                        Known::Beside
                    } else {
                        Known::NotYet
                    }
                }
                None => Known::NoMember { at: 0, members: self.all_steps.iter().cloned().collect() },
            },
            _ if self.set.contains(root) => Known::From(Moment::Sent),
            _ if self.own.contains(root) => Known::From(Moment::Settled),
            _ if self.vars.contains(root) => Known::From(Moment::Plan),
            _ if self.beside.contains(root) => Known::Beside,
            _ if self.ever.contains(root) => Known::NotYet,
            _ if self.target.contains(root) || self.undeclared == Undeclared::FromTarget => {
                self.wants.borrow_mut().insert(root.to_owned());
                Known::From(Moment::Plan)
            }
            _ => Known::Never { nearest: nearest(root, self.all()).map(str::to_owned) },
        }
    }
}

fn no_member(at: usize, members: &[&str]) -> Known {
    Known::NoMember { at, members: members.iter().map(|&member| member.to_owned()).collect() }
}
