use std::fmt;

use crate::value::{Part, Template};

/// A template of paths, such as `/pets/{id}/photos`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate {
    text: String,
    segments: Vec<Segment>,
}

/// What stands between two `/` of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Parameter(String),
}

impl PathTemplate {
    /// Reads a template; nothing where braces do not match or it does not begin with `/`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let segments = text.strip_prefix('/')?.split('/').map(Segment::parse).collect::<Option<_>>()?;
        Some(Self { text: text.to_owned(), segments })
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of its parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flat_map(|segment| &segment.0).filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Parameter(name) => Some(name.as_str()),
        })
    }

    /// Whether the two stand for the same paths: they differ in the names of parameters at most.
    #[must_use]
    pub fn clashes_with(&self, other: &Self) -> bool {
        self.segments.len() == other.segments.len()
            && self.segments.iter().zip(&other.segments).all(|(own, other)| own.nameless() == other.nameless())
    }

    /// How closely it says what a path is: segments that are fixed come before those that are not.
    pub(super) fn closeness(&self) -> (usize, Vec<bool>) {
        (self.segments.len(), self.segments.iter().map(Segment::is_fixed).collect())
    }

    /// Whether the path of a request as it is written, with names for which anything may stand, is one of these.
    #[must_use]
    pub fn fits(&self, written: &Template) -> bool {
        let written = segments_of(written);
        written.len() == self.segments.len()
            && written.iter().zip(&self.segments).all(|(written, segment)| match written {
                Some(text) => segment.values(&decoded(text)).is_some(),
                None => !segment.is_fixed(),
            })
    }

    /// The values of its parameters at the end of the path of a URL, as they were sent; nothing where the path does not
    /// end in one of these.
    #[must_use]
    pub fn values_in(&self, path: &str) -> Option<Vec<(&str, String)>> {
        let sent: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let own = sent.get(sent.len().checked_sub(self.segments.len())?..)?;
        let mut values = Vec::new();
        for (sent, segment) in own.iter().zip(&self.segments) {
            values.extend(segment.values(&decoded(sent))?);
        }
        Some(values)
    }

    /// What stands before it in the path of a URL.
    pub(super) fn prefix_in<'u>(&self, path: &'u str) -> Option<&'u str> {
        self.values_in(path)?;
        let starts: Vec<usize> = path.match_indices('/').map(|(at, _)| at).collect();
        path.get(..*starts.get(starts.len() - self.segments.len())?)
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Piece {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Parameter(_) => None,
        }
    }
}

impl Segment {
    fn parse(text: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let (name, after) = after.split_once('}')?;
            if name.is_empty() || name.contains('{') || before.contains('}') {
                return None;
            }
            pieces.push(Piece::Parameter(name.to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        (!rest.contains('}')).then_some(Self(pieces))
    }

    fn is_fixed(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Text(_)))
    }

    fn nameless(&self) -> Vec<Option<&str>> {
        self.0.iter().map(Piece::text).collect()
    }

    /// The values of the parameters in a segment; a parameter takes as little as the text after it leaves.
    fn values<'s>(&'s self, sent: &str) -> Option<Vec<(&'s str, String)>> {
        let mut values = Vec::new();
        let mut rest = sent;
        let mut open: Option<&str> = None;
        for piece in &self.0 {
            match (piece, open) {
                (Piece::Text(text), None) => rest = rest.strip_prefix(text.as_str())?,
                (Piece::Text(text), Some(name)) => {
                    // One character at the least is the value.
                    let from = rest.chars().next()?.len_utf8();
                    let at = from + rest.get(from..)?.find(text.as_str())?;
                    values.push((name, rest.get(..at)?.to_owned()));
                    rest = rest.get(at + text.len()..)?;
                    open = None;
                }
                (Piece::Parameter(name), None) => open = Some(name),
                // Two in a row cannot be told apart; the first takes nothing.
                (Piece::Parameter(name), Some(before)) => {
                    values.push((before, String::new()));
                    open = Some(name);
                }
            }
        }
        match open {
            Some(name) if !rest.is_empty() => values.push((name, rest.to_owned())),
            None if rest.is_empty() => {}
            Some(_) | None => return None,
        }
        Some(values)
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The segments of a path as it is written; nothing for one with a name in it.
fn segments_of(written: &Template) -> Vec<Option<String>> {
    let mut segments: Vec<Option<String>> = Vec::new();
    let mut here = Some(String::new());
    for part in written.parts() {
        match part {
            Part::Slot(_) => here = None,
            Part::Text(text) => {
                let (text, is_last) = match text.split_once('?') {
                    Some((text, _)) => (text, true),
                    None => (text.as_str(), false),
                };
                for (number, piece) in text.split('/').enumerate() {
                    if number > 0 {
                        segments.push(here.replace(String::new()));
                    }
                    if let Some(here) = &mut here {
                        here.push_str(piece);
                    }
                }
                if is_last {
                    break;
                }
            }
        }
    }
    segments.push(here);
    // What stands before the first `/` is nothing.
    segments.remove(0);
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> PathTemplate {
        PathTemplate::parse(text).expect("a template")
    }

    #[test]
    fn a_written_path_fits_where_its_names_may_stand_for_a_parameter() {
        for (path, written, expected) in [
            ("/pets/{id}", "/pets/7", true),
            ("/pets/{id}", "/pets/$(pet)?a=$(b)/c", true),
            ("/pets/{id}", "/pets/$(pet)-old", true),
            ("/pets/mine", "/pets/$(pet)", false),
            ("/pets/{id}", "/pets", false),
            ("/pets/{id}", "/pets/", false),
            ("/pets/{id}.json", "/pets/7.json", true),
            ("/pets/{id}.json", "/pets/7", false),
            ("/a b", "/a%20b", true),
            ("/", "/", true),
        ] {
            let written = Template::parse(written).expect("a path");
            assert_eq!(template(path).fits(&written), expected, "{path} {written:?}");
        }
    }

    #[test]
    fn values_are_read_from_the_end_of_a_path() {
        let values = |path: &str, url: &str| -> Option<Vec<(String, String)>> {
            let found = template(path);
            Some(found.values_in(url)?.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(values("/pets/{id}", "/v1/pets/7"), Some(vec![pair("id", "7")]));
        assert_eq!(values("/{from}..{to}", "/1..2"), Some(vec![pair("from", "1"), pair("to", "2")]));
        assert_eq!(values("/pets/{id}", "/pets"), None);
        assert_eq!(template("/pets/{id}").prefix_in("/api/v1/pets/7"), Some("/api/v1"));
        assert_eq!(template("/pets").prefix_in("/pets"), Some(""));
    }

    #[test]
    fn templates_that_differ_in_names_only_clash() {
        assert!(template("/pets/{id}").clashes_with(&template("/pets/{name}")));
        assert!(!template("/pets/{id}").clashes_with(&template("/pets/mine")));
        for bad in ["pets", "/{", "/}", "/{}", "/{a{b}}"] {
            assert_eq!(PathTemplate::parse(bad), None, "{bad}");
        }
    }
}
