//! The one encoder of untrusted text: what a suite or an endpoint wrote, made safe for terminals, logs and XML.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::diag;

/// Untrusted text for a place within a line: what a terminal obeys, what hides or reorders characters, and every line
/// break stand as `\u{…}` (`\n`, `\r`, `\t` by their short names); commands of CI systems are broken up.
///
/// The result holds only characters that XML 1.0 allows, and none that `diag` calls harmful.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    break_commands(escape(text, |character| character == '\n' || character == '\t'))
}

/// The same for text of several lines: line feeds and tabs stay.
pub(super) fn lines(text: &str) -> Cow<'_, str> {
    break_commands(escape(text, |_| false))
}

/// The same for a line of a file under which a caret stands: each character becomes exactly one.
pub(super) fn columns(text: &str) -> String {
    let shown = diag::visible(text).replace('\t', " ");
    let mut obeyed = commands_of(&shown).collect::<Vec<_>>();
    let blank = shown.len() - shown.trim_start().len();
    if shown[blank..].starts_with("::") {
        obeyed.push(blank);
    }
    let picture = |(at, character)| if obeyed.contains(&at) { char::REPLACEMENT_CHARACTER } else { character };
    shown.char_indices().map(picture).collect()
}

/// The longest beginning of `text` of at most `most` bytes that ends between two characters, and the bytes left over.
pub(super) fn cut(text: &str, most: usize) -> (&str, usize) {
    if text.len() <= most {
        return (text, 0);
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (&text[..end], text.len() - end)
}

/// Untrusted text for a place within a line, cut to about `most` bytes; what is cut off is counted.
pub(super) fn short(text: &str, most: usize) -> String {
    let (head, left) = cut(text, most);
    let mut shown = one_line(head).into_owned();
    if left > 0 {
        let _ = write!(shown, "… ({} more)", super::words::bytes(left as u64));
    }
    shown
}

fn escape(text: &str, also: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_harmless = |line: &str| matches!(diag::visible(line), Cow::Borrowed(_));
    if !text.contains(&also) && text.split('\n').all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut buffer = [0; 4];
    for character in text.chars() {
        let harmless = character == '\n' || is_harmless(character.encode_utf8(&mut buffer));
        match character {
            _ if harmless && !also(character) => shown.push(character),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // Writing to a text cannot fail.
            _ => drop(write!(shown, "\\u{{{:x}}}", u32::from(character))),
        }
    }
    Cow::Owned(shown)
}

/// What a CI system obeys anywhere in a line of a job's output.
///
/// # Source
/// The runners of GitHub (`##[`) and Azure Pipelines (`##vso[`) search the whole line; `TeamCity` reads `##teamcity[`.
const COMMANDS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// Breaks up what a CI system would obey, the first character shown as `\u{…}`: the [`COMMANDS`] anywhere, and `::` at
/// the beginning of a line.
fn break_commands(text: Cow<'_, str>) -> Cow<'_, str> {
    let has_command = text.contains("##") || text.contains("::");
    if !has_command {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            shown.push('\n');
        }
        let blank = line.len() - line.trim_start().len();
        let mut rest = line;
        if line[blank..].starts_with("::") {
            shown.push_str(&line[..blank]);
            shown.push_str("\\u{3a}");
            rest = &line[blank + 1..];
        }
        let mut done = 0;
        for at in commands_of(rest) {
            shown.push_str(&rest[done..at]);
            shown.push_str("\\u{23}");
            done = at + 1;
        }
        shown.push_str(&rest[done..]);
    }
    Cow::Owned(shown)
}

/// Where the [`COMMANDS`] begin in a line.
fn commands_of(line: &str) -> impl Iterator<Item = usize> {
    let is_obeyed = |at: &usize| COMMANDS.iter().any(|command| starts_with_ignoring_case(&line[*at..], command));
    line.match_indices('#').map(|(at, _)| at).filter(is_obeyed)
}

/// Whether the text begins with `prefix`, which is ASCII, in any case of letters.
pub(super) fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_not_copied() {
        assert!(matches!(one_line("grüße 日本 🎵 #1"), Cow::Borrowed(_)));
        assert!(matches!(lines("two\n\tlines"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_a_terminal_obeys_is_shown_by_its_number() {
        assert_eq!(
            one_line("a\u{1b}[2Jb\r\n\tc\u{7f}\u{9b}\u{202e}\u{200b}"),
            "a\\u{1b}[2Jb\\r\\n\\tc\\u{7f}\\u{9b}\\u{202e}\\u{200b}"
        );
        assert_eq!(lines("a\r\n\tb\u{2028}::x"), "a\\r\n\tb\\u{2028}::x");
    }

    #[test]
    fn no_character_at_all_comes_through_that_a_terminal_obeys_or_xml_forbids() {
        let all = (0..=0x0010_ffff_u32).filter_map(char::from_u32).collect::<String>();
        let shown = lines(&all).into_owned();
        for character in shown.chars() {
            let number = u32::from(character);
            assert!(number >= 0x20 || matches!(character, '\n' | '\t'), "{number:x}");
            assert!(!(0x7f..=0x9f).contains(&number), "{number:x}");
            assert!(
                !matches!(number, 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfffe | 0xffff),
                "{number:x}"
            );
        }
        assert!(!one_line(&all).contains(['\n', '\t']));
    }

    #[test]
    fn commands_of_ci_systems_are_broken_up_wherever_they_would_be_obeyed() {
        assert_eq!(
            lines("::set-env name=A::b\n  ::stop-commands::x"),
            "\\u{3a}:set-env name=A::b\n  \\u{3a}:stop-commands::x"
        );
        assert_eq!(
            one_line("a ##vso[task.x]; ##[error] ###VSO[x ##teamcity[y ## z"),
            "a \\u{23}#vso[task.x]; \\u{23}#[error] #\\u{23}#VSO[x \\u{23}#teamcity[y ## z"
        );
        assert_eq!(one_line("a\n::x"), "a\\n::x");
    }

    #[test]
    fn a_line_above_a_caret_keeps_its_columns() {
        assert_eq!(columns("\t::a ##[b] ###vso[ \u{1b}ü"), " �:a �#[b] #�#vso[ ␛ü");
    }

    #[test]
    fn a_text_is_cut_between_characters_and_what_is_cut_off_is_counted() {
        assert_eq!(cut("äöü", 3), ("ä", 4));
        assert_eq!(cut("äöü", 6), ("äöü", 0));
        assert_eq!(short("äöü", 3), "ä… (4 bytes more)");
    }
}
