use std::time::Duration;

use crate::clock::{Clock as _, Deadline};
use crate::event::{Event, Outcome, Purpose, StepPath};
use crate::trial::{Act, Ending, Trial};
use crate::value::Witness;

use super::case_run::Try;
use super::elapse::move_clock;
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

    async fn pause(&self, span: Duration) {
        let until = Deadline::after(span).sooner(self.deadline);
        tokio::select! {
            () = tokio::time::sleep_until(until.instant().into()) => {}
            () = self.halted() => {}
        }
    }

    async fn elapse(&self, step: &StepPath, span: Duration) -> Result<Duration, String> {
        if let (Some(control), Some((door, authorization))) = (&self.site.surface.clock, &self.control)
            && self.site.surface.features.contains("clock")
        {
            let id = self.take_id();
            let lane = self.devices.nobody();
            let moved = move_clock(control, &self.site, door, lane, authorization.clone(), span, id).await;
            if let Some(exchange) = moved.0 {
                self.tell_exchange(Some(step), None, Purpose::Setup, exchange);
            }
            return moved.1.map(|()| span);
        }
        if span > self.run.options.longest_wait {
            return Err(format!(
                "{} s are more than is waited for, and the target's clock cannot be moved",
                span.as_secs()
            ));
        }
        let case = self.run.case.id().clone();
        self.run.tell(Event::Waited { case, why: format!("time passes at step {step}"), span });
        self.pause(span).await;
        Ok(span)
    }
}
