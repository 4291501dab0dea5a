//! Signing in by a browser: raw, as a step, and by the harness; against a server of our own with cookies and two pages.

use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

use crate::bench::{Bench, Ran};
use crate::golden::golden;
use crate::server::{Reply, Request, Server};

const CALLBACK: &str = "https://client.example/callback";
const PASSWORD: &str = "not-a-secret-ulla & sons";
const CODE: &str = "not-a-secret-code+/=";
const TOKEN: &str = "not-a-secret-token-1";
const SESSION: &str = "not-a-secret-session";

const SUITE: &str = "\
suite: shop
version: 1.0.0
title: A shop
provides:
  identities: { ulla: { text: a user who signs in through a browser, users: 1 } }
";

const SCENARIOS: &str = "\
scenario: A user signs in by a browser
id: raw
vars: { verifier: verifier-0123456789-abcdefghijklmnopqrstuvwxyz, state: st-$(case.nonce) }
steps:
  - step: wrong
    authorize: ulla
    with: { password: wrong }
    expect: { status: 200, text: { contains: Wrong }, headers: { location: { exists: false } } }
  - step: sign-in
    authorize: ulla
    with: { state: $(state), code_verifier: $(verifier), scope: null }
    expect:
      status: 302
      location: { to: \"https://client.example/callback\", query: { code: { length: 20 }, state: $(state) } }
    capture: { code: location code }
  - step: sent
    expect:
      values:
        steps.sign-in.sent:
          equals:
            response_type: code
            client_id: shop-ui
            redirect_uri: https://client.example/callback
            state: $(state)
            code_challenge: P2z9-HISyfGmQCy3zRro9mnHlNQpSqpAR_U0x5EiBdU
            code_challenge_method: S256
        steps.sign-in.sent.state: $(state)
        steps.sign-in.status: 302
  - step: exchange
    token: ulla
    with: { code: $(code), code_verifier: $(verifier) }
    expect: { status: 200, json: { $.token_type: bearer } }
    capture: { token: $.access_token }
  - step: exchanged
    expect:
      values: { steps.exchange.sent.code: $(code), steps.exchange.sent.grant_type: authorization_code }
  - step: call
    request: GET /me
    as: { device: ulla, bearer: $(token) }
    expect: { status: 200, json: { $.name: Ulla } }
---
scenario: Whoever is signed in by the harness may ask who they are
id: harness
as: ulla
steps:
  - step: call
    request: GET /me
    expect: { status: 200, json: { $.name: Ulla } }
";

fn target(server: &Server) -> String {
    format!(
        "targets:
  shop:
    default: true
    base_url: {url}/api
    identities:
      ulla:
        oauth2:
          grant: authorization_code
          token_url: {url}/token
          authorize_url: {url}/authorize
          client: {{ id: shop-ui, via: none }}
          redirect_uri: {CALLBACK}
          scope: orders
          page: {{ confirm: allow }}
        users: [{{ username: ulla@example.com, password: {{ env: ULLA }} }}]
",
        url = server.url()
    )
}

fn bench(server: &Server, scenarios: &str) -> Bench {
    Bench::new()
        .file("specs/shop/suite.yaml", SUITE)
        .file("specs/shop/scenarios/sign-in.yaml", scenarios)
        .file("assize.yaml", &target(server))
}

fn run(bench: &Bench) -> Ran {
    bench.assize(["run", "--seed", "7"]).args(["--jobs", "1", "--report", "log=run.ndjson"]).env("ULLA", PASSWORD).run()
}

fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Reply { status, headers, body: body.to_owned() }
}

fn page(body: &str) -> Reply {
    with(200, &[("content-type", "text/html; charset=utf-8")], body)
}

/// A parameter of the query or of the body.
fn parameter(request: &Request, name: &str) -> Option<String> {
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    let mut pairs = form_urlencoded::parse(query.as_bytes()).chain(form_urlencoded::parse(request.body.as_bytes()));
    pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// A shop's own sign-in: a page that asks for a name and a password, and one that asks for consent.
fn shop() -> Server {
    let asked: Mutex<Option<Request>> = Mutex::new(None);
    Server::start(move |request| {
        let path = request.path.split('?').next().unwrap_or_default();
        let has_session = request.header("cookie").is_some_and(|cookie| cookie.contains(SESSION));
        let login = |message: &str| {
            page(&format!(
                "<!doctype html><body><p>{message}<form action=/search><input name=q></form><FORM METHOD=post ACTION='/login'>\
                 <input type=hidden name=csrf value='a&amp;b'><input type=email name=mail><input type=password name=pin>\
                 <button>Sign in</button></FORM>"
            ))
        };
        match (request.method.as_str(), path) {
            ("GET", "/authorize") => {
                *asked.lock().unwrap() = Some(request.clone());
                let place = if has_session { "/consent" } else { "login" };
                with(302, &[("location", place), ("set-cookie", "seen=yes-indeed; Path=/; HttpOnly")], "")
            }
            ("GET", "/login") => login("Welcome"),
            ("POST", "/login") if request.header("cookie") != Some("seen=yes-indeed") => with(403, &[], ""),
            ("POST", "/login") => {
                let expected = [("csrf", "a&b"), ("mail", "ulla@example.com"), ("pin", PASSWORD)];
                if expected.iter().all(|(name, value)| parameter(request, name).as_deref() == Some(*value)) {
                    let cookie = format!("session={SESSION}; Path=/");
                    with(303, &[("location", "/consent"), ("set-cookie", &cookie)], "")
                } else {
                    login("Wrong")
                }
            }
            ("GET", "/consent") => page(
                "<form method=post><button name=deny value=1>No</button><button name=allow value=1>Yes</button></form>",
            ),
            ("POST", "/consent") if has_session && request.body == "allow=1" => {
                let asked = asked.lock().unwrap();
                let state = asked.as_ref().and_then(|asked| parameter(asked, "state")).unwrap_or_default();
                let query = form_urlencoded::Serializer::new(String::new())
                    .extend_pairs([("code", CODE), ("state", &state)])
                    .finish();
                with(302, &[("location", &format!("{CALLBACK}?{query}"))], "")
            }
            ("POST", "/token") => {
                let asked = asked.lock().unwrap();
                let challenge = asked.as_ref().and_then(|asked| parameter(asked, "code_challenge"));
                let verifier = parameter(request, "code_verifier").unwrap_or_default();
                let is_proven = challenge == Some(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)));
                if is_proven && parameter(request, "code").as_deref() == Some(CODE) {
                    Reply::ok(&format!(
                        "{{\"access_token\":\"{TOKEN}\",\"token_type\":\"bearer\",\"expires_in\":3600}}"
                    ))
                } else {
                    Reply::json(400, "{\"error\":\"invalid_grant\"}")
                }
            }
            ("GET", "/api/me") if request.header("authorization") == Some(&format!("Bearer {TOKEN}")) => {
                Reply::ok("{\"name\":\"Ulla\"}")
            }
            _ => with(404, &[], ""),
        }
    })
}

/// The lines of a log that tell of steps and exchanges, what differs from run to run made the same.
fn told(log: &str) -> Vec<String> {
    let digits = regex::Regex::new(
        r#""(sent|seq|at|elapsed|elapsed_us|now)":("[^"]*"|\d+)|"timing":\{[^}]*\}|127\.0\.0\.1:\d+"#,
    )
    .unwrap();
    let lines = log.lines().filter(|line| line.contains("\"exchange-done\"") || line.contains("\"step-finished\""));
    lines.map(|line| digits.replace_all(line, "*").into_owned()).collect()
}

#[test]
fn a_user_signs_in_raw_and_by_the_harness_and_replay_sees_the_same() {
    let mut logs = Vec::new();
    for _ in 0..2 {
        let server = shop();
        let bench = bench(&server, SCENARIOS);
        let ran = run(&bench).exits(0);
        assert_eq!(ran.verdict(), "2 passed, 0 failed (exit 0 PASS)");
        let again = bench.run(["replay", "run.ndjson", "--report", "log=again.ndjson"]).exits(0);
        assert_eq!(again.stderr, "judged again: every finding is as it was recorded\n");
        let log = bench.read("run.ndjson");
        let encoded = form_urlencoded::byte_serialize(CODE.as_bytes()).collect::<String>();
        for secret in [PASSWORD, CODE, &encoded, TOKEN, SESSION, "yes-indeed", "ulla+%26+sons"] {
            for text in [&log, &ran.stdout, &ran.stderr, &bench.read("again.ndjson")] {
                assert!(!text.contains(secret), "{secret}\n{text}");
            }
        }
        assert!(log.contains("code=‹ulla.code#1"), "{log}");
        // The wrong password was typed once, and nobody else was asked for one than these two.
        let typed = server.lines().iter().filter(|line| *line == "POST /login").count();
        assert_eq!(typed, 3);
        logs.push(told(&log));
    }
    assert_eq!(logs[0], logs[1]);
}

#[test]
fn exchanges_on_the_way_are_told_as_those_of_signing_in() {
    let server = shop();
    let scenario = "\
scenario: A sign-in
id: one
steps:
  - step: sign-in
    authorize: ulla
    expect: 302
";
    let bench = bench(&server, scenario);
    run(&bench).exits(0);
    let log = bench.read("run.ndjson");
    let exchanges = log.lines().filter_map(|line| {
        let event: serde_json::Value = serde_json::from_str(line).ok()?;
        let done = event["body"].get("exchange-done")?;
        let (exchange, purpose) = (&done["exchange"], &done["purpose"]);
        let url = exchange["request"]["url"].as_str()?.split('?').next()?.to_owned();
        Some(format!("{} {purpose} {} {}", exchange["id"], exchange["request"]["method"], golden(&url)))
    });
    let told: Vec<String> = exchanges.collect();
    assert_eq!(
        told,
        [
            r#"1 "token" "GET" http://127.0.0.1:PORT/authorize"#,
            r#"2 "token" "GET" http://127.0.0.1:PORT/login"#,
            r#"3 "token" "POST" http://127.0.0.1:PORT/login"#,
            r#"4 "token" "GET" http://127.0.0.1:PORT/consent"#,
            r#"5 "step" "POST" http://127.0.0.1:PORT/consent"#,
        ]
    );
}

#[test]
fn hostile_pages_end_with_a_clear_outcome() {
    const SCENARIO: &str = "\
scenario: A sign-in
id: one
steps:
  - step: sign-in
    authorize: ulla
    expect: 302
";
    let thief = Server::start(|_| Reply::ok("{}"));
    let foreign = format!("<form method=post action={}/steal><input type=password name=p></form>", thief.url());
    let pages: [(&str, u16, &str, String); 4] = [
        ("a loop", 302, "/authorize", String::new()),
        ("a form to a foreign host", 200, "", foreign),
        ("a form without end", 200, "", "<form method=post><input type=password name=p></form>".to_owned()),
        ("a page without end", 200, "", "<form>".repeat(500_000)),
    ];
    let mut all = Vec::new();
    for (name, status, location, body) in pages {
        let server = Server::start(move |_| {
            let headers = [("content-type", "text/html"), ("location", location)];
            with(status, &headers[..=usize::from(status == 302)], &body)
        });
        let bench = bench(&server, SCENARIO);
        let ran = run(&bench);
        let outcome =
            |line: &&str| line.starts_with("inconclusive:") || line.starts_with("fail") || line.contains("exit ");
        let lines: Vec<&str> = ran.stdout.lines().filter(outcome).collect();
        all.push(format!("{name}, {} requests\n  {}", server.seen().len(), golden(&lines.join("\n  "))));
    }
    insta::assert_snapshot!(all.join("\n"));
    assert_eq!(thief.seen(), []);
}

#[test]
fn a_sign_in_by_the_harness_that_fails_says_why() {
    let server = Server::start(|request| {
        let page = "<form method=post><input name=u><input type=password name=p></form>";
        if request.path.starts_with("/api") {
            Reply::ok("{}")
        } else {
            with(200, &[("content-type", "text/html")], page)
        }
    });
    let bench = bench(&server, SCENARIOS.split("---\n").nth(1).unwrap());
    let ran = run(&bench).exits(3);
    let why = ran.stdout.lines().find(|line| line.starts_with("inconclusive:")).unwrap_or_default();
    assert_eq!(
        why,
        "inconclusive: step call: sign-in failed (preparing: signing in as `ulla` failed: the sign-in page shows its form \
         again: the name or the password was refused)"
    );
    assert!(server.lines().iter().all(|line| !line.contains("/api")), "{:?}", server.lines());
}

#[test]
fn the_contracts_own_browser_signs_in_for_both_generations() {
    let bench = Bench::contract();
    bench.write(
        "specs/cxone/scenarios/auth/browser.yaml",
        "\
scenario: A user of a browser asks for the time, and again when the token has ended
id: auth.browser
verifies: [CX-GEN-010]
needs: [sign_in_page, clock]
steps:
  - step: first
    request: GET /server-time
    as: browser
    expect: 200
  - step: later
    elapse: 1441h
  - step: second
    request: GET /server-time
    as: browser
    expect: 200
",
    );
    let ran = bench.run(["run", "--seed", "7", "auth.browser"]).exits(0);
    assert_eq!(ran.verdict(), "2 passed, 0 failed (exit 0 PASS)");
}
