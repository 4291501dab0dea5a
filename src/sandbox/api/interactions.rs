use http::StatusCode;

use super::agent_sessions::refused;
use super::answer::Asked;
use crate::sandbox::interaction::{Media, Message, Party};
use crate::sandbox::session::{Command, CommandRefusal, Destination, Dial, LegCommand, Linking, SessionRefusal};
use crate::sandbox::tenant::{AgentId, Directory, Person, Skill, Tenant};
use crate::sandbox::wire::Reply;

/// The longest text of a chat, in bytes. [INF]
pub(super) const LONGEST_TEXT: usize = 4000;
/// The longest number that is dialled, in characters.
const LONGEST_NUMBER: usize = 32;

impl From<CommandRefusal> for Reply {
    fn from(refusal: CommandRefusal) -> Self {
        let status = match refusal {
            CommandRefusal::Session(session) => return refused(session, "Invalid Session Id"),
            CommandRefusal::UnknownContact => StatusCode::NOT_FOUND,
            CommandRefusal::Misplaced(_) | CommandRefusal::WrongLeg | CommandRefusal::StillConnected => {
                StatusCode::CONFLICT
            }
            CommandRefusal::TooManyCalls => StatusCode::FORBIDDEN,
            CommandRefusal::NoRoom => StatusCode::SERVICE_UNAVAILABLE,
        };
        Reply::refusal(status, refusal.to_string())
    }
}

/// The answer to a command: whatever comes of it is told by events.
pub(super) fn accepted(result: Result<(), CommandRefusal>) -> Reply {
    match result {
        Ok(()) => Reply::empty(StatusCode::ACCEPTED, "Accepted"),
        Err(refusal) => refusal.into(),
    }
}

/// `POST /agent-sessions/{sessionId}/interactions/{contactId}/…`.
pub(crate) fn handle(tenant: &Tenant, command: Command, asked: &Asked<'_>) -> Reply {
    accepted(tenant.desk().handle(asked.user.agent, asked.id(), asked.second(), command, tenant.now()))
}

/// `POST /agent-sessions/{sessionId}/agent-phone/…`.
pub(crate) fn agent_phone(tenant: &Tenant, command: LegCommand, asked: &Asked<'_>) -> Reply {
    accepted(tenant.desk().use_leg(asked.user.agent, asked.id(), command, tenant.now()))
}

/// `POST /agent-sessions/{sessionId}/interactions/conference-calls`, and `…/transfer-calls`.
pub(crate) fn link(tenant: &Tenant, linking: Linking, asked: &Asked<'_>) -> Reply {
    accepted(tenant.desk().link(asked.user.agent, asked.id(), linking, tenant.now()))
}

/// `POST /agent-sessions/{sessionId}/dial-phone`.
pub(crate) fn dial_phone(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let Some(number) = asked.params.text("phoneNumber").filter(|number| is_phone_number(number)) else {
        return bad("Phone Number is not valid.");
    };
    let Some(skill) = outbound_skill(asked) else { return bad("Invalid skill.") };
    let dial = Dial { number: number.to_owned(), skill };
    let parent = asked.params.text("parentContactId");
    accepted(tenant.desk().dial(asked.user.agent, asked.id(), dial, parent, tenant.now()))
}

/// `POST /agent-sessions/{sessionId}/send-dtmf`. Nothing in a sandbox hears the tones.
pub(crate) fn send_tones(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let is_tone = |tone: char| tone.is_ascii_digit() || "*#,ABCDabcd".contains(tone);
    if !asked.params.text("dtmfSequence").is_some_and(|tones| tones.chars().all(is_tone)) {
        return bad("Invalid dtmfSequence.");
    }
    match asked.params.integer("toneDurationMS") {
        Ok(Some(61..=15_000)) => {}
        Ok(_) | Err(_) => return bad("Invalid toneDurationMS. Value must be between 61-15000."),
    }
    touched(tenant.desk().touch(asked.user.agent, asked.id(), tenant.now()))
}

/// `POST …/interactions/{contactId}/disposition`: answered at once, by 200.
pub(crate) fn dispose(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let wanted = asked.params.integer("primaryDispositionId").ok().flatten();
    let known = wanted.and_then(|id| u32::try_from(id).ok()).and_then(Directory::disposition);
    let Some(disposition) = known else { return bad("Invalid primaryDispositionId.") };
    let (agent, now) = (asked.user.agent, tenant.now());
    match tenant.desk().dispose(agent, asked.id(), asked.second(), disposition.id, now) {
        Ok(()) => Reply::empty(StatusCode::OK, "Success"),
        Err(refusal) => refusal.into(),
    }
}

/// `POST …/interactions/{contactId}/send-chat-text`.
pub(crate) fn send_chat_text(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let text = asked.params.text("chatText").filter(|text| text.len() <= LONGEST_TEXT);
    let Some(text) = text else { return bad("Invalid chatText.") };
    let agent = asked.user.agent;
    let label = tenant.directory.person(agent).map(Person::full_name).unwrap_or_default();
    let now = tenant.now();
    let message = Message { party: Party::Agent, label, text: text.to_owned(), at: now };
    accepted(tenant.desk().write_as_agent(agent, asked.id(), asked.second(), message, now))
}

/// `POST …/interactions/{contactId}/typing`. The facts name no event for it.
pub(crate) fn typing(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    touched(tenant.desk().touch(asked.user.agent, asked.id(), tenant.now()))
}

/// `POST …/interactions/add-chat`.
pub(crate) fn add_chat(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    accepted(tenant.desk().add_chat(asked.user.agent, asked.id(), tenant.now()))
}

/// `POST …/interactions/{contactId}/custom-data`. Nothing in a sandbox reads the data; that it needs a name is [INF].
pub(crate) fn custom_data(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let contact = tenant.desk().touch_contact(asked.user.agent, asked.id(), asked.second(), tenant.now());
    match contact {
        Ok(_) if asked.params.text("indicatorName").is_none() => bad("Invalid indicatorName."),
        held => accepted(held.map(|_| ())),
    }
}

/// `POST /agent-sessions/{sessionId}/continue-reskill`. Nobody is ever asked whether to go on.
pub(crate) fn continue_reskill(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    touched(tenant.desk().touch(asked.user.agent, asked.id(), tenant.now()))
}

/// `POST …/interactions/{contactId}/transfer-chat-to-agent`.
pub(crate) fn transfer_to_agent(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let wanted = asked.params.integer("targetAgentId").ok().flatten().and_then(|id| u32::try_from(id).ok());
    let Some(target) = wanted.map(AgentId).filter(|agent| tenant.directory.person(*agent).is_some()) else {
        return bad("Invalid targetAgentId.");
    };
    transfer(tenant, asked, Destination::Agent(target))
}

/// `POST …/interactions/{contactId}/transfer-chat-to-skill`.
pub(crate) fn transfer_to_skill(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let wanted = asked.params.integer("targetSkillId").ok().flatten().and_then(|id| u32::try_from(id).ok());
    let Some(skill) = wanted.and_then(Directory::skill).filter(|skill| skill.media_type == Media::Chat.id()) else {
        return bad("Invalid targetSkillId.");
    };
    transfer(tenant, asked, Destination::Skill(skill))
}

fn transfer(tenant: &Tenant, asked: &Asked<'_>, to: Destination) -> Reply {
    accepted(tenant.desk().transfer_chat(asked.user.agent, asked.id(), asked.second(), to, tenant.now()))
}

pub(super) fn touched(result: Result<(), SessionRefusal>) -> Reply {
    accepted(result.map_err(CommandRefusal::from))
}

fn bad(message: &str) -> Reply {
    Reply::refusal(StatusCode::BAD_REQUEST, message)
}

/// A skill that calls are made for, by `skillId` or, as older versions have it, by `skillName`. That it must be one for
/// outbound calls is [INF].
fn outbound_skill(asked: &Asked<'_>) -> Option<&'static Skill> {
    let by_id = asked.params.integer("skillId").ok()?.and_then(|id| u32::try_from(id).ok());
    let skill = match (by_id, asked.params.text("skillName")) {
        (Some(id), _) => Directory::skill(id),
        (None, Some(name)) => Directory::find_skill(|skill| skill.name.eq_ignore_ascii_case(name.trim())),
        (None, None) => None,
    };
    skill.filter(|skill| skill.is_outbound && skill.media_type == Media::Call.id())
}

/// Whether a text can be a telephone number. [INF]: digits, and what people write between them.
pub(super) fn is_phone_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (3..=15).contains(&digits)
        && text.len() <= LONGEST_NUMBER
        && text.chars().all(|c| c.is_ascii_digit() || "+-.() ".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_written_in_several_ways() {
        assert!(["+15550100", "(555) 555-0100", "911", "1.555.0100"].into_iter().all(is_phone_number));
        assert!(!["", "12", "phone", "1;2;3;4", "1234567890123456"].into_iter().any(is_phone_number));
    }
}
