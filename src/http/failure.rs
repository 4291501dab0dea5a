use std::error::Error;
use std::io;

use rustls::CertificateError;

use crate::event::{Fault, FaultKind, Phase};

/// A fault of connecting.
pub(super) fn unreachable(detail: String) -> Fault {
    Fault { phase: Phase::Connect, kind: FaultKind::Unreachable, detail }
}

/// A request that cannot be made.
pub(super) fn bad_request(detail: String) -> Fault {
    Fault { phase: Phase::Prepare, kind: FaultKind::BadRequest, detail }
}

/// What a failed TLS handshake comes to.
pub(super) fn tls(error: &io::Error) -> Fault {
    let detail = match find::<rustls::Error>(error) {
        Some(error) => explain(error),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the connection was closed during the handshake".to_owned()
        }
        None => chain(error),
    };
    Fault { phase: Phase::Connect, kind: FaultKind::Tls, detail }
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

/// What an error before the end of the header fields comes to; `bytes` of the answer had been read.
pub(super) fn head(error: &hyper::Error, bytes: u64) -> Fault {
    let fault = |kind, detail| Fault { phase: Phase::Headers, kind, detail };
    if error.is_parse_too_large() {
        return fault(FaultKind::TooLarge, format!("the header fields are over the limit, after {bytes} bytes"));
    }
    if error.is_parse() {
        return fault(FaultKind::Protocol, chain(error));
    }
    let broken_off =
        error.is_incomplete_message() || error.is_canceled() || error.is_closed() || find::<io::Error>(error).is_some();
    match (broken_off, bytes) {
        (true, 0) => fault(FaultKind::NoAnswer, format!("the connection ended first: {}", chain(error))),
        (true, _) => fault(FaultKind::Incomplete, format!("{bytes} bytes, within the header fields")),
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

/// How much of a body came: `10 of 1000 bytes`.
pub(super) fn progress(got: u64, expected: Option<u64>) -> String {
    match expected {
        Some(expected) => format!("{got} of {expected} bytes"),
        None => format!("{got} bytes"),
    }
}

/// The first cause of kind `T`.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        // An I/O error hides what it wraps from `source` by one level.
        if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && let Some(found) = inner.downcast_ref::<T>()
        {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// The error and its causes, in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}
