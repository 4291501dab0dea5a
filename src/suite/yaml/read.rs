use granit_parser::{ErrorKind, Event, Parser, ScanError};

use super::build::{Builder, Stop, too_deep};
use super::{Limits, slips};
use crate::diag::{Code, Diagnostic, Diagnostics, SourceId, Span};
use crate::value::Node;

/// Reads all documents of a file; empty ones and broken ones are left out. Problems go to `out`.
///
/// `text` is the text that `source` was added with; a byte-order mark at its beginning is passed over.
#[must_use]
pub fn read(source: SourceId, text: &str, limits: &Limits, out: &mut Diagnostics) -> Vec<Node> {
    if text.len() > limits.bytes {
        let message = format!("the file has {} bytes, at most {} are read", text.len(), limits.bytes);
        out.push(Diagnostic::error(Code::YamlTooBig, message).at(Span::point(source, 0), ""));
        return Vec::new();
    }
    let mut builder = Builder::new(source, text, limits);
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: limits.depth,
        block_nesting_limit: limits.depth,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut documents = Vec::new();
    let mut broken = 0;
    while let Some(next) = parser.next_event() {
        match next {
            Ok((Event::DocumentEnd, _)) => documents.extend(builder.end_document()),
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => {
                if take(&mut builder, &event, Place { source, text, span }, out).is_err() {
                    break;
                }
            }
            Err(error) => {
                out.push(problem(source, text, &error, limits));
                broken += 1;
                // An error of the search for the next document ends the file: there is nothing to go on from.
                if broken >= limits.broken_documents || !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    documents
}

/// Where an event stands.
struct Place<'r> {
    source: SourceId,
    text: &'r str,
    span: granit_parser::Span,
}

impl Place<'_> {
    fn span(&self) -> Span {
        self.of(&self.span)
    }

    fn of(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or_default();
        let fits = |at: usize| self.text.floor_char_boundary(at);
        Span::of(self.source, fits(range.start), fits(range.end))
    }
}

fn take(builder: &mut Builder<'_>, event: &Event<'_>, place: Place<'_>, out: &mut Diagnostics) -> Result<(), Stop> {
    builder.tag(event.tag(), place.span.tag_span().map(|span| place.of(&span)), out);
    let span = place.span();
    match event {
        Event::DocumentStart(..) => builder.begin_document(),
        Event::Anchor(_, name) => builder.anchor_name(name),
        Event::Alias(anchor) => return builder.alias(*anchor, span, out),
        Event::UnresolvedAlias(name) => return builder.unknown_alias(name, span, out),
        Event::Scalar(value, style, anchor, _) => return builder.scalar(value, *style, *anchor, span, out),
        Event::SequenceStart(_, anchor, _) => return builder.begin_list(*anchor, span, out),
        Event::MappingStart(_, anchor, _) => return builder.begin_map(*anchor, span, out),
        Event::SequenceEnd | Event::MappingEnd => builder.end(span, out),
        // The rest is not of the tree. (The parser's list of events is open.)
        _ => {}
    }
    Ok(())
}

fn problem(source: SourceId, text: &str, error: &ScanError, limits: &Limits) -> Diagnostic {
    let at = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(text.len()));
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return too_deep(Span::of(source, at, at), limits);
    }
    slips::explain(source, text, at, error.kind())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::diag::{Colour, Sources, render};
    use crate::value::NodeKind;

    fn read_with(text: &str, limits: &Limits) -> (Vec<Node>, Sources, Vec<Diagnostic>) {
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", text);
        let mut out = Diagnostics::new();
        let documents = read(source, text, limits, &mut out);
        (documents, sources, out.into_sorted())
    }

    /// The problems of a text, drawn.
    fn problems(text: &str) -> String {
        problems_within(text, &Limits::default())
    }

    fn problems_within(text: &str, limits: &Limits) -> String {
        let (_, sources, found) = read_with(text, limits);
        render(&found, &sources, Colour::Never)
    }

    /// The documents of a text without problems.
    fn good(text: &str) -> Vec<Node> {
        let (documents, sources, found) = read_with(text, &Limits::default());
        assert!(found.is_empty(), "{}", render(&found, &sources, Colour::Never));
        documents
    }

    /// The tree in one line: texts in quotes, all else as in JSON.
    fn short(node: &Node) -> String {
        match &node.kind {
            NodeKind::Null => "null".to_owned(),
            NodeKind::Bool(value) => value.to_string(),
            NodeKind::Number(number) => number.to_string(),
            NodeKind::Text(text) => format!("{:?}", text.value),
            NodeKind::List(items) => format!("[{}]", items.iter().map(short).collect::<Vec<_>>().join(", ")),
            NodeKind::Map(entries) => {
                let entries = entries.iter().map(|entry| format!("{}: {}", entry.key.text, short(&entry.value)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

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
        good(text).iter().for_each(|node| list(node, text, &mut out));
        out
    }

    #[test]
    fn plain_values_are_those_of_json_and_all_else_is_text() {
        for (text, tree) in [
            ("[true, false, null, ~, ]", "[true, false, null, null]"),
            (
                "[True, TRUE, yes, no, on, off, Null, NULL]",
                r#"["True", "TRUE", "yes", "no", "on", "off", "Null", "NULL"]"#,
            ),
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
        assert_eq!(
            good("---\na: 1\n---\n---\nb: 2\n...\n").iter().map(short).collect::<Vec<_>>(),
            ["{a: 1}", "{b: 2}"]
        );
    }

    #[test]
    fn keys_and_values_have_their_places() {
        insta::assert_snapshot!(spans("scenario: Größe ändern\nsteps:\n  - request: \"GET /ä\"\n    expect: { 'status': 200, json: [ $.é, 日本 ] }\n  -\n  - 7\nempty:\nlast: |\n  one line\n"), @"");
    }

    #[test]
    fn a_byte_order_mark_and_crlf_leave_the_places_true() {
        insta::assert_snapshot!(spans("\u{feff}a: ü\r\nb:\r\n  - x\r\n  - |\r\n    y\r\n"), @"");
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
        assert_eq!(&text[span.start as usize..span.end as usize], "|\n  two\n  $(x)");
    }

    #[test]
    fn a_duplicate_key_is_told_with_both_places_and_the_first_is_kept() {
        let text = "a: 1\nb: 2\n'a': { x: 3, x: 4 }\nc: 5\n";
        insta::assert_snapshot!(problems(text), @"");
        assert_eq!(short(&read_with(text, &Limits::default()).0[0]), "{a: 1, b: 2, c: 5}");
    }

    #[test]
    fn tags_are_refused_and_their_values_kept() {
        let text = "a: !!str 1\nb: !env HOME\nc: !!python/object:os.system [x]\nd: !<tag:yaml.org,2002:int> 3\n";
        insta::assert_snapshot!(problems(text), @"");
        assert_eq!(short(&read_with(text, &Limits::default()).0[0]), r#"{a: 1, b: "HOME", c: ["x"], d: 3}"#);
    }

    #[test]
    fn merge_keys_are_refused() {
        let text = "base: &base { a: 1 }\nb:\n  <<: *base\n  c: 2\n'<<': text\n";
        insta::assert_snapshot!(problems(text), @"");
        assert_eq!(short(&read_with(text, &Limits::default()).0[0]), r#"{base: {a: 1}, b: {c: 2}, <<: "text"}"#);
    }

    #[test]
    fn aliases_without_an_anchor_and_within_themselves_are_told() {
        insta::assert_snapshot!(problems("a: &session 1\nb: *sesion\nc: *x\n*d : 1\ne: &e [1, *e]\n"), @"");
    }

    #[test]
    fn collections_as_keys_and_missing_keys_are_told() {
        let text = "url: {{ base }}\nok: 1\n";
        insta::assert_snapshot!(problems(text), @"");
        insta::assert_snapshot!(problems("? [a, b]\n: 1\n: 2\nok: 3\n"), @"");
        assert_eq!(short(&read_with("? [a, b]\n: 1\nok: 3\n", &Limits::default()).0[0]), "{ok: 3}");
    }

    #[test]
    fn classic_slips_are_told_in_plain_words() {
        let slips = [
            "a:\n\tb: 1\n",
            "a:\n  b: 1\n\tc: 2\n",
            "a: \"open\nb: 1\n",
            "a: 'open\n",
            "a: 1\nkey:value\nb: 2\n",
            "key:value\nb: 2\n",
            "title: Note: more\n",
            "a:\n  - text: say \"x\": y\n",
            "a: [1, 2\nb: 3\n",
            "a: {x: 1\n",
            "a: [1}\n",
            "a: 1]\n",
            "a:\n  b: 1\n c: 2\n",
            "a: @x\n",
            "a: `x`\n",
            "a: \"\\q\"\n",
            "a: \"x\" y\n",
            "- a\nb: 1\n",
            "a: - b\n",
            "a: %x\n",
            "a: b\n  c: d\n",
        ];
        let mut all = String::new();
        for text in slips {
            let found = problems(text);
            assert!(!found.is_empty(), "{text:?}");
            all.push_str(&found);
        }
        insta::assert_snapshot!(all, @"");
    }

    #[test]
    fn a_broken_document_does_not_hide_the_next() {
        let text = "a: [1\n---\nb: 2\n---\nc: 'x\n...\n---\nd: 4\n";
        insta::assert_snapshot!(problems(text), @"");
        let trees: Vec<_> = read_with(text, &Limits::default()).0.iter().map(short).collect();
        assert_eq!(trees, ["{b: 2}", "{d: 4}"]);
    }

    #[test]
    fn a_file_that_is_broken_throughout_is_given_up() {
        let limits = Limits { broken_documents: 3, ..Limits::default() };
        let (documents, _, found) = read_with(&"---\n[\n".repeat(100), &limits);
        assert_eq!((documents.len(), found.len()), (0, 3));
    }

    #[test]
    fn every_limit_is_told_with_a_place() {
        let limits = Limits { bytes: 60, nodes: 8, depth: 3, broken_documents: 2 };
        let mut all = String::new();
        for text in [
            &"x".repeat(61),
            "[1, 2, 3, 4, 5, 6, 7, 8]",
            "[[[[1]]]]",
            "a:\n  b:\n    c:\n      d: 1\n",
            "a: &a [1, 2]\nb: [*a, *a]\n",
            "a: &a [[1]]\nb: [[*a]]\n",
        ] {
            all.push_str(&problems_within(text, &limits));
        }
        insta::assert_snapshot!(all, @"");
        let (documents, _, found) = read_with("[1, 2, 3, 4, 5, 6, 7]", &limits);
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
        let anchors: String = (0..10_000).map(|at| format!("- &a{at} x\n")).collect();
        assert_eq!(code(&anchors), None);
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
            documents.iter().for_each(|node| inside(node, &text));
            let _ = render(&found, &sources, Colour::Never);
        }
    }

    /// Panics where a span is not one of the text.
    fn inside(node: &Node, text: &str) {
        let check = |span: Span| assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
        check(node.span);
        check(node.span_within(1, 1000));
        node.as_list().unwrap_or_default().iter().for_each(|item| inside(item, text));
        for entry in node.as_map().unwrap_or_default() {
            check(entry.key.span);
            check(entry.key.span_within(0, 1000));
            inside(&entry.value, text);
        }
    }
}
