use reqwest::Method;

use crate::bench::Bench;

const CALL: &str = r#"{"media":"call","from":"+15550187"}"#;
const TOLD: [&str; 4] = ["Status", "CurrentState", "FinalState", "IsAcw"];

#[tokio::test]
async fn a_call_is_told_to_everyone_who_joined_from_the_offer_to_the_end() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let mut ours = bench.ready(&token).await;
    let join = bench.api(Method::POST, "/agent-sessions/join").token(&token).send().await.get("sessionId");
    let mut theirs = bench.poll(&token, &join, "0").await.get("sessionId");
    let call = bench.arrive(CALL).await;
    let (mut told, mut twin) = (Vec::new(), Vec::new());
    let commands = ["accept", "hold", "resume", "mask", "unmask", "end"];
    for command in commands {
        let answer = bench.command(&token, &theirs, &format!("interactions/{call}/{command}"), "").await;
        assert_eq!((command, answer.status, &*answer.text), (command, 202, ""));
        let news = bench.poll(&token, &ours, "0").await;
        ours = news.get("sessionId");
        told.extend(news.events(&TOLD));
    }
    bench.advance(30_000).await;
    for (id, told) in [(&mut ours, &mut told), (&mut theirs, &mut twin)] {
        let news = bench.poll(&token, id, "0").await;
        *id = news.get("sessionId");
        told.extend(news.events(&TOLD));
    }
    assert_eq!(told, twin);
    let expected = [
        "CallContactEvent Incoming False",
        "AgentState InboundContact False",
        "AgentLeg Dialing False",
        "AgentLeg Active False",
        "CallContactEvent Active False",
        "CallContactEvent Holding False",
        "CallContactEvent Active False",
        "CallContactEvent Masking False",
        "CallContactEvent Active False",
        "CallContactEvent Disconnected False",
        "AgentState Unavailable True",
        "CallContactEvent Disconnected True",
        "AgentState Available False",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn the_event_of_a_call_has_every_member_of_the_reference_as_a_text() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.ready(&token).await;
    let call = bench.arrive(CALL).await;
    let event = bench.poll(&token, &id, "0").await.json()["events"][0].clone();
    let members = "ContactID Status OriginalState CallType DNIS ANI Skill IsInbound StartTimeUTC LastStateChangeTimeUTC \
                   ScreenPopUrl DisconnectCode IsLogging Timeout AllowDispositions Label IsLinked TimeZones FinalState \
                   OtherInformation BlendingToSkillName IISHost VCHost";
    for member in members.split_whitespace() {
        assert!(event[member].is_string(), "{member} in {event}");
    }
    let some = ["ContactID", "ANI", "Timeout", "IsInbound", "Skill"].map(|name| event[name].as_str().unwrap());
    assert_eq!(some, [&*call, "+15550187", "45", "True", "Support Phone"]);
}

#[tokio::test]
async fn an_offer_is_open_for_45_seconds_and_then_refused() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.ready(&token).await;
    let call = bench.arrive(CALL).await;
    let id = bench.poll(&token, &id, "0").await.get("sessionId");
    bench.advance(44_000).await;
    assert_eq!(bench.poll(&token, &id, "0").await.status, 304);
    bench.advance(1000).await;
    let told = bench.poll(&token, &id, "0").await;
    assert_eq!(told.types(), ["CallContactEvent", "AgentState"]);
    let state = &told.json()["events"][1];
    assert_eq!((&state["CurrentState"], &state["CurrentOutReason"]), (&"Unavailable".into(), &"Refused".into()));
    let waiting = bench.control(Method::GET, &format!("/contacts/{call}")).send().await;
    assert_eq!((waiting.get("status"), waiting.get("refusals")), ("InQueue".to_owned(), "1".to_owned()));
}

#[tokio::test]
async fn a_held_poll_is_woken_by_the_clock_when_something_is_due() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.quiet_session(&token).await;
    let body = r#"{"phoneNumber":"+15550142","skillId":4003}"#;
    assert_eq!(bench.command(&token, &id, "dial-phone", body).await.status, 202);
    let begun = bench.poll(&token, &id, "0").await;
    assert_eq!(begun.types(), ["AgentLeg", "AgentLeg", "CallContactEvent", "AgentState"]);
    // Nobody moves the clock: it rings, and is answered, as time goes by.
    let rings = bench.poll(&token, &begun.get("sessionId"), "60").await;
    assert_eq!(rings.events(&TOLD)[0], "CallContactEvent Ringing False");
    let answered = bench.poll(&token, &rings.get("sessionId"), "60").await;
    assert_eq!(answered.events(&TOLD), ["CallContactEvent Active False"]);
}

#[tokio::test]
async fn a_call_that_cannot_be_made_is_refused_or_told_as_an_error() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.quiet_session(&token).await;
    for (body, reason) in [
        ("", "Phone Number is not valid."),
        ("phoneNumber=nobody&skillId=4003", "Phone Number is not valid."),
        ("phoneNumber=%2B15550142", "Invalid skill."),
        ("phoneNumber=%2B15550142&skillId=4001", "Invalid skill."),
        ("phoneNumber=%2B15550142&skillId=1", "Invalid skill."),
    ] {
        let refused = bench.command(&token, &id, "dial-phone", body).await;
        assert_eq!((body, refused.status, &*refused.reason), (body, 400, reason));
    }
    assert_eq!(bench.poll(&token, &id, "0").await.status, 304);
    let body = r#"{"phoneNumber":"+15555550199","skillName":"sales outbound"}"#;
    assert_eq!(bench.command(&token, &id, "dial-phone", body).await.status, 202);
    bench.advance(1000).await;
    let told = bench.poll(&token, &id, "0").await.json();
    let error = told["events"].as_array().unwrap().iter().find(|event| event["Type"] == "AgentError").unwrap();
    assert_eq!((&error["ResultCode"], &error["Command"]), (&"BadNumber".into(), &"DialPhone".into()));
}

#[tokio::test]
async fn a_command_that_makes_no_sense_is_refused() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.ready(&token).await;
    let call = bench.arrive(CALL).await;
    for (path, status) in [
        (format!("interactions/{call}/hold"), 409),
        (format!("interactions/{call}/disposition?primaryDispositionId=601"), 409),
        (format!("interactions/{call}/disposition"), 400),
        (format!("interactions/{call}/send-chat-text?chatText=x"), 409),
        ("interactions/1/accept".to_owned(), 404),
        ("interactions/x/accept".to_owned(), 404),
        ("agent-phone/mute".to_owned(), 409),
        ("agent-phone/end".to_owned(), 409),
        ("interactions/conference-calls".to_owned(), 409),
        ("send-dtmf?dtmfSequence=12&toneDurationMS=60".to_owned(), 400),
    ] {
        assert_eq!((&*path, bench.command(&token, &id, &path, "").await.status), (&*path, status));
    }
    let stranger = bench.token(2).await;
    let theirs = bench.quiet_session(&stranger).await;
    let accept = format!("interactions/{call}/accept");
    assert_eq!(bench.command(&stranger, &theirs, &accept, "").await.status, 404);
    assert_eq!(bench.command(&stranger, &id, &accept, "").await.status, 404);
    let log_out = bench.end(&token, &id).await;
    let words = "Agent must handle all contacts before ending the session.";
    assert_eq!((log_out.status, &*log_out.reason), (409, words));
    let path = format!("/agent-sessions/{id}");
    let ended = bench.api(Method::DELETE, &path).token(&token).body(r#"{"endContacts":"true"}"#).send().await;
    assert_eq!(ended.status, 202);
    assert_eq!(bench.command(&token, &id, &accept, "").await.status, 409);
}

#[tokio::test]
async fn paths_of_commands_are_found_in_any_case_and_their_verbs_told() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.ready(&token).await;
    let call = bench.arrive(CALL).await;
    let path = format!("//INCONTACTAPI//Services/V4.0/agent-Sessions/{id}//Interactions/{call}/ACCEPT/");
    assert_eq!(bench.at(Method::POST, &path).token(&token).body("{}").send().await.status, 202);
    let wrong = bench.at(Method::GET, &path).token(&token).send().await;
    assert_eq!((wrong.status, wrong.headers["allow"].to_str().unwrap()), (405, "POST, OPTIONS"));
    assert_eq!(bench.command(&token, &id, &format!("interactions/{call}/dance"), "").await.status, 404);
}

#[tokio::test]
async fn an_older_id_tells_of_the_leg_and_of_every_contact() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let first = bench.start(&token).await;
    bench.set_state(&token, &first, "state=Available").await;
    let call = bench.arrive(CALL).await;
    bench.command(&token, &first, &format!("interactions/{call}/accept"), "").await;
    bench.poll(&token, &first, "0").await;
    let again = bench.poll(&token, &first, "0").await;
    assert_eq!(again.types(), ["AgentSessionStart", "AgentState", "AgentLeg", "CallContactEvent"]);
    assert_eq!(again.json()["events"][1]["CurrentState"], "InboundContact");
}

#[tokio::test]
async fn the_agents_telephone_that_cannot_be_reached_is_told_as_an_error() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let body = r#"{"stationPhoneNumber":"+1 555 555 0199"}"#;
    let id = bench.api(Method::POST, "/agent-sessions").token(&token).body(body).send().await.get("sessionId");
    assert_eq!(bench.command(&token, &id, "agent-phone/dial", "").await.status, 202);
    bench.advance(1000).await;
    let told = bench.poll(&token, &id, "0").await.events(&["Status", "Target", "ResultCode", "FinalState"]);
    let expected = ["AgentLeg Dialing False", "AgentError AgentLeg BadNumber", "AgentLeg Disconnected True"];
    assert_eq!(told[2..], expected);
}
