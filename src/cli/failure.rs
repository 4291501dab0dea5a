use std::fmt::Display;

use crate::diag::{Colour, Diagnostic, Sources, render};

use super::Exit;
use super::words::counted;

/// Why a subcommand could not do what it was asked for, ready to be shown.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) text: String,
}

impl Failure {
    /// The caller's or the author's fault: one sentence.
    pub(super) fn usage(message: impl Display) -> Self {
        Self { exit: Exit::Usage, text: format!("error: {message}\n") }
    }

    /// Problems of files, each with its place.
    pub(super) fn problems(problems: &[Diagnostic], sources: &Sources, colour: Colour) -> Self {
        let errors = problems.iter().filter(|problem| problem.severity == crate::diag::Severity::Error).count();
        let count = counted(errors, "problem");
        Self { exit: Exit::Usage, text: format!("{}\n{count}\n", render(problems, sources, colour)) }
    }

    /// Something could not be written.
    pub(super) fn io(message: impl Display) -> Self {
        Self { exit: Exit::IoError, text: format!("error: {message}\n") }
    }

    /// Something that cannot be.
    pub(super) fn internal(message: impl Display) -> Self {
        Self { exit: Exit::Internal, text: format!("error: {message}; this is a defect of assize\n") }
    }
}
