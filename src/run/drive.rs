use std::time::Duration;

use crate::clock::{Clock as _, Deadline};
use crate::event::Outcome;
use crate::trial::{Act, Ending, Trial};
use crate::value::Witness;

use super::case_run::Try;
use super::elapse::Elapsed;
use super::stage::Stage;

impl Try<'_> {
    /// Does what the trial asks for, until it has ended.
    pub(super) async fn drive(&self, trial: &mut Trial) -> Ending {
        loop {
            let act = trial.next(&mut || self.site.clock.now());
            self.tell_all(trial);
            if !matches!(act, Act::End(_)) && self.over().is_some() {
                return self.stop(trial);
            }
            match act {
                Act::End(ending) => return ending,
                // Where it is cut short, the trial is stopped before its next attempt.
                Act::Pause(span) => {
                    self.pass(span).await;
                }
                Act::Elapse { step, span } => match self.elapse(&step, span).await {
                    Elapsed::Whole => trial.elapsed(Ok(span)),
                    Elapsed::Stuck(why) => trial.elapsed(Err(why)),
                    Elapsed::CutShort => return self.stop(trial),
                },
                Act::Together { members, .. } => {
                    let gone = self.together(members).await;
                    trial.came_together(gone.came, &Witness::new(self.door.vault()));
                    if gone.is_cut_short {
                        return self.stop(trial);
                    }
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

    /// Ends the trial here.
    fn stop(&self, trial: &mut Trial) -> Ending {
        let ending = trial.stop(self.over().unwrap_or_else(was_stopped));
        self.tell_all(trial);
        ending
    }

    /// Why the trial must end here, if it must.
    fn over(&self) -> Option<Outcome> {
        if self.is_halted() {
            return Some(was_stopped());
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

    /// Waits so long, but no longer than the case may take or the run goes on.
    pub(super) async fn pause(&self, span: Duration) -> Elapsed {
        let wanted = Deadline::after(span);
        let until = wanted.sooner(self.deadline);
        tokio::select! {
            () = tokio::time::sleep_until(until.instant().into()) => {
                if until.instant() < wanted.instant() { Elapsed::CutShort } else { Elapsed::Whole }
            }
            () = self.halted() => Elapsed::CutShort,
        }
    }
}

fn was_stopped() -> Outcome {
    Outcome::Unfinished { why: "the run was stopped".to_owned() }
}
