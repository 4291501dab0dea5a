use proptest::prelude::*;

use super::{Context, Fit, Found, MATCHERS, Matcher, Texts};
use crate::judge::Moment;
use crate::judge::bench::{Bench, of_json};
use crate::value::{Json, NoFacts, Number};

/// Values of every kind, and those that matchers look at twice: times, durations, handles, names, patterns, schemas.
fn drawn() -> impl Strategy<Value = Json> {
    let texts = prop_oneof![
        Just("").boxed(),
        Just("2026-11-22T12:00:00Z").boxed(),
        Just("2026-11-22T12:00:00").boxed(),
        Just("90s").boxed(),
        Just("1.0").boxed(),
        Just("‹agent.access_token#1›").boxed(),
        Just("$(sid)").boxed(),
        Just("$(states)").boxed(),
        Just("^[a-z]*$").boxed(),
        Just("integer").boxed(),
        Just("größe").boxed(),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(|number| Json::Number(number.into())),
        "-?[1-9][0-9]{0,20}(\\.[0-9]{1,5})?(e-?[0-9]{1,3})?"
            .prop_filter_map("a number", |text| { Number::parse(&text).ok().map(Json::Number) }),
        texts.prop_map(Json::from),
        "\\PC{0,6}".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let keys = prop_oneof![
            proptest::sample::select(MATCHERS.iter().map(|kind| kind.name.to_owned()).collect::<Vec<_>>()),
            "[a-c]"
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::btree_map(keys, inner, 0..3)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

/// The matcher `{ NAME: operand }`, where it is one.
fn compile(bench: &Bench, matcher: &Json) -> Option<Matcher> {
    let mut out = crate::diag::Diagnostics::new();
    let plan: &dyn crate::value::Scope = &bench.names;
    let mut compiler = crate::judge::Compiler::new(&mut out, bench, Some(plan), &bench.schemas, &bench.sets);
    Matcher::parse(&of_json(matcher), &mut compiler, Moment::Settled)
}

fn object(key: &str, value: Json) -> Json {
    Json::Object(vec![(key.to_owned(), value)])
}

proptest! {
    #[test]
    fn whatever_is_put_to_whatever_there_is_an_answer_and_not_turns_it_round(
        kind in 0..MATCHERS.len(), operand in drawn(), value in drawn(), plain in any::<bool>()
    ) {
        let bench = Bench::new();
        let written = object(MATCHERS[kind].name, operand);
        let Some(matcher) = compile(&bench, &written) else { return Ok(()) };
        let context = Context {
            scope: &bench.names,
            facts: &NoFacts,
            texts: if plain { Texts::Plain } else { Texts::MayBeNumbers },
        };
        let not = compile(&bench, &object("not", written)).expect("the matcher is one");
        for found in [Found::Value(&value), Found::Nothing, Found::NoNodes] {
            let fit = matcher.fit(found, &context);
            let turned = not.fit(found, &context);
            match (&fit, found) {
                // `not` is of something that is there.
                (_, Found::Nothing | Found::NoNodes) => prop_assert!(matches!(turned, Fit::Misses(_))),
                (Fit::Fits, Found::Value(_)) => prop_assert!(matches!(turned, Fit::Misses(_))),
                (Fit::Misses(miss), Found::Value(_)) => {
                    prop_assert_eq!(&turned, &Fit::Fits);
                    prop_assert!(!miss.expected.is_empty() && !miss.actual.is_empty());
                }
                (Fit::Unsure(doubt), Found::Value(_)) => {
                    prop_assert!(matches!(turned, Fit::Unsure(_)));
                    prop_assert!(!doubt.message.is_empty());
                }
            }
        }
        prop_assert!(!matcher.describe(&context).is_empty());
    }

    #[test]
    fn what_is_written_as_a_value_is_equal_to_itself_and_to_nothing_that_differs(value in drawn(), other in drawn()) {
        let bench = Bench::new();
        let has_name = |json: &Json| json.to_string().contains("$(");
        prop_assume!(!has_name(&value));
        let Some(matcher) = compile(&bench, &object("equals", value.clone())) else { return Ok(()) };
        let context = Context { scope: &bench.names, facts: &NoFacts, texts: Texts::Plain };
        prop_assert_eq!(matcher.fit(Found::Value(&value), &context), Fit::Fits);
        prop_assert_eq!(matcher.fit(Found::Value(&other), &context) == Fit::Fits, value == other);
    }
}
