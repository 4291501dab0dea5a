use std::fmt::Write as _;

use super::drawn::{good, short};
use crate::diag::Span;
use crate::value::Node;

/// Every key and value with the stretch of the source that it spans.
fn spans(text: &str) -> String {
    fn list(node: &Node, text: &str, out: &mut String) {
        let slice = |span: Span| &text[span.start as usize..span.end as usize];
        writeln!(out, "{} @{}: {:?}", node.kind_name(), node.span.start, slice(node.span)).unwrap();
        for item in node.as_list().unwrap_or_default() {
            list(item, text, out);
        }
        for entry in node.as_map().unwrap_or_default() {
            let within = slice(entry.key.span_within(0, entry.key.text.len()));
            writeln!(out, "key {:?} @{}: {within:?}", entry.key.text, entry.key.span.start).unwrap();
            list(&entry.value, text, out);
        }
    }
    let mut out = String::new();
    for node in &good(text) {
        list(node, text, &mut out);
    }
    out
}

#[test]
fn plain_values_are_those_of_json_and_all_else_is_text() {
    for (text, tree) in [
        ("[true, false, null, ~, ]", "[true, false, null, null]"),
        ("[True, TRUE, yes, no, on, off, Null, NULL]", r#"["True", "TRUE", "yes", "no", "on", "off", "Null", "NULL"]"#),
        ("[0, -1, 1.50, 1e9]", "[0, -1, 1.50, 1e9]"),
        (
            "[012, 0x1f, 0o17, +15550100, 1_000, .nan, .inf, .5, 1., 2026-11-22, 12:30:00]",
            r#"["012", "0x1f", "0o17", "+15550100", "1_000", ".nan", ".inf", ".5", "1.", "2026-11-22", "12:30:00"]"#,
        ),
        ("['1', \"true\", '', \"\\u00e9\\n\", 'it''s']", r#"["1", "true", "", "é\n", "it's"]"#),
        ("a: |\n  1\nb: >-\n  x\n  y\n", r#"{a: "1\n", b: "x y"}"#),
        ("404: x\ntrue: y\nnull: z\n1.0: w\n", r#"{404: "x", true: "y", null: "z", 1.0: "w"}"#),
        ("a:\nb: ~\n", "{a: null, b: null}"),
        ("- - 1\n  - {a: [2]}\n-\n", "[[1, {a: [2]}], null]"),
        ("a: &x [1, &y {k: v}]\nb: *x\nc: *y\n", r#"{a: [1, {k: "v"}], b: [1, {k: "v"}], c: {k: "v"}}"#),
        ("a: &k name\n*k : 1\n", r#"{a: "name", name: 1}"#),
        ("$..x: 1\n$.a[0]: 2\n", "{$..x: 1, $.a[0]: 2}"),
        ("POST /a?b=c&d: x", r#"{POST /a?b=c&d: "x"}"#),
        ("plain text\n over lines", r#""plain text over lines""#),
    ] {
        let trees: Vec<_> = good(text).iter().map(short).collect();
        assert_eq!(trees, [tree], "{text}");
    }
}

#[test]
fn empty_documents_are_none() {
    for text in ["", "\n", "# nothing\n", "---\n", "---\n---\n...\n", "\u{feff}", "null\n"] {
        assert_eq!(good(text), [], "{text:?}");
    }
    assert_eq!(good("---\na: 1\n---\n---\nb: 2\n...\n").iter().map(short).collect::<Vec<_>>(), ["{a: 1}", "{b: 2}"]);
}

#[test]
fn keys_and_values_have_their_places() {
    insta::assert_snapshot!(spans("scenario: Größe ändern\nsteps:\n  - request: \"GET /ä\"\n    expect: { 'status': 200, json: [ $.é, 日本 ] }\n  -\n  - 7\nempty:\nlast: |\n  one line\n"), @r#"
    a map @0: "scenario: Größe ändern\nsteps:\n  - request: \"GET /ä\"\n    expect: { 'status': 200, json: [ $.é, 日本 ] }\n  -\n  - 7\nempty:\nlast: |\n  one line"
    key "scenario" @0: "scenario"
    a text @10: "Größe ändern"
    key "steps" @26: "steps"
    a list @35: "- request: \"GET /ä\"\n    expect: { 'status': 200, json: [ $.é, 日本 ] }\n  -\n  - 7"
    a map @37: "request: \"GET /ä\"\n    expect: { 'status': 200, json: [ $.é, 日本 ] }"
    key "request" @37: "request"
    a text @46: "\"GET /ä\""
    key "expect" @60: "expect"
    a map @68: "{ 'status': 200, json: [ $.é, 日本 ] }"
    key "status" @70: "status"
    a number @80: "200"
    key "json" @85: "json"
    a list @91: "[ $.é, 日本 ]"
    a text @93: "$.é"
    a text @99: "日本"
    null @113: ""
    a number @118: "7"
    key "empty" @120: "empty"
    null @126: ""
    key "last" @127: "last"
    a text @137: "one line"
    "#);
}

#[test]
fn a_byte_order_mark_and_crlf_leave_the_places_true() {
    insta::assert_snapshot!(spans("\u{feff}a: ü\r\nb:\r\n  - x\r\n  - |\r\n    y\r\n"), @r#"
    a map @3: "a: ü\r\nb:\r\n  - x\r\n  - |\r\n    y"
    key "a" @3: "a"
    a text @6: "ü"
    key "b" @10: "b"
    a list @16: "- x\r\n  - |\r\n    y"
    a text @18: "x"
    a text @32: "y"
    "#);
}

#[test]
fn an_offset_in_a_text_is_a_place_in_the_source() {
    let text = "[plain $(x), 'quoted $(x)', \"double $(x)\", \"esc\\taped $(x)\", two\n  lines $(x)]\n";
    let documents = good(text);
    let found: Vec<_> = documents[0]
        .as_list()
        .unwrap()
        .iter()
        .map(|node| {
            let span = node.span_within(node.as_text().unwrap().find("$(").unwrap(), 4);
            &text[span.start as usize..span.end as usize]
        })
        .collect();
    assert_eq!(found, ["$(x)", "$(x)", "$(x)", "\"esc\\taped $(x)\"", "two\n  lines $(x)"]);
    let text = "a: |\n  see $(x)\nb: |\n  two\n  $(x)\n";
    let documents = good(text);
    let span = documents[0].get("a").unwrap().span_within(4, 4);
    assert_eq!(&text[span.start as usize..span.end as usize], "$(x)");
    let span = documents[0].get("b").unwrap().span_within(4, 4);
    assert_eq!(&text[span.start as usize..span.end as usize], "two\n  $(x)");
    let text = "|\n[";
    let span = good(text)[0].span_within(0, 2);
    assert_eq!(&text[span.start as usize..span.end as usize], "[");
}
