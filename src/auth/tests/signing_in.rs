use std::time::Duration;

use super::run::{CLIENT_SECRET, PASSWORD, Run, TOKEN, origin};
use super::*;

use crate::auth::SignInReason;
use crate::http::tests::{ByteServer, Reply};
use crate::http::{Authorization, Door};

fn agent(token_url: &str) -> Identity {
    identity(Scheme::OAuth2(Box::new(oauth2(Grant::Password, token_url))))
}

async fn token_server(expires_in: u32) -> ByteServer {
    ByteServer::start(move |_| {
        Reply::json(&format!("{{\"access_token\": \"{TOKEN}\", \"expires_in\": \"{expires_in}\"}}"))
    })
    .await
}

#[tokio::test]
async fn signing_in_gives_a_handle_and_shows_no_secret() {
    let server = token_server(3600).await;
    let url = server.url("/token");
    let identity = agent(&url);
    let run = Run::new(&identity, &[&url]);
    let door = run.door();
    let credentials = run.credentials(&identity, &door).await.expect("the server gives a token");
    assert_eq!(credentials.authorization, Authorization::Bearer("‹desk.access_token#1›".to_owned()));
    let shown = serde_json::to_string(&credentials.exchanges).expect("exchanges can be written");
    for secret in [CLIENT_SECRET, PASSWORD, TOKEN, "bm90LWEtc2VjcmV0"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("Basic ‹desk.basic#1›") && shown.contains("password=‹agent.password#1›"), "{shown}");
    assert!(server.requests()[0].ends_with(&format!("grant_type=password&username=agent-1&password={PASSWORD}")));
    let api = origin("https://api.test");
    assert_eq!(door.vault().reveal("‹desk.access_token#1›", &api).as_deref(), Ok(TOKEN));
    assert!(door.vault().reveal("‹desk.access_token#1›", &origin(&url)).is_err());
}

#[tokio::test]
async fn five_hundred_who_ask_at_once_send_one_request() {
    let server = token_server(3600).await;
    let url = server.url("/token");
    let identity = agent(&url);
    let run = Run::new(&identity, &[&url]);
    let doors: Vec<Door> = (0..500).map(|_| run.door()).collect();
    let results = futures_util::future::join_all(doors.iter().map(|door| run.credentials(&identity, door))).await;
    for result in results {
        let credentials = result.expect("there is a token");
        assert_eq!(credentials.authorization, Authorization::Bearer("‹desk.access_token#1›".to_owned()));
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_not_provoked_again() {
    let server = ByteServer::start(|_| Reply::keep("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")).await;
    let url = server.url("/token");
    let identity = agent(&url);
    let run = Run::new(&identity, &[&url]);
    let doors: Vec<Door> = (0..20).map(|_| run.door()).collect();
    let results = futures_util::future::join_all(doors.iter().map(|door| run.credentials(&identity, door))).await;
    let exchanges: usize = results.iter().map(|result| result.as_ref().map_or_else(|f| f.exchanges.len(), |_| 0)).sum();
    assert!(results.iter().all(Result::is_err));
    let again = run.credentials(&identity, &run.door()).await.expect_err("it is refused");
    assert_eq!(again.to_string(), "signing in as `agent` failed: expected a 2xx answer of the token endpoint, got 401");
    assert_eq!((server.requests().len(), exchanges), (1, 1));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_by_the_clock_of_the_target() {
    let server = token_server(600).await;
    let url = server.url("/token");
    let identity = agent(&url);
    let run = Run::new(&identity, &[&url]);
    for (moved, requests) in [(0, 1), (500, 1), (60, 2), (100, 2)] {
        run.clock.advance(Duration::from_secs(moved));
        run.credentials(&identity, &run.door()).await.expect("the server gives a token");
        assert_eq!(server.requests().len(), requests, "after {moved} s more");
    }
}

#[tokio::test]
async fn a_redirect_of_the_token_endpoint_leads_nowhere() {
    let thief = token_server(3600).await;
    let location = thief.url("/token");
    let server = ByteServer::start(move |_| {
        Reply::keep(format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"))
    })
    .await;
    let url = server.url("/token");
    let identity = agent(&url);
    let run = Run::new(&identity, &[&url, &thief.url("/")]);
    let failed = run.credentials(&identity, &run.door()).await.expect_err("a redirect is no token");
    assert_eq!(failed.exchanges.len(), 1);
    assert_eq!(thief.connections(), 0);
}

#[tokio::test]
async fn an_issuer_is_asked_once_and_cannot_lead_secrets_elsewhere() {
    let thief = token_server(3600).await;
    for elsewhere in [None, Some(thief.url("/token"))] {
        let is_at_home = elsewhere.is_none();
        let server = ByteServer::start(move |request| {
            let host = request.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned();
            if request.starts_with("GET /.well-known/openid-configuration ") {
                let url = elsewhere.clone().unwrap_or_else(|| format!("http://{host}/found"));
                Reply::json(&format!("{{\"token_endpoint\": \"{url}\"}}"))
            } else {
                Reply::json(&format!("{{\"access_token\": \"{TOKEN}\", \"expires_in\": 40}}"))
            }
        })
        .await;
        let issuer = server.url("");
        let mut oauth2 = oauth2(Grant::Password, "");
        (oauth2.issuer, oauth2.token_url) = (Some(issuer.clone()), None);
        let identity = identity(Scheme::OAuth2(Box::new(oauth2)));
        let run = Run::new(&identity, &[&issuer, &thief.url("/")]);
        let result = run.credentials(&identity, &run.door()).await;
        assert_eq!(result.is_ok(), is_at_home);
        if let Err(failed) = result {
            let why = "says that its token_endpoint is `ELSEWHERE/token`, which is at no place that the target names";
            let why = format!("the configuration of `{issuer}` {why} (`token_url`)");
            assert_eq!(failed.reason.to_string(), why.replace("ELSEWHERE", &thief.url("")));
            assert_eq!(failed.exchanges.len(), 1);
        } else {
            run.clock.advance(Duration::from_mins(1));
            run.credentials(&identity, &run.door()).await.expect("the server gives a token");
            let asked = server.requests().iter().filter(|request| request.starts_with("GET")).count();
            assert_eq!((asked, server.requests().len()), (1, 3));
        }
    }
    assert_eq!(thief.connections(), 0);
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_refused() {
    for token in ["a\\r\\nx-injected: 1", "tab\\there-and-there", &"x".repeat(70_000)] {
        let body = format!("{{\"access_token\": \"{token}\"}}");
        let server = ByteServer::start(move |_| Reply::json(&body)).await;
        let url = server.url("/token");
        let identity = agent(&url);
        let run = Run::new(&identity, &[&url]);
        let failed = run.credentials(&identity, &run.door()).await.expect_err("it cannot be used");
        assert_eq!(failed.reason, SignInReason::Unusable);
    }
}

#[tokio::test]
async fn schemes_without_a_token_send_nothing() {
    let basic = Scheme::Basic { username: None, password: None };
    let header = Scheme::Headers([("x-api-key".to_owned(), secret("agent.password"))].into());
    let fixed = Scheme::Static(secret("agent.client_secret"));
    let mut shown = Vec::new();
    for scheme in [basic, header, fixed] {
        let identity = identity(scheme);
        let run = Run::new(&identity, &[]);
        let credentials = run.credentials(&identity, &run.door()).await.expect("nothing can fail");
        assert!(credentials.exchanges.is_empty());
        shown.push((credentials.authorization, credentials.headers));
    }
    let basic = Authorization::Basic { user: "agent-1".to_owned(), password: "‹agent.password#1›".to_owned() };
    let key = ("x-api-key".to_owned(), "‹agent.password#1›".to_owned());
    assert_eq!(
        shown,
        [
            (basic, Vec::new()),
            (Authorization::None, vec![key]),
            (Authorization::Bearer("‹agent.client_secret#1›".to_owned()), Vec::new()),
        ]
    );
}
