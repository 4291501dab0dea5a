//! The corpus of `JSONTestSuite` (`tests/json-parsing/`), put to our reader.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::{Json, JsonError};

fn of<'j>(json: &'j Json, key: &str) -> &'j str {
    json.get(key).and_then(Json::as_str).unwrap_or_default()
}

#[test]
fn the_corpus_is_read_and_refused_as_it_asks() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/json-parsing/parsing.ndjson");
    let corpus = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (mut free, mut wrong, mut count) = (String::new(), String::new(), 0);
    for line in corpus.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        // Lone surrogates in a text of the corpus are part of the test, never of the line that holds it.
        let case = Json::parse(line).expect("a line of the corpus is JSON");
        let name = of(&case, "name");
        let times = case.get("times").and_then(Json::as_number).and_then(super::Number::to_u64).unwrap_or(0);
        let text = match case.get("input") {
            Some(input) => input.as_str().unwrap_or_default().to_owned(),
            None => of(&case, "repeat").repeat(usize::try_from(times).unwrap_or(0)) + of(&case, "rest"),
        };
        count += 1;
        let read: Result<Json, JsonError> = Json::parse(text.as_bytes());
        match (name.split('_').next(), &read) {
            (Some("y"), Ok(_)) | (Some("n"), Err(_)) => {}
            (Some("i"), Ok(_)) => writeln!(free, "{name}: read").expect("a String takes everything"),
            (Some("i"), Err(error)) => writeln!(free, "{name}: {error}").expect("a String takes everything"),
            (_, read) => writeln!(wrong, "{name}: {read:?}").expect("a String takes everything"),
        }
    }
    assert_eq!((count, wrong.as_str()), (293, ""));
    insta::assert_snapshot!(free);
}
