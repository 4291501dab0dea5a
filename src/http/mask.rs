use std::fmt::Write as _;

use crate::event::{Answer, Body, Fault, Header, Irregularity};
use crate::value::Vault;

use super::WireAnswer;

/// How much of what came instead of an answer is shown.
const SHOWN: usize = 64;

/// Puts handles in the place of secrets in what came over the wire.
pub(super) struct Mask<'v>(pub(super) &'v Vault);

/// Which part of a body is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    /// All of it.
    Whole,
    /// Its size alone: a part of a body may end within a secret, and nobody could tell.
    SizeOnly,
}

impl Mask<'_> {
    /// An answer.
    pub(super) fn answer(&self, answer: &WireAnswer, recorded: Recorded) -> Answer {
        Answer {
            version: answer.version.to_owned(),
            status: answer.status,
            reason: answer.reason.as_ref().map(|reason| self.line(reason)),
            headers: answer
                .headers
                .iter()
                .map(|(name, value)| Header::new(&self.0.mask_text(name), self.line(value)))
                .collect(),
            body: match recorded {
                Recorded::Whole => self.body(&answer.body),
                Recorded::SizeOnly => Body::text(String::new(), answer.body.len() as u64),
            },
        }
    }

    /// A body of a request or an answer; its size is that of the bytes as they were.
    pub(super) fn body(&self, bytes: &[u8]) -> Body {
        let size = bytes.len() as u64;
        match std::str::from_utf8(bytes) {
            Ok(text) if matches!(text.trim_ascii_start().as_bytes().first(), Some(b'{' | b'[' | b'"')) => {
                Body::text(self.0.mask_json_text(text).into_owned(), size)
            }
            Ok(text) => Body::text(self.0.mask_text(text).into_owned(), size),
            Err(_) => Body { size, ..Body::bytes(&self.0.mask_bytes(bytes)) },
        }
    }

    /// A line of bytes; those that are no UTF-8 stand as `\xNN`.
    pub(super) fn line(&self, bytes: &[u8]) -> String {
        let masked = self.0.mask_bytes(bytes);
        let mut text = String::with_capacity(masked.len());
        for chunk in masked.utf8_chunks() {
            text.push_str(chunk.valid());
            for byte in chunk.invalid() {
                // Writing to a String cannot fail.
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
        text
    }

    /// A fault, with the beginning of what came instead of an answer.
    pub(super) fn fault(&self, fault: &Fault, junk: &[u8]) -> Fault {
        let mut detail = self.0.mask_own_text(&fault.detail).into_owned();
        if !junk.is_empty() {
            let line: String = self.line(junk).chars().take(SHOWN).collect();
            let _ = write!(detail, "; it began with `{}`", line.escape_debug());
        }
        Fault { phase: fault.phase, kind: fault.kind, detail }
    }

    /// A fault of the protocol that left the answer readable.
    pub(super) fn irregularity(&self, one: &Irregularity) -> Irregularity {
        Irregularity { kind: one.kind.clone(), detail: self.0.mask_own_text(&one.detail).into_owned() }
    }
}
