//! A table for every matcher: what fits, what does not, and what is said of it.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::judge::bench::{Bench, answer, json};
use crate::judge::{Breach, BreachCode, Reading};
use crate::value::{Answer as FactAnswer, Facts, Json, Number, Question};

/// What is expected of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Fits,
    Misses,
    Unsure,
}
use Expect::{Fits, Misses, Unsure};

/// Puts `{ $.v: MATCHER }` to `{"v": VALUE}`, or to `{}` where there is no value.
fn put(bench: &Bench, matcher: &str, value: &str) -> String {
    put_at(bench, "$.v", matcher, value)
}

fn put_at(bench: &Bench, path: &str, matcher: &str, value: &str) -> String {
    let body = if value.is_empty() { "{}".to_owned() } else { format!("{{\"v\":{value}}}") };
    bench.told(&format!(r#"{{"json":{{"{path}":{matcher}}}}}"#), &answer(&body))
}

fn reading(told: &str) -> Expect {
    match told.split_whitespace().nth(1) {
        Some("holds") => Fits,
        Some("breaks") => Misses,
        _ => Unsure,
    }
}

/// Judges all rows and writes down what is said of them.
fn table(bench: &Bench, rows: &[(&str, &str, Expect)]) -> String {
    let mut said = String::new();
    for (matcher, value, expected) in rows {
        let told = put(bench, matcher, value);
        assert_eq!(reading(&told), *expected, "{matcher} on {value}: {told}");
        if *expected != Fits {
            let value = if value.is_empty() { "(nothing)" } else { value };
            let lines: Vec<&str> = told.lines().skip(1).map(str::trim_start).collect();
            let code = told.split(['[', ']']).find(|part| part.contains('-')).unwrap_or_default();
            write!(said, "{matcher}  ←  {value}\n    [{code}] {}\n", lines.join("\n        ")).unwrap();
        }
    }
    said
}

#[test]
fn equality() {
    let said = table(
        &Bench::new(),
        &[
            ("1", "1.0", Fits),
            ("1", "10e-1", Fits),
            ("0", "-0", Fits),
            ("1", r#""1""#, Misses),
            ("9007199254740993", "9007199254740992", Misses),
            ("1e400", "1e401", Misses),
            (r#""\u00e9""#, r#""e\u0301""#, Misses),
            (r#""abc""#, r#""abc ""#, Misses),
            ("true", "1", Misses),
            (r#""""#, "null", Misses),
            (r#""x""#, "", Misses),
            ("[1,2]", "[1.0,2]", Fits),
            ("[1,2]", "[2,1]", Misses),
            ("[1,2]", "[1,2,3]", Misses),
            (r#"{"equals":null}"#, "null", Fits),
            (r#"{"equals":null}"#, "", Misses),
            (r#"{"equals":{"a":1,"b":[2]}}"#, r#"{"b":[2],"a":1.0}"#, Fits),
            (r#"{"equals":{"a":{"b":[1,2]}}}"#, r#"{"a":{"b":[1,3]}}"#, Misses),
            (r#"{"equals":{"a":1}}"#, r#"{"a":1,"z":null}"#, Misses),
            (r#"{"equals":{"a":1,"z":null}}"#, r#"{"a":1}"#, Misses),
            (r#""$(sid)""#, r#""s-1""#, Fits),
            (r#""$(sid)""#, r#""s-2""#, Misses),
            (r#""id=$(sid)""#, r#""id=s-1""#, Fits),
            (r#"{"not":"$(sid)"}"#, r#""s-2""#, Fits),
            (r#"{"not":"$(sid)"}"#, r#""s-1""#, Misses),
            (r#"{"not":"$(sid)"}"#, "", Misses),
            (r#"{"not":null}"#, "1", Fits),
            (r#"{"not":{"contains":"x"}}"#, r#""abc""#, Fits),
            (r#"{"not":{"contains":"x"}}"#, "5", Fits),
            (r#"{"not":{"contains":"b"}}"#, r#""abc""#, Misses),
            (r#"{"one_of":[200,304]}"#, "304", Fits),
            (r#"{"one_of":[200,304]}"#, "409", Misses),
            (r#"{"one_of":[200,null]}"#, "null", Fits),
            (r#"{"one_of":"$(states)"}"#, r#""Available""#, Fits),
            (r#"{"one_of":"$(states)"}"#, r#""Busy""#, Misses),
            (r#"{"one_of":"$(sid)"}"#, r#""s-1""#, Unsure),
            (r#"{"one_of":[1]}"#, "", Misses),
            (r#"{"any_of":["a",{"min":5}]}"#, r#""a""#, Fits),
            (r#"{"any_of":["a",{"min":5}]}"#, "7", Fits),
            (r#"{"any_of":["a",{"min":5}]}"#, "3", Misses),
            (r#"{"any_of":[{"exists":false},"a"]}"#, "", Fits),
            (r#"{"any_of":[{"has":{"a":1,"b":2}},"x"]}"#, r#"{"a":1,"b":3}"#, Misses),
            (r#"{"min":1,"max":5,"not":3}"#, "4", Fits),
            (r#"{"min":1,"max":5,"not":3}"#, "3", Misses),
        ],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn types_and_presence() {
    let said = table(
        &Bench::new(),
        &[
            (r#"{"type":"string"}"#, r#""""#, Fits),
            (r#"{"type":"integer"}"#, "1.0", Fits),
            (r#"{"type":"integer"}"#, "1e400", Fits),
            (r#"{"type":"integer"}"#, "1.5", Misses),
            (r#"{"type":"number"}"#, "1.5", Fits),
            (r#"{"type":"number"}"#, r#""1.5""#, Misses),
            (r#"{"type":"boolean"}"#, "false", Fits),
            (r#"{"type":"array"}"#, "[]", Fits),
            (r#"{"type":"object"}"#, "[]", Misses),
            (r#"{"type":null}"#, "null", Fits),
            (r#"{"type":"null"}"#, "0", Misses),
            (r#"{"type":"null"}"#, "", Misses),
            (r#"{"exists":true}"#, "null", Fits),
            (r#"{"exists":true}"#, "", Misses),
            (r#"{"exists":false}"#, "", Fits),
            (r#"{"exists":false}"#, "null", Misses),
            (r#"{"empty":true}"#, "", Fits),
            (r#"{"empty":true}"#, "null", Fits),
            (r#"{"empty":true}"#, r#""""#, Fits),
            (r#"{"empty":true}"#, "[]", Fits),
            (r#"{"empty":true}"#, "{}", Fits),
            (r#"{"empty":true}"#, "0", Misses),
            (r#"{"empty":true}"#, "[0]", Misses),
            (r#"{"empty":false}"#, "0", Fits),
            (r#"{"empty":false}"#, "[]", Misses),
            (r#"{"empty":false}"#, "", Misses),
        ],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn order() {
    let said = table(
        &Bench::new(),
        &[
            (r#"{"min":5}"#, "5", Fits),
            (r#"{"min":5}"#, "4.999999999999999999999", Misses),
            (r#"{"max":5}"#, "5.0", Fits),
            (r#"{"max":5}"#, "1e400", Misses),
            (r#"{"max":5}"#, r#""3""#, Misses),
            (r#"{"max":5}"#, "null", Misses),
            (r#"{"max":5}"#, "", Misses),
            (r#"{"min":"$(lifetime - 5)"}"#, "55", Fits),
            (r#"{"min":"$(lifetime - 5)"}"#, "54", Misses),
            (r#"{"min":"$(sid)"}"#, "54", Unsure),
            (r#"{"max":"2s"}"#, "1.5", Fits),
            (r#"{"max":"2s"}"#, r#""1500ms""#, Fits),
            (r#"{"max":"2s"}"#, r#""1m""#, Misses),
            (r#"{"max":"2s"}"#, r#""soon""#, Misses),
            (r#"{"min":"2026-11-22T12:00:00Z"}"#, r#""2026-11-22T13:00:00+01:00""#, Fits),
            (r#"{"min":"2026-11-22T12:00:00Z"}"#, r#""2026-11-22T11:59:59.999Z""#, Misses),
            (r#"{"before":"2026-11-22T12:00:00Z"}"#, r#""2026-11-22T11:59:59.999999Z""#, Fits),
            (r#"{"before":"2026-11-22T12:00:00Z"}"#, r#""2026-11-22T12:00:00.000Z""#, Misses),
            (r#"{"before":"2026-11-22T12:00:00Z"}"#, "1795348799", Fits),
            (r#"{"before":"2026-11-22T12:00:00Z"}"#, "1795348800", Misses),
            (r#"{"before":"2026-11-22T12:00:00Z"}"#, r#""yesterday""#, Misses),
            (r#"{"before":"2026-11-22T12:00:00Z"}"#, r#""2026-11-22""#, Misses),
            (r#"{"after":"$(noon)"}"#, r#""2026-11-22T12:00:00.001Z""#, Fits),
            (r#"{"after":"$(noon)"}"#, r#""2026-11-22T12:00:00Z""#, Misses),
            (r#"{"after":1795348800}"#, r#""2026-11-22T12:00:00.5Z""#, Fits),
            (r#"{"after":1795348800}"#, "1795348800.0", Misses),
        ],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn texts_and_lengths() {
    let said = table(
        &Bench::new(),
        &[
            (r#"{"contains":"b"}"#, r#""abc""#, Fits),
            (r#"{"contains":"x"}"#, r#""abc""#, Misses),
            (r#"{"contains":["a","x"]}"#, r#""abc""#, Misses),
            (r#"{"contains":42}"#, r#""code 42""#, Fits),
            (r#"{"contains":2}"#, "[1,2.0]", Fits),
            (r#"{"contains":[2,1]}"#, "[1,2,3]", Fits),
            (r#"{"contains":[2,2]}"#, "[1,2,3]", Misses),
            (r#"{"contains":{"a":1}}"#, r#"[{"a":1}]"#, Fits),
            (r#"{"contains":{"a":1}}"#, r#"[{"a":1,"b":2}]"#, Misses),
            (r#"{"contains":"x"}"#, "5", Misses),
            (r#"{"contains":"x"}"#, "", Misses),
            (r#"{"starts_with":"ab"}"#, r#""abc""#, Fits),
            (r#"{"starts_with":"b"}"#, r#""abc""#, Misses),
            (r#"{"starts_with":"b"}"#, "1", Misses),
            (r#"{"matches":"^a.c$"}"#, r#""abc""#, Fits),
            (r#"{"matches":"^a.c$"}"#, r#""xabc""#, Misses),
            (r#"{"matches":"^a.c$"}"#, "[]", Misses),
            (r#"{"matches":"^$(plan_prefix)"}"#, r#""a.b.c""#, Fits),
            (r#"{"matches":"^$(plan_prefix)"}"#, r#""axb.c""#, Misses),
            (r#"{"length":2}"#, r#""äö""#, Fits),
            (r#"{"length":2}"#, "[1]", Misses),
            (r#"{"length":{"min":2}}"#, r#"{"a":1}"#, Misses),
            (r#"{"length":{"min":1,"max":3}}"#, "[1,2]", Fits),
            (r#"{"length":2}"#, "12", Misses),
            (r#"{"length":0}"#, "", Misses),
        ],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn lists_and_objects() {
    let said = table(
        &Bench::new(),
        &[
            (r#"{"has":{"a":1}}"#, r#"{"a":1,"b":2}"#, Fits),
            (r#"{"has":{"a":2}}"#, r#"{"a":1,"b":2}"#, Misses),
            (r#"{"has":{"c":{"exists":false}}}"#, r#"{"a":1}"#, Fits),
            (r#"{"has":{"c":1}}"#, r#"{"a":1}"#, Misses),
            (r#"{"has":{"a":{"has":{"strange key":{"min":2}}}}}"#, r#"{"a":{"strange key":1}}"#, Misses),
            (r#"{"has":{"a":1}}"#, "[]", Misses),
            (r#"{"each":{"type":"string"}}"#, r#"["a","b"]"#, Fits),
            (r#"{"each":{"type":"string"}}"#, r#"["a",1]"#, Misses),
            (r#"{"each":{"type":"string"}}"#, "[]", Misses),
            (r#"{"each":{"type":"string"},"length":{"min":0}}"#, "[]", Fits),
            (r#"{"each":{"type":"string"},"length":{"max":3}}"#, "[]", Misses),
            (r#"{"each":{"type":"string"}}"#, "{}", Misses),
            (r#"{"any":2}"#, "[1,2]", Fits),
            (
                r#"{"any":{"has":{"Type":"AgentState","State":"Ready"}}}"#,
                r#"[{"Type":"Mute"},{"Type":"AgentState","State":"Busy"}]"#,
                Misses,
            ),
            (r#"{"any":2}"#, "[]", Misses),
            (r#"{"none":2}"#, "[1,3]", Fits),
            (r#"{"none":2}"#, "[]", Fits),
            (r#"{"none":{"min":2}}"#, "[1,3]", Misses),
            (r#"{"none":2}"#, "", Misses),
            (r#"{"none":2}"#, "2", Misses),
            (r#"{"unique":true}"#, r#"[1,"1",[1],{"a":1},{"a":2}]"#, Fits),
            (r#"{"unique":true}"#, r#"[{"a":1,"b":2},{"b":2.0,"a":1}]"#, Misses),
            (r#"{"unique":true}"#, "[1,2,1.0]", Misses),
            (r#"{"unique":true}"#, r#""ab""#, Misses),
            (r#"{"schema":{"type":"object","required":["a"]}}"#, r#"{"a":1}"#, Fits),
            (r#"{"schema":{"type":"object","required":["a"]}}"#, "{}", Misses),
            (r#"{"schema":{"minimum":1}}"#, "1e400", Unsure),
        ],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn a_path_with_several_nodes_gives_their_list_and_the_place_of_each() {
    let bench = Bench::new();
    let mut said = String::new();
    for (matcher, value, expected) in [
        (r#"["a","b"]"#, r#"[{"t":"a"},{"t":"b"}]"#, Fits),
        (r#"{"each":"a"}"#, r#"[{"t":"a"},{"x":1},{"t":"b"}]"#, Misses),
        (r#"{"any":"c"}"#, r#"[{"t":"a"}]"#, Misses),
        (r#"{"none":{"starts_with":"b"}}"#, r#"[{"t":"a"},{"t":"b"}]"#, Misses),
        (r#"{"none":"a"}"#, "[]", Fits),
        (r#"{"exists":false}"#, "[]", Fits),
        (r#"{"empty":true}"#, "[]", Fits),
        (r#"{"length":0}"#, "[]", Fits),
        (r#"{"each":"a","length":{"min":0}}"#, "[]", Fits),
        (r#"{"each":"a"}"#, "[]", Misses),
        (r#"{"unique":true}"#, "[]", Misses),
        (r#"{"not":"a"}"#, "[]", Misses),
        ("[]", "[]", Misses),
        (r#"{"any":"a"}"#, "", Misses),
        (r#"{"exists":true}"#, "[]", Misses),
    ] {
        let told = put_at(&bench, "$.v[*].t", matcher, value);
        assert_eq!(reading(&told), expected, "{matcher} on {value}: {told}");
        if expected == Misses {
            write!(said, "{matcher}  ←  {value}\n{told}").unwrap();
        }
    }
    insta::assert_snapshot!(said);
}

/// Knows that the one secret is `abc-9`.
struct Door;

impl Facts for Door {
    fn ask(&self, text: &str, question: &Question) -> Option<FactAnswer> {
        let text = text.replace("‹agent.access_token#1›", "abc-9");
        Some(match question {
            Question::Matches { pattern } => FactAnswer::Holds(regex::Regex::new(pattern).ok()?.is_match(&text)),
            Question::Contains { text: part } => FactAnswer::Holds(text.contains(part)),
            Question::StartsWith { text: start } => FactAnswer::Holds(text.starts_with(start)),
            Question::Length => FactAnswer::Count(text.chars().count() as u64),
            Question::JwtHeader | Question::JwtClaims | Question::JwtVerifies { .. } => return None,
        })
    }
}

const TOKEN: &str = r#""‹agent.access_token#1›""#;

#[test]
fn secrets_are_compared_by_handle_and_looked_into_by_the_door_only() {
    let known = Bench { facts: Box::new(Door), ..Bench::new() };
    let unknown = Bench::new();
    for (matcher, with_facts, without) in [
        (r#""‹agent.access_token#1›""#, Fits, Fits),
        (r#"{"not":"‹agent.access_token#2›"}"#, Fits, Fits),
        (r#"{"type":"string"}"#, Fits, Fits),
        (r#"{"exists":true}"#, Fits, Fits),
        (r#"{"empty":false}"#, Fits, Fits),
        (r#"{"one_of":["a"]}"#, Misses, Misses),
        (r#"{"matches":"^abc-[0-9]$"}"#, Fits, Unsure),
        (r#"{"matches":"^x"}"#, Misses, Unsure),
        (r#"{"not":{"matches":"^x"}}"#, Fits, Unsure),
        (r#"{"contains":"c-9"}"#, Fits, Unsure),
        (r#"{"starts_with":"ab"}"#, Fits, Unsure),
        (r#"{"length":5}"#, Fits, Unsure),
        (r#"{"length":{"min":20}}"#, Misses, Unsure),
        (r#"{"min":1}"#, Unsure, Unsure),
        (r#"{"before":"2026-11-22T12:00:00Z"}"#, Unsure, Unsure),
    ] {
        assert_eq!(reading(&put(&known, matcher, TOKEN)), with_facts, "{matcher}");
        assert_eq!(reading(&put(&unknown, matcher, TOKEN)), without, "{matcher}");
    }
    let reading = unknown.read(r#"{"json":{"$.v":{"length":5}}}"#, Some(&answer(&format!("{{\"v\":{TOKEN}}}"))));
    let message = "$.v: the value holds a secret, and the record does not tell what the check asks of it";
    let expected = Breach::new(BreachCode::OpaqueValue, message).at("$.v");
    assert_eq!(reading, [("json[$.v]".to_owned(), Reading::Undecided(expected))]);
}

#[test]
fn operands_that_mean_nothing_are_problems() {
    let bench = Bench::new();
    let mut said = String::new();
    for matcher in [
        r#"{"equal":1}"#,
        r#"{"a":1,"b":2}"#,
        "{}",
        "null",
        r#"{"type":"text"}"#,
        r#"{"type":5}"#,
        r#"{"min":"much"}"#,
        r#"{"before":"noon"}"#,
        r#"{"one_of":[]}"#,
        r#"{"one_of":5}"#,
        r#"{"any_of":[]}"#,
        r#"{"any_of":[{"mach":"x"}]}"#,
        r#"{"exists":"yes"}"#,
        r#"{"unique":false}"#,
        r#"{"matches":"("}"#,
        r#"{"matches":"(?=x)"}"#,
        r#"{"matches":"(\\w{1000}){1000}"}"#,
        r#"{"matches":"$(sid)"}"#,
        r#"{"starts_with":[1]}"#,
        r#"{"length":true}"#,
        r#"{"has":{}}"#,
        r#"{"equals":"$(sit)"}"#,
        r#"{"equals":"$(own_seen)"}"#,
        r#"{"equals":"$(later_x)"}"#,
        r#"{"equals":"$(sid"}"#,
        r#"{"equals":"$(row.stranger)"}"#,
        r#"{"schema":"nothing"}"#,
        r#"{"schema":5}"#,
        r#"{"length":{"min":0},"vacuous":true}"#,
    ] {
        let block = format!(r#"{{"json":{{"$.v":{matcher}}}}}"#);
        let problems = bench.compile(&block).map(|_| ()).expect_err(matcher);
        write!(said, "{matcher}\n    {}", problems.replace('\n', "\n    ").trim_end_matches(' ')).unwrap();
    }
    insta::assert_snapshot!(said);
}

fn values() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,40})?"
            .prop_map(|text| Json::Number(Number::parse(&text).expect("the pattern is the grammar"))),
        any::<String>().prop_map(Json::from),
        "[0-9.msh]{1,8}|20[0-9]{2}-1[0-9]-[0-3][0-9]T[0-9]{2}:00:00Z|‹a\\.b#[0-9]›|\\$\\((sid|x|row\\.a)\\)"
            .prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 30, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::vec(("[a-c]|\\$\\.a", inner), 0..5).prop_map(Json::Object),
        ]
    })
}

fn matchers() -> impl Strategy<Value = Json> {
    let names: Vec<String> = super::MATCHERS.iter().map(|kind| kind.name.to_owned()).collect();
    values().prop_recursive(3, 20, 4, move |inner| {
        prop::collection::vec((prop::sample::select(names.clone()), inner), 1..4).prop_map(Json::Object)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_makes_any_matcher_panic(matcher in matchers(), value in values()) {
        let bench = Bench::new();
        let block = Json::Object(vec![("json".to_owned(), Json::Object(vec![
            ("$.v".to_owned(), matcher.clone()),
            ("$..*".to_owned(), matcher),
        ]))]);
        let body = Json::Object(vec![("v".to_owned(), value)]).to_string();
        if bench.compile(&block.to_string()).is_ok() {
            for (_, reading) in bench.read(&block.to_string(), Some(&answer(&body))) {
                if let Some(breach) = reading.breach() {
                    prop_assert!(breach.message.chars().count() < 20_000, "{}", breach.message.len());
                }
            }
        }
    }

    #[test]
    fn what_equals_a_value_does_not_fit_its_negation(value in values(), other in values()) {
        let bench = Bench::new();
        let operand = |text: &Json| text.to_string().replace("$(", "$$(");
        let (equals, not) = (format!(r#"{{"equals":{}}}"#, operand(&value)), format!(r#"{{"not":{{"equals":{}}}}}"#, operand(&value)));
        let fits = reading(&put(&bench, &equals, &other.to_string()));
        let refuses = reading(&put(&bench, &not, &other.to_string()));
        let doubled = json(&other.to_string()).first_duplicate_key().is_some();
        prop_assert!(doubled || (fits == Fits) != (refuses == Fits));
        prop_assert!(doubled || (fits == Fits) == (value == other));
    }
}

#[test]
fn long_values_are_cut_in_messages() {
    let bench = Bench::new();
    let long = format!("\"{}\"", "x".repeat(100_000));
    let told = put(&bench, r#""y""#, &long);
    assert!(told.chars().count() < 400, "{told}");
    let list = format!("[{}1]", "1,".repeat(50_000));
    assert!(put(&bench, r#"{"any":2}"#, &list).chars().count() < 400);
}
