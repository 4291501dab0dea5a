use reqwest::Method;

use crate::bench::Bench;

#[tokio::test]
async fn a_second_start_is_a_conflict_until_the_first_session_has_ended() {
    let bench = Bench::new().await;
    let (anna, again, ben) = (bench.token(1).await, bench.token(1).await, bench.token(2).await);
    let id = bench.start(&anna).await;
    let second = bench.api(Method::POST, "/agent-sessions").token(&again).body("stationId=1").send().await;
    let words = "Cannot start a session at this time. Agent session already started.";
    assert_eq!((second.status, &*second.reason, &*second.get("error_description")), (409, words, words));
    assert_eq!(bench.poll(&anna, &id, "0").await.status, 200);
    bench.start(&ben).await;
    assert_eq!(bench.end(&anna, &id).await.status, 202);
    bench.start(&anna).await;
    assert_eq!(bench.live_sessions().await, 2);
}

#[tokio::test]
async fn of_two_starts_at_once_one_succeeds() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let start = || bench.api(Method::POST, "/agent-sessions").token(&token).body("stationId=1").send();
    let (one, other) = tokio::join!(start(), start());
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 409]);
}

#[tokio::test]
async fn everyone_who_joins_gets_an_id_of_their_own_and_the_same_events() {
    let bench = Bench::new().await;
    let (desk, phone) = (bench.token(1).await, bench.token(1).await);
    let join = || bench.api(Method::POST, "/agent-sessions/join").token(&phone).body(r#"{"asAgentId":""}"#).send();
    let nothing = join().await;
    assert_eq!((nothing.status, &*nothing.reason), (409, "Invalid Session"));
    let first = bench.start(&desk).await;
    let joined = join().await.get("sessionId");
    assert_ne!(joined, first);
    assert_ne!(join().await.get("sessionId"), joined);

    let ours = bench.poll(&desk, &first, "0").await.get("sessionId");
    let theirs = bench.poll(&phone, &joined, "0").await;
    assert_eq!(theirs.types(), ["AgentSessionStart", "AgentState"]);
    let theirs = theirs.get("sessionId");
    assert_eq!(bench.set_state(&phone, &theirs, r#"{"state":"Available"}"#).await.status, 202);
    assert_eq!(bench.set_state(&desk, &ours, "state=Unavailable&reason=Lunch").await.status, 202);
    let seen_by_us = bench.poll(&desk, &ours, "0").await;
    let seen_by_them = bench.poll(&phone, &theirs, "0").await;
    assert_eq!(seen_by_us.json()["events"], seen_by_them.json()["events"]);
    assert_eq!(seen_by_us.json()["events"][1]["CurrentOutReason"], "Lunch");
    assert_ne!(seen_by_us.get("sessionId"), seen_by_them.get("sessionId"));
}

#[tokio::test]
async fn a_session_that_ends_has_ended_for_all() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.start(&token).await;
    let joined = bench.api(Method::POST, "/agent-sessions/join").token(&token).send().await.get("sessionId");
    let joined = bench.poll(&token, &joined, "0").await.get("sessionId");
    let ended = bench
        .api(Method::DELETE, &format!("/agent-sessions/{}", id.replace('=', "%3D")))
        .token(&token)
        .body(r#"{"forceLogoff":true,"endContacts":true,"other":{}}"#)
        .send()
        .await;
    assert_eq!((ended.status, &*ended.text), (202, ""));
    let told = bench.poll(&token, &joined, "60").await;
    assert_eq!(told.types(), ["AgentSessionEnd"]);
    let over = bench.poll(&token, &told.get("sessionId"), "60").await;
    assert_eq!((over.status, &*over.reason), (409, "Session Ended"));
    assert_eq!(bench.end(&token, &id).await.status, 409);
    assert_eq!(bench.set_state(&token, &id, "state=Available").await.status, 409);
    assert_eq!(bench.end(&token, "bm9uZXhpc3RlbnQ=").await.status, 404);
    assert_eq!(bench.live_sessions().await, 0);
}

#[tokio::test]
async fn a_change_that_makes_no_sense_is_refused_and_nobody_is_told() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.quiet_session(&token).await;
    let cases = [
        (r#"{"state":"Sleeping"}"#, 400),
        ("", 400),
        ("{", 400),
        (r#"{"state":"Unavailable","reason":"Nap"}"#, 400),
        (r#"{"state":"Unavailable","reason":"After Call Work"}"#, 409),
    ];
    for (body, status) in cases {
        assert_eq!((body, bench.set_state(&token, &id, body).await.status), (body, status));
    }
    assert_eq!(bench.poll(&token, &id, "0").await.status, 304);
}

#[tokio::test]
async fn a_start_is_checked() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let own = bench
        .legacy(r#"{"grant_type":"password","username":"anna@example.com","password":"not-a-secret-anna"}"#)
        .basic("AssizeDesk@Example", "4500")
        .send()
        .await;
    let cases = [
        ("{}".to_owned(), 400),
        ("stationId=1&inactivityTimeout=29".to_owned(), 400),
        ("stationId=1&inactivityForceLogout=x".to_owned(), 400),
        ("stationId=1&asAgentId=x".to_owned(), 400),
        ("stationId=1&asAgentId=1".to_owned(), 400),
        (format!("stationId=1&asAgentId={}", own.get("agent_id")), 403),
        (
            r#"{"stationId":"","stationPhoneNumber":"+1","inactivityTimeout":30,"inactivityForceLogout":"True"}"#
                .to_owned(),
            202,
        ),
    ];
    for (body, status) in cases {
        let answer = bench.api(Method::POST, "/agent-sessions").token(&token).body(body.clone()).send().await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_stranger_finds_no_session() {
    let bench = Bench::new().await;
    let (anna, ben) = (bench.token(1).await, bench.token(2).await);
    let id = bench.start(&anna).await;
    assert_eq!(bench.poll(&ben, &id, "0").await.status, 404);
    assert_eq!(bench.set_state(&ben, &id, "state=Available").await.status, 404);
    assert_eq!(bench.end(&ben, &id).await.status, 404);
    assert_eq!(bench.poll(&anna, &id, "0").await.status, 200);
}
