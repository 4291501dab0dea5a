use crate::sandbox::interaction::{Contact, Media, Misplaced, Stage, Step};

use super::SessionRefusal;

/// What an agent does with a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Accept,
    Reject,
    Hold,
    Resume,
    Mask,
    Unmask,
    Record,
    /// Brings it to the front; it is only told again.
    Activate,
    End,
}

/// What a command does to a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It takes a step.
    Step(Step),
    /// It is recorded from now on.
    Recorded,
    /// Nothing but that it is told again.
    Told,
}

/// Why an agent's command is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CommandRefusal {
    /// As the session's refusal.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// 404: the agent has no such contact.
    #[error("Invalid contact Id.")]
    UnknownContact,
    /// 409.
    #[error(transparent)]
    Misplaced(#[from] Misplaced),
    /// 409: the agent's own telephone.
    #[error("Invalid call status.")]
    WrongLeg,
    /// 403: a call more than an agent may have.
    #[error("Multi-Conference not enabled for user.")]
    TooManyCalls,
    /// 503. [INF]
    #[error("Too many contacts")]
    NoRoom,
    /// 409: only a contact that is over can be judged.
    #[error("Contact must be disconnected before dispositioning")]
    StillConnected,
}

impl Command {
    /// What `AgentError` calls it. [INF]
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Accept => "AcceptContact",
            Self::Reject => "RejectContact",
            Self::Hold => "HoldContact",
            Self::Resume => "ResumeContact",
            Self::Mask => "MaskContact",
            Self::Unmask => "UnmaskContact",
            Self::Record => "RecordContact",
            Self::Activate => "ActivateContact",
            Self::End => "EndContact",
        }
    }

    /// What it does to `contact`, if that is possible. That only calls are held, masked and recorded, and that an agent
    /// ends nothing that is still offered, is [INF].
    pub(super) fn effect(self, contact: &Contact) -> Result<Effect, Misplaced> {
        let is_call = contact.media == Media::Call;
        let is_talking = contact.stage().is_live() && !matches!(contact.stage(), Stage::Offered { .. });
        let step = |is_possible: bool, step| if is_possible { Ok(Effect::Step(step)) } else { Err(Misplaced) };
        match self {
            Self::Accept => step(true, Step::Accept),
            Self::Reject => step(true, Step::Return),
            Self::Hold => step(is_call, Step::Hold),
            Self::Resume => step(is_call, Step::Resume),
            Self::Mask => step(is_call, Step::Mask),
            Self::Unmask => step(is_call, Step::Unmask),
            Self::End => step(is_talking, Step::Disconnect),
            Self::Record if is_call && contact.stage() == Stage::Active => Ok(Effect::Recorded),
            Self::Activate if contact.stage().is_live() => Ok(Effect::Told),
            Self::Record | Self::Activate => Err(Misplaced),
        }
    }
}
