use std::io::{self, Write as _};

use junit_report::ReportBuilder;

use crate::event::Stamped;
use crate::report::account::Account;
use crate::report::artefact::Artefact;
use crate::report::detail::Look;
use crate::report::{Paint, Reporter};

use super::complete::complete;
use super::read_back::read_back;
use super::testsuite::{Counts, build, extras};

/// A run as JUnit XML, written when the run has ended.
#[derive(Debug)]
pub struct Junit {
    artefact: Artefact,
    account: Account,
}

/// How much of a body stands in a report.
const LOOK: Look = Look { paint: Paint::Plain, body_lines: 200, body_bytes: 12 * 1024 };

impl Junit {
    pub(in crate::report) fn new(artefact: Artefact) -> Self {
        Self { artefact, account: Account::new(LOOK) }
    }
}

impl Reporter for Junit {
    fn on_event(&mut self, event: &Stamped) -> io::Result<()> {
        self.account.hear(event);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.account.close()?;
        let (record, told) = (self.account.record(), self.account.told());
        let mut xml = Vec::new();
        let report = ReportBuilder::new().add_testsuite(build(record, told)).build();
        report.write_xml(&mut xml).map_err(io::Error::other)?;
        let expected = Counts::of_record(record);
        self.artefact.write_all(&complete(&xml, &extras(record))?)?;
        self.artefact.commit(|file| read_back(file, expected))
    }
}
