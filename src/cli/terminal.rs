use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::ValueEnum;

use crate::diag::Colour;
use crate::report::Paint;

use super::Exit;

/// When output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set; `CLICOLOR_FORCE` goes before both.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where results and complaints go.
#[derive(Debug)]
pub(super) struct Terminal {
    choice: ColorChoice,
    broken: bool,
    readers: Readers,
    results: Results,
}

/// Where results go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Results {
    /// To stdout.
    Stdout,
    /// To stderr: stdout holds a report.
    Stderr,
}

/// Whether who reads stdout must read all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readers {
    /// They must: what was written is a verdict.
    Stay,
    /// They may go when they have seen enough, as `head` does.
    MayGo,
}

impl Terminal {
    pub(super) fn new(choice: ColorChoice, readers: Readers) -> Self {
        let terminal = Self { choice, broken: false, readers, results: Results::Stdout };
        colored::control::set_override(terminal.wants_colour(io::stdout().is_terminal()));
        terminal
    }

    /// Leaves stdout to a report: results go to stderr from here on.
    pub(super) fn give_stdout_away(&mut self) {
        self.results = Results::Stderr;
    }

    /// Where results go.
    pub(super) fn results(&self) -> Box<dyn Write + Send> {
        match self.results {
            Results::Stdout => Box::new(io::stdout()),
            Results::Stderr => Box::new(io::stderr()),
        }
    }

    /// How results are painted.
    pub(super) fn paint(&self) -> Paint {
        let is_terminal = match self.results {
            Results::Stdout => io::stdout().is_terminal(),
            Results::Stderr => io::stderr().is_terminal(),
        };
        if self.wants_colour(is_terminal) { Paint::Coloured } else { Paint::Plain }
    }

    /// How complaints are painted.
    pub(super) fn colour(&self) -> Colour {
        if self.wants_colour(io::stderr().is_terminal()) { Colour::Always } else { Colour::Never }
    }

    /// How many columns stdout has: those of the terminal, unless `COLUMNS` says otherwise; 80 where nobody knows.
    pub(super) fn width() -> usize {
        let given = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|width| *width > 0);
        let found = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        given.or_else(found).filter(|width| *width > 0).unwrap_or(80)
    }

    /// Whether somebody watches.
    pub(super) fn is_watched() -> bool {
        io::stderr().is_terminal()
    }

    /// Writes a result. Whether that worked is told when the program ends.
    pub(super) fn say(&mut self, text: &str) {
        let mut out = self.results();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        self.broken |=
            written.is_err_and(|error| self.readers == Readers::Stay || error.kind() != io::ErrorKind::BrokenPipe);
    }

    /// Empties the screen, where stdout is one; what has left it stays to be scrolled back to.
    pub(super) fn clear(&mut self) {
        if io::stdout().is_terminal() {
            self.say("\x1b[2J\x1b[H");
        }
    }

    /// Writes to stderr. Nobody can be told where that does not work.
    #[expect(clippy::unused_self, reason = "complaints go through the terminal like everything else")]
    pub(super) fn complain(&mut self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Whether all that was said could be written.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// The end of the program.
    pub(super) fn finish(&mut self, exit: Exit) -> ExitCode {
        if self.broken && exit.code() < Exit::IoError.code() {
            self.complain("error: stdout could not be written whole\n");
            return ExitCode::from(Exit::IoError.code());
        }
        ExitCode::from(exit.code())
    }

    fn wants_colour(&self, is_terminal: bool) -> bool {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        match self.choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_set("CLICOLOR_FORCE") || (is_terminal && !is_set("NO_COLOR")),
        }
    }
}
