use reqwest::Method;

use crate::bench::Bench;

async fn start(bench: &Bench, token: &str, body: &str) -> String {
    let started = bench.api(Method::POST, "/agent-sessions").token(token).body(body.to_owned()).send().await;
    let id = started.get("sessionId");
    bench.poll(token, &id, "0").await.get("sessionId")
}

#[tokio::test]
async fn a_session_ends_when_nobody_has_used_it_for_its_time() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = start(&bench, &token, "stationId=1&inactivityTimeout=30").await;
    bench.advance(29_000).await;
    assert_eq!(bench.poll(&token, &id, "0").await.status, 304, "a poll is use");
    bench.advance(29_000).await;
    assert_eq!(bench.set_state(&token, &id, "state=Unavailable&reason=Lunch").await.status, 202);
    let id = bench.poll(&token, &id, "0").await.get("sessionId");
    bench.advance(30_000).await;
    assert_eq!(bench.live_sessions().await, 0);
    assert_eq!(bench.poll(&token, &id, "60").await.types(), ["AgentSessionEnd"]);
    assert_eq!(bench.end(&token, &id).await.status, 409);
    bench.start(&token).await;
}

#[tokio::test]
async fn an_available_agent_stays_unless_the_session_says_otherwise() {
    let bench = Bench::new().await;
    let (anna, ben) = (bench.token(1).await, bench.token(2).await);
    let ours = start(&bench, &anna, "stationId=1").await;
    let theirs = start(&bench, &ben, r#"{"stationId":"1","inactivityForceLogout":true}"#).await;
    for (token, id) in [(&anna, &ours), (&ben, &theirs)] {
        assert_eq!(bench.set_state(token, id, "state=Available").await.status, 202);
    }
    bench.advance(300_000).await;
    assert_eq!(bench.live_sessions().await, 1);
    assert_eq!(bench.poll(&anna, &ours, "0").await.types(), ["AgentState"]);
    assert_eq!(bench.poll(&ben, &theirs, "0").await.types(), ["AgentState", "AgentSessionEnd"]);
}

#[tokio::test]
async fn on_a_contact_the_agent_becomes_unavailable_and_the_session_ends_with_it() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = start(&bench, &token, "stationId=1&inactivityTimeout=60").await;
    bench.set_state(&token, &id, "state=Available").await;
    let call = bench.arrive(r#"{"media":"call"}"#).await;
    bench.command(&token, &id, &format!("interactions/{call}/accept"), "").await;
    bench.advance(60_000).await;
    assert_eq!(bench.live_sessions().await, 1);
    let hung_up = bench.control(Method::DELETE, &format!("/contacts/{call}")).send().await;
    assert_eq!(hung_up.status, 204);
    assert_eq!(bench.live_sessions().await, 0);
    let told = bench.poll(&token, &id, "0").await.json();
    let events = told["events"].as_array().unwrap();
    let announced = events.iter().any(|event| event["NextStates"][0]["State"] == "Unavailable");
    assert!(announced && events.last().unwrap()["Type"] == "AgentSessionEnd");
}

#[tokio::test]
async fn a_session_with_a_held_poll_is_in_use() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = start(&bench, &token, "stationId=1&inactivityTimeout=30").await;
    let time = async {
        while bench.control(Method::GET, "/sessions").send().await.json()["held_polls"] != 1 {}
        bench.advance(60_000).await;
    };
    let (held, ()) = tokio::join!(bench.poll(&token, &id, "60"), time);
    assert_eq!(held.status, 304);
    assert_eq!(bench.live_sessions().await, 1);
}
