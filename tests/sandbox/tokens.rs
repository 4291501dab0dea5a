use reqwest::Method;

use crate::bench::Bench;

const LOGIN: &str =
    r#"{"grant_type":"password","username":"anna@example.com","password":"not-a-secret-anna","scope":""}"#;

#[tokio::test]
async fn a_back_end_signs_in_by_its_access_key_and_renews() {
    let bench = Bench::new().await;
    let issued = bench.sign_in(1).await;
    assert_eq!((issued.status, &*issued.reason), (200, "Success"));
    assert_eq!(issued.json()["expires_in"], 3600);
    assert_eq!(issued.headers["cache-control"], "no-store");
    let renew = |token: String| {
        // As the official SDK does it: a form that is called JSON, and no client.
        let form = format!("grant_type=refresh_token&scope=openid&refresh_token={token}");
        bench.at(Method::POST, "/auth/token").header("content-type", "application/json").body(form)
    };
    let renewed = renew(issued.get("refresh_token")).send().await;
    assert_eq!(renewed.status, 200);
    assert_ne!(renewed.get("access_token"), issued.get("access_token"));
    let again = renew(issued.get("refresh_token")).send().await;
    assert_eq!((again.status, again.get("error")), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn a_wrong_client_or_key_gets_no_token() {
    let bench = Bench::new().await;
    let form = "grant_type=password&username=AK-AGENT-1&password=not-a-secret-agent-1";
    let ask = |body: &str| bench.at(Method::POST, "/auth/token").body(body.to_owned());
    let by_post = format!("{form}&client_id=assize-backend&client_secret=not-a-secret-backend");
    let cases = [
        (ask(form).basic("assize-backend", "not-a-secret-backend"), 200, "null"),
        (ask(&by_post), 200, "null"),
        (ask(form).basic("assize-backend", "not%2Da-secret-backend"), 200, "null"),
        (ask(form).basic("no-such-client", "not-a-secret-backend"), 401, "invalid_client"),
        (ask(form).basic("assize-backend", "wrong"), 401, "invalid_client"),
        (ask(form), 401, "invalid_client"),
        (ask(&format!("{form}&client_id=assize-ui")), 400, "unauthorized_client"),
        (
            ask("grant_type=password&username=AK-AGENT-1&password=x").basic("assize-backend", "not-a-secret-backend"),
            400,
            "invalid_grant",
        ),
        (
            ask("grant_type=client_credentials").basic("assize-backend", "not-a-secret-backend"),
            400,
            "unsupported_grant_type",
        ),
        (ask("").basic("assize-backend", "not-a-secret-backend"), 400, "invalid_request"),
        (ask("{\"grant_type\":"), 400, "invalid_request"),
    ];
    for (number, (ask, status, error)) in cases.into_iter().enumerate() {
        let answer = ask.send().await;
        assert_eq!((number, answer.status, &*answer.get("error")), (number, status, error), "{}", answer.text);
        assert_eq!(answer.text.contains("access_token"), status == 200);
    }
}

#[tokio::test]
async fn a_password_of_the_first_generation_gives_everything_a_client_needs() {
    let bench = Bench::new().await;
    let issued = bench.legacy(LOGIN).basic("AssizeDesk@Example", "4500").send().await;
    let json = issued.json();
    assert_eq!((issued.status, &json["token_type"], &json["bus_no"]), (200, &"bearer".into(), &4500.into()));
    assert_eq!(json["resource_server_base_uri"], format!("{}/inContactAPI/", bench.tenant.address));
    assert!(json["agent_id"].is_u64() && json["team_id"].is_u64() && json["scope"].is_string());
    let url = issued.get("refresh_token_server_uri");
    assert!(url.ends_with("/InContactAuthorizationServer/Token"));
    let body = format!(r#"{{"grant_type":"refresh_token","refresh_token":"{}"}}"#, issued.get("refresh_token"));
    let renewed = bench.legacy(&body).basic("AssizeDesk@Example", "4500").send().await;
    assert_eq!(renewed.status, 200, "{}", renewed.text);
}

#[tokio::test]
async fn a_wrong_application_is_told_the_words_of_the_faq_everywhere() {
    let bench = Bench::new().await;
    for (name, unit) in [("NoSuchApp@Example", "4500"), ("AssizeDesk@Nobody", "4500"), ("AssizeDesk@Example", "1")] {
        let refused = bench.legacy(LOGIN).basic(name, unit).send().await;
        let words = format!("Client application '{name}' not authorized for user");
        assert_eq!((refused.status, &refused.reason), (401, &words));
        assert_eq!(refused.headers["icStatusDescription"], words);
        assert_eq!(refused.get("error_description"), words);
    }
}

#[tokio::test]
async fn other_refusals_of_the_first_generation_have_their_own_statuses() {
    let bench = Bench::new().await;
    let cases = [
        (r#"{"grant_type":"password","username":"anna@example.com","password":"wrong"}"#, "4500", 401),
        (r#"{"grant_type":"password","username":"anna@example.com"}"#, "4500", 400),
        (r#"{"grant_type":"authorization_code","code":"x"}"#, "4500", 400),
        ("grant_type=banana", "4500", 400),
        ("", "4500", 400),
        ("grant_type=client_credentials", "4500", 401),
        ("grant_type=refresh_token&refresh_token=bogus", "4500", 400),
        ("grant_type=client_credentials&scope=TeaApi", "app-id-77", 400),
        ("grant_type=password&userName=ANNA@example.com&password=not-a-secret-anna", "4500", 200),
    ];
    for (body, secret, status) in cases {
        let answer = bench.legacy(body).basic("AssizeDesk@Example", secret).send().await;
        assert_eq!((body, answer.status), (body, status), "{}", answer.text);
        assert_eq!(answer.text.contains("access_token"), status == 200);
    }
    assert_eq!(bench.legacy(LOGIN).send().await.status, 401);
}

#[tokio::test]
async fn a_token_is_refused_when_its_hour_is_over() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let time = |token: &str| bench.api(Method::GET, "/server-time").token(token);
    assert_eq!(time(&token).send().await.status, 200);
    bench.advance(3_590_000).await;
    assert_eq!(time(&token).send().await.status, 200);
    bench.advance(10_000).await;
    let expired = time(&token).send().await;
    assert_eq!(expired.status, 401);
    assert!(expired.headers["www-authenticate"].to_str().unwrap().starts_with("Bearer "));
    assert!(!expired.text.contains("ServerTime"));
    assert_eq!(time("not-a-token").send().await.status, 401);
    assert_eq!(bench.api(Method::GET, "/server-time").send().await.status, 401);
    let fresh = bench.token(1).await;
    assert_eq!(
        bench.api(Method::GET, "/server-time").header("authorization", &format!("BEARER {fresh}")).send().await.status,
        200
    );
}

#[tokio::test]
async fn discovery_names_the_tenant_itself() {
    let bench = Bench::new().await;
    let open_id = bench.at(Method::GET, "/.well-known/openid-configuration").send().await;
    assert_eq!(open_id.get("issuer"), bench.tenant.address);
    let cxone = bench.at(Method::GET, "/.well-known/cxone-configuration").send().await;
    assert_eq!(cxone.get("api_endpoint"), bench.tenant.address);
    let other = "/.well-known/cxone-configuration?tenantId=00000000-0000-4000-8000-000000000000";
    assert_eq!(bench.at(Method::GET, other).send().await.status, 404);
}

#[tokio::test]
async fn a_token_is_good_for_its_scopes_only() {
    let bench = Bench::new().await;
    let body = LOGIN.replace("\"scope\":\"\"", "\"scope\":\"agentapi\"");
    let issued = bench.legacy(&body).basic("AssizeDesk@Example", "4500").send().await;
    assert_eq!(issued.get("scope"), "AgentApi");
    let token = issued.get("access_token");
    bench.start(&token).await;
    assert_eq!(bench.api(Method::GET, "/server-time").token(&token).send().await.status, 200);
    for path in ["/agents", "/report-jobs", "/points-of-contact/9001/chat-profile"] {
        let refused = bench.api(Method::GET, path).token(&token).send().await;
        assert_eq!((path, refused.status, &*refused.reason), (path, 403, "Insufficient permissions"));
    }
}
