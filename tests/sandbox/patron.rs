use reqwest::Method;

use crate::bench::Bench;

#[tokio::test]
async fn a_client_token_is_good_for_patrons_and_for_nothing_else() {
    let bench = Bench::new().await;
    let token = bench.application_token().await;
    for (method, path) in [
        (Method::GET, "/agents"),
        (Method::GET, "/skills"),
        (Method::GET, "/server-time"),
        (Method::GET, "/report-jobs/1"),
        (Method::POST, "/agent-sessions"),
        (Method::POST, "/agent-sessions/join"),
    ] {
        let refused = bench.api(method, path).token(&token).body("stationId=1").send().await;
        assert_eq!((path, refused.status, &*refused.reason), (path, 403, "Forbidden"));
    }
    let profile = bench.api(Method::GET, "/points-of-contact/9001/chat-profile").token(&token).send().await;
    assert_eq!(profile.status, 200);
    assert_eq!(bench.api(Method::GET, "/points-of-contact/1/chat-profile").token(&token).send().await.status, 404);
    assert_eq!(bench.api(Method::POST, "/contacts/chats").send().await.status, 401);
}

#[tokio::test]
async fn a_chat_is_started_and_ended() {
    let bench = Bench::new().await;
    let token = bench.application_token().await;
    let body = r#"{"pointOfContact":9001,"fromAddress":"someone@example.com"}"#;
    let started = bench.api(Method::POST, "/contacts/chats").token(&token).body(body).send().await;
    assert_eq!(started.status, 202);
    assert!(started.json()["contactId"].is_u64());
    let end = || bench.api(Method::DELETE, &format!("/contacts/chats/{}", started.get("chatSessionId"))).token(&token);
    assert_eq!(end().send().await.status, 200);
    assert_eq!(end().send().await.status, 404);
    let nowhere = bench.api(Method::POST, "/contacts/chats").token(&token).body("pointOfContact=1").send().await;
    assert_eq!(nowhere.status, 400);
}
