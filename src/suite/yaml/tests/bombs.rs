use std::fmt::Write as _;

use proptest::prelude::*;

use super::drawn::{problems, problems_within, read_with};
use crate::diag::{Colour, Span, render};
use crate::suite::yaml::Limits;
use crate::value::Node;

#[test]
fn a_file_that_is_broken_throughout_is_given_up() {
    let limits = Limits { broken_documents: 3, ..Limits::default() };
    let (documents, _, found) = read_with(&"---\n[\n".repeat(100), &limits);
    assert_eq!((documents.len(), found.len()), (0, 3));
}

#[test]
fn every_limit_is_told_with_a_place() {
    let limits = Limits { bytes: 60, nodes: 12, depth: 3, anchors: 2, broken_documents: 2 };
    let mut all = String::new();
    for text in [
        &"x".repeat(61),
        "[1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 11]",
        "[[[[1]]]]",
        "a:\n  b:\n    c:\n      d: 1\n",
        "a: &a [1, 2]\nb: [*a, *a, *a]\n",
        "a: &a [[1]]\nb: [[*a]]\n",
        "[&a 1, &b 2, &c 3]",
    ] {
        all.push_str(&problems_within(text, &limits));
    }
    insta::assert_snapshot!(all, @r"
    error[yaml-too-big]: the file has 61 bytes, at most 60 are read
     --> a.yaml:1:1
      |
    1 | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      | ^

    error[yaml-too-big]: the file holds more than 12 keys and values
     --> a.yaml:1:32
      |
    1 | [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 11]
      |                                ^^ the first that is too many

    error[yaml-too-deep]: more than 3 lists and maps within each other
     --> a.yaml:1:4
      |
    1 | [[[[1]]]]
      |    ^

    error[yaml-too-deep]: more than 3 lists and maps within each other
     --> a.yaml:4:7
      |
    4 |       d: 1
      |       ^

    error[yaml-alias-limit]: aliases grow into more than 12 values
     --> a.yaml:2:9
      |
    2 | b: [*a, *a, *a]
      |         ^^ stands for 3 of them

    error[yaml-too-deep]: more than 3 lists and maps within each other
     --> a.yaml:2:6
      |
    2 | b: [[*a]]
      |      ^^

    error[yaml-alias-limit]: the document has more than 2 anchors
     --> a.yaml:1:14
      |
    1 | [&a 1, &b 2, &c 3]
      |              ^^ the first that is too many
    ");
    let (documents, _, found) = read_with("[1, 2, 3, 4, 5, 6, 7, 8, 9, 0]", &limits);
    assert_eq!((documents.len(), found.len()), (1, 0));
    assert_eq!(read_with("[[[1]]]", &limits).2, []);
}

#[test]
fn bombs_are_refused() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let below = format!("*a{}", level - 1);
        writeln!(laughs, "a{level}: &a{level} [{}]", vec![below; 9].join(", ")).unwrap();
    }
    let most = 1 << 20;
    let code = |text: &str| read_with(text, &Limits::default()).2.first().map(|found| found.code.as_str());
    assert_eq!(code(&laughs), Some("yaml-alias-limit"));
    assert_eq!(code(&"[".repeat(100_000)), Some("yaml-too-deep"));
    assert_eq!(code(&"- ".repeat(100_000)), Some("yaml-too-deep"));
    assert_eq!(code(&"{a: ".repeat(100_000)), Some("yaml-too-deep"));
    assert_eq!(code(&"? ".repeat(100_000)), Some("yaml-too-deep"));
    assert_eq!(code(&"[],".repeat(300_000).replacen('[', "[[", 1)), Some("yaml-too-big"));
    assert_eq!(code(&"- 1\n".repeat(most / 4)), Some("yaml-too-big"));
    assert_eq!(code(&"a: 1\n".repeat(most / 5)), Some("duplicate-key"));
    assert_eq!(code(&"x".repeat(most)), None);
    assert_eq!(code(&"x".repeat(most + 1)), Some("yaml-too-big"));
    assert_eq!(code(&"\"".repeat(most)), Some("yaml-syntax"));
    let anchors = (0..10_000).fold(String::new(), |text, at| text + &format!("- &a{at} x\n"));
    assert_eq!(code(&anchors), Some("yaml-alias-limit"));
    assert_eq!(code("a: &a [*a, *a]\n"), Some("yaml-alias"));
    for piece in [
        "&a ",
        "*a ",
        "!",
        "? ",
        ": ",
        "\t",
        "#",
        "---\n",
        "...\n",
        "%Y\n",
        "'",
        "\\",
        "|\n",
        "{",
        "}",
        "]",
        ",",
        "-",
        "\u{feff}",
        "\r",
        "\0",
        "a:\n ",
        "&a [*a, ",
        "--- [\n",
        "\"\\x",
        "%TAG ! x\n---\n",
    ] {
        let _ = code(&piece.repeat(20_000));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = problems(&text);
    }

    #[test]
    fn no_text_of_yaml_pieces_makes_it_panic(pieces in proptest::collection::vec(prop::sample::select(vec![
        "a", "key", ": ", ":", "- ", "? ", "\n", "\r\n", "  ", " ", "\t", "[", "]", "{", "}", ",", "&x ", "*x", "!!str ", "!", "|", ">", "-", "+", "2",
        "'", "\"", "\\", "#", "---", "...", "%YAML 1.2\n", "<<", "~", "null", "true", "1", "ü", "日", "\u{feff}", "@", "`", "%", "\u{1b}", "\u{202e}",
    ]), 0..40)) {
        let text = pieces.concat();
        let (documents, sources, found) = read_with(&text, &Limits::default());
        for diagnostic in &found {
            let place = sources.place(diagnostic.primary.as_ref().unwrap().span);
            prop_assert!(place.line >= 1 && place.column >= 1);
        }
        for node in &documents {
            inside(node, &text);
        }
        let _ = render(&found, &sources, Colour::Never);
    }
}

/// Panics where a span is not one of the text.
fn inside(node: &Node, text: &str) {
    let check = |span: Span| assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    check(node.span);
    check(node.span_within(1, 1000));
    for item in node.as_list().unwrap_or_default() {
        inside(item, text);
    }
    for entry in node.as_map().unwrap_or_default() {
        check(entry.key.span);
        check(entry.key.span_within(0, 1000));
        inside(&entry.value, text);
    }
}
