use serde::Serialize;

use super::shown::Shown;

/// The longest stretch that is set as code, in bytes.
const MOST_CODE: usize = 200;

/// A sentence in which names stand between backticks, as the judge writes them.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Prose(Vec<Part>);

/// A stretch of a sentence.
#[derive(Clone, Debug, Serialize)]
struct Part {
    is_code: bool,
    text: Shown,
}

impl Prose {
    /// The sentence in its stretches; as it is, where its backticks are no pairs.
    pub(super) fn new(sentence: &Shown) -> Self {
        let text = sentence.as_str();
        let parts: Vec<&str> = text.split('`').collect();
        let is_code = |at: usize| at % 2 == 1;
        let fits = |part: &&str| !part.is_empty() && part.len() <= MOST_CODE;
        if parts.len().is_multiple_of(2) || !parts.iter().skip(1).step_by(2).all(fits) {
            return Self(vec![Part { is_code: false, text: sentence.clone() }]);
        }
        let parts = parts.into_iter().enumerate().filter(|(_, part)| !part.is_empty());
        Self(parts.map(|(at, part)| Part { is_code: is_code(at), text: Shown::already(part.to_owned()) }).collect())
    }
}

#[cfg(test)]
impl Prose {
    /// All of it, code or not.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(|part| part.text.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        let drawn = |text: &str| {
            let part = |part: &Part| {
                if part.is_code { format!("<{}>", part.text.as_str()) } else { part.text.as_str().to_owned() }
            };
            Prose::new(&Shown::sentence(text)).0.iter().map(part).collect::<Vec<_>>().concat()
        };
        assert_eq!(drawn("`a` does not follow `b`: c"), "<a> does not follow <b>: c");
        assert_eq!(drawn("a ` alone"), "a ` alone");
        assert_eq!(drawn("an empty `` pair"), "an empty `` pair");
        assert_eq!(drawn(""), "");
    }
}
