use std::cell::RefCell;

use crate::value::{Answer, Fact, Facts, Question};

/// Asks others, and writes down what they say.
pub(super) struct Recorder<'f> {
    inner: &'f dyn Facts,
    seen: RefCell<Vec<Fact>>,
}

impl<'f> Recorder<'f> {
    /// Nothing was asked yet.
    pub(super) fn new(inner: &'f dyn Facts) -> Self {
        Self { inner, seen: RefCell::new(Vec::new()) }
    }

    /// What was said.
    pub(super) fn into_facts(self) -> Vec<Fact> {
        self.seen.into_inner()
    }
}

impl Facts for Recorder<'_> {
    fn ask(&self, masked_text: &str, question: &Question) -> Option<Answer> {
        let answer = self.inner.ask(masked_text, question)?;
        let fact = Fact::new(masked_text, question.clone(), answer.clone());
        let mut seen = self.seen.borrow_mut();
        if !seen.contains(&fact) {
            seen.push(fact);
        }
        Some(answer)
    }
}
