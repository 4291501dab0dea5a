//! Tables for `location` and `jwt`: what holds, what does not, and what is said of it; with and without secrets.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::event::{Answer, Body};
use crate::judge::bench::{Bench, answer, json, plain};
use crate::value::{Fact, Json, Masker, RecordedFacts, SecretName, Vault, Witness};

fn fixture() -> Json {
    json(include_str!("../../value/fixtures/jwt.json"))
}

fn token(name: &str) -> String {
    let fixture = fixture();
    fixture.get("tokens").and_then(|tokens| tokens.get(name)).and_then(Json::as_str).expect(name).to_owned()
}

/// A bench that knows the keys, and what time it is.
fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.names.insert("keys".to_owned(), fixture().get("jwks").expect("there").clone());
    bench.names.insert("now".to_owned(), json("1795348800"));
    bench.names.insert("token".to_owned(), json(r#""‹agent.access_token#1›""#));
    bench
}

fn rows(bench: &Bench, answer: &Answer, rows: &[(&str, bool)]) -> String {
    let mut said = String::new();
    for (block, holds) in rows {
        let told = bench.told(block, answer);
        assert_eq!(
            bench.read(block, Some(answer)).iter().all(|(_, reading)| reading.holds()),
            *holds,
            "{block}: {told}"
        );
        write!(said, "{block}\n    {}\n", told.trim_end().replace('\n', "\n    ")).unwrap();
    }
    said
}

#[test]
fn a_location_is_judged_by_its_parts() {
    let bench = bench();
    let redirect = |location: &str| plain(302, &[("Location", location)], Body::default());
    let full =
        redirect("https://client.example/cb?own=1&code=‹agent.access_token#1~percent›&state=s-1&n=5&a=1&a=2#x=y%20z");
    let mut said = rows(
        &bench,
        &full,
        &[
            (
                r#"{"location":{"to":"HTTPS://Client.example:443/cb","query":{"code":{"exists":true},"state":"$(sid)"}}}"#,
                true,
            ),
            (
                r#"{"location":{"to":"https://client.example/cb?own=1","query":{"code":"$(token)","n":5,"a":["1","2"]}}}"#,
                true,
            ),
            (
                r#"{"location":{"fragment":{"x":"y z","code":{"exists":false}},"query":{"error":{"exists":false}}}}"#,
                true,
            ),
            (r#"{"location":{"to":"https://client.example/other"}}"#, false),
            (r#"{"location":{"to":"https://client.example/cb?own=2"}}"#, false),
            (r#"{"location":{"to":"http://[/"}}"#, false),
            (r#"{"location":{"query":{"state":"s-2","x":"y z","n":{"min":6}},"fragment":{"state":"$(sid)"}}}"#, false),
            (r#"{"location":{"query":{"code":{"length":{"min":1}}}}}"#, false),
        ],
    );
    let something = r#"{"location":{"to":"/cb","query":{"error":{"exists":false}}}}"#;
    said.push_str(&rows(&bench, &redirect("/cb"), &[(something, true)]));
    said.push_str(&rows(&bench, &redirect("http://[/"), &[(something, false)]));
    said.push_str(&rows(&bench, &plain(302, &[], Body::default()), &[(something, false)]));
    let twice = plain(302, &[("Location", "/a"), ("Location", "/b")], Body::default());
    said.push_str(&rows(&bench, &twice, &[(something, false)]));
    insta::assert_snapshot!(said);
}

const WHOLE: &str = r#"{"jwt":{"$.id_token":{"keys":"$(keys)","alg":["RS256"],"claims":{"$.iss":{"starts_with":"https://auth."},
    "$.aud":{"any_of":["assize-desk",{"contains":"assize-desk"}]},"$.nonce":"$(sid)","$.exp":{"min":"$(now)"},
    "$.iat":{"max":"$(now + 60)"},"$.aud[*]":{"any":"other"}}}}}"#;
const CLAIMS: &str = r#"{"jwt":{"$.id_token":{"claims":{"$.iss":"x","$.exp":{"max":"$(now)"},"$.acr":1,"$.aud[*]":{"each":"assize-desk"}}}}}"#;
const SIGNED: &str = r#"{"jwt":{"$.id_token":{"keys":"$(keys)"}}}"#;

fn body(token: &str) -> Answer {
    answer(&format!("{{\"id_token\":\"{token}\"}}"))
}

#[test]
fn a_token_is_judged_by_signature_and_claims() {
    let bench = bench();
    let mut said = rows(&bench, &body(&token("RS256")), &[(WHOLE, true), (SIGNED, true), (CLAIMS, false)]);
    for name in ["ES256", "none", "forged", "strange-kid", "crit", "twice"] {
        writeln!(said, "== {name}").unwrap();
        let block = if name == "ES256" { WHOLE } else { SIGNED };
        said.push_str(&rows(&bench, &body(&token(name)), &[(block, false)]));
    }
    for body in ["{}", r#"{"id_token":5}"#, r#"{"id_token":"abc"}"#, "<html>"] {
        said.push_str(&rows(&bench, &answer(body), &[(SIGNED, false)]));
    }
    let not_keys = SIGNED.replace("keys)", "sid)");
    said.push_str(&rows(&bench, &body(&token("RS256")), &[(&not_keys, false)]));
    insta::assert_snapshot!(said);
}

#[test]
fn what_a_token_holds_is_never_taken_for_a_handle() {
    let block = r#"{"jwt":{"$.id_token":{"claims":{"$.sub":"$(token)"}}}}"#;
    let posing = body(&token("posing"));
    assert!(bench().told(block, &posing).contains("undecided [opaque-value]"));
    let vault = Arc::new(Vault::new(Masker::empty().into()));
    let bench = Bench { facts: Box::new(Asked(vault)), ..bench() };
    let told = bench.told(block, &posing);
    assert!(told.contains("breaks [jwt-claim]") && told.contains("‹literal#1›"), "{told}");
}

/// Asks a vault.
#[derive(Debug)]
struct Asked(Arc<Vault>);

impl crate::value::Facts for Asked {
    fn ask(&self, text: &str, question: &crate::value::Question) -> Option<crate::value::Answer> {
        Some(self.0.answer(text, question))
    }
}

#[test]
fn a_secret_token_is_judged_by_facts_and_again_by_their_record() {
    for name in ["RS256", "ES256", "PS256", "none", "forged", "strange-kid", "crit", "twice"] {
        let vault = Vault::new(Masker::empty().into());
        let learn = |name: &str, value: &str| {
            vault.learn(&SecretName::lossy(name), value, &[]).expect("long enough").to_string()
        };
        let handle = learn("desk.id_token", &token(name));
        let user = learn("desk.username", "not-a-secret-user-1");
        let mut bench = bench();
        bench.names.insert("user".to_owned(), user.as_str().into());
        let masked = body(&handle);
        let subject = r#"{"jwt":{"$.id_token":{"claims":{"$.sub":"$(user)"}}}}"#;
        for block in [WHOLE, CLAIMS, SIGNED, subject] {
            let checks = bench.compile(block).expect("sound");
            let witness = Witness::new(&vault);
            let body = crate::judge::AnswerBody::new(Some(&masked));
            let asked = crate::judge::Subject { facts: &witness, ..bench.subject(&body) };
            let first: Vec<_> = checks.list.iter().map(|check| check.rule.judge(&asked)).collect();
            let record = serde_json::to_string(&witness.into_facts()).expect("plain data");
            assert!(!record.contains("not-a-secret-user-1") && !record.contains(&token(name)), "{record}");
            let facts = RecordedFacts::from(serde_json::from_str::<Vec<Fact>>(&record).expect("our own text"));
            let replayed = crate::judge::Subject { facts: &facts, ..bench.subject(&body) };
            let second: Vec<_> = checks.list.iter().map(|check| check.rule.judge(&replayed)).collect();
            assert_eq!(first, second, "{name}: {block}");
            let unknown: Vec<_> = bench.read(block, Some(&masked));
            assert!(
                unknown.iter().all(|(_, reading)| matches!(reading, crate::judge::Reading::Undecided(_))),
                "{block}"
            );
            if name == "RS256" {
                assert_eq!(first.iter().all(crate::judge::Reading::holds), block != CLAIMS, "{block}: {first:?}");
            }
            if name == "forged" && block == SIGNED {
                assert!(matches!(&first[0], crate::judge::Reading::Breaks(_)));
            }
        }
    }
}

#[test]
fn blocks_of_locations_and_tokens_that_mean_nothing_are_problems() {
    let bench = bench();
    let mut said = String::new();
    for block in [
        r#"{"location":{}}"#,
        r#"{"location":"https://client.example/"}"#,
        r#"{"location":{"too":"x"}}"#,
        r#"{"location":{"query":{}}}"#,
        r#"{"location":{"to":"$(nobody)"}}"#,
        r#"{"jwt":{}}"#,
        r#"{"jwt":{"$.a":{}}}"#,
        r#"{"jwt":{"$..a":{"alg":"RS256"}}}"#,
        r#"{"jwt":{"$.a":{"alg":["none"]}}}"#,
        r#"{"jwt":{"$.a":{"alg":"rs256"}}}"#,
        r#"{"jwt":{"$.a":{"alg":[]}}}"#,
        r#"{"jwt":{"$.a":{"keys":7}}}"#,
        r#"{"jwt":{"$.a":{"claim":{"$.iss":1}}}}"#,
        r#"{"jwt":{"$.a":{"claims":{"iss":1}}}}"#,
    ] {
        write!(said, "{block}\n    {}", bench.compile(block).map(|_| ()).expect_err(block)).unwrap();
    }
    for block in
        [r#"{"location":{"query":{"a":{"matches":""}}}}"#, r#"{"jwt":{"$.a":{"claims":{"$.iss":{"matches":""}}}}}"#]
    {
        write!(said, "{block}\n    {}", bench.lint(block)).unwrap();
    }
    insta::assert_snapshot!(said);
}
