//! Sign-ins by a browser, on behalf of the harness.

use std::sync::Mutex;

use url::form_urlencoded;

use super::run::{CLIENT_SECRET, PASSWORD, Run, TOKEN};
use super::*;

use crate::auth::{SignInReason, Stop};
use crate::http::Authorization;
use crate::http::tests::{ByteServer, Reply};

const BACK: &str = "https://client.test/cb";
const FORM: &str = "<form method=post action=/login><input name=user><input type=password name=pass></form>";

fn redirect(to: &str) -> Reply {
    Reply::keep(format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"))
}

fn page(html: &str) -> Reply {
    let length = html.len();
    Reply::keep(format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\r\n{html}"))
}

/// The value of a parameter in the first line or the body of a request.
fn parameter(request: &str, name: &str) -> String {
    let query = request.lines().next().and_then(|line| line.split(' ').nth(1)?.split_once('?')).map_or("", |it| it.1);
    let body = request.split_once("\r\n\r\n").map_or("", |it| it.1);
    let mut pairs = form_urlencoded::parse(query.as_bytes()).chain(form_urlencoded::parse(body.as_bytes()));
    pairs.find(|(known, _)| known == name).map_or_else(String::new, |(_, value)| value.into_owned())
}

/// A server that shows the form, remembers the `state`, and then sends the browser to what `back` makes of it.
async fn server(back: impl Fn(&str) -> String + Send + Sync + 'static) -> ByteServer {
    let state = Mutex::new(String::new());
    ByteServer::start(move |request| {
        if request.starts_with("GET /authorize") {
            *state.lock().expect("no test panics with it") = parameter(request, "state");
            page(FORM)
        } else if request.starts_with("POST /login") {
            redirect(&back(&state.lock().expect("no test panics with it")))
        } else {
            Reply::json(&format!("{{\"access_token\": \"{TOKEN}\", \"expires_in\": 3600}}"))
        }
    })
    .await
}

fn browser(grant: Grant, server: &ByteServer) -> Identity {
    identity(Scheme::OAuth2(Box::new(OAuth2 {
        authorize_url: Some(server.url("/authorize")),
        redirect_uri: Some(BACK.to_owned()),
        scope: Some("openid".to_owned()),
        ..oauth2(grant, &server.url("/token"))
    })))
}

async fn refused(grant: Grant, server: &ByteServer) -> SignInReason {
    let identity = browser(grant, server);
    let run = Run::new(&identity, &[&server.url("")]);
    run.credentials(&identity, &run.door()).await.expect_err("nothing is signed in").reason
}

#[tokio::test]
async fn a_code_is_exchanged_with_the_verifier_of_its_challenge() {
    let server = server(|state| format!("{BACK}?code=not-a-secret-code-1&state={state}")).await;
    let identity = browser(Grant::AuthorizationCode, &server);
    let run = Run::new(&identity, &[&server.url("")]);
    let credentials = run.credentials(&identity, &run.door()).await.expect("the server gives a token");
    assert_eq!(credentials.authorization, Authorization::Bearer("‹desk.access_token#1›".to_owned()));
    let requests = server.requests();
    let [asked, filled, exchanged] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!(parameter(filled, "user"), "agent-1");
    assert_eq!(parameter(filled, "pass"), PASSWORD);
    assert_eq!(parameter(exchanged, "code"), "not-a-secret-code-1");
    assert_eq!(parameter(exchanged, "redirect_uri"), BACK);
    let (challenge, verifier) = (parameter(asked, "code_challenge"), parameter(exchanged, "code_verifier"));
    assert_eq!(challenge, crate::auth::pkce::challenge(&verifier));
    assert_eq!((parameter(asked, "code_challenge_method").as_str(), verifier.len()), ("S256", 64));
    let shown = serde_json::to_string(&credentials.exchanges).expect("exchanges can be written");
    for secret in [CLIENT_SECRET, PASSWORD, TOKEN, "not-a-secret-code-1", &verifier] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(
        shown.contains("code=‹desk.sign-in.code#1›") && shown.contains("‹desk.sign-in.code_verifier#1›"),
        "{shown}"
    );
    assert!(credentials.exchanges.iter().all(|exchange| exchange.device.as_deref() == Some("desk")));
}

#[tokio::test]
async fn what_is_random_follows_from_the_seed_and_no_two_sign_ins_are_alike() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let server = server(|state| format!("{BACK}?code=not-a-secret-code-1&state={state}")).await;
        let identity = browser(Grant::AuthorizationCode, &server);
        let run = Run::new(&identity, &[&server.url("")]);
        for _ in 0..2 {
            run.clock.advance(std::time::Duration::from_hours(2));
            run.credentials(&identity, &run.door()).await.expect("the server gives a token");
        }
        let asked = server.requests().into_iter().filter(|request| request.starts_with("GET"));
        seen.push(asked.map(|request| parameter(&request, "state")).collect::<Vec<_>>());
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0][0], seen[0][1]);
}

#[tokio::test]
async fn a_token_is_taken_from_the_query_or_the_fragment_of_the_redirect() {
    for mark in ["?", "#"] {
        let server = server(move |state| {
            format!("{BACK}{mark}access_token={TOKEN}&token_type=bearer&expires_in=3600&state={state}")
        })
        .await;
        let identity = browser(Grant::Implicit, &server);
        let run = Run::new(&identity, &[&server.url("")]);
        let door = run.door();
        let credentials = run.credentials(&identity, &door).await.expect("the redirect holds a token");
        let Authorization::Bearer(bearer) = &credentials.authorization else { panic!("{credentials:?}") };
        assert_eq!(door.vault().reveal(bearer, &run.target[0]).as_deref(), Ok(TOKEN));
        assert_eq!(parameter(&server.requests()[0], "response_type"), "token");
        assert_eq!(server.requests().len(), 2);
        run.credentials(&identity, &run.door()).await.expect("the token is at hand");
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_token_of_another_name_is_a_secret_as_well() {
    let server = server(|state| format!("{BACK}#jeton={TOKEN}&state={state}")).await;
    let mut identity = browser(Grant::Implicit, &server);
    if let Scheme::OAuth2(oauth2) = &mut identity.scheme {
        oauth2.answer.insert("access_token".to_owned(), "$.jeton".to_owned());
    }
    let run = Run::new(&identity, &[&server.url("")]);
    let credentials = run.credentials(&identity, &run.door()).await.expect("the redirect holds a token");
    let shown = serde_json::to_string(&credentials.exchanges).expect("exchanges can be written");
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn a_redirect_with_another_state_is_not_taken() {
    for back in [format!("{BACK}?code=not-a-secret-code-1&state=other"), format!("{BACK}?code=not-a-secret-code-1")] {
        let server = server(move |_| back.clone()).await;
        assert_eq!(refused(Grant::AuthorizationCode, &server).await, SignInReason::OtherState);
        assert_eq!(server.requests().len(), 2, "the code is not exchanged");
    }
}

#[tokio::test]
async fn what_the_redirect_says_is_told() {
    let with_error =
        server(|state| format!("{BACK}?error=access_denied&error_description=Not+you&state={state}")).await;
    let reason = refused(Grant::AuthorizationCode, &with_error).await;
    assert_eq!(reason.to_string(), "the sign-in was refused: access_denied: Not you");
    let without_code = server(|state| format!("{BACK}?state={state}")).await;
    assert_eq!(refused(Grant::AuthorizationCode, &without_code).await, SignInReason::NoCode);
    let reason = refused(Grant::Implicit, &without_code).await;
    assert_eq!(reason.to_string(), "expected a token at `$.access_token` of the token answer, found none");
    let elsewhere = server(|state| format!("https://thief.test/cb?code=not-a-secret-code-1&state={state}")).await;
    assert_eq!(
        refused(Grant::AuthorizationCode, &elsewhere).await,
        SignInReason::Elsewhere { to: "https://thief.test/cb".to_owned() }
    );
}

#[tokio::test]
async fn a_page_that_refuses_is_not_provoked_again() {
    let server = ByteServer::start(|_| page(FORM)).await;
    let identity = browser(Grant::AuthorizationCode, &server);
    let run = Run::new(&identity, &[&server.url("")]);
    for _ in 0..3 {
        let failed = run.credentials(&identity, &run.door()).await.expect_err("the form is shown again");
        assert_eq!(failed.reason, SignInReason::FormAgain);
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_page_without_a_form_and_a_loop_are_told() {
    let broken = ByteServer::start(|_| page("<p>Out of order</p>")).await;
    let reason = refused(Grant::AuthorizationCode, &broken).await.to_string();
    let from = broken.url("/authorize");
    assert_eq!(reason, format!("the sign-in ended with 200 from `{from}`, and not with the redirect back"));
    let looping = ByteServer::start(|_| redirect("/again")).await;
    assert_eq!(refused(Grant::AuthorizationCode, &looping).await, SignInReason::Stopped(Stop::Endless));
    assert_eq!(looping.requests().len(), 20);
}

#[tokio::test]
async fn both_endpoints_are_discovered() {
    let state = Mutex::new(String::new());
    let server = ByteServer::start(move |request| {
        let host = request.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned();
        if request.starts_with("GET /.well-known") {
            Reply::json(&format!(
                "{{\"token_endpoint\": \"http://{host}/t\", \"authorization_endpoint\": \"http://{host}/a?x=1\"}}"
            ))
        } else if request.starts_with("GET /a?x=1&response_type=code") {
            *state.lock().expect("no test panics with it") = parameter(request, "state");
            page(FORM)
        } else if request.starts_with("POST /login") {
            redirect(&format!(
                "{BACK}?code=not-a-secret-code-1&state={}",
                state.lock().expect("no test panics with it")
            ))
        } else {
            Reply::json(&format!("{{\"access_token\": \"{TOKEN}\"}}"))
        }
    })
    .await;
    let mut identity = browser(Grant::AuthorizationCode, &server);
    if let Scheme::OAuth2(oauth2) = &mut identity.scheme {
        (oauth2.issuer, oauth2.token_url, oauth2.authorize_url) = (Some(server.url("")), None, None);
    }
    let run = Run::new(&identity, &[&server.url("")]);
    run.credentials(&identity, &run.door()).await.expect("the server gives a token");
    let lines: Vec<String> =
        server.requests().iter().map(|it| it.split(['?', ' ']).nth(1).unwrap_or("").to_owned()).collect();
    assert_eq!(lines, ["/.well-known/openid-configuration", "/a", "/login", "/t"]);
}
