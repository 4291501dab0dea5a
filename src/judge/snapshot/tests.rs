use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::event::{Answer, Body, SnapshotMode};
use crate::judge::bench::{Bench, answer, line, plain};
use crate::judge::{AnswerBody, Reading, Subject};
use crate::snapshot::{Name, Text};
use crate::value::{Json, JsonPath};

use super::{Snapshots, StandIns};

#[derive(Default)]
struct Around {
    accepted: BTreeMap<Name, Text>,
    volatile: Vec<JsonPath>,
    stand_ins: StandIns,
    mode: SnapshotMode,
}

impl Snapshots for Around {
    fn accepted(&self, name: &Name) -> Option<&Text> {
        self.accepted.get(name)
    }

    fn volatile(&self) -> &[JsonPath] {
        &self.volatile
    }

    fn stand_ins(&self) -> StandIns {
        self.stand_ins.clone()
    }

    fn mode(&self) -> SnapshotMode {
        self.mode
    }
}

fn json(text: &str) -> Json {
    Json::parse(text.as_bytes()).unwrap()
}

/// Captured values, and what the run and the target give.
fn around(captured: &[(&str, &str)], given: &[(&str, &str)]) -> Around {
    let mut around = Around::default();
    for (name, value) in captured {
        around.stand_ins.capture(name, &json(value));
    }
    for (name, value) in given {
        match *name {
            "base_url" => around.stand_ins.host(&json(value)),
            _ => around.stand_ins.give(name, &json(value)),
        }
    }
    around
}

fn bench() -> Bench {
    Bench { stem: Some("orders.list.all".to_owned()), ..Bench::new() }
}

fn judge(check: &str, answer: &Answer, around: &Around) -> Reading {
    let bench = bench();
    let checks =
        bench.compile(&format!(r#"{{"snapshot":{check}}}"#)).unwrap_or_else(|error| panic!("{check}: {error}"));
    let body = AnswerBody::new(Some(answer));
    checks.list[0].rule.judge(&Subject { snapshots: Some(around), ..bench.subject(&body) })
}

/// The text that is made of an answer, or why none is.
fn text(check: &str, answer: &Answer, around: &Around) -> String {
    match judge(check, answer, around) {
        Reading::Breaks(breach) if breach.snapshot.is_some() => breach.snapshot.unwrap().seen,
        reading @ (Reading::Holds | Reading::Breaks(_) | Reading::Undecided(_)) => line("snapshot", &reading),
    }
}

fn whole(body: &str, around: &Around) -> String {
    text("true", &answer(body), around)
}

#[test]
fn keys_are_sorted_and_numbers_keep_every_digit() {
    let body =
        r#"{"b":[1.0,9007199254740993,1e20,1e-3,123e9999,-0,0.10],"a":{"d":null,"c":true},"é\n\"":"\u001b[x]\\"}"#;
    insta::assert_snapshot!(whole(body, &Around::default()));
}

#[test]
fn values_that_differ_from_run_to_run_stand_by_their_names() {
    let around = around(
        &[
            ("session", r#""Zm9v/YmFy=""#),
            ("job", "712345"),
            ("digits", r#""8812345""#),
            ("short", r#""abcde""#),
            ("few", "1234"),
            ("seen", r#"["first-1","first-1","second-2",{"a":"object-3"}]"#),
            ("object", r#"{"id":"inside-an-object"}"#),
        ],
        &[
            ("run.nonce", r#""k7x2m9""#),
            ("base_url", r#""http://127.0.0.1:4123/api/v1""#),
            ("station", r#""+15550100""#),
        ],
    );
    let body = r#"{
        "sessionId": "Zm9v/YmFy=", "again": "Zm9v/YmFy=", "encoded": "/s/Zm9v%2FYmFy%3D?x", "longer": "xZm9v/YmFy=",
        "job": 712345.0, "jobText": "712345", "jobUrl": "http://127.0.0.1:4123/api/v1/jobs/712345", "notJob": 7123456,
        "digits": 8812345, "short": "abcde", "few": 1234, "list": ["first-1","second-2","object-3","inside-an-object"],
        "marker": "made by k7x2m9-1", "host": "127.0.0.1", "elsewhere": "http://127.0.0.1:41230/", "phone": "+15550100",
        "token": "Bearer ‹agent.access_token#1›", "other": "‹agent.access_token#2~base64›",
        "k7x2m9": 1, "literal": "[session] [agent.x] [timestamp] [INFO] [list[0]]"
    }"#;
    insta::assert_snapshot!(whole(body, &around));
}

#[test]
fn two_captures_of_one_value_are_both_named() {
    let around =
        around(&[("mine", r#""the-same-id""#), ("joined", r#""the-same-id""#)], &[("run.id", r#""the-same-id""#)]);
    assert_eq!(whole(r#"["the-same-id"]"#, &around), "200\n\n[\n  \"[joined=mine]\"\n]");
}

#[test]
fn uuids_are_told_apart_and_times_are_not() {
    let (a, b) = ("0b5cf2d4-3c63-4f0e-9a53-0242ac120002", "1b5cf2d4-3c63-4f0e-9a53-0242ac120002");
    let body = format!(
        r#"{{"a":"{a}","b":"/x/{b}","c":"{}","t":"2026-11-22T12:00:00Z","u":"at 2027-01-01 00:00"}}"#,
        a.to_uppercase()
    );
    assert_eq!(
        whole(&body, &Around::default()),
        "200\n\n{\n  \"a\": \"[uuid]\",\n  \"b\": \"/x/[uuid#2]\",\n  \"c\": \"[uuid]\",\n  \"t\": \"[timestamp]\",\n  \
         \"u\": \"at [timestamp]\"\n}"
    );
}

#[test]
fn parts_can_be_left_out_chosen_and_reduced() {
    let mut around = Around::default();
    around.volatile.push(JsonPath::parse("$..at").unwrap());
    let body = r#"{"items":[{"id":1,"at":5},{"id":2,"at":6,"note":"x"},{"id":3,"at":7}],"total":3,"none":[]}"#;
    let answer =
        plain(200, &[("content-type", "application/json"), ("x-b", "1"), ("x-b", " 2")], Body::bytes(body.as_bytes()));
    let mut all = String::new();
    for check in [
        "true",
        r#""again""#,
        r#"{"only":"$.items[0]"}"#,
        r#"{"only":"$..id"}"#,
        r#"{"only":"$.gone"}"#,
        r#"{"only":"$..gone"}"#,
        r#"{"ignore":["$.items[0].id","$.items"],"headers":["X-B","content-type","etag"]}"#,
        r#"{"shape":true}"#,
        r#"{"shape":true,"only":"$.items[*].note"}"#,
    ] {
        writeln!(all, "── {check}\n{}", text(check, &answer, &around).trim_end()).unwrap();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn bodies_that_are_no_json_are_taken_as_they_are() {
    let of = |media_type: &str, bytes: &[u8]| {
        text(
            "true",
            &plain(200, &[("content-type", media_type)], Body::bytes(bytes)),
            &around(&[("id", r#""secret-id""#)], &[]),
        )
    };
    let mut all = String::new();
    for (media_type, bytes) in [
        ("text/plain", &b"one  \r\ntwo secret-id\\\t\n\n[id]"[..]),
        ("text/plain", b"one\n"),
        ("text/plain", b"12"),
        ("text/html", b"a\xff"),
        ("application/octet-stream", b"a\xff\0"),
        ("application/octet-stream", b"{\"a\":1}"),
        ("application/json", b"{\"a\":1"),
        ("application/json", b"{\"a\":1,\"a\":2}"),
        ("application/json", b"12"),
        ("application/json", b"\"\xff\""),
        ("application/json", b""),
    ] {
        let shown = String::from_utf8_lossy(bytes).escape_debug().to_string();
        writeln!(all, "── {media_type} {shown}\n{}", of(media_type, bytes).trim_end()).unwrap();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn an_answer_is_compared_with_what_was_accepted() {
    let name = Name::parse("orders.list.all").unwrap();
    let mut around = Around::default();
    assert_eq!(
        line("snapshot", &judge("true", &answer(r#"{"a":1}"#), &around)),
        "snapshot breaks [snapshot-missing] at -\n    no snapshot is called `orders.list.all` yet\n"
    );
    around.accepted.insert(name, Text::new("200\n\n{\n  \"a\": 1\n}"));
    assert_eq!(judge("true", &answer(r#"{"a":1.0}"#), &around), Reading::Holds);
    let Reading::Breaks(breach) = judge("true", &answer(r#"{"b":1}"#), &around) else { panic!("it differs") };
    assert_eq!(breach.message, "the answer is not the snapshot `orders.list.all`: 2 lines differ");
    assert_eq!((breach.expected.as_deref(), breach.actual.as_deref()), (Some("\"a\": 1"), Some("\"b\": 1")));
    let difference = breach.snapshot.unwrap();
    assert_eq!(difference.accepted.as_deref(), Some("200\n\n{\n  \"a\": 1\n}"));
    assert_eq!(difference.seen, "200\n\n{\n  \"b\": 1\n}");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let mut said = String::new();
    for block in [
        r#"{"snapshot":false}"#,
        r#"{"snapshot":[]}"#,
        r#"{"snapshot":""}"#,
        r#"{"snapshot":"$(sid)"}"#,
        r#"{"snapshot":"$(plan_prefix)"}"#,
        r#"{"snapshot":{"olny":"$.a"}}"#,
        r#"{"snapshot":{"only":"a"}}"#,
        r#"{"snapshot":{"ignore":[1,{}]}}"#,
        r#"{"snapshot":{"headers":[{}]}}"#,
        r#"{"snapshot":{"shape":"yes"}}"#,
        r#"{"any_of":[{"snapshot":true},404]}"#,
    ] {
        let problem = bench().compile(block).map(|_| ()).expect_err(block);
        write!(said, "{block}\n    {problem}").unwrap();
    }
    let nameless = Bench::new().compile(r#"{"snapshot":true}"#).map(|_| ()).expect_err("no name");
    write!(said, "without a name\n    {nameless}").unwrap();
    insta::assert_snapshot!(said);
}

#[test]
fn ten_thousand_answers_are_compared_side_by_side() {
    let checks = bench().compile(r#"{"snapshot":true}"#).unwrap();
    let accepted = Text::new("200\n\n{\n  \"host\": \"[target.host]\",\n  \"id\": \"[own]\"\n}");
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let (checks, accepted) = (&checks, &accepted);
            scope.spawn(move || {
                for number in 0..2500 {
                    let id = format!("own-{worker}-{number:05}");
                    let mut around =
                        around(&[("own", &format!("\"{id}\""))], &[("base_url", "\"http://127.0.0.1:1234\"")]);
                    around.accepted.insert(Name::parse("orders.list.all").unwrap(), accepted.clone());
                    // Every tenth answer holds the value of another.
                    let other = if number % 10 == 0 { format!("{id}9") } else { id };
                    let answer = answer(&format!(r#"{{"host":"127.0.0.1:1234","id":"{other}"}}"#));
                    let body = AnswerBody::new(Some(&answer));
                    let bench = bench();
                    let subject = Subject { snapshots: Some(&around), ..bench.subject(&body) };
                    let reading = checks.list[0].rule.judge(&subject);
                    assert_eq!(reading.holds(), number % 10 != 0, "{reading:?}");
                }
            });
        }
    });
}
