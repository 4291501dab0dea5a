//! Tokens that are renewed by a refresh token.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::run::{REFRESH, Run};
use super::*;

use crate::http::tests::{ByteServer, Reply};

/// A server whose every token answer holds other tokens, and that takes each refresh token once.
async fn rotating() -> ByteServer {
    let issued = Arc::new(AtomicUsize::new(0));
    ByteServer::start(move |request| {
        if request.starts_with("GET /authorize") {
            let state = request.split(['&', ' ']).find_map(|it| it.strip_prefix("state=")).unwrap_or_default();
            return Reply::keep(format!(
                "HTTP/1.1 303 See Other\r\nlocation: https://client.test/cb?code=not-a-secret-code&state={state}\r\n\
                 content-length: 0\r\n\r\n"
            ));
        }
        let number = issued.load(Ordering::SeqCst);
        let is_current = request.ends_with(&format!("refresh_token=not-a-secret-refresh-{number}"));
        if request.contains("grant_type=refresh_token") && !is_current {
            return Reply::keep("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
        let number = issued.fetch_add(1, Ordering::SeqCst) + 1;
        Reply::json(&format!(
            "{{\"access_token\": \"not-a-secret-token-{number}\", \"refresh_token\": \"not-a-secret-refresh-{number}\", \
             \"expires_in\": 600}}"
        ))
    })
    .await
}

/// What was asked for, in order.
fn grants(server: &ByteServer) -> Vec<String> {
    let of = |request: &String| {
        let body = request.split_once("\r\n\r\n").map_or("", |it| it.1);
        let pairs: Vec<&str> = body.split('&').collect();
        let value = |name: &str| pairs.iter().find_map(|pair| pair.strip_prefix(name)).unwrap_or_default();
        if body.is_empty() {
            "browser".to_owned()
        } else {
            format!("{} {}", value("grant_type="), value("refresh_token=not-a-secret-")).trim().to_owned()
        }
    };
    server.requests().iter().map(of).collect()
}

fn code(server: &ByteServer) -> Identity {
    identity(Scheme::OAuth2(Box::new(OAuth2 {
        authorize_url: Some(server.url("/authorize")),
        redirect_uri: Some("https://client.test/cb".to_owned()),
        ..oauth2(Grant::AuthorizationCode, &server.url("/token"))
    })))
}

fn operators(server: &ByteServer) -> Identity {
    identity(Scheme::OAuth2(Box::new(OAuth2 {
        refresh_token: Some(secret("agent.refresh_token")),
        ..oauth2(Grant::RefreshToken, &server.url("/token"))
    })))
}

#[tokio::test]
async fn a_token_that_a_person_signed_in_for_is_renewed_by_the_newest_refresh_token() {
    let server = rotating().await;
    let identity = code(&server);
    let run = Run::new(&identity, &[&server.url("")]);
    for _ in 0..3 {
        run.credentials(&identity, &run.door()).await.expect("there is a token");
        run.clock.advance(Duration::from_secs(590));
    }
    assert_eq!(
        grants(&server),
        ["browser", "authorization_code", "refresh_token refresh-1", "refresh_token refresh-2"]
    );
}

#[tokio::test]
async fn where_renewing_is_refused_the_browser_signs_in_anew() {
    let server = ByteServer::start(|request| {
        if request.starts_with("GET /authorize") {
            let state = request.split(['&', ' ']).find_map(|it| it.strip_prefix("state=")).unwrap_or_default();
            Reply::keep(format!(
                "HTTP/1.1 302 Found\r\nlocation: https://client.test/cb?code=not-a-secret-code&state={state}\r\n\
                 content-length: 0\r\n\r\n"
            ))
        } else if request.contains("grant_type=refresh_token") {
            Reply::keep("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        } else {
            Reply::json(
                "{\"access_token\": \"not-a-secret-token\", \"refresh_token\": \"not-a-secret-refresh\", \"expires_in\": 60}",
            )
        }
    })
    .await;
    let identity = code(&server);
    let run = Run::new(&identity, &[&server.url("")]);
    for _ in 0..2 {
        run.credentials(&identity, &run.door()).await.expect("there is a token");
        run.clock.advance(Duration::from_mins(2));
    }
    assert_eq!(
        grants(&server),
        ["browser", "authorization_code", "refresh_token refresh", "browser", "authorization_code"]
    );
}

#[tokio::test]
async fn the_operators_refresh_token_is_used_once_and_then_the_newest_by_all_devices() {
    let server = rotating().await;
    let identity = operators(&server);
    let run = Run::new(&identity, &[&server.url("")]);
    let doors = [run.door(), run.door(), run.door()];
    let all = doors.iter().zip(0..).map(|(door, slot)| run.credentials_of(&identity, door, slot));
    for result in futures_util::future::join_all(all).await {
        let credentials = result.expect("each has a token");
        let shown = serde_json::to_string(&credentials.exchanges).expect("exchanges can be written");
        assert!(!shown.contains(REFRESH) && !shown.contains("not-a-secret"), "{shown}");
    }
    run.clock.advance(Duration::from_secs(590));
    run.credentials_of(&identity, &run.door(), 2).await.expect("it is renewed");
    assert_eq!(
        grants(&server),
        ["refresh_token refresh-0", "refresh_token refresh-1", "refresh_token refresh-2", "refresh_token refresh-3"]
    );
}

#[tokio::test]
async fn a_server_that_gives_no_new_refresh_token_gets_the_old_one_again() {
    let server =
        ByteServer::start(|_| Reply::json("{\"access_token\": \"not-a-secret-token\", \"expires_in\": 60}")).await;
    let identity = operators(&server);
    let run = Run::new(&identity, &[&server.url("")]);
    for _ in 0..2 {
        run.credentials(&identity, &run.door()).await.expect("there is a token");
        run.clock.advance(Duration::from_mins(2));
    }
    assert_eq!(grants(&server), ["refresh_token refresh-0", "refresh_token refresh-0"]);
}

#[tokio::test]
async fn every_other_grant_asks_again_as_it_asked_before() {
    for (grant, word) in
        [(Grant::Password, "password"), (Grant::ClientCredentials, "client_credentials"), (Grant::AccessKey, "")]
    {
        let server = rotating().await;
        let identity = identity(Scheme::OAuth2(Box::new(oauth2(grant, &server.url("/token")))));
        let run = Run::new(&identity, &[&server.url("")]);
        for _ in 0..2 {
            run.credentials(&identity, &run.door()).await.expect("there is a token");
            run.clock.advance(Duration::from_secs(590));
        }
        assert_eq!(grants(&server), [word, word]);
    }
}
