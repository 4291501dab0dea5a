use std::collections::BTreeMap;

use granit_parser::{Event, Parser};

use super::{BadName, Metadata, Text};

/// Why a file is no snapshot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadSnapshot {
    /// The name of the file says nothing.
    #[error("{0}")]
    Name(#[from] BadName),
    /// It is too large to be looked through by a person.
    #[error("the file has {bytes} bytes, at most {most} are read")]
    TooBig {
        /// How many it has.
        bytes: usize,
        /// How many are read.
        most: usize,
    },
    /// It is no text.
    #[error("the file is not UTF-8: the byte at {0} is none of a character")]
    NotUtf8(usize),
    /// It does not begin with `---` in a line of its own, or there is no second such line.
    #[error("expected `---`, what is known of the snapshot, `---`, and its text")]
    NoHead,
    /// What stands between the two lines cannot be read.
    #[error("what stands between the lines `---` is not well formed: {0}")]
    BadHead(String),
    /// It stands for bytes in another file.
    #[error("snapshots of bytes in a file of their own are not supported")]
    Binary,
}

/// The largest file that is read, in bytes.
const MOST_BYTES: usize = 8 << 20;

/// What a file says of a snapshot, and its text.
pub(super) fn read(bytes: &[u8]) -> Result<(Metadata, Text), BadSnapshot> {
    if bytes.len() > MOST_BYTES {
        return Err(BadSnapshot::TooBig { bytes: bytes.len(), most: MOST_BYTES });
    }
    let whole = std::str::from_utf8(bytes).map_err(|error| BadSnapshot::NotUtf8(error.valid_up_to()))?;
    let (first, rest) = whole.split_once('\n').ok_or(BadSnapshot::NoHead)?;
    if first.trim_end() != "---" {
        return Err(BadSnapshot::NoHead);
    }
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Ok((head(&rest[..at])?, Text::new(&rest[at + line.len()..])));
        }
        at += line.len();
    }
    Err(BadSnapshot::NoHead)
}

/// The few things that a head can say. What else it says is passed over, as insta does.
fn head(text: &str) -> Result<Metadata, BadSnapshot> {
    let mut values = flat(text)?;
    if values.get("snapshot_kind").is_some_and(|kind| kind == "binary") {
        return Err(BadSnapshot::Binary);
    }
    let line = values.remove("assertion_line").map(|line| line.parse());
    let line = line.transpose().map_err(|_| BadSnapshot::BadHead("`assertion_line` is no number".to_owned()))?;
    Ok(Metadata {
        source: values.remove("source"),
        line,
        description: values.remove("description"),
        info: values
            .into_iter()
            .filter_map(|(key, value)| Some((key.strip_prefix("info/")?.to_owned(), value)))
            .collect(),
    })
}

/// Where the next scalar belongs.
enum Next {
    Key,
    Value(String),
}

/// Every scalar of a map of maps by the keys that lead to it, with `/` between them; lists and what stands deeper are
/// passed over.
fn flat(text: &str) -> Result<BTreeMap<String, String>, BadSnapshot> {
    let bad = |error: &dyn std::fmt::Display| BadSnapshot::BadHead(error.to_string());
    let options = granit_parser::options! { emit_comments: false, flow_nesting_limit: 16, block_nesting_limit: 16 };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut values = BTreeMap::new();
    // The open maps, with the keys that lead to each.
    let mut open: Vec<(String, Next)> = Vec::new();
    // Lists, and maps in lists or as keys, that are open.
    let mut passed = 0_usize;
    while let Some(next) = parser.next_event() {
        let (event, _) = next.map_err(|error| bad(&error))?;
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) if passed > 0 => passed += 1,
            Event::MappingEnd | Event::SequenceEnd if passed > 0 => passed -= 1,
            Event::MappingStart(..) => match open.last_mut() {
                None => open.push((String::new(), Next::Key)),
                Some((way, next)) => match std::mem::replace(next, Next::Key) {
                    Next::Value(key) => {
                        let way = format!("{way}{key}/");
                        open.push((way, Next::Key));
                    }
                    Next::Key => return Err(bad(&"a map as a key")),
                },
            },
            Event::SequenceStart(..) => {
                match open.last_mut() {
                    Some((_, next @ Next::Value(_))) => *next = Next::Key,
                    Some((_, Next::Key)) | None => return Err(bad(&"expected a map")),
                }
                passed += 1;
            }
            Event::MappingEnd => drop(open.pop()),
            Event::Scalar(value, ..) if passed == 0 => match open.last_mut() {
                Some((way, next)) => match std::mem::replace(next, Next::Key) {
                    Next::Key => *next = Next::Value(value.into_owned()),
                    Next::Value(key) => {
                        values.insert(format!("{way}{key}"), value.into_owned());
                    }
                },
                // An empty head.
                None if value.is_empty() => {}
                None => return Err(bad(&"expected a map")),
            },
            Event::Alias(..) => return Err(bad(&"an alias")),
            Event::StreamEnd => break,
            Event::StreamStart
            | Event::DocumentStart(..)
            | Event::DocumentEnd
            | Event::Anchor(..)
            | Event::UnresolvedAlias(_)
            | Event::Comment(..)
            | Event::Scalar(..)
            | Event::SequenceEnd
            | _ => {}
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_head_that_somebody_else_wrote_is_understood() {
        let file = "---\nsource: 'a.yaml'\nexpression: \"&x\"\ndescription: |\n  two\n  lines\n\
                    info:\n  a: 1\n  list: [1, {b: 2}]\n  deep:\n    c: 3\ninput_file: x\n---\n---\ntext\n";
        let (metadata, text) = read(file.as_bytes()).unwrap();
        assert_eq!(metadata.source.as_deref(), Some("a.yaml"));
        assert_eq!(metadata.description.as_deref(), Some("two\nlines\n"));
        assert_eq!(metadata.info.get("a").map(String::as_str), Some("1"));
        assert_eq!(text.as_str(), "---\ntext");
    }

    #[test]
    fn a_file_without_a_head_is_refused() {
        for file in ["", "text", "---\nsource: a\n", "--\n---\n", "x\n---\n---\n"] {
            assert_eq!(read(file.as_bytes()), Err(BadSnapshot::NoHead), "{file:?}");
        }
        for head in ["- a", "text", "a: *b", "{", "a: [", "? {a: b}\n: c", "assertion_line: -1"] {
            let file = format!("---\n{head}\n---\n");
            assert!(
                matches!(read(file.as_bytes()), Err(BadSnapshot::BadHead(_))),
                "{head:?}: {:?}",
                read(file.as_bytes())
            );
        }
        assert_eq!(read(b"---\nextension: png\nsnapshot_kind: binary\n---\n"), Err(BadSnapshot::Binary));
        assert_eq!(read(b"---\n\xff"), Err(BadSnapshot::NotUtf8(4)));
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_file_is_read_or_refused(head in "[ -~\\n]{0,60}", text in "\\PC{0,20}") {
            let _ = read(format!("---\n{head}\n---\n{text}").as_bytes());
            let _ = read(head.as_bytes());
        }
    }
}
