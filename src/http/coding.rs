use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::event::{Fault, FaultKind, Phase};

/// A content coding (RFC 9110 §8.4.1) that can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// The bytes are what they are.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 1950.
    Deflate,
    /// RFC 7932.
    Brotli,
}

/// The codings that are asked for.
pub(super) const ACCEPTED: &str = "gzip, br, deflate";

/// A body without its coding.
pub(super) struct Decoded {
    /// The bytes.
    pub(super) body: Vec<u8>,
    /// How many bytes stood after the end of the coded data.
    pub(super) left_over: usize,
}

impl Coding {
    /// The coding that these `Content-Encoding` fields name.
    pub(super) fn named<'a>(fields: impl Iterator<Item = &'a [u8]>) -> Result<Self, Fault> {
        let mut found = Vec::new();
        for field in fields {
            let text = String::from_utf8_lossy(field).to_ascii_lowercase();
            found.extend(text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
        }
        found.retain(|name| name != "identity");
        match found.as_slice() {
            [] => Ok(Self::Identity),
            [one] => match one.as_str() {
                "gzip" | "x-gzip" => Ok(Self::Gzip),
                "deflate" => Ok(Self::Deflate),
                "br" => Ok(Self::Brotli),
                other => Err(broken(format!("unsupported coding `{}`", other.escape_debug()))),
            },
            several => Err(broken(format!("unsupported chain of {} codings", several.len()))),
        }
    }

    /// Undoes the coding, as far as `max_bytes`.
    pub(super) async fn undo(self, raw: Vec<u8>, max_bytes: u64) -> Result<Decoded, Fault> {
        let coded = raw.len();
        let mut rest = raw.as_slice();
        let body = match self {
            Self::Identity => return Ok(Decoded { body: raw, left_over: 0 }),
            Self::Gzip => read(GzipDecoder::new(&mut rest), coded, max_bytes).await,
            Self::Deflate => read(ZlibDecoder::new(&mut rest), coded, max_bytes).await,
            Self::Brotli => read(BrotliDecoder::new(&mut rest), coded, max_bytes).await,
        }?;
        Ok(Decoded { body, left_over: rest.len() })
    }
}

async fn read(decoder: impl AsyncRead + Unpin, coded: usize, max_bytes: u64) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::with_capacity(coded.saturating_mul(4).min(1 << 20));
    match decoder.take(max_bytes.saturating_add(1)).read_to_end(&mut body).await {
        Ok(_) if body.len() as u64 > max_bytes => Err(Fault {
            phase: Phase::Body,
            kind: FaultKind::TooLarge,
            detail: format!("decoded to more than {max_bytes} bytes, from {coded}"),
        }),
        Ok(_) => Ok(body),
        Err(error) => Err(broken(format!("after {} decoded bytes: {error}", body.len()))),
    }
}

fn broken(detail: String) -> Fault {
    Fault { phase: Phase::Body, kind: FaultKind::Decoding, detail }
}
