use std::time::Duration;

use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::value::{Json, Key, Name, Node, NodeKind, parse_duration};

use super::fields::{text, wrong_type};

/// One of a list of words.
pub(crate) fn word<T: Copy>(node: &Node, words: &[(&str, T)], what: &str, out: &mut Diagnostics) -> Option<T> {
    let word = text(node, out)?;
    if let Some((_, value)) = words.iter().find(|(known, _)| *known == word) {
        return Some(*value);
    }
    let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
    let expected = format!("expected {}", one_of(&known));
    let problem = Diagnostic::error(Code::UnknownValue, format!("`{word}` is no {what}")).at(node.span, expected);
    out.push(problem.help_nearest(nearest(word, &known)));
    None
}

/// `a`, `b` or `c`, each in backticks.
pub(crate) fn one_of<S: AsRef<str>>(words: &[S]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// A duration.
pub(crate) fn duration(node: &Node, out: &mut Diagnostics) -> Option<Duration> {
    let written = match &node.kind {
        NodeKind::Text(text) => text.value.to_string(),
        NodeKind::Number(number) => number.text().to_owned(),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::List(_) | NodeKind::Map(_) => {
            wrong_type(node, "a duration such as `15s`", out);
            return None;
        }
    };
    let duration = parse_duration(&written);
    if duration.is_none() {
        let problem = Diagnostic::error(Code::BadDuration, format!("`{written}` is no duration"))
            .at(node.span, "expected a number and a unit, such as `500ms`, `15s`, `2m` or `1h`");
        out.push(match node.kind {
            NodeKind::Number(_) => problem.help(format!("seconds are written `{written}s`")),
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Text(_) | NodeKind::List(_) | NodeKind::Map(_) => problem,
        });
    }
    duration
}

/// A whole number of at least `least`.
pub(crate) fn whole(node: &Node, least: u64, out: &mut Diagnostics) -> Option<u64> {
    let expected = format!("a whole number of at least {least}");
    let Some(number) = node.as_number() else {
        wrong_type(node, &expected, out);
        return None;
    };
    let value = number.to_u64().filter(|value| *value >= least);
    if value.is_none() {
        let message = format!("expected {expected}, found {}", number.text());
        out.push(Diagnostic::error(Code::UnknownValue, message).at(node.span, format!("expected {expected}")));
    }
    value
}

/// The same, as far as 32 bits go.
pub(crate) fn whole_32(node: &Node, least: u32, out: &mut Diagnostics) -> Option<u32> {
    let value = u32::try_from(whole(node, least.into(), out)?).ok();
    if value.is_none() {
        let message = format!("expected a number of at most {}", u32::MAX);
        out.push(Diagnostic::error(Code::UnknownValue, message).at(node.span, "too large"));
    }
    value
}

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameForm {
    /// Small letters, digits and `-`, a letter first: what stands in ids and file names.
    Kebab,
    /// Letters, digits, `_` and `-`, no digit first: what stands in `$(…)`.
    Variable,
    /// Letters, digits, `-`, `_` and `.`, a letter first: ids of requirements.
    Id,
}

impl NameForm {
    /// Whether `text` is written so.
    pub(crate) fn takes(self, text: &str) -> bool {
        let first = text.bytes().next();
        match self {
            Self::Kebab => {
                first.is_some_and(|byte| byte.is_ascii_lowercase())
                    && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            }
            Self::Variable => Name::parse(text).is_ok(),
            Self::Id => {
                first.is_some_and(|byte| byte.is_ascii_alphabetic())
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            }
        }
    }

    const fn described(self) -> &'static str {
        match self {
            Self::Kebab => "small letters, digits and `-`, a letter first",
            Self::Variable => "letters, digits, `_` and `-`, a letter or `_` first",
            Self::Id => "letters, digits, `-`, `_` and `.`, a letter first",
        }
    }
}

/// Reports a name that is not written as it must be.
pub(crate) fn check_name(node: &Node, form: NameForm, what: &str, out: &mut Diagnostics) -> bool {
    let takes = node.as_text().is_some_and(|text| form.takes(text));
    if let (false, Some(text)) = (takes, node.as_text()) {
        out.push(bad_name(text, form, what).at(node.span, format!("expected {}", form.described())));
    }
    takes
}

/// Reports a key that is not written as a name must be.
pub(crate) fn check_key(key: &Key, form: NameForm, what: &str, out: &mut Diagnostics) -> bool {
    let takes = form.takes(&key.text);
    if !takes {
        out.push(bad_name(&key.text, form, what).at(key.span, format!("expected {}", form.described())));
    }
    takes
}

fn bad_name(text: &str, form: NameForm, what: &str) -> Diagnostic {
    let problem = Diagnostic::error(Code::BadName, format!("`{text}` is no name of {what}"));
    let lower = text.to_lowercase().replace([' ', '_'], "-");
    if form == NameForm::Kebab && form.takes(&lower) { problem.help(format!("write `{lower}`")) } else { problem }
}

/// The value as JSON: names in it are not looked at, `null` stays.
pub(crate) fn json(node: &Node) -> Json {
    match &node.kind {
        NodeKind::Null => Json::Null,
        NodeKind::Bool(value) => Json::Bool(*value),
        NodeKind::Number(number) => Json::Number(number.clone()),
        NodeKind::Text(text) => Json::String(text.value.to_string()),
        NodeKind::List(items) => Json::Array(items.iter().map(json).collect()),
        NodeKind::Map(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.text.to_string(), json(&entry.value))).collect())
        }
    }
}

/// Reports a word that refers to nothing, with the nearest one that there is.
pub(crate) fn unknown<'c, I, C>(code: Code, node: &Node, what: &str, known: I, out: &mut Diagnostics)
where
    I: IntoIterator<Item = &'c C>,
    C: AsRef<str> + ?Sized + 'c,
{
    let word = node.as_text().unwrap_or_default();
    let known: Vec<&str> = known.into_iter().map(AsRef::as_ref).collect();
    let problem =
        Diagnostic::error(code, format!("there is no {what} `{word}`")).at(node.span, format!("no such {what}"));
    out.push(match nearest(word, &known) {
        Some(near) => problem.help_nearest(Some(near)),
        None if known.is_empty() => problem.help(format!("the suite has no {what} at all")),
        None if known.len() <= 12 => problem.help(format!("there is {}", known.join(", "))),
        None => problem,
    });
}
