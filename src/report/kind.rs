use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::diag::nearest;

use super::artefact::{Artefact, Leftover, Spill};
use super::visible::one_line;
use super::{EventLog, Html, Junit, ReportFailure, ReportName, Reporter};

/// A kind of report that is written to a file. A new kind is a file of this room and a line in each table below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// JUnit XML.
    Junit,
    /// One HTML page, for people.
    Html,
    /// The event log, one JSON object a line.
    Log,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Junit, Self::Html, Self::Log];

    /// The word on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Junit => "junit",
            Self::Html => "html",
            Self::Log => "log",
        }
    }

    /// What it is, in half a line.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Junit => "JUnit XML, one testcase per case",
            Self::Html => "one HTML page that needs nothing else: verdict, requirements, every case with what was sent",
            Self::Log => "the event log, one JSON object a line; `assize replay` makes every other report from it",
        }
    }

    fn open(self, path: &Path) -> io::Result<Box<dyn Reporter + Send>> {
        Ok(match self {
            Self::Junit => Box::new(Junit::new(Artefact::create(path, Leftover::Remove)?)),
            Self::Html => Box::new(Html::new(Artefact::create(path, Leftover::Remove)?, Spill::beside(path)?)),
            // What a log holds is evidence, also of a run that broke down.
            Self::Log => Box::new(EventLog::new(Artefact::create(path, Leftover::Keep)?)),
        })
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
    /// The file.
    pub path: PathBuf,
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
    /// The path is `-`.
    #[error(
        "a report goes to a file, not to stdout: stdout holds the verdict; `--format json` writes the event log there"
    )]
    Dash,
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
        if path == "-" {
            return Err(BadReport::Dash);
        }
        Ok(Self { kind, path: path.into() })
    }

    /// Refuses two reports to the same file, by whatever names it goes.
    ///
    /// # Errors
    /// [`BadReport::SamePath`].
    pub fn refuse_same_path(specs: &[Self]) -> Result<(), BadReport> {
        for (at, second) in specs.iter().enumerate() {
            if let Some(first) = specs[..at].iter().find(|first| real(&first.path) == real(&second.path)) {
                let path = one_line(&second.path.to_string_lossy()).into_owned();
                return Err(BadReport::SamePath { first: first.kind, second: second.kind, path });
            }
        }
        Ok(())
    }

    /// Opens the report's file, before anything is sent.
    ///
    /// # Errors
    /// The file cannot be written: it is a directory, its directory is missing or cannot be written, …
    pub fn open(&self) -> Result<(ReportName, Box<dyn Reporter + Send>), ReportFailure> {
        let name = ReportName::File { kind: self.kind, path: self.path.clone() };
        match self.kind.open(&self.path) {
            Ok(reporter) => Ok((name, reporter)),
            Err(error) => Err(ReportFailure { report: name, error }),
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

/// The path by which two names of one file are the same; the file itself need not exist.
fn real(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (parent.canonicalize(), path.file_name()) {
        (Ok(parent), Some(name)) => parent.join(name),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<ReportSpec>().expect_err("the test asks for nonsense").to_string()
    }

    #[test]
    fn a_report_is_a_kind_and_a_path_that_may_hold_an_equals_sign() {
        assert_eq!("junit=a=b.xml".parse(), Ok(ReportSpec { kind: Kind::Junit, path: "a=b.xml".into() }));
    }

    #[test]
    fn what_asks_for_no_report_is_refused_with_the_nearest_kind() {
        assert_eq!(error("out.xml"), "expected KIND=PATH, got `out.xml`; kinds: junit, html, log");
        assert_eq!(
            error("junti=o"),
            "there is no report kind `junti` (the nearest is `junit`); kinds: junit, html, log"
        );
        assert_eq!(error("sarif=o"), "there is no report kind `sarif`; kinds: junit, html, log");
        assert_eq!(error("log="), "expected a path after `log=`");
        assert!(error("log=-").starts_with("a report goes to a file, not to stdout"));
        assert_eq!(error("\u{1b}[2J=o"), "there is no report kind `\\u{1b}[2J`; kinds: junit, html, log");
    }

    #[test]
    fn two_reports_to_one_file_are_refused_by_whatever_names() {
        let specs = ["junit=./out", "log=src/../out"].map(|text| text.parse::<ReportSpec>().unwrap());
        let refused = ReportSpec::refuse_same_path(&specs).expect_err("both name the same file");
        assert_eq!(refused.to_string(), "the junit report and the log report both go to `src/../out`");
        let specs = ["junit=out.xml", "log=out.ndjson"].map(|text| text.parse::<ReportSpec>().unwrap());
        assert_eq!(ReportSpec::refuse_same_path(&specs), Ok(()));
    }
}
