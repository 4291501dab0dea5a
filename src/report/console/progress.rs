use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::event::CaseId;
use crate::report::visible;

/// Whether a live line on stderr tells what runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It does, where stderr is a terminal.
    Live,
    /// It does not.
    Off,
}

/// The live line.
#[derive(Debug)]
pub(super) struct Bar {
    bar: Option<ProgressBar>,
    running: Vec<CaseId>,
}

impl Bar {
    pub(super) fn new(progress: Progress) -> Self {
        let bar = match progress {
            Progress::Off => None,
            Progress::Live => {
                let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
                // The template is the program's own; a line without a style is a line all the same.
                Some(match ProgressStyle::with_template("{pos}/{len} {elapsed} {wide_msg}") {
                    Ok(style) => bar.with_style(style),
                    Err(_) => bar,
                })
            }
        };
        Self { bar, running: Vec::new() }
    }

    pub(super) fn planned(&self, cases: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(cases as u64);
        }
    }

    pub(super) fn began(&mut self, case: &CaseId) {
        if self.bar.is_some() {
            self.running.push(case.clone());
            self.show();
        }
    }

    pub(super) fn ended(&mut self, case: &CaseId) {
        if let Some(at) = self.running.iter().position(|running| running == case) {
            self.running.remove(at);
        }
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        self.show();
    }

    /// Does `write` while the live line is out of the way.
    pub(super) fn aside<R>(&self, write: impl FnOnce() -> R) -> R {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn show(&self) {
        if let Some(bar) = &self.bar {
            let ids = self.running.iter().take(4).map(|id| visible::short(id.as_str(), 60)).collect::<Vec<_>>();
            bar.set_message(ids.join(", "));
        }
    }
}
