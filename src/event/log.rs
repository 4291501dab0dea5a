use std::io::{self, BufRead, Write};

use super::Stamped;

/// Writes events as the event log: one JSON object a line.
#[derive(Debug)]
pub struct LogWriter<W: Write> {
    out: W,
}

impl<W: Write> LogWriter<W> {
    /// A log that is written to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    /// Appends one event.
    ///
    /// # Errors
    /// What writing to the log's target gives.
    pub fn append(&mut self, event: &Stamped) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, event)?;
        self.out.write_all(b"\n")
    }

    /// Hands on what the target has buffered.
    ///
    /// # Errors
    /// What flushing the log's target gives.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Gives the target back.
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// Why an event log cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// Reading failed.
    #[error("cannot read the event log")]
    Io(#[from] io::Error),
    /// A line is no event.
    #[error("line {line} of the event log is no event: {why}")]
    NotAnEvent {
        /// The line, from 1.
        line: u64,
        /// What the parser says.
        why: String,
    },
    /// An event is missing or out of order.
    #[error("line {line} of the event log has number {found}, expected {expected}")]
    OutOfOrder {
        /// The line, from 1.
        line: u64,
        /// The number that the event has.
        found: u64,
        /// The number that it must have.
        expected: u64,
    },
}

/// Reads an event log.
#[derive(Debug)]
pub struct LogReader<R: BufRead> {
    input: R,
    line: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> LogReader<R> {
    /// Reads from `input`.
    pub fn new(input: R) -> Self {
        Self { input, line: 0, buffer: Vec::new() }
    }
}

impl<R: BufRead> Iterator for LogReader<R> {
    type Item = Result<Stamped, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.buffer.clear();
        match self.input.read_until(b'\n', &mut self.buffer) {
            Err(error) => return Some(Err(error.into())),
            Ok(0) => return None,
            Ok(_) => self.line += 1,
        }
        let event: Stamped = match serde_json::from_slice(&self.buffer) {
            Ok(event) => event,
            Err(error) => return Some(Err(LogError::NotAnEvent { line: self.line, why: error.to_string() })),
        };
        if event.seq + 1 == self.line {
            Some(Ok(event))
        } else {
            Some(Err(LogError::OutOfOrder { line: self.line, found: event.seq, expected: self.line - 1 }))
        }
    }
}
