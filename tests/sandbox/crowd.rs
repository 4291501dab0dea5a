use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;

use crate::bench::Bench;

/// How many clients wait at once.
const CROWD: usize = 500;
/// Less than the minute after which a poll ends by itself, and far more than anything takes that waits for no other.
const PATIENCE: Duration = Duration::from_secs(50);

/// A tenant with a session of one agent that a crowd has joined, and the crowd's ids. By HTTP/2: one connection.
async fn crowd() -> (Bench, String, Vec<String>) {
    let Bench { host, tenant, .. } = Bench::new().await;
    let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    let bench = Bench { host, tenant, client };
    let token = bench.token(1).await;
    bench.quiet_session(&token).await;
    let joining = (0..CROWD).map(|_| async {
        let joined = bench.api(Method::POST, "/agent-sessions/join").token(&token).send().await;
        bench.poll(&token, &joined.get("sessionId"), "0").await.get("sessionId")
    });
    let ids = join_all(joining).await;
    (bench, token, ids)
}

async fn until_held(bench: &Bench, count: usize) {
    while bench.control(Method::GET, "/sessions").send().await.json()["held_polls"] != count {}
}

#[tokio::test]
async fn one_event_reaches_a_whole_crowd() {
    let (bench, token, ids) = crowd().await;
    let waiting = join_all(ids.iter().map(|id| bench.poll(&token, id, "60")));
    let started = Instant::now();
    let call = async {
        until_held(&bench, CROWD).await;
        bench.set_state(&token, &ids[0], "state=Available").await
    };
    let (answers, changed) = tokio::join!(waiting, call);
    assert_eq!(changed.status, 202);
    assert!(answers.iter().all(|answer| answer.types() == ["AgentState"]));
    assert!(started.elapsed() < PATIENCE);
}

#[tokio::test]
async fn an_event_for_one_is_there_at_once_while_a_crowd_waits() {
    let (bench, token, ids) = crowd().await;
    let other = bench.token(2).await;
    let own = bench.quiet_session(&other).await;
    let waiting = join_all(ids.iter().map(|id| bench.poll(&token, id, "60")));
    let call = async {
        until_held(&bench, CROWD).await;
        let one = bench.poll(&other, &own, "60");
        let change = async {
            until_held(&bench, CROWD + 1).await;
            let started = Instant::now();
            assert_eq!(bench.set_state(&other, &own, "state=Available").await.status, 202);
            started
        };
        let (told, started) = tokio::join!(one, change);
        assert_eq!(told.types(), ["AgentState"]);
        assert!(started.elapsed() < PATIENCE);
        // Nobody else was woken.
        until_held(&bench, CROWD).await;
        bench.host.close(bench.tenant.id).await;
    };
    let (answers, ()) = tokio::join!(waiting, call);
    assert!(answers.iter().all(|answer| answer.status == 503));
}

#[tokio::test]
async fn a_tenant_closes_with_a_crowd_at_its_door() {
    let (bench, token, ids) = crowd().await;
    let waiting = join_all(ids.iter().map(|id| bench.poll(&token, id, "60")));
    let started = Instant::now();
    let close = async {
        until_held(&bench, CROWD).await;
        bench.host.close(bench.tenant.id).await;
    };
    let (answers, ()) = tokio::join!(waiting, close);
    assert!(answers.iter().all(|answer| answer.status == 503));
    assert!(started.elapsed() < PATIENCE);
}
