use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::event::Stamped;

use super::visible;
use super::{Destination, Kind, Reporter};

/// Which report it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportName {
    /// What stands on the terminal.
    Console,
    /// The event log on stdout.
    Stdout,
    /// The snapshots that a run writes.
    Snapshots,
    /// The summary of a step of GitHub Actions, in this file.
    Summary(PathBuf),
    /// One that was asked for.
    Report {
        /// Its kind.
        kind: Kind,
        /// Where it goes, as the user wrote it.
        to: Destination,
    },
}

impl fmt::Display for ReportName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Console => f.write_str("the console output"),
            Self::Stdout => f.write_str("the event log on stdout"),
            Self::Snapshots => f.write_str("a snapshot"),
            Self::Summary(path) => write!(f, "the step summary `{}`", visible::one_line(&path.to_string_lossy())),
            Self::Report { kind, to } => write!(f, "the {kind} report {to}"),
        }
    }
}

/// A report that could not be written whole.
#[derive(Debug, thiserror::Error)]
#[error("{report} cannot be written: {error}")]
pub struct ReportFailure {
    /// Which.
    pub report: ReportName,
    /// Why. (Part of the message, so that the message alone says it.)
    pub error: io::Error,
}

/// Feeds every reporter; one that fails is left behind and starves no other.
#[derive(Default)]
pub struct Fanout {
    members: Vec<Member>,
    failures: Vec<ReportFailure>,
}

struct Member {
    name: ReportName,
    reporter: Box<dyn Reporter + Send>,
}

impl Fanout {
    /// Adds a reporter.
    pub fn add(&mut self, name: ReportName, reporter: Box<dyn Reporter + Send>) {
        self.members.push(Member { name, reporter });
    }

    /// Hands the event to every reporter that has not failed.
    pub fn on_event(&mut self, event: &Stamped) {
        let failures = &mut self.failures;
        self.members.retain_mut(|member| match member.reporter.on_event(event) {
            Ok(()) => true,
            Err(error) => {
                failures.push(ReportFailure { report: member.name.clone(), error });
                false
            }
        });
    }

    /// What has failed so far.
    #[must_use]
    pub fn failures(&self) -> &[ReportFailure] {
        &self.failures
    }

    /// Lets every reporter finish, in the order in which they were added; gives everything that failed, in order.
    #[must_use = "a report that could not be written is an exit code of its own"]
    pub fn finish(self) -> Vec<ReportFailure> {
        let mut failures = self.failures;
        for Member { name, reporter } in self.members {
            if let Err(error) = reporter.finish() {
                failures.push(ReportFailure { report: name, error });
            }
        }
        failures
    }
}

impl fmt::Debug for Fanout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.members.iter().map(|member| &member.name).collect::<Vec<_>>();
        f.debug_struct("Fanout").field("members", &names).field("failures", &self.failures).finish()
    }
}
