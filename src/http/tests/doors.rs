use std::sync::Arc;

use super::*;

use crate::clock::Timestamp;
use crate::event::{Exchange, ExchangeId, FaultKind};
use crate::http::{
    Ask, Authorization, Door, Issue, IssuePlace, Jar, Outgoing, OutgoingBody, OutgoingPart, PartContent, Policy,
};
use crate::value::{Json, JsonPath, Masker, Origin, SecretName, Vault};

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);
const TOKEN: &str = "not-a-secret token/1\"+&";

fn path(text: &str) -> JsonPath {
    JsonPath::parse(text).expect("a path of the test")
}

fn origin(url: &str) -> Origin {
    Origin::parse(url).expect("a URL of the test")
}

/// A door that knows one secret, bound to `bound`, and lets requests go to `allowed`.
fn door(allowed: &[&str], bound: &str) -> (Door, String) {
    let vault = Arc::new(Vault::new(Masker::empty().into()));
    let name = SecretName::lossy("agent.access_token");
    let handle = vault.learn(&name, TOKEN, &[origin(bound)]).expect("it is long enough").to_string();
    let policy = Policy::new(allowed.iter().map(|url| origin(url)), vec![path("$..access_token"), path("$..pin")]);
    (Door::new(Arc::new(network()), vault, Arc::new(policy)), handle)
}

async fn send(door: &Door, outgoing: &Outgoing, jar: &Jar, issues: &[Issue]) -> Exchange {
    let id = ExchangeId(1);
    door.send(Ask { id, device: Some("agent"), lane: LaneId(1), jar: Some(jar), outgoing, sent: NOW, issues }).await
}

fn show(exchange: &Exchange) -> String {
    serde_json::to_string(exchange).expect("exchanges can be written")
}

/// No run of eight characters of a secret may be seen.
fn assert_hidden(exchange: &Exchange, secret: &str) {
    let shown = show(exchange);
    for window in secret.as_bytes().windows(8) {
        let part = std::str::from_utf8(window).expect("secrets of tests are ASCII");
        assert!(!shown.contains(part), "{part} is in {shown}");
    }
}

#[tokio::test]
async fn a_secret_is_sent_in_every_place_and_seen_in_none() {
    // The server gives back whatever it was sent.
    let server = ByteServer::start(|request| {
        let body = request.to_owned();
        Reply::keep(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
    })
    .await;
    let url = server.url("");
    let (door, handle) = door(&[&url], &url);
    let parts = OutgoingPart {
        name: "token".to_owned(),
        file_name: None,
        media_type: None,
        content: PartContent::Text(handle.clone()),
    };
    let object = Json::Object(vec![("token".to_owned(), Json::from(handle.as_str()))]);
    for body in [
        OutgoingBody::Json(object),
        OutgoingBody::Form(vec![("token".to_owned(), handle.clone())]),
        OutgoingBody::Text { media_type: "text/plain".to_owned(), text: format!("it is {handle}") },
        OutgoingBody::Multipart(vec![parts]),
    ] {
        for authorization in [
            Authorization::Bearer(handle.clone()),
            Authorization::Basic { user: "a".to_owned(), password: handle.clone() },
        ] {
            let mut outgoing = Outgoing::new("POST", &format!("{url}/{handle}?q={handle}"), soon());
            outgoing.headers.push(("x-token".to_owned(), Some(handle.clone())));
            outgoing.authorization = authorization;
            outgoing.body = body.clone();
            let exchange = send(&door, &outgoing, &Jar::new(), &[]).await;
            assert_eq!(exchange.fault, None);
            assert_hidden(&exchange, TOKEN);
            assert!(exchange.request.body.as_text().is_some_and(|text| text.contains("‹agent.access_token#1")));
        }
    }
    let first = &server.requests()[0];
    assert!(first.starts_with("POST /not-a-secret%20token%2F1%22%2B%26?q=not-a-secret%20token%2F1%22%2B%26 HTTP/1.1"));
    assert!(first.contains(&format!("authorization: Bearer {TOKEN}\r\n")));
    assert!(first.ends_with("{\"token\":\"not-a-secret token/1\\\"+&\"}"));
    assert!(server.requests()[2].ends_with("token=not-a-secret+token%2F1%22%2B%26"));
}

#[tokio::test]
async fn credentials_are_shown_as_handles() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let url = server.url("");
    let (door, handle) = door(&[&url], &url);
    let mut outgoing = Outgoing::new("GET", &url, soon());
    for (authorization, shown) in [
        (Authorization::Bearer(handle.clone()), "Bearer ‹agent.access_token#1›"),
        (Authorization::Basic { user: "a".to_owned(), password: handle }, "Basic ‹agent.basic#1›"),
        (Authorization::Basic { user: "open".to_owned(), password: "4500".to_owned() }, "Basic b3Blbjo0NTAw"),
    ] {
        outgoing.authorization = authorization;
        let exchange = send(&door, &outgoing, &Jar::new(), &[]).await;
        let header = exchange.request.headers.iter().find(|header| header.name == "authorization");
        assert_eq!(header.map(|header| header.value.as_str()), Some(shown));
    }
}

#[tokio::test]
async fn a_secret_is_not_sent_where_it_is_not_bound() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let url = server.url("");
    let (door, handle) = door(&[&url], "https://elsewhere.test");
    for place in ["url", "header", "bearer", "body", "cookie"] {
        let mut outgoing = Outgoing::new("POST", &url, soon());
        match place {
            "url" => outgoing.url = format!("{url}/{handle}"),
            "header" => outgoing.headers.push(("x-a".to_owned(), Some(handle.clone()))),
            "bearer" => outgoing.authorization = Authorization::Bearer(handle.clone()),
            "body" => outgoing.body = OutgoingBody::Json(Json::from(handle.as_str())),
            _ => outgoing.cookies.push(("a".to_owned(), Some(handle.clone()))),
        }
        let exchange = send(&door, &outgoing, &Jar::new(), &[]).await;
        assert_eq!(exchange.fault.as_ref().map(|fault| fault.kind), Some(FaultKind::SecretNotBound), "{place}");
        assert_hidden(&exchange, TOKEN);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn nothing_goes_to_a_host_that_is_not_allowed() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let (door, handle) = door(&["https://api.example.test"], "https://api.example.test");
    let local = server.url("/").replace("127.0.0.1", "localhost");
    for url in [&server.url("/"), &local, "http://169.254.169.254/", &format!("https://{handle}.test/")] {
        let exchange = send(&door, &Outgoing::new("GET", url, soon()), &Jar::new(), &[]).await;
        assert_eq!(exchange.fault.map(|fault| fault.kind), Some(FaultKind::HostNotAllowed));
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_url_that_is_none_is_not_sent() {
    let (door, _) = door(&["http://127.0.0.1"], "http://127.0.0.1");
    for url in ["nothing", "file:///etc/passwd", "http://me:pass@127.0.0.1/"] {
        let exchange = send(&door, &Outgoing::new("GET", url, soon()), &Jar::new(), &[]).await;
        assert_eq!(exchange.fault.map(|fault| fault.kind), Some(FaultKind::BadRequest), "{url}");
    }
}

#[tokio::test]
async fn what_an_answer_issues_is_a_secret_from_then_on() {
    const SESSION: &str = "not-a-secret-session-1";
    const FRESH: &str = "not-a-secret-fresh-1";
    for body in [
        format!("{{\"access_token\": \"{FRESH}\", \"echo\": \"{FRESH}\", \"access_token\": \"{FRESH}-twice\"}}"),
        format!("{{\"access_token\": \"{FRESH}\", broken"),
        format!("{{\"\\u0061ccess_token\": \"{FRESH}\"}}"),
        format!("state=1&access_token={FRESH}&x=y"),
    ] {
        let server = ByteServer::start(move |_| {
            Reply::keep(format!(
                "HTTP/1.1 200 {FRESH}\r\nset-cookie: sid={SESSION}; Path=/; HttpOnly\r\nx-echo: {SESSION}\r\n\
                 location: /cb#id_token={SESSION}x&access_token={FRESH}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            ))
        })
        .await;
        let url = server.url("/");
        let (door, _) = door(&[&url], &url);
        let jar = Jar::new();
        let exchange = send(&door, &Outgoing::new("GET", &url, soon()), &jar, &[]).await;
        assert_eq!(exchange.fault, None);
        assert_hidden(&exchange, SESSION);
        assert_hidden(&exchange, FRESH);
        let exchange = send(&door, &Outgoing::new("GET", &url, soon()), &jar, &[]).await;
        assert!(show(&exchange).contains("sid=‹agent.cookie.sid#1›"));
        assert!(server.requests()[1].contains(&format!("cookie: sid={SESSION}\r\n")));
    }
}

#[tokio::test]
async fn a_part_of_an_answer_is_not_shown() {
    let server = ByteServer::start(|_| {
        Reply::close("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"access_token\": \"not-a-secret-begin")
    })
    .await;
    let url = server.url("/");
    let (door, _) = door(&[&url], &url);
    let exchange = send(&door, &Outgoing::new("GET", &url, soon()), &Jar::new(), &[]).await;
    assert_hidden(&exchange, "not-a-secret-begin");
    assert_eq!(exchange.answer.map(|answer| answer.body.size), Some(36));
}

#[tokio::test]
async fn an_expected_secret_has_its_own_name_and_place() {
    let server = ByteServer::start(|_| Reply::json("{\"token\": \"not-a-secret-issued-1\"}")).await;
    let url = server.url("/");
    let (door, _) = door(&[&url], &url);
    let issue = Issue {
        place: IssuePlace::Body(path("$.token")),
        name: SecretName::lossy("agent.access_token"),
        origins: vec![origin("https://api.example.test")],
    };
    let exchange = send(&door, &Outgoing::new("GET", &url, soon()), &Jar::new(), &[issue]).await;
    let body = exchange.answer.expect("there is one").body;
    assert_eq!((body.as_text(), body.size), (Some("{\"token\": \"‹agent.access_token#2›\"}"), 34));
    let back = Outgoing::new("GET", &format!("{url}?t=‹agent.access_token#2›"), soon());
    let exchange = send(&door, &back, &Jar::new(), &[]).await;
    assert_eq!(exchange.fault.map(|fault| fault.kind), Some(FaultKind::SecretNotBound));
}

#[tokio::test]
async fn a_redirect_issues_codes_and_tokens() {
    const CODE: &str = "not-a-secret-code-1";
    let server = ByteServer::start(|request| {
        let parameters = if request.contains("/odd") {
            "code=not-a-secret/a+b==#id_token=not-a-secret-id-1".to_owned()
        } else {
            format!("code={CODE}%2Fx&state=st-123456#access_token=not-a-secret-token-1")
        };
        Reply::keep(format!("HTTP/1.1 302 Found\r\nlocation: /cb?{parameters}\r\ncontent-length: 0\r\n\r\n"))
    })
    .await;
    let url = server.url("/");
    let (door, _) = door(&[&url], &url);
    let issue = Issue {
        place: IssuePlace::Location("code".to_owned()),
        name: SecretName::lossy("desk.code"),
        origins: vec![origin("https://auth.example.test")],
    };
    let exchange = send(&door, &Outgoing::new("GET", &url, soon()), &Jar::new(), &[issue]).await;
    let answer = exchange.answer.expect("there is one");
    let location: Vec<&str> = answer.header("location").collect();
    assert_eq!(location, ["/cb?code=‹desk.code#1~percent›&state=st-123456#access_token=‹agent.access_token#2›"]);
    let back = Outgoing::new("GET", &format!("{url}?code=‹desk.code#1›"), soon());
    let exchange = send(&door, &back, &Jar::new(), &[]).await;
    assert_eq!(exchange.fault.map(|fault| fault.kind), Some(FaultKind::SecretNotBound));
    let exchange = send(&door, &Outgoing::new("GET", &format!("{url}odd"), soon()), &Jar::new(), &[]).await;
    assert_hidden(&exchange, "not-a-secret/");
    assert_hidden(&exchange, "not-a-secret-id-1");
}

#[tokio::test]
async fn bytes_of_a_header_and_junk_are_shown_escaped() {
    let server = ByteServer::start(|request| {
        if request.contains("/junk") {
            Reply::close(format!("\u{1b}[31m {TOKEN} {}", "x".repeat(100)))
        } else {
            Reply::keep(b"HTTP/1.1 200 OK\r\nx-a: caf\xe9\r\ncontent-length: 0\r\n\r\n".as_slice())
        }
    })
    .await;
    let url = server.url("/");
    let (door, _) = door(&[&url], &url);
    let exchange = send(&door, &Outgoing::new("GET", &url, soon()), &Jar::new(), &[]).await;
    assert_eq!(exchange.answer.expect("there is one").header("x-a").collect::<Vec<_>>(), ["caf\\xe9"]);
    let exchange = send(&door, &Outgoing::new("GET", &server.url("/junk"), soon()), &Jar::new(), &[]).await;
    assert_hidden(&exchange, TOKEN);
    let fault = exchange.fault.expect("it is no HTTP");
    assert!(fault.detail.contains("it began with `\\u{1b}[31m ‹agent.access_token#1›"), "{}", fault.detail);
}

#[tokio::test]
async fn exchanges_of_a_set_are_sealed_in_their_order() {
    let server = ByteServer::start(|request| {
        let number = if request.contains("/first") { 1 } else { 2 };
        Reply::json(&format!("{{\"access_token\": \"not-a-secret-token-{number}\"}}"))
    })
    .await;
    let url = server.url("/");
    let (door, _) = door(&[&url], &url);
    let jar = Jar::new();
    let [first, second] = ["first", "second"].map(|path| Outgoing::new("GET", &format!("{url}{path}"), soon()));
    let ask = |outgoing| Ask {
        id: ExchangeId(1),
        device: Some("agent"),
        lane: LaneId(1),
        jar: Some(&jar),
        outgoing,
        sent: NOW,
        issues: &[],
    };
    let (second, first) = tokio::join!(door.transmit(ask(&second)), door.transmit(ask(&first)));
    let first = door.seal(first).answer.and_then(|answer| answer.body.as_text().map(str::to_owned));
    let second = door.seal(second).answer.and_then(|answer| answer.body.as_text().map(str::to_owned));
    assert_eq!(first.as_deref(), Some("{\"access_token\": \"‹agent.access_token#2›\"}"));
    assert_eq!(second.as_deref(), Some("{\"access_token\": \"‹agent.access_token#3›\"}"));
}

#[tokio::test]
async fn a_path_with_dots_goes_out_and_is_recorded_as_it_is_written() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let url = server.url("");
    let (door, handle) = door(&[&url], &url);
    let paths = ["/a/../../etc/passwd?b=c", "/%2e%2E/etc/passwd", &format!("/./{handle}")];
    for path in paths {
        let outgoing = Outgoing::new("GET", &format!("{url}{path}"), soon());
        let exchange = send(&door, &outgoing, &Jar::new(), &[]).await;
        assert_eq!(exchange.answer.as_ref().map(|answer| answer.status), Some(200), "{exchange:?}");
        // A handle says how its secret was written.
        assert_eq!(exchange.request.url, format!("{url}{}", path.replace('›', "~percent›")));
        assert_hidden(&exchange, TOKEN);
    }
    let asked: Vec<String> =
        server.requests().iter().map(|request| request.lines().next().unwrap_or_default().to_owned()).collect();
    let secret = "not-a-secret%20token%2F1%22%2B%26";
    assert_eq!(
        asked,
        [
            "GET /a/../../etc/passwd?b=c HTTP/1.1".to_owned(),
            "GET /%2e%2E/etc/passwd HTTP/1.1".to_owned(),
            format!("GET /./{secret} HTTP/1.1"),
        ]
    );
}

#[tokio::test]
async fn dots_that_cannot_be_sent_as_they_are_written_are_not_sent_at_all() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let mut dotted = request("GET", &server.url("/b"), soon());
    dotted.dotted = Some("/a/../b".to_owned());
    let outcome = client().send(LaneId(1), dotted).await;
    assert_eq!(place(&outcome), Some((FaultKind::BadRequest, Phase::Prepare)));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_request_without_host_goes_out_without_it_or_not_at_all() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let url = server.url("");
    let (door, _) = door(&[&url], &url);
    let mut outgoing = Outgoing::new("GET", &format!("{url}/a"), soon());
    outgoing.headers = ["Host", "accept", "accept-encoding", "user-agent"].map(|name| (name.to_owned(), None)).to_vec();
    send(&door, &outgoing, &Jar::new(), &[]).await;
    assert_eq!(server.requests(), ["GET /a HTTP/1.1\r\n\r\n"]);
    let hostless = WireRequest { hostless: true, ..request("GET", &server.url("/b"), soon()) };
    let outcome = client().send(LaneId(1), hostless).await;
    assert_eq!(place(&outcome), Some((FaultKind::BadRequest, Phase::Prepare)));
    assert_eq!(server.connections(), 1);
}
