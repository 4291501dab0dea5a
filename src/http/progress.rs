use std::sync::Arc;
use std::time::Instant;

use hyper::ext::ReasonPhrase;
use hyper::{Response, Version};

use crate::event::{Fault, FaultKind, Irregularity, Phase, Timing};

use super::coding::Coding;
use super::stage::Stage;
use super::tap::Gauge;
use super::{Limits, WireAnswer, WireOutcome, failure, framing};

/// How far an exchange has come. It outlives the attempt, so that a deadline finds what was there when it passed.
pub(super) struct Progress {
    began: Instant,
    headers_us: u64,
    pub(super) phase: Phase,
    /// Whether a connection is under way, where only the connection knows.
    pub(super) stage: Stage,
    pub(super) gauge: Option<Arc<Gauge>>,
    answer: Option<WireAnswer>,
    /// The body as it came.
    raw: Vec<u8>,
    /// How long the body says it is.
    pub(super) expected: Option<u64>,
    pub(super) irregular: Vec<Irregularity>,
    junk: Vec<u8>,
}

impl Progress {
    pub(super) fn new(began: Instant) -> Self {
        Self {
            began,
            headers_us: 0,
            phase: Phase::Prepare,
            stage: Stage::default(),
            gauge: None,
            answer: None,
            raw: Vec::new(),
            expected: None,
            irregular: Vec::new(),
            junk: Vec::new(),
        }
    }

    /// How many bytes of the answer were read, its head included, if that is known.
    pub(super) fn read(&self) -> Option<u64> {
        self.gauge.as_ref().map(|gauge| gauge.bytes())
    }

    /// Keeps what came instead of an answer, to be shown.
    pub(super) fn keep_junk(&mut self) {
        self.junk = self.gauge.as_ref().map(|gauge| gauge.first_line()).unwrap_or_default();
    }

    /// Notes the head of the answer, and says which coding its body has.
    pub(super) fn head_came<T>(&mut self, answer: &Response<T>, limits: &Limits) -> Result<Coding, Fault> {
        self.headers_us = micros(self.began);
        within(answer, limits)?;
        self.phase = Phase::Body;
        let answer = head(answer);
        self.irregular = framing::irregularities(&answer);
        let coding = Coding::named(answer.header("content-encoding"));
        self.answer = Some(answer);
        coding
    }

    /// Notes how long the body says it is.
    pub(super) fn announced(&mut self, length: Option<u64>, max_bytes: u64) -> Result<(), Fault> {
        self.expected = length;
        match length.filter(|length| *length > max_bytes) {
            None => Ok(()),
            Some(length) => {
                Err(failure::too_large(Phase::Body, format!("{length} bytes are announced, {max_bytes} are allowed")))
            }
        }
    }

    /// Keeps a piece of the body.
    pub(super) fn took(&mut self, data: &[u8], max_bytes: u64) -> Result<(), Fault> {
        if self.got() + data.len() as u64 > max_bytes {
            return Err(failure::too_large(Phase::Body, format!("more than {max_bytes} bytes")));
        }
        self.raw.extend_from_slice(data);
        Ok(())
    }

    /// How many bytes of the body came.
    pub(super) fn got(&self) -> u64 {
        self.raw.len() as u64
    }

    /// The fault of a deadline that passed now.
    pub(super) fn out_of_time(&self) -> Fault {
        let after = format!("after {:.1} s", self.began.elapsed().as_secs_f64());
        let phase = self.stage.within(self.phase);
        let seen = match phase {
            Phase::Prepare | Phase::Connect => None,
            Phase::Headers => self.read().map(|bytes| failure::progress(bytes, None)),
            Phase::Body => Some(failure::progress(self.got(), self.expected)),
        };
        let detail = seen.map_or(after.clone(), |seen| format!("{after}, {seen}"));
        Fault { phase, kind: FaultKind::Deadline, detail }
    }

    /// Takes the coding off the body, which has come whole.
    pub(super) async fn decode(&mut self, coding: Coding, max_bytes: u64) -> Result<(), Fault> {
        if self.raw.is_empty() {
            return Ok(());
        }
        let decoded = coding.undo(std::mem::take(&mut self.raw), max_bytes).await?;
        if decoded.left_over > 0 {
            self.irregular.push(framing::bytes_after_coding(decoded.left_over));
        }
        if let Some(answer) = &mut self.answer {
            answer.body = decoded.body;
        }
        Ok(())
    }

    /// What came of the exchange.
    pub(super) fn into_outcome(mut self, fault: Option<Fault>) -> WireOutcome {
        if let Some(answer) = self.answer.as_mut().filter(|_| fault.is_some()) {
            answer.body = std::mem::take(&mut self.raw);
        }
        let timing = Timing { headers_us: self.headers_us, total_us: micros(self.began), moved_ms: 0 };
        WireOutcome { answer: self.answer, fault, junk: self.junk, irregular: self.irregular, timing }
    }
}

/// Looks whether the head of an answer is within its limits, which hyper only keeps while it waits for the rest of one.
fn within<T>(answer: &Response<T>, limits: &Limits) -> Result<(), Fault> {
    let headers = answer.headers();
    // A colon, a space and the end of the line stand with every field.
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if headers.len() <= limits.max_header_fields && bytes <= limits.max_head_bytes {
        return Ok(());
    }
    let detail = format!("the header fields are over the limit, {} of them with {bytes} bytes", headers.len());
    Err(failure::too_large(Phase::Headers, detail))
}

fn head<T>(answer: &Response<T>) -> WireAnswer {
    let status = answer.status();
    let version = answer.version();
    let reason = (version < Version::HTTP_2).then(|| match answer.extensions().get::<ReasonPhrase>() {
        Some(reason) => reason.as_bytes().to_vec(),
        // hyper keeps a phrase only where it is not the usual one.
        None => status.canonical_reason().unwrap_or_default().as_bytes().to_vec(),
    });
    let headers =
        answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect();
    WireAnswer { version: words(version), status: status.as_u16(), reason, headers, body: Vec::new() }
}

fn words(version: Version) -> &'static str {
    if version == Version::HTTP_2 {
        "HTTP/2"
    } else if version == Version::HTTP_10 {
        "HTTP/1.0"
    } else {
        "HTTP/1.1"
    }
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}
