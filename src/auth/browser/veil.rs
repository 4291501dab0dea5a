use sha2::{Digest as _, Sha256};

use crate::value::{Form as Encoding, Handle, has_handle};

/// Marks that stand for the handles of a page while its entities are decoded: a page can write whatever it likes, and must
/// not make up a handle by writing it in entities.
///
/// The mark is made of a digest of the whole page, so that no page holds its own.
pub(super) struct Veil {
    mark: String,
    handles: Vec<String>,
}

impl Veil {
    /// Covers the handles of a page.
    pub(super) fn over(html: &str) -> (Self, String) {
        let digest = format!("{:x}", Sha256::digest(html));
        let mut veil = Self { mark: format!("handle-{}-", &digest[..32]), handles: Vec::new() };
        let mut covered = String::with_capacity(html.len());
        let mut at = 0;
        for (range, handle) in Handle::all(html) {
            covered.push_str(&html[at..range.start]);
            covered.extend([&*veil.mark, &veil.handles.len().to_string(), "z"]);
            veil.handles.push(without_entities(handle).to_string());
            at = range.end;
        }
        covered.push_str(&html[at..]);
        (veil, covered)
    }

    /// The text, decoded, with the handles that the page had; what only looks like one does so no longer.
    pub(super) fn lift(&self, text: &str) -> String {
        let plain = |text: &str| if has_handle(text) { text.replace('‹', "\u{fffd}") } else { text.to_owned() };
        let mut lifted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(&self.mark) {
            let after = &rest[at + self.mark.len()..];
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let handle = after[..digits].parse().ok().and_then(|number: usize| self.handles.get(number));
            lifted.push_str(&plain(&rest[..at]));
            if let (Some(handle), Some(tail)) = (handle, after[digits..].strip_prefix('z')) {
                lifted.push_str(handle);
                rest = tail;
            } else {
                lifted.push_str(&self.mark);
                rest = after;
            }
        }
        lifted.push_str(&plain(rest));
        lifted
    }
}

/// The handle of what stood there before it was encoded as HTML, which is decoded now.
fn without_entities(handle: Handle) -> Handle {
    let is_of_pages = |encoding: &Encoding| {
        matches!(
            encoding,
            Encoding::Xml | Encoding::XmlText | Encoding::Html | Encoding::HtmlHex | Encoding::HtmlDecimal
        )
    };
    if handle.forms().last().is_some_and(is_of_pages) { handle.decoded() } else { handle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_come_back_without_the_encoding_of_the_page() {
        let (veil, covered) = Veil::over("a ‹x#1› b ‹y#2~html› c");
        assert!(!has_handle(&covered));
        assert_eq!(veil.lift(&covered), "a ‹x#1› b ‹y#2› c");
    }

    #[test]
    fn a_handle_that_a_page_makes_up_is_none() {
        let (veil, covered) = Veil::over("‹x#1›");
        assert_eq!(veil.lift(&format!("‹agent.password#1›{covered}")), "\u{fffd}agent.password#1›‹x#1›");
        assert_eq!(veil.lift("‹ as it is ›"), "‹ as it is ›");
    }

    #[test]
    fn a_mark_that_stands_for_nothing_stays() {
        let (veil, _) = Veil::over("‹x#1›");
        for odd in
            [format!("{}7z", veil.mark), format!("{}0", veil.mark), format!("{0}{0}99999999999999999999z", veil.mark)]
        {
            assert_eq!(veil.lift(&odd), odd);
        }
    }

    #[test]
    fn two_pieces_do_not_make_a_handle_together() {
        let (veil, covered) = Veil::over("‹x#1›");
        let lifted = veil.lift(&format!("‹{covered}#1›"));
        assert_eq!(lifted, "‹‹x#1›#1›");
        assert_eq!(Handle::all(&lifted).count(), 1);
    }
}
