use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;
use url::form_urlencoded::Serializer;

use crate::bench::{Answer, Bench};

const CALLBACK: &str = "https://client.example/callback";
const VERIFIER: &str = "assize-verifier-0123456789-abcdefghijklmnopqrstuvwxyz";
pub(crate) const ULLA: [(&str, &str); 2] = [("username", "ulla@example.com"), ("password", "not-a-secret-ulla")];

/// A form of `pairs`, each name once: a later value takes the place of an earlier one, an empty one takes it out.
fn form(pairs: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let mut form = Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)) {
        form.append_pair(name, value);
    }
    form.extend_pairs(changes.iter().filter(|(_, value)| !value.is_empty()));
    form.finish()
}

pub(crate) fn request(changes: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let pairs = [
        ("response_type", "code"),
        ("client_id", "assize-ui"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "st-1"),
        ("nonce", "no-1"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    form(&pairs, changes)
}

/// What a browser would send when the form of `page` is filled in.
pub(crate) fn filled_in(page: &Answer, user: &[(&str, &str)]) -> String {
    let mut form = Serializer::new(String::new());
    for input in page.text.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = input.split_once('"').unwrap();
        let value = rest.split_once("value=\"").unwrap().1.split_once('"').unwrap().0;
        form.append_pair(name, &value.replace("&amp;", "&").replace("&#39;", "'").replace("&lt;", "<"));
    }
    form.extend_pairs(user).finish()
}

pub(crate) fn in_location(answer: &Answer, name: &str) -> Option<String> {
    let location = Url::parse(answer.headers["location"].to_str().unwrap()).unwrap();
    assert!(location.as_str().starts_with(&format!("{CALLBACK}?")), "{location}");
    location.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

impl Bench {
    pub(crate) async fn authorize(&self, changes: &[(&str, &str)]) -> Answer {
        self.at(Method::GET, &format!("/auth/authorize?{}", request(changes))).send().await
    }

    pub(crate) async fn submit(&self, form: String) -> Answer {
        self.at(Method::POST, "/auth/authorize").body(form).send().await
    }

    async fn code(&self, changes: &[(&str, &str)]) -> String {
        let page = self.authorize(changes).await;
        let back = self.submit(filled_in(&page, &ULLA)).await;
        assert_eq!(back.status, 302, "{}", back.text);
        in_location(&back, "code").unwrap()
    }

    pub(crate) async fn exchange(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let pairs = [
            ("grant_type", "authorization_code"),
            ("client_id", "assize-ui"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.at(Method::POST, "/auth/token").body(form(&pairs, changes)).send().await
    }

    pub(crate) async fn time(&self, token: &str) -> u16 {
        self.api(Method::GET, "/server-time").token(token).send().await.status
    }

    /// The claims of a token whose signature the tenant's own key verifies.
    pub(crate) async fn verified(&self, token: &str) -> Value {
        let keys = self.at(Method::GET, "/auth/jwks").send().await.json();
        let parts: Vec<&str> = token.split('.').collect();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let header: Value = serde_json::from_slice(&bytes(parts[0])).unwrap();
        let key = &keys["keys"][0];
        assert_eq!((&header["alg"], &header["kid"]), (&"RS256".into(), &key["kid"]));
        assert!(key.get("d").is_none());
        let number = |name: &str| bytes(key[name].as_str().unwrap());
        let public = RsaPublicKeyComponents { n: number("n"), e: number("e") };
        let signed = format!("{}.{}", parts[0], parts[1]);
        public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &bytes(parts[2])).unwrap();
        serde_json::from_slice(&bytes(parts[1])).unwrap()
    }
}

#[tokio::test]
async fn a_user_signs_in_on_the_page_and_the_id_token_proves_it() {
    let bench = Bench::new().await;
    let page = bench.authorize(&[]).await;
    assert_eq!((page.status, &page.headers["content-type"]), (200, &"text/html; charset=utf-8".parse().unwrap()));
    assert!(page.text.contains("simulation") && page.text.contains("action=\"/auth/authorize\""));
    assert!(!page.text.contains("<script"));
    let back = bench.submit(filled_in(&page, &ULLA)).await;
    assert_eq!((back.status, in_location(&back, "state").as_deref()), (302, Some("st-1")));
    assert_eq!(in_location(&back, "error"), None);
    let code = in_location(&back, "code").unwrap();
    assert!(code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let issued = bench.exchange(&code, &[]).await;
    assert_eq!((issued.status, &*issued.get("token_type")), (200, "Bearer"), "{}", issued.text);

    let claims = bench.verified(&issued.get("id_token")).await;
    assert_eq!((claims["iss"].as_str(), claims["aud"].as_str()), (Some(&*bench.tenant.address), Some("assize-ui")));
    assert_eq!((&claims["nonce"], &claims["icBUId"]), (&"no-1".into(), &4500.into()));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    assert_eq!(claims["sub"], format!("user:{}", claims["userId"].as_str().unwrap()));
    for claim in ["tenantId", "icAgentId", "name", "auth_time"] {
        assert!(claims.get(claim).is_some(), "{claim}");
    }
    let access = issued.get("access_token");
    assert_eq!(bench.verified(&access).await["sub"], claims["sub"]);
    assert_eq!(bench.time(&access).await, 200);
    let info = bench.at(Method::GET, "/auth/userinfo").token(&access).send().await;
    assert_eq!((info.get("sub"), info.get("email")), (claims["sub"].as_str().unwrap().into(), ULLA[0].1.into()));
    assert_eq!(bench.at(Method::GET, "/auth/userinfo").token("made-up").send().await.status, 401);

    let renewal = format!("grant_type=refresh_token&refresh_token={}", issued.get("refresh_token"));
    let renewed = bench.at(Method::POST, "/auth/token").body(renewal).send().await;
    let renewed = bench.verified(&renewed.get("id_token")).await;
    assert_eq!((&renewed["aud"], &renewed["sub"]), (&claims["aud"], &claims["sub"]));
}

#[tokio::test]
async fn a_client_cannot_renew_what_another_was_given() {
    let bench = Bench::new().await;
    let issued = bench.exchange(&bench.code(&[]).await, &[]).await;
    let renewal = format!("grant_type=refresh_token&refresh_token={}", issued.get("refresh_token"));
    let renew = || bench.at(Method::POST, "/auth/token").body(renewal.clone());
    let stranger = renew().basic("assize-backend", "not-a-secret-backend").send().await;
    assert_eq!((stranger.status, &*stranger.get("error")), (400, "invalid_grant"));
    assert_eq!(renew().send().await.status, 200, "it was not taken");
}

#[tokio::test]
async fn a_used_code_gives_nothing_and_takes_its_tokens_along() {
    let bench = Bench::new().await;
    let code = bench.code(&[]).await;
    let first = bench.exchange(&code, &[]).await;
    assert_eq!(bench.time(&first.get("access_token")).await, 200);
    let second = bench.exchange(&code, &[]).await;
    assert_eq!((second.status, &*second.get("error")), (400, "invalid_grant"));
    assert!(!second.text.contains("access_token"));
    assert_eq!(bench.time(&first.get("access_token")).await, 401);
    let renewal = format!("grant_type=refresh_token&refresh_token={}", first.get("refresh_token"));
    assert_eq!(bench.at(Method::POST, "/auth/token").body(renewal).send().await.status, 400);
}

#[tokio::test]
async fn of_two_exchanges_at_once_one_succeeds() {
    let bench = Bench::new().await;
    let code = bench.code(&[]).await;
    let (one, other) = tokio::join!(bench.exchange(&code, &[]), bench.exchange(&code, &[]));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[tokio::test]
async fn a_code_is_worth_nothing_to_others_and_not_for_long() {
    let bench = Bench::new().await;
    let code = bench.code(&[]).await;
    let cases = [
        ([("code_verifier", "another-verifier-0123456789-abcdefghijklmnopqrstu")], 400, "invalid_grant"),
        ([("code_verifier", "")], 400, "invalid_grant"),
        ([("redirect_uri", "https://client.example/other")], 400, "invalid_grant"),
        ([("code", "made-up")], 400, "invalid_grant"),
        ([("code", "")], 400, "invalid_request"),
        ([("redirect_uri", "")], 400, "invalid_request"),
        ([("client_id", "")], 401, "invalid_client"),
        ([("client_id", "assize-backend")], 401, "invalid_client"),
        ([("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")], 400, "unsupported_grant_type"),
    ];
    for (changes, status, error) in cases {
        let refused = bench.exchange(&code, &changes).await;
        assert_eq!((changes, refused.status, &*refused.get("error")), (changes, status, error));
        assert!(!refused.text.contains("access_token"));
    }
    bench.advance(601_000).await;
    let late = bench.exchange(&code, &[]).await;
    assert_eq!((late.status, &*late.get("error")), (400, "invalid_grant"));
}

#[tokio::test]
async fn a_confidential_client_exchanges_a_code_with_its_secret() {
    let bench = Bench::new().await;
    let code = bench.code(&[("client_id", "assize-backend"), ("code_challenge", "")]).await;
    let body = format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}");
    let ask = |secret: &str| bench.at(Method::POST, "/auth/token").basic("assize-backend", secret).body(body.clone());
    assert_eq!(ask("wrong").send().await.status, 401);
    let issued = ask("not-a-secret-backend").send().await;
    assert_eq!(issued.status, 200, "{}", issued.text);
    assert_eq!(bench.verified(&issued.get("id_token")).await["aud"], "assize-backend");
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let bench = Bench::new().await;
    for changes in [
        [("redirect_uri", "https://stranger.example/callback")],
        [("redirect_uri", "https://client.example/callback/")],
        [("redirect_uri", "")],
        [("client_id", "stranger")],
        [("client_id", "")],
    ] {
        let asked = bench.authorize(&changes).await;
        let posted = bench.submit(format!("{}&{}", request(&changes), form(&ULLA, &[]))).await;
        for refused in [asked, posted] {
            assert_eq!((changes, refused.status), (changes, 400));
            assert!(refused.headers.get("location").is_none() && !refused.text.contains("code="));
        }
    }
}

#[tokio::test]
async fn other_errors_go_back_to_the_application() {
    let bench = Bench::new().await;
    for (changes, error) in [
        ([("response_type", "token")], "unsupported_response_type"),
        ([("response_type", "")], "invalid_request"),
        ([("scope", "email")], "invalid_scope"),
        ([("code_challenge", "")], "invalid_request"),
        ([("code_challenge_method", "plain")], "invalid_request"),
        ([("prompt", "none")], "login_required"),
        ([("request", "e30.e30.")], "request_not_supported"),
    ] {
        let back = bench.authorize(&changes).await;
        assert_eq!((changes, back.status), (changes, 302));
        assert_eq!((in_location(&back, "error").as_deref(), in_location(&back, "code")), (Some(error), None));
        assert_eq!(in_location(&back, "state").as_deref(), Some("st-1"));
    }
}

#[tokio::test]
async fn wrong_credentials_show_the_page_again() {
    let bench = Bench::new().await;
    let page = bench.authorize(&[]).await;
    for user in [
        [("username", "ulla@example.com"), ("password", "wrong")],
        [("username", "ulla@example.com"), ("password", "")],
        [("username", "AK-AGENT-1"), ("password", "not-a-secret-agent-1")],
    ] {
        let again = bench.submit(filled_in(&page, &user)).await;
        assert_eq!(again.status, 200);
        assert!(again.text.contains("is wrong") && again.headers.get("location").is_none());
        assert_eq!(bench.submit(filled_in(&again, &ULLA)).await.status, 302);
    }
    let by_url = format!("/auth/authorize?{}&{}", request(&[]), form(&ULLA, &[]));
    assert_eq!(bench.at(Method::GET, &by_url).send().await.status, 200);
}

#[tokio::test]
async fn nothing_that_was_sent_becomes_part_of_the_page() {
    let bench = Bench::new().await;
    let nasty = "\"><script>alert('&')</script>";
    let page = bench.authorize(&[("state", nasty), ("login_hint", nasty), ("nonce", nasty)]).await;
    let user = [("username", nasty), ("password", "x")];
    let again = bench.submit(filled_in(&page, &user)).await;
    for shown in [&page, &again] {
        assert_eq!(shown.status, 200);
        assert!(!shown.text.contains("<script") && !shown.text.contains("\"><s"), "{}", shown.text);
        assert!(shown.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    }
    let back = bench.submit(format!("{}&{}", request(&[("state", nasty)]), form(&ULLA, &[]))).await;
    assert_eq!(in_location(&back, "state").as_deref(), Some(nasty));
}

#[tokio::test]
async fn the_implicit_grant_hands_over_the_token_in_the_query() {
    let bench = Bench::new().await;
    let pairs = [
        ("response_type", "token"),
        ("client_id", "AssizeDesk@Example"),
        ("redirect_uri", CALLBACK),
        ("scope", "AgentApi RealTimeApi"),
        ("state", "st-2"),
    ];
    let cleo = [("username", "cleo@example.com"), ("password", "not-a-secret-cleo")];
    let path =
        |changes: &[(&str, &str)]| format!("/InContactAuthorizationServer/Authenticate?{}", form(&pairs, changes));
    let submit = |form: String| bench.at(Method::POST, "/InContactAuthorizationServer/Authenticate").body(form).send();
    let page = bench.at(Method::GET, &path(&[])).send().await;
    let back = submit(filled_in(&page, &cleo)).await;
    assert_eq!(back.status, 302);
    let value = |name: &str| in_location(&back, name).unwrap_or_default();
    assert_eq!((&*value("state"), &*value("token_type"), &*value("expires_in")), ("st-2", "bearer", "5184000"));
    assert_eq!((&*value("scope"), in_location(&back, "refresh_token")), ("AgentApi RealTimeApi", None));
    assert_eq!(value("resource_server_base_uri"), format!("{}/inContactAPI/", bench.tenant.address));
    assert_eq!(bench.time(&value("access_token")).await, 200);
    assert_eq!(bench.api(Method::GET, "/agents").token(&value("access_token")).send().await.status, 403);

    assert_eq!(submit(filled_in(&page, &ULLA)).await.status, 200);
    let page = bench.at(Method::GET, &path(&[("scope", "")])).send().await;
    let back = submit(filled_in(&page, &cleo)).await;
    assert_eq!(in_location(&back, "scope").as_deref(), Some(""));
    let bare = in_location(&back, "access_token").unwrap();
    let start = bench.api(Method::POST, "/agent-sessions").token(&bare).body("{\"stationId\":\"1\"}").send().await;
    assert_eq!((bench.time(&bare).await, start.status), (200, 403));

    for changes in [[("redirect_uri", "https://stranger.example/")], [("client_id", "Other@Example")]] {
        let refused = bench.at(Method::GET, &path(&changes)).send().await;
        assert_eq!((refused.status, refused.headers.get("location")), (400, None));
    }
    let back = bench.at(Method::GET, &path(&[("response_type", "code")])).send().await;
    assert_eq!(in_location(&back, "error").as_deref(), Some("unsupported_response_type"));
}

#[tokio::test]
async fn whoami_tells_the_first_generation_of_a_token() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let ask = |token: &str| {
        let body = format!("{{\"token\":\"{token}\"}}");
        bench.at(Method::POST, "/incontactauthorizationserver/token/whoami").body(body).send()
    };
    bench.advance(600_000).await;
    let told = ask(&token).await;
    let json = told.json();
    assert_eq!((told.status, &json["bus_no"], json["team_id"].is_u64()), (200, &4500.into(), true));
    let left = json["expires_in"].as_u64().unwrap();
    assert!((2990..=3000).contains(&left), "{left}");
    assert_eq!(json["resource_server_base_uri"], format!("{}/InContactAPI/", bench.tenant.address));
    assert_eq!(bench.verified(&token).await["icAgentId"], json["agent_id"].to_string());
    let settings = format!("/agents/{}/agent-settings", json["agent_id"]);
    assert_eq!(bench.api(Method::GET, &settings).token(&token).send().await.status, 200);
    assert_eq!(ask("made-up").await.status, 401);
    assert_eq!(ask("").await.status, 400);
    assert_eq!(ask(&bench.application_token().await).await.json()["agent_id"], Value::Null);
}

#[tokio::test]
async fn an_access_key_of_the_second_generation_gives_tokens_that_are_renewed() {
    let bench = Bench::new().await;
    let ask = |body: &str| bench.at(Method::POST, "/authentication/v1/token/access-key").body(body.to_owned()).send();
    let issued = ask(r#"{"accessKeyId":"AK-AGENT-1","accessKeySecret":"not-a-secret-agent-1"}"#).await;
    assert_eq!((issued.status, &issued.json()["expires_in"]), (200, &3600.into()));
    assert_eq!(issued.get("id_token"), issued.get("access_token"));
    assert_eq!(bench.time(&issued.get("access_token")).await, 200);
    let renew = |token: String| {
        bench.at(Method::POST, "/public/user/refresh").body(format!("{{\"token\":\"{token}\"}}")).send()
    };
    let renewed = renew(issued.get("refresh_token")).await;
    assert_eq!((renewed.status, &renewed.json()["tokenExpirationTimeSec"]), (200, &3600.into()));
    assert_eq!(bench.time(&renewed.get("token")).await, 200);
    assert_eq!(renew(issued.get("refresh_token")).await.status, 401);
    assert_eq!(ask(r#"{"accessKeyId":"AK-AGENT-1","accessKeySecret":"wrong"}"#).await.status, 401);
    assert_eq!(ask(r#"{"accessKeyId":"AK-AGENT-1"}"#).await.status, 400);
}

#[tokio::test]
async fn discovery_leads_to_everything() {
    let bench = Bench::new().await;
    let found = bench.at(Method::GET, "/.well-known/openid-configuration").send().await;
    for (endpoint, status) in
        [("jwks_uri", 200), ("authorization_endpoint", 400), ("userinfo_endpoint", 401), ("end_session_endpoint", 200)]
    {
        let path = found.get(endpoint).strip_prefix(&bench.tenant.address).unwrap().to_owned();
        assert_eq!((endpoint, bench.at(Method::GET, &path).send().await.status), (endpoint, status));
    }
    assert!(found.get("token_endpoint").ends_with("/auth/token"));
}
