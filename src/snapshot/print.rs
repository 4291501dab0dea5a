use std::fmt::Write as _;

use crate::diag::visible;

use super::{Metadata, Text};

/// The file of a snapshot as insta 1.49 writes it: the keys in its order, every text quoted where it quotes it.
pub(super) fn print(metadata: &Metadata, text: &Text) -> String {
    let mut out = String::from("---\n");
    // Writing to a text cannot fail, here and below.
    if let Some(source) = &metadata.source {
        let _ = writeln!(out, "source: {}", scalar(source));
    }
    if let Some(line) = metadata.line {
        let _ = writeln!(out, "assertion_line: {line}");
    }
    if let Some(description) = &metadata.description {
        let _ = writeln!(out, "description: {}", scalar(description));
    }
    if !metadata.info.is_empty() {
        out.push_str("info:\n");
        for (key, value) in &metadata.info {
            let _ = writeln!(out, "  {}: {}", scalar(key), scalar(value));
        }
    }
    if *metadata == Metadata::default() {
        out.push_str("{}\n");
    }
    let _ = write!(out, "---\n{text}\n");
    out
}

/// A text as a value in YAML. insta leaves some control characters as they are, and readers of YAML refuse them: a
/// picture of each stands there instead.
fn scalar(text: &str) -> String {
    let text = &*visible(text);
    if !needs_quotes(text) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether insta's writer of YAML puts a text in quotes.
///
/// # Source
/// `need_quotes` in the writer that insta 1.49.0 carries along; a test compares the two.
fn needs_quotes(text: &str) -> bool {
    const WORDS: [&str; 22] = [
        "yes", "Yes", "YES", "no", "No", "NO", "True", "TRUE", "true", "False", "FALSE", "false", "on", "On", "ON",
        "off", "Off", "OFF", "null", "Null", "NULL", "~",
    ];
    let is_quoted = |c: char| {
        matches!(c, ':' | '{' | '}' | '[' | ']' | ',' | '#' | '`' | '"' | '\'' | '\\')
            || matches!(c, '\0'..='\u{6}' | '\t' | '\n' | '\r' | '\u{e}'..='\u{1a}' | '\u{1c}'..='\u{1f}')
    };
    text.is_empty()
        || text.starts_with(['&', '*', '?', '|', '-', '<', '>', '=', '!', '%', '@', '.', ' '])
        || text.ends_with(' ')
        || text.contains(is_quoted)
        || WORDS.contains(&text)
        || text.starts_with("0x")
        || text.parse::<i64>().is_ok()
        || text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use insta::Snapshot;
    use proptest::prelude::*;

    use crate::snapshot::{Accepted, Metadata, Name, Pending, Text};

    /// Lets insta read what we print and print it again: the two must be the same.
    fn agree(pending: &Pending) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(pending.name.pending_file());
        std::fs::write(&path, pending.to_file()).unwrap();
        let read = Snapshot::from_file(&path).unwrap();
        let ours = &pending.metadata;
        assert_eq!(read.as_text().unwrap().to_string(), pending.text.as_str());
        assert_eq!(read.metadata().assertion_line(), ours.line);
        let accepted = folder.path().join(pending.name.file());
        read.save(&accepted).unwrap();
        let bytes = std::fs::read(&accepted).unwrap();
        assert_eq!(String::from_utf8(bytes.clone()).unwrap(), pending.to_accepted_file());

        let back = Accepted::read(&format!("snapshots/{}", pending.name.file()), &bytes).unwrap();
        assert_eq!((&back.name, &back.text), (&pending.name, &pending.text));
        let back = Pending { name: back.name, text: back.text, metadata: back.metadata };
        assert_eq!(back.to_file(), pending.to_accepted_file());
        let back = Pending::read(&pending.name.pending_file(), pending.to_file().as_bytes()).unwrap();
        assert_eq!(back.to_file(), pending.to_file());
    }

    fn pending(metadata: Metadata, text: &str) -> Pending {
        Pending { name: Name::parse("a.b").unwrap(), text: Text::new(text), metadata }
    }

    #[test]
    fn insta_reads_what_is_printed_and_prints_the_same() {
        let metadata = Metadata {
            source: Some("scenarios/sessions/start.yaml".to_owned()),
            line: Some(14),
            description: Some("The answer to a second start: it must say why".to_owned()),
            info: BTreeMap::from([
                ("request".to_owned(), "POST /agent-sessions".to_owned()),
                ("no".to_owned(), "1e7".to_owned()),
            ]),
        };
        let pending = pending(metadata, "409\n\n---\n{\n  \"error\": \"\u{1b}[31m\"\n}\n");
        agree(&pending);
        assert_eq!(Pending::read("a.b.snap.new", pending.to_file().as_bytes()).unwrap(), pending);
        assert_eq!(
            pending.to_file(),
            "---\nsource: scenarios/sessions/start.yaml\nassertion_line: 14\n\
             description: \"The answer to a second start: it must say why\"\n\
             info:\n  \"no\": \"1e7\"\n  request: POST /agent-sessions\n\
             ---\n409\n\n---\n{\n  \"error\": \"\u{1b}[31m\"\n}\n"
        );
    }

    #[test]
    fn a_snapshot_of_which_nothing_is_known_has_an_empty_head() {
        agree(&pending(Metadata::default(), ""));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn insta_agrees_on_whatever_is_printed(
            description in "[ -~\\n\\t]{0,12}|[a-z]{2,5}|-?[0-9]{1,5}(\\.[0-9])?|0x[0-9]|[\\PC]{0,9}",
            key in "[ -~]{1,8}",
            value in "[ -~\\n\\t]{0,12}",
            text in "[ -~\\r\\n\"]{0,40}",
        ) {
            prop_assume!(!description.is_empty() && !key.contains('/'));
            let info = BTreeMap::from([(key, value)]);
            let metadata = Metadata { source: None, line: Some(1), description: Some(description), info };
            agree(&pending(metadata, &text));
        }
    }
}
