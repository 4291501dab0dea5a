use std::time::{Duration, Instant};

use assize::sandbox::TenantOptions;
use futures_util::future::join_all;
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::bench::Bench;

/// Less than the minute after which a poll ends by itself, and more than letting one go takes on any machine.
const PATIENCE: Duration = Duration::from_secs(45);

/// Waits until the tenant holds as many polls.
async fn until_held(bench: &Bench, count: u64) {
    while bench.control(Method::GET, "/sessions").send().await.json()["held_polls"] != count {}
}

#[tokio::test]
async fn an_event_wakes_a_held_poll() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.quiet_session(&token).await;
    let started = Instant::now();
    let change = async {
        until_held(&bench, 1).await;
        bench.set_state(&token, &id, "state=Available").await
    };
    let (woken, changed) = tokio::join!(bench.poll(&token, &id, "60"), change);
    assert_eq!((woken.status, changed.status), (200, 202));
    assert_eq!(woken.json()["events"][0]["CurrentState"], "Available");
    assert!(started.elapsed() < PATIENCE);
}

#[tokio::test]
async fn moving_the_clock_releases_a_held_poll() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.quiet_session(&token).await;
    let started = Instant::now();
    let time = async {
        until_held(&bench, 1).await;
        bench.advance(60_000).await;
    };
    let (released, ()) = tokio::join!(bench.poll(&token, &id, "60"), time);
    assert_eq!((released.status, &*released.reason, &*released.text), (304, "No Events", ""));
    assert!(started.elapsed() < PATIENCE);
    // The old id keeps working, and nothing was lost.
    bench.set_state(&token, &id, "state=Available").await;
    assert_eq!(bench.poll(&token, &id, "0").await.types(), ["AgentState"]);
}

#[tokio::test]
async fn an_older_id_is_answered_at_once_by_what_is_so_now() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let first = bench.start(&token).await;
    let second = bench.poll(&token, &first, "60").await;
    assert_eq!(second.types(), ["AgentSessionStart", "AgentState"]);
    assert_eq!(bench.poll(&token, &second.get("sessionId"), "0").await.status, 304);
    let third = bench.poll(&token, &first, "60").await;
    assert_eq!(third.types(), ["AgentSessionStart", "AgentState"]);
    assert!(![first, second.get("sessionId")].contains(&third.get("sessionId")));
}

#[tokio::test]
async fn a_timeout_that_makes_no_sense_is_refused() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.start(&token).await;
    for timeout in ["61", "-1", "abc", "1.5", "", "99999999999999999999"] {
        let refused = bench.poll(&token, &id, timeout).await;
        assert_eq!((timeout, refused.status), (timeout, 400));
        assert_eq!(refused.reason, "Invalid Timeout. Value must be between 0-60.");
    }
    assert_eq!(bench.poll(&token, "bm9uZXhpc3RlbnQ=", "0").await.status, 404);
}

#[tokio::test]
async fn a_client_that_goes_away_while_waiting_loses_nothing() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.quiet_session(&token).await;
    tokio::select! {
        _ = bench.poll(&token, &id, "60") => panic!("there was nothing to tell"),
        () = until_held(&bench, 1) => {}
    }
    until_held(&bench, 0).await;
    bench.set_state(&token, &id, "state=Available").await;
    assert_eq!(bench.poll(&token, &id, "60").await.types(), ["AgentState"]);
}

#[tokio::test]
async fn closing_a_tenant_lets_everyone_go() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.quiet_session(&token).await;
    let started = Instant::now();
    let close = async {
        until_held(&bench, 1).await;
        bench.host.close(bench.tenant.id).await;
    };
    let (held, ()) = tokio::join!(bench.poll(&token, &id, "60"), close);
    assert_eq!(held.status, 503);
    assert!(started.elapsed() < PATIENCE);
    assert!(bench.client.get(&bench.tenant.address).send().await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn closing_does_not_wait_for_those_who_have_not_finished_asking() {
    let bench = Bench::new().await;
    let authority = bench.tenant.address.strip_prefix("http://").unwrap();
    let mut silent = TcpStream::connect(authority).await.unwrap();
    let mut halfway = TcpStream::connect(authority).await.unwrap();
    let head = b"POST /auth/token HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\nexpect: 100-continue\r\n\r\n";
    halfway.write_all(head).await.unwrap();
    // The tenant asks for the body, so it is waiting for it.
    let mut interim = [0; 12];
    halfway.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100");
    bench.host.close(bench.tenant.id).await;
    let mut rest = String::new();
    halfway.read_to_string(&mut rest).await.unwrap();
    assert!(rest.contains("HTTP/1.1 503 The sandbox is closing\r\n"), "{rest}");
    assert_eq!(silent.read(&mut interim).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn a_thousand_polls_are_held_at_once() {
    let Bench { host, .. } = Bench::new().await;
    // By HTTP/2, so that a thousand polls need one connection and not two thousand file descriptors.
    let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    let tenant = host.open(TenantOptions { agents: 10, ..TenantOptions::embedded(2) }).await.unwrap();
    let bench = Bench { host, tenant, client };
    let mut ids = Vec::new();
    for n in 1..=10 {
        let token = bench.token(n).await;
        ids.push((token.clone(), bench.quiet_session(&token).await));
        let joining = (0..99).map(|_| async {
            let joined = bench.api(Method::POST, "/agent-sessions/join").token(&token).send().await;
            (token.clone(), bench.poll(&token, &joined.get("sessionId"), "0").await.get("sessionId"))
        });
        ids.extend(join_all(joining).await);
    }
    let held = join_all(ids.iter().map(|(token, id)| bench.poll(token, id, "60")));
    let time = async {
        until_held(&bench, 1000).await;
        bench.advance(60_000).await;
    };
    let (answers, ()) = tokio::join!(held, time);
    assert!(answers.len() == 1000 && answers.iter().all(|answer| answer.status == 304));
}
