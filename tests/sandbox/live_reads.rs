use reqwest::Method;
use serde_json::json;

use crate::bench::Bench;

#[tokio::test]
async fn the_states_of_agents_are_told() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let read = |path: &str| bench.api(Method::GET, path).token(&token).send();
    let own = format!("/agents/{}/states", bench.agent_number(&token).await);
    let state = |answer: crate::bench::Answer| {
        let row = answer.json()["agentStates"][0].clone();
        (row["agentStateName"].clone(), row["outStateDescription"].clone(), row["openContacts"].clone())
    };
    assert_eq!(state(read(&own).await), (json!("LoggedOut"), json!(""), json!(0)));
    let id = bench.quiet_session(&token).await;
    bench.set_state(&token, &id, "state=Unavailable&reason=Lunch").await;
    assert_eq!(state(read(&own).await), (json!("Unavailable"), json!("Lunch"), json!(0)));
    bench.set_state(&token, &id, "state=Available").await;
    bench.arrive(r#"{"media":"chat"}"#).await;
    assert_eq!(state(read(&own).await), (json!("InboundContact"), json!(""), json!(1)));
    let changed = read("/agents/states?fields=agentId,skillName&updatedSince=2025-01-01T00:00:00Z").await.json();
    assert_eq!(changed["agentStates"][0]["skillName"], "Support Chat");
    assert_eq!(
        (changed["agentStates"][0].as_object().map(serde_json::Map::len), &changed["totalRecords"]),
        (Some(2), &json!(1))
    );
    let since = changed["lastPollTime"].as_str().unwrap().to_owned();
    bench.advance(1000).await;
    let nothing = read(&format!("/agents/states?updatedSince={since}")).await;
    assert_eq!((nothing.status, &nothing.json()["agentStates"]), (200, &json!([])));
    for path in ["/agents/states?fields=nope", "/agents/states?updatedSince=x", "/agents/states?top=0"] {
        assert_eq!((path, read(path).await.status), (path, 400));
    }
    assert_eq!(read("/agents/1/states").await.status, 404);
}

#[tokio::test]
async fn contacts_are_told_while_they_are_there_and_afterwards() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let read = |path: &str| bench.api(Method::GET, path).token(&token).send();
    let nothing = read("/contacts/active").await;
    assert_eq!((nothing.status, &*nothing.text), (204, ""));
    let span = "startDate=2020-01-01T00:00:00Z&endDate=2120-01-01T00:00:00Z";
    assert_eq!(read(&format!("/contacts/completed?{span}")).await.status, 204);
    let call = bench.arrive(r#"{"media":"call","from":"+15550187"}"#).await;
    bench.arrive(r#"{"media":"chat"}"#).await;
    let active = read("/contacts/active?mediaTypeId=4").await.json();
    let row = &active["activeContacts"][0];
    assert_eq!((&active["totalRecords"], row["contactId"].to_string()), (&json!(1), call.clone()));
    assert_eq!(
        (&row["fromAdd"], &row["state"], &row["transferIndicatorName"]),
        (&json!("+15550187"), &json!("InQueue"), &json!("None"))
    );
    let older = bench.at(Method::GET, "/inContactAPI/services/v23.0/contacts/active").token(&token).send().await.json();
    assert_eq!(older["resultSet"]["activeContacts"].as_array().map(Vec::len), Some(2));
    bench.control(Method::DELETE, &format!("/contacts/{call}")).send().await;
    let completed = read(&format!("/contacts/completed?{span}&fields=contactId,abandoned")).await.json();
    assert_eq!(
        completed["completedContacts"],
        json!([{ "contactId": call.parse::<u32>().unwrap(), "abandoned": true }])
    );
    assert_eq!(read(&format!("/contacts/{call}")).await.json()["state"], "Disconnected");
    let history = read(&format!("/contacts/{call}/statehistory")).await.json();
    assert_eq!(history["contactStateHistory"].as_array().map(Vec::len), Some(2));
    for (path, status) in [
        ("/contacts/completed", 400),
        ("/contacts/active?skillId=x", 400),
        ("/contacts/active?fields=nope", 400),
        ("/contacts/active?skillId=4003", 204),
        ("/contacts/1", 404),
        ("/contacts/x", 400),
        ("/contacts/states?updatedSince=2020-01-01T00:00:00Z", 200),
    ] {
        assert_eq!((path, read(path).await.status), (path, status));
    }
}

#[tokio::test]
async fn the_activity_of_skills_is_told() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let read = |path: &str| bench.api(Method::GET, path).token(&token).send();
    bench.arrive(r#"{"media":"call"}"#).await;
    let queued = read("/skills/4001/activity").await.json()["skillActivity"][0].clone();
    assert_eq!(
        (&queued["queueCount"], &queued["contactsActive"], &queued["agentsLoggedIn"]),
        (&json!(1), &json!(0), &json!(0))
    );
    bench.ready(&token).await;
    let offered = read("/skills/activity?mediaTypeId=4&isOutbound=false").await.json();
    let row = &offered["skillActivity"][0];
    assert_eq!((&row["queueCount"], &row["contactsActive"], &row["agentsWorking"]), (&json!(0), &json!(1), &json!(1)));
    assert_eq!(read("/skills/1/activity").await.status, 404);
}

#[tokio::test]
async fn what_was_set_up_is_told() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let read = |path: &str| bench.api(Method::GET, path).token(&token).send();
    assert_eq!(read("/skills/4002").await.json()["skills"][0]["skillName"], "Support Chat");
    assert_eq!(read("/skills?mediaTypeId=3&fields=skillId").await.json()["skills"], json!([{ "skillId": 4002 }]));
    assert_eq!(read("/skills?updatedSince=2120-01-01T00:00:00Z").await.status, 204);
    assert_eq!(read("/skills?orderBy=skillName desc&fields=skillId&top=1").await.json()["skills"][0]["skillId"], 4001);
    let codes = read("/teams/1787/unavailable-codes").await.json()["resultSet"].clone();
    assert_eq!((&codes["teamId"], &codes["unavailableCodes"][3]["isAcw"]), (&json!(1787), &json!(true)));
    assert_eq!(read("/teams/1/unavailable-codes").await.status, 404);
    for path in ["/agents-states", "/agent-states"] {
        assert_eq!(
            read(path).await.json()["agentStates"][0],
            json!({ "agentStateId": 0, "agentStateName": "LoggedOut" })
        );
    }
    let hours = read("/hours-of-operation").await.json()["resultSet"]["hoursOfOperationProfiles"][0].clone();
    assert_eq!(
        (&hours["days"][0]["isClosedAllDay"], &hours["days"][1]["openTime"]),
        (&json!("True"), &json!("09:00:00"))
    );
    for path in
        ["/teams", "/dispositions", "/points-of-contact", "/media-types", "/contact-state-descriptions", "/reports"]
    {
        assert_eq!((path, read(path).await.status), (path, 200));
    }
    assert_eq!(
        read("/agents?fields=agentId&top=1&orderBy=agentId desc").await.json()["agents"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(read("/agents?updatedSince=2120-01-01T00:00:00Z").await.status, 204);
}
