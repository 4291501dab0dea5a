use crate::auth::Subject;
use crate::clock::{Clock as _, Deadline};
use crate::event::{Event, Left, Purpose, UndoEnd};
use crate::http::Limits;
use crate::trial::{Draft, PendingUndo, UndoState};

use super::case_run::Try;
use super::send::Errand;

/// How long one undo may take.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(15);

impl Try<'_> {
    /// Takes back what the case made, the last first. What cannot be taken back is told.
    pub(super) async fn undo(&self, undos: Vec<PendingUndo>) -> Vec<Left> {
        let mut left = Vec::new();
        for undo in undos {
            let end = self.undo_one(&undo).await;
            if let UndoEnd::Left(what) = &end {
                left.push(what.clone());
            }
            self.run.tell(Event::UndoFinished { case: self.run.case.id().clone(), step: undo.step, end });
        }
        left
    }

    async fn undo_one(&self, undo: &PendingUndo) -> UndoEnd {
        let left = |request: String, why: String| UndoEnd::Left(Left { request, why });
        let draft = match &undo.state {
            UndoState::Ready(draft) => draft,
            UndoState::Intended => return left(undo.shown.clone(), "the answer that made it was lost".to_owned()),
            UndoState::Stuck(why) => return left(undo.shown.clone(), why.clone()),
        };
        let shown = format!("{} {}", draft.method, self.door.vault().mask_text(&draft.url));
        let mut why = String::new();
        for is_again in [false, true] {
            if is_again {
                self.forget_token(draft).await;
            }
            let limits = Limits { deadline: Deadline::after(LIMIT), ..self.limits() };
            let errand = Errand { step: &undo.step, id: self.take_id(), sent: self.site.clock.now(), limits };
            let send = self.send(errand, (**draft).clone());
            let exchange = tokio::select! {
                exchange = send => exchange,
                () = self.run.cancel.abandoned() => return left(shown, "removing was given up".to_owned()),
            };
            let answer = exchange.complete().map(|answer| answer.status);
            let fault = exchange.fault.as_ref().map(ToString::to_string);
            self.tell_exchange(Some(&undo.step), None, Purpose::Undo, exchange);
            match answer {
                Some(status) if undo.done.iter().any(|done| done.holds(status)) => return UndoEnd::Gone { status },
                Some(401) if !is_again => {}
                Some(status) => {
                    why = format!("the answer was {status}");
                    break;
                }
                None => {
                    why = fault.unwrap_or_default();
                    break;
                }
            }
        }
        left(shown, why)
    }

    /// Signs in again the next time: the token that was shown is not accepted any more.
    async fn forget_token(&self, draft: &Draft) {
        let device = draft.device.as_deref().and_then(|name| self.devices.get(name));
        let known = device.and_then(|device| Some((device, self.site.surface.identities.get(&device.identity)?)));
        if let Some((device, identity)) = known {
            let subject = Subject { identity, user: device.user, slot: device.slot, device: &device.name };
            self.site.tokens.forget(subject).await;
        }
    }
}
