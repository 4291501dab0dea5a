use reqwest::Method;

use crate::bench::Bench;

#[tokio::test]
async fn an_agent_is_logged_out_from_outside() {
    let bench = Bench::new().await;
    let (anna, ben) = (bench.token(1).await, bench.token(2).await);
    let number = bench.agent_number(&anna).await;
    let log_out = || bench.api(Method::POST, &format!("/agents/{number}/logout")).token(&ben);
    assert_eq!(log_out().send().await.status, 404);
    let id = bench.quiet_session(&anna).await;
    assert_eq!(log_out().send().await.status, 202);
    let told = bench.poll(&anna, &id, "60").await;
    assert_eq!(told.events(&["Message"]), ["RemoteAgentSessionEnd RemoteLogoff", "AgentSessionEnd "]);
    assert_eq!(bench.poll(&anna, &told.get("sessionId"), "60").await.status, 409);
    assert_eq!(bench.api(Method::POST, "/agents/1/logout").token(&ben).send().await.status, 404);
    // The control API can do it too.
    bench.start(&anna).await;
    let control = || bench.control(Method::DELETE, &format!("/agents/{number}/session")).send();
    assert_eq!(control().await.status, 204);
    assert_eq!(control().await.status, 404);
}

#[tokio::test]
async fn the_state_of_an_agent_is_changed_from_outside_at_once() {
    let bench = Bench::new().await;
    let (anna, ben) = (bench.token(1).await, bench.token(2).await);
    let path = format!("/agents/{}/state", bench.agent_number(&anna).await);
    let change = |body: &str| bench.api(Method::POST, &path).token(&ben).body(body.to_owned()).send();
    let nothing = change("state=Available").await;
    assert_eq!((nothing.status, &*nothing.reason), (404, "Agent session not started"));
    let id = bench.quiet_session(&anna).await;
    for (body, status) in [
        ("state=Available", 200),
        (r#"{"state":"Unavailable","outStateId":302}"#, 200),
        ("state=Unavailable&outStateId=9", 400),
        ("state=Sleeping", 400),
        ("state=Unavailable&outStateId=304", 409),
    ] {
        assert_eq!((body, change(body).await.status), (body, status));
    }
    let told = bench.poll(&anna, &id, "0").await;
    assert_eq!(told.events(&["CurrentState"]), ["AgentState Available", "AgentState Unavailable"]);
    assert_eq!(told.json()["events"][1]["CurrentOutReason"], "Lunch");
}

#[tokio::test]
async fn a_contact_is_ended_from_outside() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let call = bench.arrive(r#"{"media":"call"}"#).await;
    let end = || bench.api(Method::POST, &format!("/contacts/{call}/end")).token(&token);
    assert_eq!(end().send().await.status, 202);
    assert_eq!(end().send().await.status, 409);
    assert_eq!(bench.api(Method::POST, "/contacts/1/end").token(&token).send().await.status, 404);
}

#[tokio::test]
async fn a_command_fails_as_it_was_planned_to() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let path = format!("/agents/{}/failures", bench.agent_number(&token).await);
    let plan = || bench.control(Method::POST, &path).body(r#"{"result_code":"NotToday"}"#).send();
    assert_eq!(plan().await.status, 404);
    let id = bench.quiet_session(&token).await;
    assert_eq!(plan().await.status, 204);
    assert_eq!(bench.set_state(&token, &id, "state=Available").await.status, 202);
    let told = bench.poll(&token, &id, "0").await;
    assert_eq!(told.events(&["ResultCode", "Command"]), ["AgentError NotToday SetState"]);
}
