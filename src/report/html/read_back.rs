use std::io::{self, BufRead};

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{IoReader, Token, Tokenizer};

use crate::event::{OutcomeClass, Totals};

/// Whether the file is a whole page that holds as many cases of each outcome as the run had.
pub(super) fn read_back(file: impl BufRead, expected: &Totals) -> io::Result<()> {
    let broken = |what: String| io::Error::new(io::ErrorKind::InvalidData, format!("it does not read back: {what}"));
    let mut found = Totals::default();
    let mut last = Vec::new();
    let mut emitter = DefaultEmitter::<()>::default();
    // What a style or script holds is no HTML.
    emitter.naively_switch_states(true);
    let tokens = Tokenizer::new_with_emitter(IoReader::new(file), emitter);
    for token in tokens {
        match token? {
            Token::StartTag(tag) => {
                let outcome = tag.attributes.get(&b"data-outcome"[..]);
                if let Some(word) = outcome.filter(|_| tag.name.as_slice() == b"article") {
                    let class =
                        OutcomeClass::ALL.into_iter().find(|class| class.as_str().as_bytes() == word.as_slice());
                    found.add(class.ok_or_else(|| broken("a case has no outcome".to_owned()))?);
                }
            }
            Token::EndTag(tag) => last = tag.name.to_vec(),
            Token::Error(error) => return Err(broken(error.to_string())),
            Token::String(_) | Token::Comment(_) | Token::Doctype(_) => {}
        }
    }
    if last != b"html" {
        return Err(broken("it ends too early".to_owned()));
    }
    if found != *expected {
        return Err(broken(format!("it holds {found}, the run had {expected}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(html: &str) -> String {
        let mut one = Totals::default();
        one.add(OutcomeClass::Passed);
        read_back(html.as_bytes(), &one).map_or_else(|error| error.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn a_page_that_is_cut_or_counts_wrongly_is_noticed() {
        let whole = "<!doctype html><html><article data-outcome=\"passed\"></article></html>";
        assert_eq!(said(whole), "ok");
        assert_eq!(said(whole.trim_end_matches("</html>")), "it does not read back: it ends too early");
        assert_eq!(
            said(&whole.replace("passed", "failed")),
            "it does not read back: it holds 0 passed, 1 failed, the run had 1 passed, 0 failed"
        );
        assert_eq!(said(&whole.replace("passed", "odd")), "it does not read back: a case has no outcome");
        assert_eq!(said(&whole.replace("</article>", "</article")), "it does not read back: unexpected-solidus-in-tag");
    }
}
