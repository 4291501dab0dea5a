use crate::value::{Answer, Facts, Question, has_handle};

use super::BreachCode;
use super::matcher::Doubt;

/// Whether a secret was taken out of this text.
pub(super) fn is_opaque(text: &str) -> bool {
    has_handle(text)
}

/// Asks the door whether something holds of a text that only it can see.
pub(super) fn ask_whether(text: &str, question: &Question, facts: &dyn Facts) -> Result<bool, Doubt> {
    match facts.ask(text, question) {
        Some(Answer::Holds(holds)) => Ok(holds),
        Some(_) | None => Err(unanswered()),
    }
}

/// Asks the door for the length of a text that only it can see.
pub(super) fn ask_length(text: &str, facts: &dyn Facts) -> Result<u64, Doubt> {
    match facts.ask(text, &Question::Length) {
        Some(Answer::Count(count)) => Ok(count),
        Some(_) | None => Err(unanswered()),
    }
}

/// That the record does not tell.
pub(super) fn unanswered() -> Doubt {
    Doubt::new(
        BreachCode::OpaqueValue,
        "the value holds a secret, and the record does not tell what the check asks of it",
    )
}

/// That a number or a time would have to be read out of a secret.
pub(super) fn unreadable() -> Doubt {
    Doubt::new(BreachCode::OpaqueValue, "the value is a secret, and what it counts as is not recorded")
}
