use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::event::{CaseId, CaseRecord, Event, RunRecord, Stamped};

use super::artefact::{Piece, Spill};

/// A run as reports take it in that hold what was sent: of each case, when it ends, its chapter is written and kept in a
/// spill, so that memory stays flat.
#[derive(Debug)]
pub(super) struct Chapters {
    record: RunRecord,
    spill: Spill,
    pieces: BTreeMap<CaseId, Piece>,
    write: WriteChapter,
}

/// How a chapter is written.
type WriteChapter = fn(&RunRecord, &CaseRecord) -> io::Result<Vec<u8>>;

impl Chapters {
    /// No chapters, to be written so and kept there.
    pub(super) fn new(spill: Spill, write: WriteChapter) -> Self {
        Self { record: RunRecord::default(), spill, pieces: BTreeMap::new(), write }
    }

    /// Takes in one event.
    ///
    /// # Errors
    /// What writing gives.
    pub(super) fn hear(&mut self, event: &Stamped) -> io::Result<()> {
        self.record.fold(event);
        if let Event::CaseFinished { case: id, again: false, .. } = &event.body
            && let Some(case) = self.record.case(id)
        {
            let chapter = (self.write)(&self.record, case)?;
            let piece = self.spill.push(&chapter)?;
            self.pieces.insert(id.clone(), piece);
            self.record.forget_exchanges(id);
        }
        Ok(())
    }

    /// The record.
    ///
    /// # Errors
    /// The run never began, so there is nothing to tell.
    pub(super) fn record(&self) -> io::Result<&RunRecord> {
        match self.record.suite {
            Some(_) => Ok(&self.record),
            None => Err(io::Error::new(io::ErrorKind::InvalidData, "no event says what was run")),
        }
    }

    /// Writes all chapters in the order of the plan, those that are not empty, a comma between two.
    ///
    /// # Errors
    /// What reading or writing gives.
    pub(super) fn copy(&mut self, out: &mut impl Write) -> io::Result<()> {
        let mut separator: &[u8] = b"";
        for case in &self.record.cases {
            let piece = self.pieces.get(&case.head.id).copied();
            let late = if piece.is_none() { (self.write)(&self.record, case)? } else { Vec::new() };
            if piece.map_or(late.is_empty(), Piece::is_empty) {
                continue;
            }
            out.write_all(separator)?;
            separator = b",\n";
            match piece {
                Some(piece) => self.spill.copy(piece, out)?,
                None => out.write_all(&late)?,
            }
        }
        Ok(())
    }
}
