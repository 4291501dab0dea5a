use std::error::Error;
use std::io;
use std::time::Duration;

use hyper_util::client::legacy;
use url::Url;

use crate::event::{Fault, Phase};

use super::failure;
use super::names::Unresolved;
use super::places::place;

/// What an error of reqwest before the end of the header fields comes to, in the words that
/// [`Network`](super::Network) has for it.
///
/// The error itself is never told: its text holds the URL, and the URL may hold a secret.
pub(super) fn head(error: &reqwest::Error, dialed: &Url, connect_timeout: Duration) -> Fault {
    if error.is_builder() {
        return failure::bad_request("the URL cannot be put into a request".to_owned());
    }
    if error.is_connect() {
        return connecting(error, dialed, connect_timeout);
    }
    match failure::find::<hyper::Error>(error) {
        Some(error) => failure::head(error, None),
        None if error.is_timeout() => failure::too_slow_to_connect(connect_timeout),
        None => failure::protocol(Phase::Headers, told(error)),
    }
}

/// What an error of reqwest within the body comes to.
pub(super) fn body(error: &reqwest::Error, got: u64, expected: Option<u64>) -> Fault {
    match failure::find::<hyper::Error>(error) {
        Some(error) => failure::body(error, got, expected),
        None => failure::protocol(Phase::Body, format!("{}: {}", failure::progress(got, expected), told(error))),
    }
}

fn connecting(error: &reqwest::Error, dialed: &Url, limit: Duration) -> Fault {
    if let Some(Unresolved { name, source }) = failure::find(error) {
        return failure::unresolved(name, source);
    }
    if error.is_timeout() {
        return failure::too_slow_to_connect(limit);
    }
    if let Some(error) = failure::find::<hyper::Error>(error) {
        return failure::protocol(Phase::Connect, failure::chain(error));
    }
    let causes = || failure::causes(error).skip(1).filter(|cause| !cause.is::<legacy::Error>());
    // TLS speaks in bare I/O errors; those of TCP are wrapped in an error that only its text tells.
    if let Some(io) = causes().next().and_then(|cause| cause.downcast_ref::<io::Error>()) {
        return failure::tls(io);
    }
    let says = |text: &str| causes().any(|cause| cause.to_string() == text);
    match failure::find::<io::Error>(error) {
        Some(io) if failure::find::<rustls::Error>(io).is_some() => failure::tls(io),
        Some(io) if says("tcp connect error") => failure::refused(dialed, io),
        Some(_) | None => match causes().find_map(|cause| refusal(&cause.to_string())) {
            // SOCKS keeps the reason to itself.
            Some(why) if why == "failed to create underlying connection" => {
                failure::unreachable(format!("{}: the proxy accepts no connection", place(dialed)))
            }
            Some(why) => failure::unreachable(format!("the proxy gave no tunnel: {why}")),
            None => failure::unreachable(told(error)),
        },
    }
}

/// Why a proxy gave no tunnel, where `text` is about that.
fn refusal(text: &str) -> Option<String> {
    ["tunnel error: ", "SOCKS error: "].into_iter().find_map(|prefix| text.strip_prefix(prefix)).map(str::to_owned)
}

/// The causes of an error of reqwest, without its own text.
fn told(error: &reqwest::Error) -> String {
    error.source().map_or_else(|| "the request could not be sent".to_owned(), failure::chain)
}
