use reqwest::Method;

use crate::bench::Bench;

#[tokio::test]
async fn the_control_api_is_closed_to_strangers() {
    let bench = Bench::new().await;
    let url = format!("{}/clock", bench.tenant.control);
    let stranger = bench.client.post(&url).body("advance_ms=1").send().await.unwrap();
    assert_eq!(stranger.status(), 401);
    let wrong = bench.client.post(&url).bearer_auth("wrong").body("advance_ms=1").send().await.unwrap();
    assert_eq!(wrong.status(), 401);
    // Nor is it at the tenant's own address.
    assert_eq!(bench.at(Method::POST, "/tenants/1/clock").send().await.status, 404);
}

#[tokio::test]
async fn a_tenant_is_made_listed_and_ended() {
    let bench = Bench::new().await;
    let all = || async {
        let url = format!("{}/tenants", bench.host.control_url());
        let listed = bench.client.get(url).header("authorization", bench.host.control_authorization()).send().await;
        let listed: serde_json::Value = serde_json::from_str(&listed.unwrap().text().await.unwrap()).unwrap();
        listed["tenants"].as_array().map_or(0, Vec::len)
    };
    let url = format!("{}/tenants", bench.host.control_url());
    let made = bench.client.post(url).header("authorization", bench.host.control_authorization());
    let made = made.body(r#"{"agents":2,"credentials":"fixed"}"#).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let made: serde_json::Value = serde_json::from_str(&made.text().await.unwrap()).unwrap();
    assert_eq!(all().await, 2);
    let address = made["address"].as_str().unwrap().to_owned();
    assert_eq!(bench.client.get(&address).send().await.unwrap().status(), 404);
    let control = made["control"].as_str().unwrap();
    let end = || bench.client.delete(control).header("authorization", bench.host.control_authorization()).send();
    assert_eq!(end().await.unwrap().status(), 204);
    assert_eq!(end().await.unwrap().status(), 404);
    assert_eq!(all().await, 1);
}

#[tokio::test]
async fn tenants_share_nothing() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let other = bench.host.open(assize::sandbox::TenantOptions::embedded(2)).await.unwrap();
    bench.start(&token).await;
    bench.advance(86_400_000).await;
    let bench = Bench { tenant: other, ..bench };
    assert_eq!(bench.api(Method::GET, "/server-time").token(&token).send().await.status, 401);
    assert_eq!(bench.control(Method::GET, "").send().await.json()["ahead_ms"], 0);
    bench.start(&bench.token(1).await).await;
}

#[tokio::test]
async fn the_clock_moves_ahead_only() {
    let bench = Bench::new().await;
    for body in [r#"{"advance_ms":-1}"#, r#"{"advance_ms":1.5}"#, "{}", "[", r#"{"advance_ms":9223372036854775807}"#] {
        assert_eq!(bench.control(Method::POST, "/clock").body(body).send().await.status, 400, "{body}");
    }
    let moved = bench.control(Method::POST, "/clock").body(r#"{"advance_ms":1500}"#).send().await.json();
    assert_eq!(moved["ahead_ms"], 1500);
}

#[tokio::test]
async fn the_journal_tells_who_asked_what_and_no_secret() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    bench.api(Method::GET, "/agents?top=1").token(&token).send().await;
    let journal = bench.control(Method::GET, "/journal?after=1").send().await;
    let calls = journal.json()["calls"].clone();
    assert_eq!((&calls[0]["path"], &calls[0]["status"]), (&"/inContactAPI/services/v30.0/agents".into(), &200.into()));
    assert!(calls[0]["caller"].as_str().unwrap().starts_with("agent "));
    let all = bench.control(Method::GET, "/journal").send().await.text;
    assert!(!all.contains(&token) && !all.contains("not-a-secret"));
}
