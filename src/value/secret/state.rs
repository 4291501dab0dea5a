use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::index::{FormIndex, Hit};
use super::{Handle, Masker, Origin, Secret, SecretName};

/// What a vault knows at some moment.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) learned: Vec<Learned>,
    pub(super) by_value: HashMap<Secret, usize>,
    literals: Vec<String>,
    numbers: HashMap<SecretName, u32>,
    handles: HashMap<Id, Handle>,
    pub(super) by_handle: HashMap<(SecretName, u32), Id>,
    /// The index of what was learned; `None` when something was learned since.
    pub(super) index: Option<Arc<FormIndex>>,
}

/// A secret that an endpoint issued.
#[derive(Debug)]
pub(super) struct Learned {
    pub(super) secret: Secret,
    pub(super) origins: Vec<Origin>,
}

/// Whose secret it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Id {
    /// The operator's.
    Run(usize),
    /// One that this case learned.
    Case(usize),
    /// No secret: a text from outside that looks like a handle.
    Literal(usize),
}

impl State {
    /// The handle of a secret, made on first sight; `name` is used for what the case learned.
    pub(super) fn handle(&mut self, masker: &Masker, id: Id, name: &SecretName) -> Handle {
        if let Some(handle) = self.handles.get(&id) {
            return handle.clone();
        }
        let name = match id {
            Id::Run(at) => masker.secret(at).map_or(name, |secret| &secret.name),
            Id::Case(_) | Id::Literal(_) => name,
        };
        let number = self.numbers.entry(name.clone()).or_default();
        *number += 1;
        let handle = Handle::new(name.clone(), *number);
        self.by_handle.insert((name.clone(), *number), id);
        self.handles.insert(id, handle.clone());
        handle
    }

    fn literal(&mut self, masker: &Masker, text: &str) -> Handle {
        let at = self.literals.iter().position(|known| known == text).unwrap_or_else(|| {
            self.literals.push(text.to_owned());
            self.literals.len() - 1
        });
        self.handle(masker, Id::Literal(at), &SecretName::lossy("literal"))
    }

    /// The value that a handle stands for, encoded as it says, and what it is bound to; `None` for a stranger.
    pub(super) fn value<'s>(&'s self, masker: &'s Masker, handle: &Handle) -> Option<(String, Option<&'s [Origin]>)> {
        let (value, bound) = match *self.by_handle.get(&(handle.name().clone(), handle.number()))? {
            Id::Run(at) => masker.secret(at).map(|secret| (secret.secret.expose(), Some(&*secret.origins)))?,
            Id::Case(at) => self.learned.get(at).map(|known| (known.secret.expose(), Some(&*known.origins)))?,
            Id::Literal(at) => (self.literals.get(at)?.as_str(), None),
        };
        let encoded = handle.forms().iter().try_fold(value.to_owned(), |value, form| form.encode(&value))?;
        Some((encoded, bound))
    }

    /// The handle for a secret that was found in a text.
    fn found(&mut self, masker: &Masker, hit: &Hit, id: Id) -> Handle {
        let handle = self.handle(masker, id, &SecretName::lossy("secret"));
        match hit.form {
            None => handle,
            Some(form) => handle.encoded(form),
        }
    }

    /// Masks secrets and texts that look like handles; `None` when there are none.
    pub(super) fn mask(&mut self, masker: &Masker, text: &[u8]) -> Option<Vec<u8>> {
        self.replace(masker, text, Handle::find)
    }

    /// Masks secrets in a text whose handles are ours.
    pub(super) fn mask_secrets(&mut self, masker: &Masker, text: &[u8]) -> Option<Vec<u8>> {
        self.replace(masker, text, |_, _| None)
    }

    fn replace(
        &mut self,
        masker: &Masker,
        text: &[u8],
        find_literal: impl Fn(&[u8], usize) -> Option<(Range<usize>, Handle)>,
    ) -> Option<Vec<u8>> {
        let learned = self.index();
        let mut output: Option<Vec<u8>> = None;
        let mut at = 0;
        let mut run = masker.index().find(text, 0);
        let mut case = learned.find(text, 0);
        let mut literal = find_literal(text, 0);
        loop {
            let (range, handle) = match (leftmost(run.as_ref(), case.as_ref()), &literal) {
                (None, None) => break,
                // A secret within what looks like a handle must not be let out as a part of it.
                (Some((hit, id)), Some((range, _))) if hit.range.start < range.end => {
                    (hit.range.clone(), self.found(masker, hit, id))
                }
                (_, Some((range, _))) => {
                    (range.clone(), self.literal(masker, &String::from_utf8_lossy(&text[range.clone()])))
                }
                (Some((hit, id)), None) => (hit.range.clone(), self.found(masker, hit, id)),
            };
            let out = output.get_or_insert_with(|| Vec::with_capacity(text.len()));
            out.extend_from_slice(&text[at..range.start]);
            out.extend_from_slice(handle.to_string().as_bytes());
            at = range.end;
            if run.as_ref().is_some_and(|hit| hit.range.start < at) {
                run = masker.index().find(text, at);
            }
            if case.as_ref().is_some_and(|hit| hit.range.start < at) {
                case = learned.find(text, at);
            }
            if literal.as_ref().is_some_and(|(range, _)| range.start < at) {
                literal = find_literal(text, at);
            }
        }
        if let Some(out) = &mut output {
            out.extend_from_slice(&text[at..]);
        }
        output
    }

    /// The index of what was learned, built again when something was learned since.
    fn index(&mut self) -> Arc<FormIndex> {
        let learned = &self.learned;
        let build = || Arc::new(FormIndex::build(learned.iter().map(|known| known.secret.expose()).enumerate()));
        self.index.get_or_insert_with(build).clone()
    }
}

/// Of two hits the one further left, of two at one place the longer one.
fn leftmost<'h>(run: Option<&'h Hit>, case: Option<&'h Hit>) -> Option<(&'h Hit, Id)> {
    let order = |hit: &Hit| (hit.range.start, std::cmp::Reverse(hit.range.end));
    let run = run.map(|hit| (hit, Id::Run(hit.secret)));
    let case = case.map(|hit| (hit, Id::Case(hit.secret)));
    run.into_iter().chain(case).min_by_key(|(hit, _)| order(hit))
}
