//! That numbers are judged by their decimal value or not at all: the whole way from the text of a body to the verdict, against
//! an oracle of our own decimals.

use proptest::prelude::*;

use crate::judge::bench::{Bench, answer, load};
use crate::value::Number;

/// What the check says: `Some(true)` where it holds, nothing where it is `broken: inexact-number`.
fn verdict(schema: &str, body: &str) -> Option<bool> {
    let told = Bench::new().told(&format!(r#"{{"schema":{schema}}}"#), &answer(body));
    if told.contains("undecided [inexact-number]") {
        return None;
    }
    Some(told == "schema holds\n")
}

fn is_refused(schema: &str) -> bool {
    let (_, problems) = load(&[("exact", schema)]);
    problems.contains("more digits than a schema can compare")
}

/// Numbers where machine numbers are near each other: around 2^53, 2^63, 2^64, powers of ten, and small fractions.
fn numbers() -> impl Strategy<Value = String> {
    let near = prop::sample::select(vec![
        "9007199254740992",
        "9223372036854775807",
        "9223372036854776000",
        "18446744073709551615",
        "18446744073709552000",
        "1",
        "100000000000000000000",
    ]);
    prop_oneof![
        (near, -3_i64..4, any::<bool>()).prop_map(|(base, add, negative)| {
            let sum = Number::parse(base).expect("a number").add(&add.into()).expect("near");
            format!("{}{sum}", if negative { "-" } else { "" }).replace("--", "")
        }),
        "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,4})?([eE]-?[0-9]{1,2})?",
        "-?[1-9][0-9]{14,20}(\\.[0-9]{1,3})?",
    ]
}

#[test]
fn neighbours_that_one_machine_number_stands_for_are_never_taken_for_each_other() {
    for (schema, body, expected) in [
        (r#"{"const":9007199254740993}"#, "9007199254740992", Some(false)),
        (r#"{"const":9007199254740993}"#, "9007199254740993.0", Some(true)),
        (r#"{"const":18446744073709552000}"#, "18446744073709551616", None),
        (r#"{"const":18446744073709552000}"#, "18446744073709551999", None),
        (r#"{"const":18446744073709552000}"#, "1.8446744073709552e19", Some(true)),
        (r#"{"maximum":9.223372036854776e18}"#, "9223372036854775900", Some(true)),
        (r#"{"maximum":9.223372036854776e18}"#, "9223372036854776001", Some(false)),
        (r#"{"minimum":0.1}"#, "0.1", Some(true)),
        (r#"{"minimum":0.1}"#, "0.1000000000000000055511151231257827", None),
        (r#"{"enum":[1,2]}"#, "1.0000000000000000000001", None),
        (r#"{"type":"integer"}"#, "1.0", Some(true)),
        (r#"{"type":"integer"}"#, "1e3", Some(true)),
        (r#"{"type":"integer"}"#, "9007199254740993.5", None),
        (r#"{"type":"integer"}"#, "1e400", None),
        (r#"{"type":"number"}"#, "1e400", Some(true)),
        (r#"{"maxLength":1}"#, "1e400", Some(true)),
        (r#"{"multipleOf":0.1}"#, "1070468.14", Some(false)),
        (r#"{"multipleOf":0.01}"#, "1070468.14", Some(true)),
        (r#"{"multipleOf":0.01}"#, "123456789012.34", Some(true)),
        (r#"{"multipleOf":1e-7}"#, "0.00075", Some(true)),
        (r#"{"multipleOf":0.123456789}"#, "1e308", Some(false)),
        (r#"{"multipleOf":9007199254740993}"#, "18014398509481986", Some(true)),
        (r#"{"multipleOf":9007199254740993}"#, "18014398509481984", Some(false)),
        (r#"{"uniqueItems":true}"#, "[1,1.0]", Some(false)),
        (r#"{"uniqueItems":true}"#, "[9007199254740992,9007199254740993]", Some(true)),
        (r#"{"uniqueItems":true}"#, "[18446744073709552000,18446744073709551616]", None),
    ] {
        assert_eq!(verdict(schema, body), expected, "{schema} {body}");
    }
}

#[test]
fn a_number_of_a_schema_that_would_be_rounded_is_refused() {
    for schema in [
        r#"{"minimum":9007199254740993.5}"#,
        r#"{"const":18446744073709551616}"#,
        r#"{"enum":[[1e400]]}"#,
        r#"{"multipleOf":0.1000000000000000055511151231257827}"#,
    ] {
        assert!(is_refused(schema), "{schema}");
    }
    for schema in [r#"{"minimum":9007199254740993}"#, r#"{"type":"number","default":1e400}"#, r#"{"maximum":1e300}"#] {
        assert!(!is_refused(schema), "{schema}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_comparison_is_that_of_the_decimals_or_none(limit in numbers(), body in numbers()) {
        let (a, b) = (Number::parse(&body).expect("a number"), Number::parse(&limit).expect("a number"));
        prop_assume!(!is_refused(&format!(r#"{{"minimum":{limit}}}"#)));
        let pairs = format!("[{body},{limit}]");
        for (schema, value, expected) in [
            (format!(r#"{{"minimum":{limit}}}"#), &body, a >= b),
            (format!(r#"{{"maximum":{limit}}}"#), &body, a <= b),
            (format!(r#"{{"exclusiveMinimum":{limit}}}"#), &body, a > b),
            (format!(r#"{{"exclusiveMaximum":{limit}}}"#), &body, a < b),
            (format!(r#"{{"const":{limit}}}"#), &body, a == b),
            (format!(r#"{{"enum":[{limit},"x"]}}"#), &body, a == b),
            (r#"{"type":"integer"}"#.to_owned(), &body, a.is_integer()),
            (r#"{"uniqueItems":true}"#.to_owned(), &pairs, a != b),
        ] {
            if let Some(holds) = verdict(&schema, value) {
                prop_assert_eq!(holds, expected, "{} {}", schema, value);
            }
        }
        if b > Number::from(0_i64) && let Some(holds) = verdict(&format!(r#"{{"multipleOf":{limit}}}"#), &body) {
            prop_assert_eq!(holds, a.is_multiple_of(&b), "{} multiple of {}", body, limit);
        }
    }

    #[test]
    fn the_matchers_compare_as_the_decimals_do(limit in numbers(), body in numbers()) {
        let (a, b) = (Number::parse(&body).expect("a number"), Number::parse(&limit).expect("a number"));
        let both = format!("[{body},{limit}]");
        for (check, value, expected) in [
            (format!(r#"{{"json":{{"$":{{"equals":{limit}}}}}}}"#), &body, a == b),
            (format!(r#"{{"json":{{"$":{{"min":{limit}}}}}}}"#), &body, a >= b),
            (format!(r#"{{"json":{{"$":{{"max":{limit}}}}}}}"#), &body, a <= b),
            (format!(r#"{{"json":{{"$":{{"one_of":[{limit},"x"]}}}}}}"#), &body, a == b),
            (r#"{"json":{"$":{"unique":true}}}"#.to_owned(), &both, a != b),
        ] {
            let told = Bench::new().told(&check, &answer(value));
            prop_assert_eq!(told.contains(" holds\n"), expected, "{} {}: {}", check, value, told);
        }
    }
}
