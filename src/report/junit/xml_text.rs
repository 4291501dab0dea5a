use std::borrow::Cow;
use std::fmt::Write as _;

use crate::report::{visible, words};

/// The longest attribute, in bytes.
const MOST_ATTRIBUTE: usize = 2 * 1024;

/// Untrusted text as an attribute: one line of characters that XML has.
#[must_use]
pub fn attribute(text: &str) -> String {
    break_attachments(&visible::short(text, MOST_ATTRIBUTE)).into_owned()
}

/// Untrusted text as the content of a CDATA section. The crate writes it raw, so what would end the section is split.
/// After `most` bytes it is cut; what is cut off is counted.
pub(super) fn cdata(text: &str, most: usize) -> String {
    let (head, left) = visible::cut(text, most);
    let shown = visible::lines(head);
    let mut shown = break_attachments(&shown).replace("]]>", "]]]]><![CDATA[>");
    if left > 0 {
        // Writing to a text cannot fail.
        let _ = write!(shown, "\n… {} more were cut off; the event log has them", words::bytes(left as u64));
    }
    shown
}

/// Breaks up what Jenkins and GitLab take for the name of a file to attach.
fn break_attachments(text: &str) -> Cow<'_, str> {
    const COMMAND: &str = "[[ATTACHMENT|";
    if !text.contains("[[") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find("[[") {
        shown.push_str(&rest[..at]);
        let obeyed = visible::starts_with_ignoring_case(&rest[at..], COMMAND);
        shown.push_str(if obeyed { "\\u{5b}" } else { "[" });
        rest = &rest[at + 1..];
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_section_is_split_and_attachments_are_broken_up() {
        assert_eq!(cdata("a]]>b]]]>", 100), "a]]]]><![CDATA[>b]]]]]><![CDATA[>");
        assert_eq!(attribute("[[[Attachment|/etc/passwd]] [[x"), "[\\u{5b}[Attachment|/etc/passwd]] [[x");
    }

    #[test]
    fn a_long_text_is_cut_and_says_how_much() {
        let text = cdata(&"x".repeat(105), 100);
        assert!(text.ends_with("x\n… 5 bytes more were cut off; the event log has them"));
    }
}
