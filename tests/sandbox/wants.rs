//! What agents ask for besides what they are offered, and what nobody here may ask for.

use reqwest::Method;

use crate::bench::Bench;

/// The events for the holder of `id`, and its next id.
async fn told(bench: &Bench, token: &str, id: &mut String) -> Vec<String> {
    let answer = bench.poll(token, id, "0").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    *id = answer.get("sessionId");
    answer.events(&["ContactID", "Status", "CurrentState", "Command", "ResultCode"])
}

#[tokio::test]
async fn an_agent_has_several_chats_at_once() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let mut id = bench.ready(&token).await;
    let mut chats = Vec::new();
    for _ in 0..6 {
        chats.push(bench.arrive(r#"{"media":"chat"}"#).await);
    }
    let more = |id: String| {
        let (bench, token) = (&bench, &token);
        async move { bench.command(token, &id, "interactions/add-chat", "").await.status }
    };
    // The first is offered as ever; the others wait until they are asked for, at most five at a time.
    for (taken, chat) in chats.iter().take(5).enumerate() {
        if taken > 0 {
            assert_eq!(more(id.clone()).await, 202);
        }
        let offered = told(&bench, &token, &mut id).await;
        assert!(offered.contains(&format!("ChatContactEvent {chat} Incoming")), "{offered:?}");
        assert_eq!(bench.command(&token, &id, &format!("interactions/{chat}/accept"), "").await.status, 202);
        assert!(told(&bench, &token, &mut id).await.contains(&format!("ChatContactEvent {chat} Active")));
    }
    assert_eq!(more(id.clone()).await, 409);
    for chat in &chats[..5] {
        let written =
            bench.command(&token, &id, &format!("interactions/{chat}/send-chat-text"), "chatText=Hello").await;
        assert_eq!(written.status, 202);
    }
    let texts = told(&bench, &token, &mut id).await;
    assert_eq!(texts, chats[..5].iter().map(|chat| format!("ChatText {chat}")).collect::<Vec<_>>());

    // One is over: there is room for the last, and then none waits.
    bench.command(&token, &id, &format!("interactions/{}/end", chats[0]), "").await;
    assert_eq!(more(id.clone()).await, 202);
    assert!(told(&bench, &token, &mut id).await.contains(&format!("ChatContactEvent {} Incoming", chats[5])));
    bench.command(&token, &id, &format!("interactions/{}/accept", chats[5]), "").await;
    bench.command(&token, &id, &format!("interactions/{}/end", chats[1]), "").await;
    told(&bench, &token, &mut id).await;
    assert_eq!(more(id.clone()).await, 202);
    assert_eq!(told(&bench, &token, &mut id).await, ["AgentError  AddChat NoContact"]);
}

#[tokio::test]
async fn chats_are_for_those_who_chat() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.quiet_session(&token).await;
    bench.arrive(r#"{"media":"chat"}"#).await;
    // Unavailable; then on a call; and in a session that never was.
    assert_eq!(bench.command(&token, &id, "interactions/add-chat", "").await.status, 409);
    let dial = r#"{"phoneNumber":"+15550142","skillName":"Outbound"}"#;
    let skills = bench.api(Method::GET, "/skills").token(&token).send().await.json();
    let outbound = skills["skills"].as_array().unwrap().iter().find(|skill| skill["isOutbound"] == true).unwrap();
    let dial = dial.replace("Outbound", outbound["skillName"].as_str().unwrap());
    assert_eq!(bench.command(&token, &id, "dial-phone", &dial).await.status, 202);
    assert_eq!(bench.command(&token, &id, "interactions/add-chat", "").await.status, 409);
    assert_eq!(bench.command(&token, "bm9uZQ==", "interactions/add-chat", "").await.status, 404);
}

#[tokio::test]
async fn nobody_supervises_without_the_permission() {
    let bench = Bench::new().await;
    let (token, other) = (bench.token(1).await, bench.token(2).await);
    let number = bench.agent_number(&other).await;
    let id = bench.quiet_session(&token).await;
    let target = format!("targetAgentId={number}");
    for (path, body, status) in [
        ("monitor", &*target, 403),
        ("monitor", "targetAgentId=999999", 400),
        ("monitor", "", 400),
        ("coach", "", 403),
        ("barge", "", 403),
        ("take-over", "", 403),
        ("submit-feedback", "categoryId=1&priority=High&comment=Fine", 202),
        ("submit-feedback", "categoryId=one&priority=High&comment=Fine", 400),
        ("submit-feedback", "categoryId=1&priority=High", 400),
        ("continue-reskill", "continueReskill=true", 202),
        ("interactions/1/custom-data", "indicatorName=a&data=b", 404),
    ] {
        let answer = bench.command(&token, &id, path, body).await;
        assert_eq!((path, answer.status), (path, status), "{}", answer.text);
        assert_eq!(bench.command(&token, "bm9uZQ==", path, body).await.status, 404, "{path}");
    }
    assert_eq!(bench.end(&token, &id).await.status, 202);
    assert_eq!(bench.command(&token, &id, "coach", "").await.status, 409);
}

#[tokio::test]
async fn a_telephone_number_is_one_agents_at_a_time_unless_it_is_an_example() {
    let bench = Bench::new().await;
    let (anna, ben) = (bench.token(1).await, bench.token(2).await);
    let start = |token: &str, number: &str| {
        let body = format!("{{\"stationPhoneNumber\":\"{number}\"}}");
        bench.api(Method::POST, "/agent-sessions").token(token).body(body).send()
    };
    let first = start(&anna, "+1 555 867 5309").await;
    assert_eq!(first.status, 202);
    let second = start(&ben, "+1 (555) 867-5309").await;
    assert_eq!((second.status, &*second.reason), (400, "Phone number already in use"));
    // Who has a session already hears of that first.
    assert_eq!(start(&anna, "+1 555 867 5309").await.status, 409);
    assert_eq!(bench.end(&anna, &first.get("sessionId")).await.status, 202);
    assert_eq!(start(&ben, "+1 555 867 5309").await.status, 202);
    let clara = bench.token(3).await;
    assert_eq!(start(&anna, "+15550100").await.status, 202);
    assert_eq!(start(&clara, "+15550100").await.status, 202);
}
