use crate::event::Irregularity;

use super::WireAnswer;

/// Finds what is wrong with the framing of an answer that could be read all the same.
///
/// # Source
/// RFC 9112 §6.2 and §6.3 (lengths), RFC 9110 §8.6 (no length with 204), §8.3 (one media type).
pub(super) fn irregularities(answer: &WireAnswer) -> Vec<Irregularity> {
    let mut found = Vec::new();
    let lengths: Vec<_> = answer.header("content-length").collect();
    let chunked = answer.header("transfer-encoding").next().is_some();
    if chunked && !lengths.is_empty() {
        found.push(irregular("content-length-and-chunked", "Content-Length stands beside Transfer-Encoding"));
    }
    if lengths.len() > 1 || lengths.iter().any(|length| length.contains(&b',')) {
        found.push(irregular("content-length-twice", "Content-Length is given more than once"));
    }
    if answer.status == 204 && (chunked || !lengths.is_empty()) {
        found.push(irregular("length-on-204", "an answer without content states a length of it"));
    }
    if answer.header("content-type").nth(1).is_some() {
        found.push(irregular("content-type-twice", "Content-Type is given more than once"));
    }
    found
}

/// What bytes after the end of an answer come to.
pub(super) fn bytes_after_end(method: &str, status: u16) -> Irregularity {
    if method == "HEAD" {
        irregular("body-on-head", "the answer to a HEAD request has a body")
    } else if matches!(status, 204 | 304) {
        irregular("body-not-allowed", &format!("an answer with status {status} has a body"))
    } else {
        irregular("bytes-after-end", "there are bytes after the end of the answer")
    }
}

/// What bytes after the end of coded data come to.
pub(super) fn bytes_after_coding(count: usize) -> Irregularity {
    irregular("bytes-after-coding", &format!("{count} bytes stand after the end of the coded body"))
}

fn irregular(kind: &str, detail: &str) -> Irregularity {
    Irregularity { kind: kind.to_owned(), detail: detail.to_owned() }
}
