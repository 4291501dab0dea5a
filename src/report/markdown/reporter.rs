use std::io;
use std::path::Path;

use crate::event::Stamped;
use crate::report::account::Account;
use crate::report::artefact::Artefact;
use crate::report::detail::Look;
use crate::report::{Paint, Reporter};

use super::page::page;

/// A run as a page in Markdown, written when the run has ended.
#[derive(Debug)]
pub struct Markdown {
    artefact: Artefact,
    account: Account,
    most: usize,
}

/// How much of a body stands in the text of a case.
const LOOK: Look = Look { paint: Paint::Plain, body_lines: 40, body_bytes: 4 * 1024 };
/// How many bytes a page may have: less than the 1 MiB that GitHub takes for the summary of a step.
const MOST: usize = 1000 * 1024;

impl Markdown {
    pub(in crate::report) fn new(artefact: Artefact) -> Self {
        Self { artefact, account: Account::new(LOOK), most: MOST }
    }

    /// The summary of a step of GitHub Actions, after what stands in its file already.
    ///
    /// # Errors
    /// The file cannot be read, or none can be made beside it.
    pub fn summary(path: &Path) -> io::Result<Self> {
        let (artefact, used) = Artefact::extend(path)?;
        let most = MOST.saturating_sub(usize::try_from(used).unwrap_or(MOST));
        Ok(Self { artefact, account: Account::new(LOOK), most })
    }
}

impl Reporter for Markdown {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.account.hear(event);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.account.close()?;
        self.artefact.write_whole(&page(&self.account, self.most))
    }
}
