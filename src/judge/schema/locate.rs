use std::ops::Range;

use crate::judge::show::Step;

/// Where the value at the end of `steps` stands in a JSON text that has been read without fault, and where its key does.
///
/// Only for messages, so it reads the text anew each time; of doubled keys the last is found.
pub(super) fn find(text: &str, steps: &[Step]) -> Option<(Option<Range<usize>>, Range<usize>)> {
    let mut at = Scan { text, at: 0 };
    at.space();
    let mut key = None;
    for step in steps {
        (key, at.at) = match step {
            Step::Key(name) => {
                let (key, value) = at.member(name)?;
                (Some(key), value)
            }
            Step::Index(index) => (None, at.element(*index)?),
        };
    }
    let start = at.at;
    at.skip_value()?;
    Some((key, start..at.at))
}

#[derive(Clone, Copy)]
struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn member(mut self, name: &str) -> Option<(Range<usize>, usize)> {
        let mut found = None;
        self.enter(b'{')?;
        while self.peek()? != b'}' {
            let start = self.at;
            self.skip_string()?;
            let key = start..self.at;
            self.space();
            self.at += 1;
            self.space();
            // A key with escapes is compared after it has been read.
            if serde_json::from_str::<String>(self.text.get(key.clone())?).is_ok_and(|key| key == name) {
                found = Some((key, self.at));
            }
            self.skip_value()?;
            self.comma();
        }
        found
    }

    fn element(mut self, index: usize) -> Option<usize> {
        self.enter(b'[')?;
        for _ in 0..index {
            self.skip_value()?;
            self.comma();
        }
        (self.peek()? != b']').then_some(self.at)
    }

    fn enter(&mut self, bracket: u8) -> Option<()> {
        (self.peek()? == bracket).then(|| self.at += 1)?;
        self.space();
        Some(())
    }

    fn comma(&mut self) {
        self.space();
        if self.peek() == Some(b',') {
            self.at += 1;
        }
        self.space();
    }

    fn skip_string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(())
    }

    fn skip_value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                _ => {
                    let rest = self.text.get(self.at..)?;
                    let end = rest.find(|c: char| matches!(c, ',' | '}' | ']' | ' ' | '\t' | '\n' | '\r'));
                    self.at += end.unwrap_or(rest.len());
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_and_its_key_are_found() {
        let text = r#" { "a" : [1, {"b\"": "x,]", "c": true}], "d": 12.5 , "a\u0062":[] } "#;
        let key = |name: &str| Step::Key(name.to_owned());
        for (steps, expected) in [
            (vec![], Some((None, text.trim()))),
            (vec![key("d")], Some((Some(r#""d""#), "12.5"))),
            (vec![key("a"), Step::Index(0)], Some((None, "1"))),
            (vec![key("a"), Step::Index(1), key("b\"")], Some((Some(r#""b\"""#), r#""x,]""#))),
            (vec![key("a"), Step::Index(1), key("c")], Some((Some(r#""c""#), "true"))),
            (vec![key("ab")], Some((Some(r#""a\u0062""#), "[]"))),
            (vec![key("a"), Step::Index(2)], None),
            (vec![key("z")], None),
            (vec![key("d"), key("z")], None),
        ] {
            let found = find(text, &steps).map(|(key, value)| (key.map(|key| &text[key]), &text[value]));
            assert_eq!(found, expected, "{steps:?}");
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        for text in ["", "{", "[", "\"", "{\"a\"", "{\"a\":", "]", "{\"a\":\"\\"] {
            let _ = find(text, &[Step::Key("a".to_owned())]);
            let _ = find(text, &[Step::Index(1)]);
        }
    }
}
