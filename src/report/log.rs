use std::io::{self, BufRead, BufReader, Read, Write};

use serde::Deserialize;

use crate::event::{Event, LogWriter, Stamped};

use super::Reporter;
use super::artefact::Artefact;

/// Streams the event log to `out`, such as stdout. Flushed whenever a case has ended.
#[derive(Debug)]
pub struct EventStream<W: Write> {
    log: LogWriter<W>,
    written: u64,
}

impl<W: Write> EventStream<W> {
    /// A log that goes to `out`, which should be buffered.
    pub fn new(out: W) -> Self {
        Self { log: LogWriter::new(out), written: 0 }
    }

    fn append(&mut self, event: &Stamped) -> io::Result<()> {
        self.log.append(event)?;
        self.written += 1;
        match &event.body {
            Event::RunStarted { .. }
            | Event::CaseFinished { .. }
            | Event::UndoFinished { .. }
            | Event::CancelBegun { .. }
            | Event::RunFinished(_) => self.log.flush(),
            Event::CaseStarted { .. }
            | Event::SetupFinished { .. }
            | Event::StepStarted { .. }
            | Event::ExchangeDone { .. }
            | Event::StepFinished { .. }
            | Event::Waited { .. } => Ok(()),
        }
    }
}

impl<W: Write> Reporter for EventStream<W> {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.append(event)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.log.flush()
    }
}

/// The event log as a file.
#[derive(Debug)]
pub struct EventLog {
    stream: EventStream<Artefact>,
}

impl EventLog {
    pub(super) fn new(artefact: Artefact) -> Self {
        Self { stream: EventStream::new(artefact) }
    }
}

impl Reporter for EventLog {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.stream.append(event)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let written = self.stream.written;
        self.stream.log.into_inner().commit(|file| read_back(file, written))
    }
}

/// Whether the file holds exactly the events that were written: each line is JSON, in order, none missing. (Not every
/// event is built again: that would cost more than the run.)
fn read_back<R: Read>(mut file: BufReader<R>, written: u64) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Numbered {
        seq: u64,
    }
    let broken = |what: String| io::Error::new(io::ErrorKind::InvalidData, format!("it does not read back: {what}"));
    let mut line = Vec::new();
    let mut count = 0;
    let mut expected = None;
    loop {
        line.clear();
        if file.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        count += 1;
        let Numbered { seq } =
            serde_json::from_slice(&line).map_err(|error| broken(format!("line {count}: {error}")))?;
        if expected.is_some_and(|expected| expected != seq) || line.last() != Some(&b'\n') {
            return Err(broken(format!("line {count} is not the one that was written")));
        }
        expected = Some(seq + 1);
    }
    if count == written { Ok(()) } else { Err(broken(format!("{count} events, {written} were written"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, written: u64) -> String {
        read_back(BufReader::new(text.as_bytes()), written).map_or_else(|error| error.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn a_log_that_is_not_what_was_written_is_noticed() {
        assert_eq!(said("{\"seq\":0,\"x\":[1]}\n{\"seq\":1}\n", 2), "ok");
        assert_eq!(said("{\"seq\":0}\n", 2), "it does not read back: 1 events, 2 were written");
        assert_eq!(
            said("{\"seq\":0}\n{\"seq\":2}\n", 2),
            "it does not read back: line 2 is not the one that was written"
        );
        assert_eq!(
            said("{\"seq\":0}\n{\"seq\":1}", 2),
            "it does not read back: line 2 is not the one that was written"
        );
        assert!(said("{\"seq\":0}\n{\"se", 2).starts_with("it does not read back: line 2: "));
    }
}
