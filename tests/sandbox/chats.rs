use reqwest::Method;

use crate::bench::{Answer, Ask, Bench};

fn patron(bench: &Bench, method: Method, token: &str, path: &str) -> Ask {
    bench.api(method, &format!("/contacts/chats{path}")).token(token)
}

async fn start(bench: &Bench, token: &str) -> Answer {
    let body = r#"{"pointOfContact":"9001","fromAddress":"someone@example.com"}"#;
    let started = patron(bench, Method::POST, token, "").body(body).send().await;
    assert_eq!(started.status, 202);
    started
}

#[tokio::test]
async fn a_patron_and_an_agent_write_to_each_other() {
    let bench = Bench::new().await;
    let (agent, patrons) = (bench.token(1).await, bench.application_token().await);
    let id = bench.ready(&agent).await;
    let chat = start(&bench, &patrons).await;
    let (session, contact) = (chat.get("chatSessionId"), chat.get("contactId"));
    let write = |text: &str| {
        let body = format!("{{\"label\":\"Someone\",\"message\":\"{text}\"}}");
        patron(&bench, Method::POST, &patrons, &format!("/{session}/send-text")).body(body)
    };
    assert_eq!(write("First").send().await.status, 202);
    assert_eq!(bench.command(&agent, &id, &format!("interactions/{contact}/accept"), "").await.status, 202);
    assert_eq!(write("Second").send().await.status, 202);
    let path = format!("interactions/{contact}/send-chat-text");
    assert_eq!(bench.command(&agent, &id, &path, r#"{"chatText":"Third"}"#).await.status, 202);
    let told = bench.poll(&agent, &id, "0").await;
    let lines = told.events(&["Status", "Text", "PartyType"]);
    let expected = [
        "ChatContactEvent Incoming",
        "AgentState",
        "ChatContactEvent Active",
        "ChatText Second Client",
        "ChatText Third Agent",
    ];
    assert_eq!(lines, expected);
    assert_eq!(told.json()["events"][2]["Messages"][0]["Text"], "First");

    let read = patron(&bench, Method::GET, &patrons, &format!("/{session}?timeout=0")).send().await;
    let texts: Vec<_> =
        read.json()["messages"].as_array().unwrap().iter().map(|message| message["Text"].clone()).collect();
    assert_eq!((read.status, texts), (200, vec!["First".into(), "Second".into(), "Third".into()]));
    let next = read.get("chatSession");
    assert_ne!(next, session);
    let nothing = patron(&bench, Method::GET, &patrons, &format!("/{next}?timeout=0")).send().await;
    assert_eq!((nothing.status, &*nothing.reason, &*nothing.text), (304, "No Messages", ""));
}

#[tokio::test]
async fn a_held_poll_of_a_patron_is_woken_by_a_text_and_by_the_end() {
    let bench = Bench::new().await;
    let (agent, patrons) = (bench.token(1).await, bench.application_token().await);
    let id = bench.ready(&agent).await;
    let chat = start(&bench, &patrons).await;
    let contact = chat.get("contactId");
    bench.command(&agent, &id, &format!("interactions/{contact}/accept"), "").await;
    let held = |session: String| patron(&bench, Method::GET, &patrons, &format!("/{session}?timeout=60")).send();
    let path = format!("interactions/{contact}/send-chat-text");
    let (read, _) = tokio::join!(held(chat.get("chatSessionId")), bench.command(&agent, &id, &path, "chatText=Hello"));
    let message = &read.json()["messages"][0];
    assert_eq!((&message["Text"], &message["PartyTypeValue"]), (&"Hello".into(), &"Agent".into()));
    assert!(message["PartyTypeId"].is_u64() && message["Label"] != "" && message["Timestamp"].is_string());
    let end = format!("interactions/{contact}/end");
    let (over, _) = tokio::join!(held(read.get("chatSession")), bench.command(&agent, &id, &end, ""));
    assert_eq!(over.status, 404, "the agent may still be finishing, but the patron is not");
    let late = patron(&bench, Method::POST, &patrons, &format!("/{}/send-text", read.get("chatSession")));
    assert_eq!(late.body("label=x&message=y").send().await.status, 404);
}

#[tokio::test]
async fn a_patron_who_leaves_ends_the_chat_for_the_agent() {
    let bench = Bench::new().await;
    let (agent, patrons) = (bench.token(1).await, bench.application_token().await);
    let id = bench.ready(&agent).await;
    let chat = start(&bench, &patrons).await;
    let leave = || patron(&bench, Method::DELETE, &patrons, &format!("/{}", chat.get("chatSessionId"))).body("{}");
    assert_eq!(leave().send().await.status, 200);
    assert_eq!(leave().send().await.status, 404);
    let told = bench.poll(&agent, &id, "0").await.events(&["Status", "CurrentState", "FinalState"]);
    let expected = [
        "ChatContactEvent Incoming False",
        "AgentState InboundContact",
        "ChatContactEvent Disconnected True",
        "AgentState Available",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_chat_is_handed_to_another_agent() {
    let bench = Bench::new().await;
    let (anna, ben) = (bench.token(1).await, bench.token(2).await);
    let ours = bench.ready(&anna).await;
    let chat = bench.arrive(r#"{"media":"chat"}"#).await;
    bench.command(&anna, &ours, &format!("interactions/{chat}/accept"), "").await;
    bench.control(Method::POST, &format!("/contacts/{chat}/texts")).body(r#"{"text":"Hello"}"#).send().await;
    let theirs = bench.ready(&ben).await;
    let transfer = |target: String| {
        let (path, body) = (format!("interactions/{chat}/transfer-chat-to-agent"), format!("targetAgentId={target}"));
        let (bench, anna, ours) = (&bench, &anna, &ours);
        async move { bench.command(anna, ours, &path, &body).await.status }
    };
    assert_eq!(transfer("1".into()).await, 400);
    assert_eq!(transfer(bench.agent_number(&ben).await).await, 202);
    let told = bench.poll(&ben, &theirs, "0").await;
    assert_eq!(told.events(&["Status"]), ["ChatContactEvent Incoming", "AgentState"]);
    assert_eq!(told.json()["events"][0]["Messages"][0]["Text"], "Hello");
    assert_eq!(transfer(bench.agent_number(&ben).await).await, 404, "it is no longer theirs to give");
}

#[tokio::test]
async fn a_callback_comes_in_when_its_time_has_come() {
    let bench = Bench::new().await;
    let (agent, patrons) = (bench.token(1).await, bench.application_token().await);
    let id = bench.ready(&agent).await;
    let ask = |body: &str| bench.api(Method::POST, "/queuecallback").token(&patrons).body(body.to_owned());
    for body in [
        "",
        "phoneNumber=x&skill=4001",
        "phoneNumber=%2B15550188&skill=4002",
        "phoneNumber=911&skill=4001&callDelaySec=-1",
    ] {
        assert_eq!((body, ask(body).send().await.status), (body, 400));
    }
    assert_eq!(ask("phoneNumber=%2B15550188&skill=4001&callDelaySec=60").send().await.status, 202);
    bench.advance(59_000).await;
    assert_eq!(bench.poll(&agent, &id, "0").await.status, 304);
    bench.advance(1000).await;
    assert_eq!(bench.poll(&agent, &id, "0").await.json()["events"][0]["ANI"], "+15550188");
}
