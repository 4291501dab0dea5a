use std::time::Duration;

use crate::clock::Timestamp;

/// How long an offer is open (NICE documentation, contact life cycle).
pub(crate) const OFFER_OPEN: Duration = Duration::from_secs(45);
/// How long it takes until a number that is dialled rings. [INF]
const RINGS_AFTER: Duration = Duration::from_millis(250);
/// How long it rings until it is answered. [INF]
const ANSWERED_AFTER: Duration = Duration::from_millis(250);
/// How long after-call work may take, unless the agent asks for more. [INF]
pub(crate) const USUAL_WRAP_UP: Duration = Duration::from_secs(30);

/// How far a contact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It waits for an agent.
    Queued,
    /// An agent may accept it until then.
    Offered { until: Timestamp },
    /// A number is dialled; then it rings.
    Dialing { until: Timestamp },
    /// It rings at the patron's; then it is answered.
    Ringing { until: Timestamp },
    /// The patron and the agent are talking.
    Active,
    /// The patron waits while the agent does something else.
    Holding,
    /// They talk, and the recording is masked.
    Masking,
    /// It is one of the calls of a conference.
    Joined,
    /// The patron is gone; the agent finishes, until then or until done.
    WrapUp { until: Option<Timestamp> },
    /// It is over.
    Ended,
}

/// What can happen to a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It is offered to an agent.
    Offer,
    /// The agent takes it.
    Accept,
    /// The agent does not take it, or not in time: it waits for another one.
    Return,
    /// The agent hands it to someone else: it waits for them.
    Transfer,
    /// The dialled number rings.
    Ring,
    /// The dialled number is answered.
    Answer,
    /// The dialled number cannot be reached.
    Fail,
    Hold,
    Resume,
    Mask,
    Unmask,
    /// It becomes part of a conference.
    Join,
    /// The patron or the agent ends it.
    Disconnect,
    /// The agent wants all the time there is to finish it.
    Linger,
    /// Nothing is left to be done.
    Finish,
}

/// A step that is impossible at the stage where a contact is: a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid contact status.")]
pub(crate) struct Misplaced;

impl Stage {
    /// A number that is dialled from now on.
    pub(crate) fn dialling(now: Timestamp) -> Self {
        Self::Dialing { until: now.plus(RINGS_AFTER) }
    }

    /// The table of transitions.
    ///
    /// The reference names the statuses and says that a wrong one is a conflict (409), that an offer is open for 45 s,
    /// and that `Disconnected` comes twice when there is after-call work. Which step is possible where is [INF] beyond
    /// that.
    pub(crate) fn after(self, step: Step, now: Timestamp) -> Result<Self, Misplaced> {
        use Stage::{Active, Dialing, Ended, Holding, Joined, Masking, Offered, Queued, Ringing, WrapUp};
        match (step, self) {
            (Step::Offer, Queued) => Ok(Offered { until: now.plus(OFFER_OPEN) }),
            (Step::Return, Offered { .. }) | (Step::Transfer, Active | Holding) => Ok(Queued),
            (Step::Ring, Dialing { .. }) => Ok(Ringing { until: now.plus(ANSWERED_AFTER) }),
            (Step::Accept, Offered { .. })
            | (Step::Answer, Ringing { .. })
            | (Step::Resume, Holding)
            | (Step::Unmask, Masking) => Ok(Active),
            (Step::Hold, Active) => Ok(Holding),
            (Step::Mask, Active) => Ok(Masking),
            (Step::Join, Active | Holding) => Ok(Joined),
            (Step::Disconnect, Active | Holding | Masking | Joined) => {
                Ok(WrapUp { until: Some(now.plus(USUAL_WRAP_UP)) })
            }
            (Step::Linger, WrapUp { .. }) => Ok(WrapUp { until: None }),
            (Step::Fail, Dialing { .. })
            | (Step::Disconnect, Queued | Offered { .. } | Dialing { .. } | Ringing { .. })
            | (
                Step::Finish,
                Queued
                | Offered { .. }
                | Dialing { .. }
                | Ringing { .. }
                | Active
                | Holding
                | Masking
                | Joined
                | WrapUp { .. },
            ) => Ok(Ended),
            (
                Step::Offer
                | Step::Accept
                | Step::Return
                | Step::Transfer
                | Step::Ring
                | Step::Answer
                | Step::Fail
                | Step::Hold
                | Step::Resume
                | Step::Mask
                | Step::Unmask
                | Step::Join
                | Step::Disconnect
                | Step::Linger
                | Step::Finish,
                _,
            ) => Err(Misplaced),
        }
    }

    /// What happens to it by itself, and when.
    pub(crate) fn due(self) -> Option<(Timestamp, Step)> {
        match self {
            Self::Offered { until } => Some((until, Step::Return)),
            Self::Dialing { until } => Some((until, Step::Ring)),
            Self::Ringing { until } => Some((until, Step::Answer)),
            Self::WrapUp { until } => until.map(|until| (until, Step::Finish)),
            Self::Queued | Self::Active | Self::Holding | Self::Masking | Self::Joined | Self::Ended => None,
        }
    }

    /// Whether someone is, or may soon be, talking: neither waiting in the queue nor being finished.
    pub(crate) fn is_live(self) -> bool {
        match self {
            Self::Offered { .. }
            | Self::Dialing { .. }
            | Self::Ringing { .. }
            | Self::Active
            | Self::Holding
            | Self::Masking
            | Self::Joined => true,
            Self::Queued | Self::WrapUp { .. } | Self::Ended => false,
        }
    }

    /// The `Status` of its events.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Self::Queued => "InQueue",
            Self::Offered { .. } => "Incoming",
            Self::Dialing { .. } => "Dialing",
            Self::Ringing { .. } => "Ringing",
            Self::Active => "Active",
            Self::Holding => "Holding",
            Self::Masking => "Masking",
            Self::Joined => "Joined",
            Self::WrapUp { .. } | Self::Ended => "Disconnected",
        }
    }

    /// Its number in lists of contacts. [INF]: the reference says that there are such numbers, not which.
    pub(crate) fn id(self) -> u8 {
        match self {
            Self::Queued => 1,
            Self::Offered { .. } => 2,
            Self::Dialing { .. } => 3,
            Self::Ringing { .. } => 4,
            Self::Active => 5,
            Self::Holding => 6,
            Self::Masking => 7,
            Self::Joined => 8,
            Self::WrapUp { .. } => 9,
            Self::Ended => 10,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(0);

    fn walk(from: Stage, steps: &[Step]) -> Vec<&'static str> {
        let mut stage = from;
        steps
            .iter()
            .map(|step| match stage.after(*step, NOW) {
                Ok(next) => {
                    stage = next;
                    next.status()
                }
                Err(Misplaced) => "409",
            })
            .collect()
    }

    #[test]
    fn an_inbound_call_is_offered_taken_held_and_finished() {
        let steps = [Step::Offer, Step::Accept, Step::Hold, Step::Resume, Step::Disconnect, Step::Finish];
        let statuses = ["Incoming", "Active", "Holding", "Active", "Disconnected", "Disconnected"];
        assert_eq!(walk(Stage::Queued, &steps), statuses);
    }

    #[test]
    fn nothing_happens_to_a_contact_that_is_over() {
        let steps = [Step::Offer, Step::Accept, Step::Disconnect, Step::Finish, Step::Linger];
        assert_eq!(walk(Stage::Ended, &steps), ["409"; 5]);
    }

    #[test]
    fn what_is_due_is_always_possible() {
        let offered = Stage::Queued.after(Step::Offer, NOW).unwrap();
        let wrap_up = Stage::Active.after(Step::Disconnect, NOW).unwrap();
        for mut stage in [offered, Stage::dialling(NOW), wrap_up] {
            while let Some((at, step)) = stage.due() {
                stage = stage.after(step, at).unwrap();
            }
            assert!(matches!(stage, Stage::Queued | Stage::Active | Stage::Ended), "{stage:?}");
        }
    }
}
