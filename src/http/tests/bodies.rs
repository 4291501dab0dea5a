use async_compression::tokio::write::{BrotliEncoder, GzipEncoder, ZlibEncoder};
use tokio::io::AsyncWriteExt as _;

use super::*;

async fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzipEncoder::new(Vec::new());
    encoder.write_all(plain).await.expect("memory takes it");
    encoder.shutdown().await.expect("memory takes it");
    encoder.into_inner()
}

fn coded(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut answer =
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

#[tokio::test]
async fn a_body_shorter_than_its_length_is_incomplete() {
    for outcome in answered_by("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n0123456789").await {
        assert_eq!(fault(&outcome), "answer cut short (reading the body: 10 of 1000 bytes)");
        assert_eq!(body(&outcome), b"0123456789");
    }
}

#[tokio::test]
async fn a_chunk_cut_short_is_incomplete() {
    for outcome in answered_by("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nA\r\n01234").await {
        assert_eq!(fault(&outcome), "answer cut short (reading the body: 5 bytes)");
    }
}

#[tokio::test]
async fn a_missing_last_chunk_is_incomplete() {
    for outcome in answered_by("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n01234\r\n").await {
        assert_eq!(fault(&outcome), "answer cut short (reading the body: 5 bytes)");
    }
}

#[tokio::test]
async fn a_chunk_size_that_overflows_breaks_the_protocol() {
    let chunk = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF1\r\n0\r\n\r\n";
    for outcome in answered_by(chunk).await {
        assert_eq!(place(&outcome), Some((FaultKind::Protocol, Phase::Body)));
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_stopped_at_the_limit() {
    let bomb = gzip(&vec![0; 32 * 1024 * 1024]).await;
    let size = bomb.len();
    let expected = format!("answer too large (reading the body: decoded to more than 10485760 bytes, from {size})");
    for outcome in answered_by(coded("gzip", &bomb)).await {
        assert_eq!(fault(&outcome), expected);
    }
}

#[tokio::test]
async fn a_truncated_gzip_body_is_a_fault_of_decoding() {
    let whole = gzip(b"{\"a\": 1, \"b\": [1, 2, 3, 4, 5, 6, 7]}").await;
    for outcome in answered_by(coded("gzip", &whole[..whole.len() - 9])).await {
        assert_eq!(place(&outcome), Some((FaultKind::Decoding, Phase::Body)));
    }
}

#[tokio::test]
async fn a_wrong_checksum_is_a_fault_of_decoding() {
    let mut whole = gzip(b"{\"a\": 1}").await;
    let last = whole.len() - 5;
    whole[last] ^= 1;
    for outcome in answered_by(coded("gzip", &whole)).await {
        assert_eq!(place(&outcome), Some((FaultKind::Decoding, Phase::Body)));
    }
}

#[tokio::test]
async fn every_coding_that_is_asked_for_is_undone() {
    let mut brotli = BrotliEncoder::new(Vec::new());
    brotli.write_all(b"plain").await.expect("memory takes it");
    brotli.shutdown().await.expect("memory takes it");
    let mut zlib = ZlibEncoder::new(Vec::new());
    zlib.write_all(b"plain").await.expect("memory takes it");
    zlib.shutdown().await.expect("memory takes it");
    for (coding, bytes) in [("gzip", gzip(b"plain").await), ("br", brotli.into_inner()), ("Deflate", zlib.into_inner())]
    {
        for outcome in answered_by(coded(coding, &bytes)).await {
            assert_eq!((fault(&outcome).as_str(), body(&outcome)), ("", b"plain".as_slice()), "{coding}");
        }
    }
}

#[tokio::test]
async fn a_chain_of_codings_is_not_undone() {
    for outcome in answered_by("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-encoding: br\r\n\r\nx").await {
        assert_eq!(fault(&outcome), "content coding broken (reading the body: unsupported chain of 2 codings)");
    }
}

#[tokio::test]
async fn an_endless_body_is_stopped_at_the_limit() {
    let server = ByteServer::start(|_| {
        Reply::repeat(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            format!("1000\r\n{}\r\n", "x".repeat(4096)),
        )
    })
    .await;
    for outcome in both(|| request("GET", &server.url("/"), soon())).await {
        assert_eq!(fault(&outcome), "answer too large (reading the body: more than 10485760 bytes)");
    }
}

#[tokio::test]
async fn a_dripping_body_ends_by_the_deadline() {
    let server = ByteServer::start(|_| Reply::drip("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n", "x")).await;
    for outcome in both_late_in(Phase::Body, |limits| request("GET", &server.url("/"), limits)).await {
        assert_eq!(place(&outcome), Some((FaultKind::Deadline, Phase::Body)));
        assert!(fault(&outcome).ends_with(" of 1000 bytes)"), "{}", fault(&outcome));
    }
}

#[tokio::test]
async fn bytes_after_the_end_of_an_answer_are_an_irregularity_and_end_the_connection() {
    let server = ByteServer::start(|_| Reply::keep("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n0123456789")).await;
    let network = network();
    for _ in 0..2 {
        let outcome = network.send(LaneId(1), request("GET", &server.url("/"), soon())).await;
        assert_eq!((kinds(&outcome), body(&outcome)), (vec!["bytes-after-end"], b"01234".as_slice()));
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_body_where_none_belongs_is_an_irregularity() {
    for (method, status, kind) in [("GET", "204 No Content", "body-not-allowed"), ("HEAD", "200 OK", "body-on-head")] {
        let server = ByteServer::start(move |_| Reply::keep(format!("HTTP/1.1 {status}\r\nx: y\r\n\r\nbody"))).await;
        let outcome = network().send(LaneId(1), request(method, &server.url("/"), soon())).await;
        assert_eq!((kinds(&outcome), fault(&outcome).as_str()), (vec![kind], ""));
    }
}

#[tokio::test]
async fn two_ways_of_saying_the_length_are_an_irregularity() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n5\r\n01234\r\n0\r\n\r\n";
    for outcome in answered_by(answer).await {
        assert_eq!((kinds(&outcome), body(&outcome)), (vec!["content-length-and-chunked"], b"01234".as_slice()));
    }
}
