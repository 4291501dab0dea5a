//! Ways that a browser is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::auth::{
    End, Keyring, MAX_HOPS, Means, NoOrigin, Sight, Signer, Stop, authorize_request, redirect_issues, sign_in_origins,
    walk,
};
use crate::clock::MovableClock;
use crate::event::{Exchange, ExchangeId};
use crate::http::tests::{ByteServer, Reply, soon};
use crate::http::{Door, Jar, LaneId, Network, NetworkOptions, Policy};
use crate::suite::{ClientVia, Grant, OAuth2, SignInPages, TokenBody};
use crate::value::{Masker, Origin, Vault};

/// What a server answers to a request.
type Script = fn(&str) -> Reply;

const BACK: &str = "https://client.test/cb";

fn oauth2(server: &ByteServer, page: SignInPages) -> OAuth2 {
    OAuth2 {
        grant: Grant::AuthorizationCode,
        issuer: None,
        token_url: None,
        authorize_url: Some(server.url("/authorize")),
        client_id: None,
        client_secret: None,
        via: ClientVia::None,
        scope: None,
        refresh_token: None,
        redirect_uri: Some(BACK.to_owned()),
        body: TokenBody::Form,
        params: std::collections::BTreeMap::new(),
        rename: std::collections::BTreeMap::new(),
        answer: std::collections::BTreeMap::new(),
        page,
    }
}

/// Sends a browser to a server; `more` are places that are allowed besides. What it passed, where it ended, and why.
async fn walked(oauth2: &OAuth2, more: &[String]) -> Result<(Vec<Exchange>, Exchange, End), NoOrigin> {
    let sign_in = sign_in_origins(oauth2)?;
    let allowed = sign_in.iter().cloned().chain(more.iter().filter_map(|url| Origin::parse(url)));
    let network = Network::new(&NetworkOptions::default()).expect("the options are fine");
    let vault = Arc::new(Vault::new(Arc::new(Masker::empty())));
    let door = Door::new(Arc::new(network), vault, Arc::new(Policy::new(allowed, Vec::new())));
    let (clock, jar, ids) = (MovableClock::real(), Jar::new(), AtomicU32::new(1));
    let next_id = || ExchangeId(ids.fetch_add(1, Ordering::Relaxed));
    let means = Means {
        door: &door,
        keyring: &Keyring::default(),
        target: &[],
        clock: &clock,
        lane: LaneId(1),
        jar: Some(&jar),
        limits: soon(),
        seed: 7,
        next_id: &next_id,
    };
    let signer = Signer { username: Some("ulla".to_owned()), password: Some("pw".to_owned()), ..Signer::default() };
    let url = oauth2.authorize_url.clone().unwrap_or_default();
    let request = authorize_request(oauth2, &url, &signer, &[], means.limits);
    let issues = redirect_issues(oauth2, "desk", &[], &sign_in);
    let sight = Sight { oauth2, device: "desk", label: "desk", request: &request, issues: &issues };
    let mut passed = Vec::new();
    let walked = walk(&sight, &means, &mut |exchange| passed.push(exchange)).await;
    Ok((passed, walked.last, walked.end))
}

async fn end(server: &ByteServer, page: SignInPages) -> (usize, End) {
    let (passed, _, end) = walked(&oauth2(server, page), &[]).await.expect("all are URLs");
    (passed.len(), end)
}

fn answer(status: &str, fields: &str, body: &str) -> Reply {
    Reply::keep(format!("HTTP/1.1 {status}\r\n{fields}content-length: {}\r\n\r\n{body}", body.len()))
}

fn page(html: &str) -> Reply {
    answer("200 OK", "content-type: text/html; charset=utf-8\r\n", html)
}

fn redirect(status: &str, to: &str) -> Reply {
    answer(status, &format!("location: {to}\r\n"), "")
}

/// The method and the path of each request, without its query.
fn lines(server: &ByteServer) -> Vec<String> {
    let line =
        |request: &String| request.split(" HTTP").next().unwrap_or_default().split('?').next().map(str::to_owned);
    server.requests().iter().filter_map(line).collect()
}

#[tokio::test]
async fn cookies_redirects_a_name_a_password_and_consent_lead_back() {
    let server = ByteServer::start(|request| match request.split(['?', ' ']).nth(1).unwrap_or_default() {
        "/authorize" => answer("302 Found", "location: in/name\r\nset-cookie: sid=not-a-secret-sid; Path=/\r\n", ""),
        _ if !request.contains("cookie: sid=not-a-secret-sid\r\n") => answer("403 Forbidden", "", ""),
        "/in/name" if request.starts_with("GET") => page("<form method=post><input name=user></form>"),
        "/in/name" => redirect("303 See Other", "/in/pass"),
        "/in/pass" if request.starts_with("GET") => {
            page("<base href=/in/deep/><form method=post action=../pass><input name=p type=password></form>")
        }
        "/in/pass" => redirect("307 Temporary Redirect", "/in/moved"),
        "/in/moved" if request.ends_with("p=pw") => redirect("302 Found", "/consent"),
        "/consent" => page("<form method=post action=/allow><button name=allow value=1></button></form>"),
        "/allow" => redirect("302 Found", "https://client.test/cb?code=not-a-secret-code-1&state=s"),
        _ => answer("404 Not Found", "", ""),
    })
    .await;
    let pages =
        SignInPages { username: Some("user".to_owned()), confirm: Some("allow".to_owned()), ..SignInPages::default() };
    let (passed, last, end) = walked(&oauth2(&server, pages), &[]).await.expect("all are URLs");
    let End::Back(back) = end else { panic!("{end:?}") };
    assert_eq!((back.parameter("code"), back.parameter("state")), (Some("‹desk.code#1›"), Some("s")));
    assert_eq!(
        lines(&server),
        [
            "GET /authorize",
            "GET /in/name",
            "POST /in/name",
            "GET /in/pass",
            "POST /in/pass",
            "POST /in/moved",
            "GET /consent",
            "POST /allow"
        ]
    );
    let ids: Vec<u32> = passed.iter().chain([&last]).map(|exchange| exchange.id.0).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6, 7, 8]);
    let filled = &server.requests()[4];
    assert!(filled.contains(&format!("origin: {}\r\n", server.url(""))), "{filled}");
    assert!(filled.contains(&format!("referer: {}\r\n", server.url("/"))), "{filled}");
}

#[tokio::test]
async fn every_way_that_leads_nowhere_ends() {
    let again = "<form method=post action=/x><input name=u><input type=password name=p></form>";
    let cases: [(&str, Script, usize, End); 7] = [
        ("a loop", |_| redirect("302 Found", "/authorize"), MAX_HOPS - 1, End::Stopped(Stop::Endless)),
        ("the form again", |_| page("<form method=post><input type=password name=p></form>"), 1, End::FormAgain),
        ("no form", |_| page("<p>Sorry"), 0, End::Answer),
        (
            "a refusal",
            |_| answer("400 Bad Request", "content-type: text/html\r\n", "<form><input type=password>"),
            0,
            End::Answer,
        ),
        (
            "no page",
            |_| answer("200 OK", "content-type: text/plain\r\n", "<form><input type=password>"),
            0,
            End::Answer,
        ),
        ("a redirect without an address", |_| answer("302 Found", "", ""), 0, End::Answer),
        ("two addresses", |_| answer("302 Found", "location: /a\r\nlocation: /b\r\n", ""), 0, End::Answer),
    ];
    for (name, script, passed, expected) in cases {
        let server = ByteServer::start(script).await;
        assert_eq!(end(&server, SignInPages::default()).await, (passed, expected), "{name}");
    }
    let endless =
        ByteServer::start(
            move |request| {
                if request.starts_with("POST") { redirect("303 See Other", "/next") } else { page(again) }
            },
        )
        .await;
    assert_eq!(end(&endless, SignInPages::default()).await, (2, End::FormAgain));
}

#[tokio::test]
async fn a_name_and_a_password_go_to_named_places_only() {
    let thief = ByteServer::start(|_| redirect("302 Found", &format!("{BACK}?code=not-a-secret-code-1"))).await;
    let action = thief.url("/steal");
    let server = ByteServer::start(move |_| {
        page(&format!("<form method=post action={action}><input name=u><input type=password name=p></form>"))
    })
    .await;
    let foreign = Origin::parse(&thief.url("")).expect("it is a URL");
    // Even where requests may go: it is no place of the sign-in.
    for more in [Vec::new(), vec![thief.url("")]] {
        let (_, last, end) = walked(&oauth2(&server, SignInPages::default()), &more).await.expect("all are URLs");
        assert_eq!(end, End::Stopped(Stop::ForeignForm(foreign.clone())));
        assert_eq!(last.answer.map(|answer| answer.status), Some(200));
        assert_eq!(thief.connections(), 0);
    }
    let pages = SignInPages { hosts: vec![thief.url("")], ..SignInPages::default() };
    let (_, end) = end(&server, pages).await;
    assert!(matches!(end, End::Back(_)), "{end:?}");
}

#[tokio::test]
async fn a_redirect_out_is_an_answer_and_nobody_is_contacted() {
    let other = ByteServer::start(|_| page("")).await;
    let to = other.url("/cb?code=not-a-secret-code-1");
    let server = ByteServer::start(move |_| redirect("302 Found", &to)).await;
    let (passed, end) = end(&server, SignInPages::default()).await;
    let End::Elsewhere(to) = end else { panic!("{end:?}") };
    assert_eq!((passed, to.parameter("code")), (0, Some("‹desk.code#1›")));
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_page_over_the_limit_is_a_fault() {
    let huge = "x".repeat(3 * 1024 * 1024);
    let server = ByteServer::start(move |_| page(&huge)).await;
    let (_, end) = end(&server, SignInPages::default()).await;
    assert!(matches!(end, End::Fault(_)), "{end:?}");
}
