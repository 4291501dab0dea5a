use std::fmt;

use crate::diag::Code;
use crate::judge::block::idle_excuse;
use crate::judge::{Compiler, Moment};
use crate::value::{Json, Node, NodeKind};

use super::equality::Equals;
use super::registry::{MATCHERS, named};
use super::{Context, Fit, Found};

/// One thing that is said of a value.
pub(super) trait Test: fmt::Debug + Send + Sync {
    /// Puts it to what was found. Total: whatever it is, there is an answer.
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit;

    /// What it expects, as in `expected …`.
    fn describe(&self, context: &Context<'_>) -> String;

    /// Why it cannot fail, where it cannot.
    fn vacuous(&self) -> Option<String> {
        None
    }

    /// Why no text can fail it, where none can.
    fn vacuous_for_texts(&self) -> Option<String> {
        None
    }

    /// The value that it demands, where it is one and written out.
    fn as_fixed(&self) -> Option<&Json> {
        None
    }

    /// Tells it of the whole map in which it stands.
    fn beside(&mut self, _map: &Node) {}
}

/// What is expected of a value: everything in it must fit.
#[derive(Debug)]
pub struct Matcher {
    tests: Vec<Box<dyn Test>>,
    excuse: Option<String>,
}

impl Matcher {
    /// Reads a matcher: a scalar or a list, which means `equals`, or a map of matchers. `None` after a problem was told.
    pub fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            return Some(Self { tests: vec![Box::new(Equals::parse(node, compiler, moment))], excuse: None });
        };
        let mut matcher = Self { tests: Vec::new(), excuse: None };
        let mut excuse_at = None;
        let mut sound = true;
        for entry in entries.iter() {
            let key = &*entry.key.text;
            if key == "vacuous" {
                matcher.excuse = entry.value.as_text().map(str::to_owned);
                excuse_at = Some(entry.key.span);
                if matcher.excuse.is_none() {
                    compiler.wrong_type(&entry.value, "the reason why this may stand, as a text");
                    sound = false;
                }
                continue;
            }
            let Some(kind) = named(key) else {
                let known: Vec<&str> = MATCHERS.iter().map(|kind| kind.name).collect();
                let help = "an object is compared by `equals: { … }`, members of it by `has: { … }`";
                compiler.unknown_key(&entry.key, "a matcher", &known, help);
                sound = false;
                continue;
            };
            if entry.value.is_null() && !kind.takes_null {
                continue;
            }
            match (kind.parse)(&entry.value, compiler, moment) {
                Some(test) => matcher.tests.push(test),
                None => sound = false,
            }
        }
        if matcher.tests.is_empty() && sound {
            compiler.problem(Code::VacuousCheck, node.span, "a matcher without anything in it fits everything");
            return None;
        }
        matcher.tests.iter_mut().for_each(|test| test.beside(node));
        let can_fail = matcher.tests.iter().any(|test| test.vacuous().is_none());
        if let Some(span) = excuse_at.filter(|_| sound && can_fail && !compiler.is_late()) {
            compiler.out.push(idle_excuse(span));
        }
        sound.then_some(matcher)
    }

    /// Puts it to what was found.
    #[must_use]
    pub fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        Fit::all(self.tests.iter().map(|test| test.fit(found, context)))
    }

    /// What it expects, as in `expected …`.
    #[must_use]
    pub fn describe(&self, context: &Context<'_>) -> String {
        self.tests.iter().map(|test| test.describe(context)).collect::<Vec<_>>().join(" and ")
    }

    /// Why it cannot fail where nothing but texts are put to it.
    #[must_use]
    pub fn vacuous_for_texts(&self) -> Option<String> {
        if self.excuse.is_some() {
            return None;
        }
        let reasons: Option<Vec<String>> =
            self.tests.iter().map(|test| test.vacuous().or_else(|| test.vacuous_for_texts())).collect();
        reasons.and_then(|reasons| reasons.into_iter().next())
    }

    /// The value that it demands and nothing else, where that is written out.
    pub(super) fn as_fixed(&self) -> Option<&Json> {
        if let [test] = &self.tests[..] { test.as_fixed() } else { None }
    }

    /// Why it cannot fail, where it cannot and no reason was given for that.
    #[must_use]
    pub fn vacuous(&self) -> Option<String> {
        if self.excuse.is_some() {
            return None;
        }
        let reasons: Option<Vec<String>> = self.tests.iter().map(|test| test.vacuous()).collect();
        reasons.and_then(|reasons| reasons.into_iter().next())
    }
}
