use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A value that is recognised by how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A date with a time: RFC 3339 and its relatives in ISO 8601, and the date of HTTP (RFC 9110 section 5.6.7).
    Timestamp,
    /// A UUID (RFC 9562), in either case.
    Uuid,
}

static FORMS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?<uuid> [0-9A-Fa-f]{8} - (?:[0-9A-Fa-f]{4}-){3} [0-9A-Fa-f]{12} )
        | (?<time>
            [0-9]{4}-[0-9]{2}-[0-9]{2} [Tt\x20] [0-9]{2}:[0-9]{2} (?: :[0-9]{2} (?: [.,][0-9]{1,9} )? )?
                (?: [Zz] | \x20?[+-][0-9]{2}:?[0-9]{2} )?
            | (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\x20 [0-9]{2}[\x20-](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[\x20-]
                [0-9]{4}\x20[0-9]{2}:[0-9]{2}:[0-9]{2}\x20GMT
          )",
    )
    .expect("a constant pattern")
});

/// All of them in a text, each with its place. One that is a part of a longer word is none.
pub(super) fn forms(text: &str) -> Vec<(Range<usize>, Form)> {
    // The shortest is `2026-11-22T12:00`; most texts are shorter, and most of the others have no digit.
    if text.len() < 16 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let found = FORMS.captures_iter(text).filter_map(|found| {
        let whole = found.get(0)?.range();
        let form = if found.name("uuid").is_some() { Form::Uuid } else { Form::Timestamp };
        stands_alone(text, &whole).then_some((whole, form))
    });
    found.collect()
}

/// Whether no letter and no digit stands right before or after a part of a text that begins or ends with one.
pub(super) fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let part = &text[range.clone()];
    let joins = |outer: Option<char>, inner: Option<char>| {
        outer.is_some_and(char::is_alphanumeric) && inner.is_some_and(char::is_alphanumeric)
    };
    !joins(text[..range.start].chars().next_back(), part.chars().next())
        && !joins(text[range.end..].chars().next(), part.chars().next_back())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_and_uuids_are_known_by_their_form_alone() {
        let times = [
            "2026-11-22T12:00:00Z",
            "2026-11-22T12:00:00.123456789+01:00",
            "2026-11-22 12:00",
            "2026-11-22t12:00:00,5z",
            "2026-11-22T12:00:00+0100",
            "Sun, 22 Nov 2026 12:00:00 GMT",
            "Sun, 22-Nov-2026 12:00:00 GMT",
        ];
        for text in times {
            assert_eq!(forms(text), [(0..text.len(), Form::Timestamp)], "{text}");
        }
        let uuid = "0b5cF2d4-3c63-4f0e-9a53-0242ac120002";
        assert_eq!(forms(uuid), [(0..uuid.len(), Form::Uuid)]);
        assert_eq!(forms(&format!("/a/{uuid}?x")), [(3..39, Form::Uuid)]);
        for text in ["2026-11-22", "12:00:00", "1795003200000", "20261122T120000Z", "not a date at all, no"] {
            assert_eq!(forms(text), [], "{text}");
        }
        assert_eq!(forms(&format!("a{uuid}")), [], "a longer word");
        assert_eq!(forms("12026-11-22T12:00:00Z1"), [], "a longer word");
    }
}
