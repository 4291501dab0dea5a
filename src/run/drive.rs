use std::time::Duration;

use crate::clock::{Clock as _, Deadline};
use crate::event::Outcome;
use crate::trial::{Act, Ending, Trial};
use crate::value::Witness;

use super::case_run::Try;
use super::stage::Stage;

impl Try<'_> {
    /// Does what the trial asks for, until it has ended.
    pub(super) async fn drive(&self, trial: &mut Trial) -> Ending {
        loop {
            let act = trial.next(&mut || self.site.clock.now());
            self.tell_all(trial);
            if let Some(stopped) = self.stopped(&act) {
                let ending = trial.stop(stopped);
                self.tell_all(trial);
                return ending;
            }
            match act {
                Act::End(ending) => return ending,
                Act::Pause(span) => self.pause(span).await,
                Act::Elapse { step, span } => {
                    let passed = self.elapse(&step, span).await;
                    trial.elapsed(passed);
                }
                Act::Together { members, .. } => {
                    let came = self.together(members).await;
                    trial.came_together(came, &Witness::new(self.door.vault()));
                }
                Act::Send(sending) => {
                    let (step, attempt, purpose) = (sending.step.clone(), sending.attempt, sending.purpose);
                    let exchange = self.send_step(*sending).await;
                    self.tell_exchange(Some(&step), attempt, purpose, exchange.clone());
                    trial.answered(exchange, &Witness::new(self.door.vault()));
                }
            }
            self.tell_all(trial);
        }
    }

    /// Why the trial must end here, if it must.
    fn stopped(&self, act: &Act) -> Option<Outcome> {
        if matches!(act, Act::End(_)) {
            return None;
        }
        if self.is_halted() {
            return Some(Outcome::Unfinished { why: "the run was stopped".to_owned() });
        }
        if self.deadline.has_passed() {
            let what = match self.stage {
                Stage::Setup => "`setup`",
                Stage::Case => "the case",
                Stage::Teardown => "`teardown`",
            };
            let why = format!("{what} did not end within {} s", self.limit.as_secs());
            return Some(Outcome::Inconclusive { why });
        }
        None
    }

    pub(super) async fn pause(&self, span: Duration) {
        let until = Deadline::after(span).sooner(self.deadline);
        tokio::select! {
            () = tokio::time::sleep_until(until.instant().into()) => {}
            () = self.halted() => {}
        }
    }
}
