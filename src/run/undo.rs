use crate::auth::Subject;
use crate::clock::{Clock as _, Deadline};
use crate::event::{Event, Left, Purpose, UndoEnd};
use crate::trial::{Draft, PendingUndo, UndoAct};
use crate::value::Witness;

use super::case_run::Try;
use super::send::Errand;

/// How long one request of an undo may take.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(15);

impl Try<'_> {
    /// Takes back what the case made, the last first. What cannot be taken back is told.
    pub(super) async fn undo(&mut self, undos: Vec<PendingUndo>) -> Vec<Left> {
        let mut left = Vec::new();
        for undo in undos {
            let step = undo.step().clone();
            let end = self.undo_one(undo).await;
            if let UndoEnd::Left(what) = &end {
                left.push(what.clone());
            }
            self.run.tell(Event::UndoFinished { case: self.run.case.id().clone(), step, end });
        }
        left
    }

    /// Sends what removes one thing, until it is gone or nothing is left to send.
    async fn undo_one(&mut self, mut undo: PendingUndo) -> UndoEnd {
        loop {
            // Whatever the case still had: removing has a time of its own, signing in for it too.
            self.deadline = Deadline::after(LIMIT);
            let draft = match undo.next_act() {
                UndoAct::End(end) => return end,
                UndoAct::Send(draft) => draft,
                UndoAct::SendAnew(draft) => {
                    self.forget_token(&draft).await;
                    draft
                }
            };
            let shown = format!("{} {}", draft.method, self.door.vault().mask_text(&draft.url));
            let step = undo.step().clone();
            let errand = Errand { step: &step, id: self.take_id(), sent: self.site.clock.now(), limits: self.limits() };
            let exchange = tokio::select! {
                exchange = self.send(errand, *draft) => exchange,
                () = self.run.cancel.abandoned() => {
                    return UndoEnd::Left(Left { request: shown, why: "removing was given up".to_owned() });
                }
            };
            undo.answered(&exchange, &Witness::new(self.door.vault()));
            self.tell_exchange(Some(&step), None, Purpose::Undo, exchange);
        }
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
