use super::*;

const NOT_HTTP: Option<(FaultKind, Phase)> = Some((FaultKind::Protocol, Phase::Headers));

#[tokio::test]
async fn a_server_that_closes_at_once_gave_no_answer() {
    for outcome in answered_by("").await {
        let expected = "no answer (waiting for the answer: the connection ended first: connection closed before message completed)";
        assert_eq!(fault(&outcome), expected);
    }
}

#[tokio::test]
async fn a_head_cut_short_is_incomplete() {
    let [network, client] = answered_by("HTTP/1.1 200 OK\r\nx-a: ").await;
    assert_eq!(fault(&network), "answer cut short (waiting for the answer: 22 bytes, within the header fields)");
    // Nobody tells the client how much had come.
    assert_eq!(place(&client), Some((FaultKind::NoAnswer, Phase::Headers)));
}

#[tokio::test]
async fn junk_is_no_http_and_its_first_line_is_kept() {
    let [network, client] = answered_by("SSH-2.0-OpenSSH_9.9\r\nsecond line").await;
    assert_eq!((place(&network), network.junk.as_slice()), (NOT_HTTP, b"SSH-2.0-OpenSSH_9.9".as_slice()));
    assert_eq!((place(&client), fault(&client)), (NOT_HTTP, fault(&network)));
}

#[tokio::test]
async fn a_silent_server_runs_into_the_deadline() {
    let server = ByteServer::start(|_| Reply::hold("")).await;
    for outcome in both_late_in(Phase::Headers, |limits| request("GET", &server.url("/"), limits)).await {
        assert_eq!(place(&outcome), Some((FaultKind::Deadline, Phase::Headers)));
    }
}

#[tokio::test]
async fn dripping_header_fields_do_not_move_the_deadline() {
    let server = ByteServer::start(|_| Reply::drip("HTTP/1.1 200 OK\r\n", "x-a: b\r\n")).await;
    for outcome in both_late_in(Phase::Headers, |limits| request("GET", &server.url("/"), limits)).await {
        assert_eq!(place(&outcome), Some((FaultKind::Deadline, Phase::Headers)));
    }
}

#[tokio::test]
async fn a_refused_port_is_unreachable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
    let port = listener.local_addr().expect("it is bound").port();
    drop(listener);
    for outcome in both(|| request("GET", &format!("http://127.0.0.1:{port}/"), soon())).await {
        let expected = format!("unreachable (connecting: 127.0.0.1:{port}: Connection refused (os error 111))");
        assert_eq!(fault(&outcome), expected);
    }
}

#[tokio::test]
async fn lengths_that_differ_break_the_protocol() {
    for outcome in answered_by("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 10\r\n\r\n0123456789").await {
        assert_eq!(place(&outcome), NOT_HTTP);
    }
}

#[tokio::test]
async fn a_thousand_header_fields_are_read_and_one_more_is_too_large() {
    for (count, expected) in [(999, None), (1001, Some((FaultKind::TooLarge, Phase::Headers)))] {
        let fields: String = (0..count).map(|number| ["x-", &number.to_string(), ": y\r\n"].concat()).collect();
        for outcome in answered_by(format!("HTTP/1.1 200 OK\r\n{fields}content-length: 0\r\n\r\n")).await {
            assert_eq!(place(&outcome), expected, "{count}: {}", fault(&outcome));
        }
    }
}

#[tokio::test]
async fn a_header_field_beyond_the_limit_is_too_large() {
    for size in [300 * 1024, 1 << 20] {
        for outcome in answered_by(format!("HTTP/1.1 200 OK\r\nx-a: {}\r\n\r\n", "y".repeat(size))).await {
            assert_eq!(place(&outcome), Some((FaultKind::TooLarge, Phase::Headers)), "{}", fault(&outcome));
        }
    }
}

#[tokio::test]
async fn interim_answers_are_read_up_to_a_limit() {
    let few = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(16);
    for outcome in answered_by(format!("{few}HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")).await {
        assert_eq!(fault(&outcome), "");
    }
    let server = ByteServer::start(|_| Reply::repeat("", "HTTP/1.1 103 Early Hints\r\n\r\n")).await;
    let outcome = get(&server.url("/")).await;
    let expected =
        "not HTTP as it should be (waiting for the answer: more than 16 interim answers came before the answer)";
    assert_eq!(fault(&outcome), expected);
    let outcome = late_in(Phase::Headers, &client(), |limits| request("GET", &server.url("/"), limits)).await;
    assert_eq!(place(&outcome), Some((FaultKind::Deadline, Phase::Headers)));
}

#[tokio::test]
async fn a_switch_of_the_protocol_that_nobody_asked_for_breaks_it() {
    for outcome in answered_by("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n").await {
        assert_eq!(place(&outcome), NOT_HTTP);
    }
}

#[tokio::test]
async fn header_bytes_and_the_reason_phrase_are_kept_as_they_came() {
    let head = b"HTTP/1.1 409 Agent session exists\r\nx-a: caf\xe9\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n";
    for outcome in answered_by([head.as_slice(), b"content-length: 0\r\n\r\n"].concat()).await {
        let answer = outcome.answer.expect("there is an answer");
        assert_eq!(answer.version, "HTTP/1.1");
        assert_eq!(answer.reason.as_deref(), Some(b"Agent session exists".as_slice()));
        assert_eq!(answer.header("x-a").collect::<Vec<_>>(), [b"caf\xe9"]);
        assert_eq!(answer.header("set-cookie").collect::<Vec<_>>(), [b"a=1", b"b=2"]);
    }
}

#[tokio::test]
async fn an_empty_reason_phrase_is_empty() {
    for outcome in answered_by("HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n").await {
        assert_eq!(outcome.answer.and_then(|answer| answer.reason).as_deref(), Some(b"".as_slice()));
    }
}

#[tokio::test]
async fn two_media_types_are_an_irregularity() {
    let fields = "content-type: text/plain\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n";
    for outcome in answered_by(format!("HTTP/1.1 200 OK\r\n{fields}")).await {
        assert_eq!(kinds(&outcome), ["content-type-twice"]);
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_made_is_not_sent() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    for header in [("x-a", "b\r\nx-c: d"), ("x a", "b"), ("content-length", "7"), ("transfer-encoding", "chunked")] {
        let ask = || {
            let mut request = request("POST", &server.url("/"), soon());
            request.headers.push((header.0.to_owned(), header.1.to_owned()));
            request
        };
        for outcome in both(ask).await {
            assert_eq!(place(&outcome), Some((FaultKind::BadRequest, Phase::Prepare)), "{header:?}");
        }
    }
    assert_eq!(server.requests().len(), 0);
}
