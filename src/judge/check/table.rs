//! A table for every check: what holds, what does not, and what is said of it; and the lints.

use std::fmt::Write as _;
use std::time::Duration;

use crate::event::{Answer, Body};
use crate::judge::Reading;
use crate::judge::bench::{Bench, answer, plain};

fn bench() -> Bench {
    Bench::new()
        .with_schema(&[
            ("error", r#"{"type":"object","required":["error"],"properties":{"error":{"type":"string"}}}"#),
            ("event", r#"{"oneOf":[{"properties":{"Type":{"const":"A"},"a":{"type":"integer"}},"required":["Type","a"]},{"properties":{"Type":{"const":"B"}},"required":["Type"]}]}"#),
            ("numbers", r#"{"properties":{"n":{"minimum":1}}}"#),
        ])
        .with_set("ok", r#"{"status":200,"json":{"$.a":1}}"#)
        .with_set("outer", r#"{"meets":"ok","size":{"min":1}}"#)
}

/// Judges all blocks on the answer; the first word tells what is expected of all checks together.
fn table(bench: &Bench, answer: &Answer, rows: &[(&str, &str)]) -> String {
    let mut said = String::new();
    for (block, expected) in rows {
        let told = bench.told(block, answer);
        let readings = bench.read(block, Some(answer));
        let worst = if readings.iter().any(|(_, reading)| matches!(reading, Reading::Breaks(_))) {
            "breaks"
        } else if readings.iter().all(|(_, reading)| reading.holds()) {
            "holds"
        } else {
            "undecided"
        };
        assert_eq!(worst, *expected, "{block}: {told}");
        write!(said, "{block}\n    {}\n", told.trim_end().replace('\n', "\n    ")).unwrap();
    }
    said
}

fn full() -> Answer {
    let headers = [
        ("Content-Type", "Application/JSON; charset=utf-8"),
        ("Retry-After", "30"),
        ("Via", "a"),
        ("Via", "b"),
        ("X-Empty", ""),
    ];
    plain(409, &headers, Body::bytes(br#"{"error":"taken","n":1,"list":[{"id":1},{"id":2}]}"#))
}

#[test]
fn head_and_body() {
    let bench = bench();
    let said = table(
        &bench,
        &full(),
        &[
            ("409", "holds"),
            ("200", "breaks"),
            (r#""4xx""#, "holds"),
            (r#"[200,"5xx"]"#, "breaks"),
            (r#"{"status":{"not":[401,403]}}"#, "holds"),
            (r#"{"status":{"not":409}}"#, "breaks"),
            (r#"{"status":{"not":["4xx","5xx"]}}"#, "breaks"),
            (r#"{"status":"$(plan_status)"}"#, "breaks"),
            (r#"{"reason":{"contains":"Reason"}}"#, "holds"),
            (r#"{"reason":"Conflict"}"#, "breaks"),
            (r#"{"content_type":"application/json"}"#, "holds"),
            (r#"{"content_type":["text/html","application/json; x=y"]}"#, "holds"),
            (r#"{"content_type":["text/html","text/plain"]}"#, "breaks"),
            (r#"{"content_type":{"matches":"json$"}}"#, "holds"),
            (r#"{"content_type":{"starts_with":"text/"}}"#, "breaks"),
            (r#"{"headers":{"RETRY-AFTER":30,"via":["a","b"],"x-empty":"","nope":{"exists":false}}}"#, "holds"),
            (r#"{"headers":{"retry-after":{"min":60},"via":"a","nope":"x","x-empty":{"empty":false}}}"#, "breaks"),
            (r#"{"headers":{"retry-after":{"type":"string","matches":"^[0-9]+$","max":30}}}"#, "holds"),
            (r#"{"text":{"contains":"taken"}}"#, "holds"),
            (r#"{"text":""}"#, "breaks"),
            (r#"{"size":50}"#, "holds"),
            (r#"{"size":{"max":10}}"#, "breaks"),
            (r#"{"json":{"$.error":"taken","$.list[*].id":[1,2],"$['n']":{"min":1}}}"#, "holds"),
            (
                r#"{"json":{"$.sid":{"not":"$(sid)"},"$.list[?@.id > 1].id":{"each":1},"$":{"has":{"error":{"length":3}}}}}"#,
                "breaks",
            ),
            (r#"{"schema":"error"}"#, "holds"),
            (
                r#"{"schema":{"required":["code"],"properties":{"code":true,"n":{"type":"string"}},"additionalProperties":false}}"#,
                "breaks",
            ),
            (r#"{"within":"2s"}"#, "holds"),
            (r#"{"within":"1s"}"#, "breaks"),
            (r#"{"within":{"min":"2500ms","max":"6s"}}"#, "breaks"),
            (r#"{"within":{"min":"$(lifetime - 59)s"}}"#, "holds"),
            (r#"{"within":"$(sid)"}"#, "undecided"),
            (
                r#"{"values":{"own_seen":["Available","Unavailable"],"row.status":202,"sid":{"starts_with":"s"}}}"#,
                "holds",
            ),
            (r#"{"values":{"own_seen":{"contains":"Busy"},"own_nothing":{"exists":true},"row.nope":1}}"#, "breaks"),
            (r#"{"meets":"ok"}"#, "breaks"),
            (r#"{"meets":["outer"]}"#, "breaks"),
            (r#"{"any_of":[{"status":304},{"status":409,"schema":"error"}]}"#, "holds"),
            (r#"{"any_of":[{"status":304},{"status":409,"json":{"$.error":"busy"}}]}"#, "breaks"),
        ],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn bodies_that_are_not_json() {
    let bench = bench();
    let nothing = r#"{"json":{"$.a":{"exists":false},"$.b":{"empty":true},"$..c":{"none":1}}}"#;
    let something = r#"{"json":{"$.a":{"exists":true}}}"#;
    let schema = r#"{"schema":"error"}"#;
    let mut said = String::new();
    for (title, answer, expected) in [
        ("an empty body", plain(304, &[], Body::default()), "holds"),
        ("a page", plain(502, &[("content-type", "text/html")], Body::bytes(b"<html>Bad Gateway</html>")), "holds"),
        ("broken JSON", self::answer(r#"{"a":1,"#), "breaks"),
        ("broken JSON without a type", plain(200, &[], Body::bytes(br#"{"a":1,"#)), "breaks"),
        ("an empty body that should be JSON", self::answer(""), "holds"),
        ("bytes that are no text", self::answer_bytes(b"\"a\xff\xfeb\""), "breaks"),
        ("a byte order mark", self::answer_bytes(b"\xef\xbb\xbf{}"), "breaks"),
        ("UTF-16 with its mark", self::answer_bytes(b"\xff\xfe{\0}\0"), "breaks"),
        ("UTF-16 without a mark", self::answer_bytes(b"{\0}\0"), "breaks"),
        ("UTF-32", self::answer_bytes(b"\0\0\0{\0\0\0}"), "breaks"),
        (
            "Latin-1 that says so",
            plain(200, &[("content-type", "application/json; charset=ISO-8859-1")], Body::bytes(b"{\"a\":\"\xfc\"}")),
            "breaks",
        ),
        ("half of a pair", self::answer(r#"{"a":"\ud800"}"#), "breaks"),
        ("a deep body", self::answer(&"[".repeat(100_000)), "breaks"),
        ("a key twice", self::answer(r#"{"a":1,"b":{"a":1,"a":2}}"#), "breaks"),
    ] {
        write!(said, "== {title}\n{}", table(&bench, &answer, &[(nothing, expected)])).unwrap();
        said.push_str(&bench.told(something, &answer));
        said.push_str(&bench.told(schema, &answer));
        assert!(bench.read(schema, Some(&answer)).iter().all(|(_, reading)| matches!(reading, Reading::Breaks(_))));
    }
    insta::assert_snapshot!(said);
}

fn answer_bytes(bytes: &[u8]) -> Answer {
    plain(200, &[("content-type", "application/json")], Body::bytes(bytes))
}

#[test]
fn what_cannot_be_decided_never_holds() {
    let bench = bench();
    let mut said = String::new();
    let http2 = Answer { version: "HTTP/2".to_owned(), reason: None, ..full() };
    said.push_str(&table(
        &bench,
        &http2,
        &[(r#"{"reason":"Conflict"}"#, "undecided"), (r#"{"reason":{"exists":false}}"#, "holds")],
    ));
    said.push_str(&table(
        &bench,
        &answer(r#"{"n":9007199254740993.5}"#),
        &[
            (r#"{"schema":"numbers"}"#, "undecided"),
            (r#"{"schema":"error"}"#, "breaks"),
            (r#"{"any_of":[{"status":500},{"schema":"numbers"}]}"#, "undecided"),
            (r#"{"any_of":[{"schema":"numbers"},200]}"#, "holds"),
        ],
    ));
    let deep = format!("{}{}{}", "[".repeat(120), "1,".repeat(5_000) + "1", "]".repeat(120));
    said.push_str(&table(&bench, &answer(&deep), &[(r#"{"json":{"$..*..*..*":{"none":2}}}"#, "undecided")]));
    insta::assert_snapshot!(said);
    for block in [
        "200",
        r#"{"headers":{"a":"b"},"json":{"$.a":{"exists":false}},"schema":{},"text":"","size":0,"reason":"a","content_type":"a/b","within":"5m"}"#,
    ] {
        for (id, reading) in bench.read(block, None) {
            assert!(matches!(reading, Reading::Undecided(_)), "{id}");
        }
    }
    let checks = bench.compile(r#"{"values":{"sid":"s-1"}}"#).expect("sound");
    assert!(!checks.needs_answer());
    assert!(bench.read(r#"{"values":{"sid":"s-1"}}"#, None).iter().all(|(_, reading)| reading.holds()));
}

#[test]
fn a_block_that_means_nothing_is_a_problem() {
    let bench = bench().with_set("loop", r#"{"meets":"loop"}"#);
    let mut said = String::new();
    for block in [
        "{}",
        "true",
        "null",
        "[]",
        r#""ok""#,
        "99",
        r#""6xx""#,
        r#"{"status":{"nat":1}}"#,
        r#"{"status":null}"#,
        r#"{"statsu":200}"#,
        r#"{"$.a":1}"#,
        r#"{"json":{"a":1}}"#,
        r#"{"json":{"$.a[":1}}"#,
        r#"{"json":{"$.a":null}}"#,
        r#"{"json":{}}"#,
        r#"{"json":[1]}"#,
        r#"{"headers":{"Via":"a","via":"b"}}"#,
        r#"{"values":{"nobody":1}}"#,
        r#"{"values":{"9":1}}"#,
        r#"{"within":"2"}"#,
        r#"{"within":{"mni":"2s"}}"#,
        r#"{"meets":"okay"}"#,
        r#"{"meets":"loop"}"#,
        r#"{"meets":[]}"#,
        r#"{"any_of":{}}"#,
        r#"{"any_of":[{}]}"#,
        r#"{"schema":"errors"}"#,
        r#"{"schema":{"requird":["a"]}}"#,
        r#"{"status":200,"vacuous":true}"#,
        r#"{"snapshot":true}"#,
        r#"{"operation":"x"}"#,
    ] {
        let problems = bench.compile(block).map(|_| ()).expect_err(block);
        write!(said, "{block}\n    {}\n", problems.trim_end().replace('\n', "\n    ")).unwrap();
    }
    insta::assert_snapshot!(said);
}

#[test]
fn checks_that_cannot_fail_are_told_unless_a_reason_is_given() {
    let bench = bench();
    let mut said = String::new();
    for block in [
        r#"{"schema":{}}"#,
        r#"{"schema":true}"#,
        r#"{"schema":{"title":"x","$defs":{}}}"#,
        r#"{"json":{"$.a":{"matches":""}}}"#,
        r#"{"json":{"$.a":{"matches":".*"}}}"#,
        r#"{"json":{"$.a":{"matches":"^.*$"}}}"#,
        r#"{"json":{"$.a":{"matches":"(?i)x?"}}}"#,
        r#"{"json":{"$.a":{"length":{"min":0}}}}"#,
        r#"{"json":{"$.a":{"contains":"","starts_with":""}}}"#,
        r#"{"size":{"min":0}}"#,
        r#"["1xx","2xx","3xx","4xx","5xx"]"#,
        r#"{"status":{"not":[]}}"#,
        r#"{"any_of":[{"status":200},{"size":{"min":0}}]}"#,
        r#"{"json":{"$.a":{"any_of":["x",{"matches":""}]}}}"#,
        r#"{"within":{"min":"0s"}}"#,
        r#"{"within":{}}"#,
    ] {
        let lint = bench.lint(block);
        assert!(lint.starts_with("vacuous-check"), "{block}: {lint}");
        write!(said, "{block}\n    {lint}").unwrap();
    }
    insta::assert_snapshot!(said);
    for block in [
        r#"{"json":{"$.a":{"exists":false},"$..b":{"none":1},"$.c":{"not":1}},"text":""}"#,
        r#"{"json":{"$.a":{"matches":"^$"},"$.b":{"matches":"^a*$"},"$.c":{"each":1,"length":{"min":0}}}}"#,
        r#"{"schema":{},"vacuous":"only that it is JSON"}"#,
        r#"{"json":{"$.a":{"length":{"min":0},"vacuous":"only that it is there"}}}"#,
        r#"{"any_of":[{"status":200},{"size":{"min":0},"vacuous":"whatever"}]}"#,
        r#"{"size":{"min":0,"max":5}}"#,
        r#"{"status":["2xx","3xx","4xx","5xx"]}"#,
    ] {
        assert_eq!(bench.lint(block), "", "{block}");
    }
}

#[test]
fn a_block_waits_for_the_target_where_it_must() {
    let late = Bench { target: false, ..bench() };
    for block in [
        r#"{"status":"$(plan_prefix)"}"#,
        r#"{"json":{"$.$(plan_prefix)":1,"$.x":{"matches":"$(plan_prefix)"}}}"#,
        r#"{"headers":{"x-$(plan_prefix)":"a"},"schema":"$(plan_prefix)"}"#,
        r#"{"meets":"$(plan_prefix)"}"#,
    ] {
        let checks = late.compile(block).expect(block);
        for check in &checks.list {
            assert!(check.rule.vacuous().is_none() || block.contains("status"), "{block}");
        }
        let _ = late.read(block, Some(&full()));
    }
}

#[test]
fn advice_that_a_promise_implies_is_found() {
    let bench = bench();
    let block = |text: &str| bench.compile(text).expect("sound");
    for (advice, promise, implied) in
        [("409", "[404,409]", 0), ("409", "409", 1), (r#""4xx""#, "[404,409]", 1), (r#"{"size":0}"#, "409", 0)]
    {
        assert_eq!(block(advice).implied_by(&block(promise)).len(), implied, "{advice} {promise}");
    }
    assert!(block(r#"{"any_of":[{"status":429},200]}"#).names_status(429));
    assert!(block(r#""5xx""#).names_status(503));
    assert!(!block(r#"{"status":{"not":200}}"#).names_status(503));
}

#[test]
fn moved_time_counts() {
    let slow = Bench { elapsed: Duration::from_secs(4000), ..bench() };
    let reading = slow.told(r#"{"within":{"min":"1h","max":"2h"}}"#, &full());
    assert_eq!(reading, "within holds\n");
}
