use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::str::FromStr;

use crate::diag::nearest;

use super::artefact::{Artefact, Leftover, Spill};
use super::visible::one_line;
use super::{
    Ctrf, Destination, EventLog, Github, Har, Html, JsonRecord, Junit, Markdown, ReportFailure, ReportName, Reporter,
    Tap, WholeReport,
};

/// A kind of report that is written to a file or to stdout. A new kind is a file of this room and a line in each table
/// below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// JUnit XML.
    Junit,
    /// One HTML page, for people.
    Html,
    /// Commands for the log of a job of GitHub Actions.
    Github,
    /// A page in Markdown, for summaries and comments.
    Markdown,
    /// The Test Anything Protocol.
    Tap,
    /// The Common Test Report Format.
    Ctrf,
    /// The HTTP Archive.
    Har,
    /// The record of the run as one JSON document.
    Json,
    /// The event log, one JSON object a line.
    Log,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Junit,
        Self::Html,
        Self::Github,
        Self::Markdown,
        Self::Tap,
        Self::Ctrf,
        Self::Har,
        Self::Json,
        Self::Log,
    ];

    /// The word on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Junit => "junit",
            Self::Html => "html",
            Self::Github => "github",
            Self::Markdown => "markdown",
            Self::Tap => "tap",
            Self::Ctrf => "ctrf",
            Self::Har => "har",
            Self::Json => "json",
            Self::Log => "log",
        }
    }

    /// What it is, in half a line.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Junit => "JUnit XML, one testcase per case",
            Self::Html => "one HTML page that needs nothing else: verdict, requirements, every case with what was sent",
            Self::Github => {
                "annotations for GitHub Actions; with `-` in the job's log, and the step's summary with them"
            }
            Self::Markdown => {
                "a page in Markdown, under 1 MiB: verdict, requirements, what failed and what did not run"
            }
            Self::Tap => "TAP version 14, one test point per case, what was found as YAML",
            Self::Ctrf => "CTRF, the Common Test Report Format, as JSON",
            Self::Har => "HAR 1.2: every exchange, a page per case, secrets as handles",
            Self::Json => "the whole record of the run as one JSON document, after `docs/schema/record.json`",
            Self::Log => "the event log, one JSON object a line; `assize replay` makes every other report from it",
        }
    }

    fn open(self, to: &Destination) -> io::Result<Box<dyn Reporter + Send>> {
        let begin = |leftover| begin(to, leftover);
        let spill = || match to {
            Destination::File(path) => Spill::beside(path),
            Destination::Stdout => Ok(Spill::memory()),
        };
        Ok(match self {
            Self::Junit => Box::new(Junit::new(begin(Leftover::Remove)?)),
            Self::Html => Box::new(Html::new(begin(Leftover::Remove)?, spill()?)),
            Self::Github => Box::new(Github::new(begin(Leftover::Remove)?)),
            Self::Markdown => Box::new(Markdown::new(begin(Leftover::Remove)?)),
            Self::Tap => Box::new(Tap::new(begin(Leftover::Remove)?)),
            Self::Ctrf => Box::new(Ctrf::new(begin(Leftover::Remove)?)),
            Self::Har => Box::new(Har::new(begin(Leftover::Remove)?, spill()?)),
            Self::Json => Box::new(JsonRecord::new(begin(Leftover::Remove)?, spill()?)),
            // What a log holds is evidence, also of a run that broke down.
            Self::Log => Box::new(EventLog::new(begin(Leftover::Keep)?)),
        })
    }
}

fn begin(to: &Destination, leftover: Leftover) -> io::Result<Artefact> {
    match to {
        Destination::File(path) => Artefact::create(path, leftover),
        Destination::Stdout => Artefact::stdout(),
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A report that was asked for: `KIND=PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportSpec {
    /// The kind.
    pub kind: Kind,
    /// Where it goes.
    pub to: Destination,
}

/// Why a text asks for no report, or several do not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadReport {
    /// There is no `=`.
    #[error("expected KIND=PATH, got `{text}`; kinds: {}", kinds())]
    NoKind {
        /// What was written.
        text: String,
    },
    /// There is no such kind.
    #[error("there is no report kind `{kind}`{}; kinds: {}", hint(*.nearest), kinds())]
    UnknownKind {
        /// What was written.
        kind: String,
        /// The kind that was probably meant.
        nearest: Option<Kind>,
    },
    /// No path stands after the `=`.
    #[error("expected a path after `{kind}=`")]
    NoPath {
        /// The kind.
        kind: Kind,
    },
    /// Two reports would go to stdout.
    #[error("the {first} report and the {second} report both go to stdout, which holds one")]
    BothStdout {
        /// The kind of the first.
        first: Kind,
        /// The kind of the second.
        second: Kind,
    },
    /// Two reports would go to the same file.
    #[error("the {first} report and the {second} report both go to `{path}`")]
    SamePath {
        /// The kind of the first.
        first: Kind,
        /// The kind of the second.
        second: Kind,
        /// The path as it was written the second time.
        path: String,
    },
}

fn kinds() -> String {
    Kind::ALL.map(Kind::as_str).join(", ")
}

fn hint(nearest: Option<Kind>) -> String {
    nearest.map_or_else(String::new, |kind| format!(" (the nearest is `{kind}`)"))
}

impl ReportSpec {
    /// Reads `KIND=PATH`; the path may be any bytes that the system takes.
    ///
    /// # Errors
    /// [`BadReport`].
    pub fn parse(text: &OsStr) -> Result<Self, BadReport> {
        let bytes = text.as_encoded_bytes();
        let shown = |bytes: &[u8]| one_line(&String::from_utf8_lossy(bytes)).into_owned();
        let Some(at) = bytes.iter().position(|byte| *byte == b'=') else {
            return Err(BadReport::NoKind { text: shown(bytes) });
        };
        let word = shown(&bytes[..at]);
        let by_word = |word: &str| Kind::ALL.into_iter().find(|kind| kind.as_str() == word);
        let Some(kind) = by_word(&word) else {
            let nearest = nearest(&word, &Kind::ALL.map(Kind::as_str)).and_then(by_word);
            return Err(BadReport::UnknownKind { kind: word, nearest });
        };
        let path = after(text, at + 1);
        if path.is_empty() {
            return Err(BadReport::NoPath { kind });
        }
        let to = if path == "-" { Destination::Stdout } else { Destination::File(path.into()) };
        Ok(Self { kind, to })
    }

    /// Refuses two reports to the same file, by whatever names it goes, and two to stdout.
    ///
    /// # Errors
    /// [`BadReport::SamePath`], [`BadReport::BothStdout`].
    pub fn refuse_same_path(specs: &[Self]) -> Result<(), BadReport> {
        for (at, second) in specs.iter().enumerate() {
            let Some(first) = specs[..at].iter().find(|first| first.to.is_same(&second.to)) else { continue };
            let (first, second_kind) = (first.kind, second.kind);
            return Err(match &second.to {
                Destination::Stdout => BadReport::BothStdout { first, second: second_kind },
                Destination::File(path) => {
                    let path = one_line(&path.to_string_lossy()).into_owned();
                    BadReport::SamePath { first, second: second_kind, path }
                }
            });
        }
        Ok(())
    }

    /// Opens the report's file, before anything is sent.
    ///
    /// # Errors
    /// The file cannot be written: it is a directory, its directory is missing or cannot be written, …
    pub fn open(&self) -> Result<(ReportName, Box<dyn Reporter + Send>), ReportFailure> {
        let name = ReportName::Report { kind: self.kind, to: self.to.clone() };
        match self.kind.open(&self.to) {
            Ok(reporter) => Ok((name, reporter)),
            Err(error) => Err(ReportFailure { report: name, error }),
        }
    }
}

impl ReportSpec {
    /// Begins the report's file for a text that somebody else makes, before anything is sent.
    ///
    /// # Errors
    /// As [`ReportSpec::open`] gives.
    pub fn open_whole(&self) -> Result<WholeReport, ReportFailure> {
        let name = ReportName::Report { kind: self.kind, to: self.to.clone() };
        match begin(&self.to, Leftover::Remove) {
            Ok(artefact) => Ok(WholeReport::new(name, artefact)),
            Err(error) => Err(ReportFailure { report: name, error }),
        }
    }

    /// `KIND=PATH`, made visible.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.to {
            Destination::File(path) => format!("{}={}", self.kind, one_line(&path.to_string_lossy())),
            Destination::Stdout => format!("{}=-", self.kind),
        }
    }
}

impl FromStr for ReportSpec {
    type Err = BadReport;

    fn from_str(text: &str) -> Result<Self, BadReport> {
        Self::parse(OsStr::new(text))
    }
}

/// What follows after the first `at` bytes, all of which are ASCII.
#[cfg(unix)]
fn after(text: &OsStr, at: usize) -> OsString {
    use std::os::unix::ffi::OsStrExt as _;
    OsStr::from_bytes(&text.as_bytes()[at..]).to_owned()
}

#[cfg(not(unix))]
fn after(text: &OsStr, at: usize) -> OsString {
    text.to_string_lossy()[at..].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: &str = "junit, html, github, markdown, tap, ctrf, har, json, log";

    fn error(text: &str) -> String {
        text.parse::<ReportSpec>().expect_err("the test asks for nonsense").to_string()
    }

    #[test]
    fn a_report_is_a_kind_and_a_path_that_may_hold_an_equals_sign() {
        assert_eq!(
            "junit=a=b.xml".parse(),
            Ok(ReportSpec { kind: Kind::Junit, to: Destination::File("a=b.xml".into()) })
        );
    }

    #[test]
    fn what_asks_for_no_report_is_refused_with_the_nearest_kind() {
        assert_eq!(error("out.xml"), format!("expected KIND=PATH, got `out.xml`; kinds: {KINDS}"));
        assert_eq!(
            error("junti=o"),
            format!("there is no report kind `junti` (the nearest is `junit`); kinds: {KINDS}")
        );
        assert_eq!(error("sarif=o"), format!("there is no report kind `sarif`; kinds: {KINDS}"));
        assert_eq!(error("log="), "expected a path after `log=`");
        assert_eq!(error("\u{1b}[2J=o"), format!("there is no report kind `\\u{{1b}}[2J`; kinds: {KINDS}"));
    }

    #[test]
    fn two_reports_to_one_file_are_refused_by_whatever_names() {
        let specs = ["junit=./out", "log=src/../out"].map(|text| text.parse::<ReportSpec>().unwrap());
        let refused = ReportSpec::refuse_same_path(&specs).expect_err("both name the same file");
        assert_eq!(refused.to_string(), "the junit report and the log report both go to `src/../out`");
        let specs = ["junit=out.xml", "log=out.ndjson"].map(|text| text.parse::<ReportSpec>().unwrap());
        assert_eq!(ReportSpec::refuse_same_path(&specs), Ok(()));
    }

    #[test]
    fn stdout_holds_one_report() {
        let specs = ["tap=-", "ctrf=-"].map(|text| text.parse::<ReportSpec>().unwrap());
        assert_eq!(specs[0].to, Destination::Stdout);
        let refused = ReportSpec::refuse_same_path(&specs).expect_err("both go to stdout");
        assert_eq!(refused.to_string(), "the tap report and the ctrf report both go to stdout, which holds one");
        assert_eq!(ReportSpec::refuse_same_path(&specs[..1]), Ok(()));
    }
}
