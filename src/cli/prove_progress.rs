use std::io::Write as _;

use crate::prove::{Row, Stand};

use super::terminal::Terminal;

/// After how many defects a line is written where nobody watches.
const STRIDE: usize = 10;

/// How far a proof is, told on stderr: in one line that changes where somebody watches, else in a line now and then.
pub(super) struct ProveProgress {
    done: usize,
    all: usize,
    is_watched: bool,
}

impl ProveProgress {
    pub(super) fn of(all: usize) -> Self {
        let progress = Self { done: 0, all, is_watched: Terminal::is_watched() };
        if progress.is_watched {
            write("\r\x1b[2Kwithout a defect");
        }
        progress
    }

    /// Takes in what came of a defect.
    pub(super) fn tell(&mut self, row: &Row) {
        self.done += 1;
        let (done, all) = (self.done, self.all);
        let word = match row.stand {
            Stand::NotNoticed => " NOT NOTICED",
            Stand::TimedOut => " TIMED OUT",
            Stand::Noticed | Stand::Untried | Stand::Unnoticeable => "",
        };
        if self.is_watched {
            write(&format!("\r\x1b[2K{done}/{all} {}{word}", row.defect));
        } else if done.is_multiple_of(STRIDE) {
            write(&format!("{done} of {all} defects tried\n"));
        }
    }

    /// Leaves no line behind.
    pub(super) fn end() {
        if Terminal::is_watched() {
            write("\r\x1b[2K");
        }
    }
}

/// Nobody can be told where that does not work.
fn write(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}
