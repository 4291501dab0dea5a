use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;
use url::Url;

use crate::event::{Fault, FaultKind, Phase};

use super::places::place;

/// A fault of connecting.
pub(super) fn unreachable(detail: String) -> Fault {
    Fault { phase: Phase::Connect, kind: FaultKind::Unreachable, detail }
}

/// A name without an address.
pub(super) fn unresolved(name: &str, error: &io::Error) -> Fault {
    unreachable(format!("`{name}` cannot be resolved: {error}"))
}

/// An address where nobody accepts connections; `url` says whose.
pub(super) fn refused(url: &Url, error: &io::Error) -> Fault {
    unreachable(format!("{}: {error}", place(url)))
}

/// No connection within `limit`.
pub(super) fn too_slow_to_connect(limit: Duration) -> Fault {
    unreachable(format!("no connection within {limit:?}"))
}

/// TLS that cannot be set up.
pub(super) fn no_tls(detail: String) -> Fault {
    Fault { phase: Phase::Connect, kind: FaultKind::Tls, detail }
}

/// A breach of the protocol.
pub(super) fn protocol(phase: Phase, detail: String) -> Fault {
    Fault { phase, kind: FaultKind::Protocol, detail }
}

/// A switch of the protocol, which nobody asked for.
pub(super) fn switched() -> Fault {
    protocol(Phase::Headers, "the protocol was switched, which nobody asked for".to_owned())
}

/// A head or a body over its limit.
pub(super) fn too_large(phase: Phase, detail: String) -> Fault {
    Fault { phase, kind: FaultKind::TooLarge, detail }
}

/// A request that cannot be made.
pub(super) fn bad_request(detail: String) -> Fault {
    Fault { phase: Phase::Prepare, kind: FaultKind::BadRequest, detail }
}

/// What a failed TLS handshake comes to.
pub(super) fn tls(error: &io::Error) -> Fault {
    let detail = match find::<rustls::Error>(error) {
        Some(error) => explain(error),
        None if causes(error).any(is_end_of_file) => "the connection was closed during the handshake".to_owned(),
        None => chain(error),
    };
    no_tls(detail)
}

fn is_end_of_file(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
}

fn explain(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(reason) = error else {
        return error.to_string();
    };
    if matches!(reason, CertificateError::Expired | CertificateError::ExpiredContext { .. }) {
        format!("the certificate has expired ({reason})")
    } else if matches!(reason, CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) {
        format!("the certificate is not valid yet ({reason})")
    } else if matches!(reason, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) {
        format!("the certificate is for another host ({reason})")
    } else if matches!(reason, CertificateError::UnknownIssuer) {
        "the certificate's issuer is not trusted (unknown issuer)".to_owned()
    } else if matches!(reason, CertificateError::BadSignature) {
        "the certificate's issuer is not trusted (it was not signed by the authority of that name)".to_owned()
    } else {
        format!("the certificate is not accepted: {reason}")
    }
}

/// What an error before the end of the header fields comes to; `bytes` of the answer had been read, if that is known.
pub(super) fn head(error: &hyper::Error, bytes: Option<u64>) -> Fault {
    let fault = |kind, detail| Fault { phase: Phase::Headers, kind, detail };
    if error.is_parse_too_large() {
        let after = bytes.map(|bytes| format!(", after {bytes} bytes")).unwrap_or_default();
        return fault(FaultKind::TooLarge, format!("the header fields are over the limit{after}"));
    }
    if error.is_parse() {
        return fault(FaultKind::Protocol, chain(error));
    }
    if let Some(reason) = given_up(error) {
        return fault(FaultKind::NoAnswer, reason);
    }
    let broken_off =
        error.is_incomplete_message() || error.is_canceled() || error.is_closed() || find::<io::Error>(error).is_some();
    match (broken_off, bytes) {
        (true, None | Some(0)) => fault(FaultKind::NoAnswer, format!("the connection ended first: {}", chain(error))),
        (true, Some(bytes)) => fault(FaultKind::Incomplete, format!("{bytes} bytes, within the header fields")),
        (false, _) => fault(FaultKind::Protocol, chain(error)),
    }
}

/// What an error within the body comes to.
pub(super) fn body(error: &hyper::Error, got: u64, expected: Option<u64>) -> Fault {
    let seen = progress(got, expected);
    let fault = |kind, detail| Fault { phase: Phase::Body, kind, detail };
    if error.is_incomplete_message() {
        return fault(FaultKind::Incomplete, seen);
    }
    if let Some(reason) = given_up(error) {
        return fault(FaultKind::Incomplete, format!("{seen}: {reason}"));
    }
    if find::<h2::Error>(error).is_some_and(h2::Error::is_io) {
        return fault(FaultKind::Incomplete, seen);
    }
    let Some(io) = find::<io::Error>(error) else {
        return fault(FaultKind::Protocol, format!("{seen}: {}", chain(error)));
    };
    if matches!(io.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) {
        fault(FaultKind::Protocol, format!("{seen}: {io}"))
    } else if io.kind() == io::ErrorKind::UnexpectedEof {
        fault(FaultKind::Incomplete, seen)
    } else {
        fault(FaultKind::Incomplete, format!("{seen}: {io}"))
    }
}

/// Why an HTTP/2 server ended the stream or the connection, if it did. What else it says with that is not told.
fn given_up(error: &hyper::Error) -> Option<String> {
    let error = find::<h2::Error>(error).filter(|error| error.is_remote())?;
    let reason = error.reason()?;
    Some(format!("the server ended it: {}", reason.description()))
}

/// How much of a body came: `10 of 1000 bytes`.
pub(super) fn progress(got: u64, expected: Option<u64>) -> String {
    match expected {
        Some(expected) => format!("{got} of {expected} bytes"),
        None => format!("{got} bytes"),
    }
}

/// The error and its causes, the outermost first.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| next(*error))
}

fn next<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    // An I/O error hides what it wraps: its source is the source of that.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// The first cause of kind `T`.
pub(super) fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref::<T>())
}

/// The error and its causes, in one line.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for cause in causes(error) {
        let more = cause.to_string();
        if text.is_empty() {
            text = more;
        } else if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
    }
    text
}
