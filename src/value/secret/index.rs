use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use aho_corasick::{AhoCorasick, Input, MatchKind};

use super::Form;
use super::plain::MIN_SECRET_LEN;

/// Finds secrets in all their forms.
///
/// The automaton knows only the first six bytes of each form, all of one length, so that it stays small and is built in
/// microseconds although tokens are long; a hit is then compared in full, the longest form first.
#[derive(Default)]
pub(super) struct FormIndex {
    automaton: Option<AhoCorasick>,
    /// For each pattern of the automaton the forms that begin so, the longest first.
    candidates: Vec<Vec<Candidate>>,
}

struct Candidate {
    secret: usize,
    form: Option<Form>,
    text: Box<str>,
}

/// A secret found in a text.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) range: Range<usize>,
    /// Its number in the list that the index was built from.
    pub(super) secret: usize,
    /// How it is encoded; `None` when it is not.
    pub(super) form: Option<Form>,
}

impl FormIndex {
    /// Builds the index; the numbers are given back in hits.
    pub(super) fn build<'a>(secrets: impl Iterator<Item = (usize, &'a str)>) -> Self {
        let mut by_start: HashMap<[u8; MIN_SECRET_LEN], usize> = HashMap::new();
        let mut starts: Vec<[u8; MIN_SECRET_LEN]> = Vec::new();
        let mut candidates: Vec<Vec<Candidate>> = Vec::new();
        for (secret, value) in secrets {
            let forms = Form::each_of(value).map(|(form, text)| (Some(form), text));
            for (form, text) in std::iter::once((None, value.to_owned())).chain(forms) {
                let Some(start) = text.as_bytes().first_chunk::<MIN_SECRET_LEN>() else { continue };
                let at = *by_start.entry(*start).or_insert_with(|| {
                    starts.push(*start);
                    candidates.push(Vec::new());
                    candidates.len() - 1
                });
                if candidates[at].iter().all(|known| *known.text != *text) {
                    candidates[at].push(Candidate { secret, form, text: text.into() });
                }
            }
        }
        for group in &mut candidates {
            group.sort_by_key(|candidate| std::cmp::Reverse(candidate.text.len()));
        }
        if starts.is_empty() {
            return Self::default();
        }
        // Patterns of six bytes are far from every limit of the automaton.
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(&starts);
        Self { automaton: Some(automaton.expect("short patterns fit any automaton")), candidates }
    }

    /// The first secret at or after `from`, in its longest form.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<Hit> {
        let automaton = self.automaton.as_ref()?;
        let mut from = from;
        while from < text.len() {
            let start = automaton.find(Input::new(text).range(from..))?;
            let rest = &text[start.start()..];
            let found =
                self.candidates[start.pattern()].iter().find(|candidate| rest.starts_with(candidate.text.as_bytes()));
            if let Some(Candidate { secret, form, text }) = found {
                return Some(Hit { range: start.start()..start.start() + text.len(), secret: *secret, form: *form });
            }
            from = start.start() + 1;
        }
        None
    }
}

/// The automaton would print what it looks for.
impl fmt::Debug for FormIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
