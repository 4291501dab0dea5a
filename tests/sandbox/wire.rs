use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};

use crate::bench::Bench;

/// Longer than any answer here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A tenant with these defects.
async fn with(defects: &[&str]) -> Bench {
    let bench = Bench::new().await;
    let on = serde_json::json!({ "on": defects }).to_string();
    let set = bench.control(Method::POST, "/defects").body(on).send().await;
    assert_eq!(set.status, 200, "{}", set.text);
    bench
}

/// A connection whose bytes a test writes and reads itself.
struct Line {
    stream: TcpStream,
    host: String,
}

impl Line {
    async fn to(bench: &Bench) -> Self {
        let host = bench.tenant.address.strip_prefix("http://").unwrap().to_owned();
        Self { stream: TcpStream::connect(&host).await.unwrap(), host }
    }

    fn request(&self, token: &str, path: &str) -> String {
        let host = &self.host;
        format!(
            "GET /inContactAPI/services/v30.0{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: bearer {token}\r\n\r\n"
        )
    }

    async fn write(&mut self, bytes: &str) {
        self.stream.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// Everything until the tenant hangs up.
    async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        timeout(PATIENCE, self.stream.read_to_end(&mut bytes)).await.expect("the tenant hangs up").unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Everything until bytes that end so have come.
    async fn until(&mut self, end: &str) -> String {
        self.until_that(|text| text.ends_with(end)).await
    }

    async fn until_that(&mut self, is_enough: impl Fn(&str) -> bool) -> String {
        let mut text = String::new();
        while !is_enough(&text) {
            let mut bytes = Vec::new();
            let read = timeout(PATIENCE, self.stream.read_buf(&mut bytes)).await;
            let read = read.unwrap_or_else(|_| panic!("no more comes than {text}"));
            assert_ne!(read.unwrap(), 0, "the tenant hung up after {text}");
            text.push_str(&String::from_utf8(bytes).unwrap());
        }
        text
    }
}

/// The values of a header, in order.
fn values<'a>(head: &'a str, name: &str) -> Vec<&'a str> {
    let field = |line: &'a str| line.split_once(": ").filter(|(found, _)| *found == name).map(|(_, value)| value);
    head.lines().filter_map(field).collect()
}

/// Head and body of the list of agents, as a tenant with this defect sends it before it hangs up.
async fn list_until_the_end(defect: &str) -> (String, String) {
    let bench = with(&[defect]).await;
    let token = bench.token(1).await;
    let mut line = Line::to(&bench).await;
    line.write(&line.request(&token, "/agents?top=1")).await;
    let answer = line.rest().await;
    answer.split_once("\r\n\r\n").map(|(head, body)| (head.to_owned(), body.to_owned())).unwrap_or_default()
}

/// The same from a tenant that goes on; `end` is what the answer ends in.
async fn list_ending_in(defect: &str, end: &str) -> (String, String) {
    let bench = with(&[defect]).await;
    let token = bench.token(1).await;
    let mut line = Line::to(&bench).await;
    line.write(&line.request(&token, "/agents?top=1")).await;
    let answer = line.until(end).await;
    // The connection serves on, soundly where nothing is broken.
    line.write(&line.request(&token, "/server-time")).await;
    assert!(line.until("}").await.starts_with("HTTP/1.1 200 Success\r\n"));
    let split = if defect == "header-bare-lf" { "\n\n" } else { "\r\n\r\n" };
    answer.split_once(split).map(|(head, body)| (head.to_owned(), body.to_owned())).unwrap()
}

#[tokio::test]
async fn a_body_is_cut_before_its_length_and_the_connection_ends() {
    let (head, body) = list_until_the_end("body-cut").await;
    let length: usize = values(&head, "content-length")[0].parse().unwrap();
    assert_eq!(body.len(), length / 2);
}

#[tokio::test]
async fn lengths_are_too_large_and_too_small() {
    let (head, body) = list_until_the_end("length-too-large").await;
    assert_eq!(values(&head, "content-length"), [(body.len() + 10).to_string()]);
    let (head, body) = list_ending_in("length-too-small", "}").await;
    assert_eq!(values(&head, "content-length"), [(body.len() - 1).to_string()]);
}

#[tokio::test]
async fn lengths_stand_there_twice_and_beside_chunks() {
    let (head, body) = list_ending_in("length-twice", "}").await;
    let size = body.len().to_string();
    assert_eq!(values(&head, "content-length"), [&size, &size]);
    let (head, body) = list_until_the_end("lengths-differ").await;
    assert_eq!(values(&head, "content-length"), [body.len().to_string(), (body.len() + 10).to_string()]);
    let (head, body) = list_ending_in("length-and-chunked", "\r\n0\r\n\r\n").await;
    let size: usize = values(&head, "content-length")[0].parse().unwrap();
    assert_eq!(values(&head, "transfer-encoding"), ["chunked"]);
    assert!(body.starts_with(&format!("{size:x}\r\n")), "{body}");
}

#[tokio::test]
async fn chunks_are_broken_and_do_not_end() {
    let (head, body) = list_until_the_end("chunk-size-broken").await;
    assert_eq!((values(&head, "transfer-encoding"), values(&head, "content-length")), (vec!["chunked"], vec![]));
    assert!(body.starts_with("many\r\n{"), "{body}");
    let (head, body) = list_until_the_end("chunks-unended").await;
    assert_eq!(values(&head, "transfer-encoding"), ["chunked"]);
    assert!(body.ends_with("}\r\n"), "{body}");
}

#[tokio::test]
async fn the_head_is_garbled_folded_and_without_returns() {
    let (head, _) = list_until_the_end("header-garbage").await;
    assert!(head.lines().any(|line| line == "this is no header field"), "{head}");
    let (head, _) = list_ending_in("header-folded", "}").await;
    assert!(head.contains("\r\nx-folded: one\r\n two"), "{head}");
    let (head, body) = list_ending_in("header-bare-lf", "}").await;
    assert!(!head.contains('\r') && body.starts_with('{'), "{head}");
    let (head, _) = list_ending_in("type-twice", "}").await;
    assert_eq!(values(&head, "content-type"), ["application/json", "text/plain"]);
}

#[tokio::test]
async fn nothing_comes_or_more_than_there_is() {
    assert_eq!(list_until_the_end("no-answer").await, (String::new(), String::new()));
    let (head, body) = list_ending_in("stray-bytes", "stray bytes").await;
    assert_eq!(values(&head, "content-length"), [(body.len() - "stray bytes".len()).to_string()]);
}

#[tokio::test]
async fn a_304_comes_with_a_body() {
    let bench = with(&["body-on-304"]).await;
    let token = bench.token(1).await;
    let id = bench.quiet_session(&token).await;
    let mut line = Line::to(&bench).await;
    line.write(&line.request(&token, &format!("/agent-sessions/{id}/get-next-event?timeout=0"))).await;
    let answer = line.until("{\"events\":[]}").await;
    assert!(answer.starts_with("HTTP/1.1 304 No Events\r\n"), "{answer}");
}

#[tokio::test]
async fn only_the_answer_that_is_meant_is_broken_among_many_that_are_asked_for_at_once() {
    let bench = with(&["stray-bytes"]).await;
    let token = bench.token(1).await;
    let mut line = Line::to(&bench).await;
    let time = line.request(&token, "/server-time");
    let list = line.request(&token, "/agents?top=1");
    line.write(&[time.repeat(20), list, time].concat()).await;
    let answer = line.until_that(|text| text.contains("stray bytes") && text.ends_with('}')).await;
    assert_eq!((answer.matches("HTTP/1.1 200").count(), answer.matches("stray").count()), (22, 1));
    let (_, rest) = answer.split_once("stray bytes").unwrap();
    assert!(rest.starts_with("HTTP/1.1 200 Success\r\n") && rest.contains("ServerTime"), "{rest}");
}

#[tokio::test]
async fn a_client_that_asks_without_end_and_never_reads_holds_up_nobody() {
    let bench = with(&["stray-bytes"]).await;
    let token = bench.token(1).await;
    let line = Line::to(&bench).await;
    let list = line.request(&token, "/agents");
    // Until the tenant takes no more, since nothing of what it has to say is read.
    for _ in 0..20_000 {
        line.stream.writable().await.unwrap();
        match line.stream.try_write(list.as_bytes()) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(bench.api(Method::GET, "/server-time").token(&token).send().await.status, 200);
}

#[tokio::test]
async fn whoever_is_not_shown_a_body_is_not_shown_a_broken_one() {
    let bench = with(&["body-cut", "no-answer"]).await;
    let token = bench.token(1).await;
    let answer = bench.api(Method::HEAD, "/agents").token(&token).send().await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
}
