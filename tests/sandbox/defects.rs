use std::collections::BTreeSet;

use assize::sandbox::{Defect, TenantOptions};
use reqwest::Method;

use crate::bench::Bench;

#[tokio::test]
async fn defects_are_listed_switched_on_and_off_and_told_of_in_every_answer_about_the_tenant() {
    let bench = Bench::new().await;
    let list = || async { bench.control(Method::GET, "/defects").send().await.json() };
    let all = list().await;
    assert_eq!(all["on"], serde_json::json!([]));
    assert_eq!(all["defects"].as_array().map(Vec::len), Some(Defect::ALL.len()));
    let first = Defect::ALL[0];
    let told = serde_json::json!({ "name": first.name(), "text": first.text(), "where": first.seat().as_str() });
    assert_eq!(all["defects"][0], told);

    let sound = bench.api(Method::GET, "/server-time").send().await;
    assert_eq!(sound.status, 401);
    let switched = bench.control(Method::POST, "/defects").body(r#"{"on":["no-token-accepted","event-lost"]}"#).send();
    let switched = switched.await;
    assert_eq!((switched.status, &switched.json()["on"][0]), (200, &"event-lost".into()));
    assert_eq!(bench.api(Method::GET, "/server-time").send().await.status, 200);
    let clock = bench.control(Method::GET, "").send().await;
    assert_eq!(clock.headers["x-assize-defects"], "event-lost, no-token-accepted");

    assert_eq!(bench.control(Method::POST, "/defects").body(r#"{"on":[]}"#).send().await.status, 200);
    assert_eq!(bench.api(Method::GET, "/server-time").send().await.status, 401);
    assert!(!bench.control(Method::GET, "").send().await.headers.contains_key("x-assize-defects"));
}

#[tokio::test]
async fn an_unknown_defect_changes_nothing() {
    let bench = Bench::new().await;
    for body in [r#"{"on":["quiet-200","evnt-lost"]}"#, r#"{"on":"quiet-200"}"#, "{}", "["] {
        let refused = bench.control(Method::POST, "/defects").body(body).send().await;
        assert_eq!(refused.status, 400, "{body}");
    }
    assert_eq!(bench.control(Method::GET, "/defects").send().await.json()["on"], serde_json::json!([]));
    let stranger = bench.client.get(format!("{}/defects", bench.tenant.control)).send().await.unwrap();
    assert_eq!(stranger.status(), 401);
}

#[tokio::test]
async fn a_tenant_notes_what_its_rules_ask_for() {
    let bench = Bench::new().await;
    let options = TenantOptions { notes_defects: true, ..TenantOptions::embedded(2) };
    let tenant = bench.host.open(options).await.unwrap();
    let id = tenant.id;
    let bench = Bench { tenant, ..bench };
    assert_eq!(bench.host.asked(id), BTreeSet::new());
    assert_eq!(bench.api(Method::GET, "/server-time").send().await.status, 401);
    let asked = bench.host.asked(id);
    assert!(asked.contains(&Defect::NoTokenAccepted) && !asked.contains(&Defect::GarbageTokenAccepted), "{asked:?}");
}
