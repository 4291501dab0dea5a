use http::Method;

use super::operation::Operation::{self, Patron, Public, User};
use super::operation::{PatronCall, PublicCall, UserCall};
use crate::sandbox::session::{Command, LegCommand, Linking};

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// At the tenant's own address.
    Root,
    /// At `/incontactapi/services/vN.0`.
    Services,
    /// Below `/incontactapi/services/vN.0/agent-sessions/{sessionId}`.
    Session,
}

/// A verb, a path, and the call that they lead to.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) base: Base,
    /// Segments in lower case; `{}` is a parameter.
    pub(super) template: &'static str,
    pub(super) operation: Operation,
}

const fn services(method: Method, template: &'static str, operation: Operation) -> Route {
    Route { method, base: Base::Services, template, operation }
}

const fn session(template: &'static str, call: UserCall) -> Route {
    Route { method: Method::POST, base: Base::Session, template, operation: User(call) }
}

const fn contact(template: &'static str, command: Command) -> Route {
    session(template, UserCall::Handle(command))
}

const fn phone(template: &'static str, command: LegCommand) -> Route {
    session(template, UserCall::AgentPhone(command))
}

const fn read(template: &'static str, call: UserCall) -> Route {
    services(Method::GET, template, User(call))
}

const fn root(method: Method, template: &'static str, operation: Operation) -> Route {
    Route { method, base: Base::Root, template, operation }
}

/// Every route, those without parameters before those that would take the same path.
pub(super) static ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        base: Base::Session,
        template: "get-next-event",
        operation: User(UserCall::NextEvent),
    },
    session("state", UserCall::ChangeState),
    phone("agent-phone/dial", LegCommand::Dial),
    phone("agent-phone/end", LegCommand::End),
    phone("agent-phone/mute", LegCommand::Mute),
    phone("agent-phone/unmute", LegCommand::Unmute),
    session("dial-phone", UserCall::DialPhone),
    session("send-dtmf", UserCall::SendTones),
    session("interactions/conference-calls", UserCall::Link(Linking::Conference)),
    session("interactions/transfer-calls", UserCall::Link(Linking::Transfer)),
    contact("interactions/{}/accept", Command::Accept),
    contact("interactions/{}/reject", Command::Reject),
    contact("interactions/{}/hold", Command::Hold),
    contact("interactions/{}/resume", Command::Resume),
    contact("interactions/{}/mask", Command::Mask),
    contact("interactions/{}/unmask", Command::Unmask),
    contact("interactions/{}/record", Command::Record),
    contact("interactions/{}/activate", Command::Activate),
    contact("interactions/{}/activate-chat", Command::Activate),
    contact("interactions/{}/end", Command::End),
    session("interactions/{}/disposition", UserCall::Dispose),
    session("interactions/{}/send-chat-text", UserCall::SendChatText),
    session("interactions/{}/typing", UserCall::AgentTyping),
    session("interactions/{}/transfer-chat-to-agent", UserCall::TransferChatToAgent),
    session("interactions/{}/transfer-chat-to-skill", UserCall::TransferChatToSkill),
    session("interactions/{}/custom-data", UserCall::CustomData),
    session("interactions/add-chat", UserCall::AddChat),
    session("continue-reskill", UserCall::ContinueReskill),
    session("submit-feedback", UserCall::SubmitFeedback),
    session("monitor", UserCall::Monitor),
    session("coach", UserCall::Supervise),
    session("barge", UserCall::Supervise),
    session("take-over", UserCall::Supervise),
    services(Method::POST, "agent-sessions", User(UserCall::StartSession)),
    services(Method::POST, "agent-sessions/join", User(UserCall::JoinSession)),
    services(Method::DELETE, "agent-sessions/{}", User(UserCall::EndSession)),
    read("server-time", UserCall::ServerTime),
    read("agents", UserCall::Agents),
    read("agents/states", UserCall::AgentStates),
    read("agents/{}", UserCall::Agent),
    read("agents/{}/states", UserCall::StatesOfAgent),
    read("agents/{}/agent-settings", UserCall::AgentSettings),
    services(Method::POST, "agents/{}/state", User(UserCall::ChangeStateOf)),
    services(Method::POST, "agents/{}/logout", User(UserCall::LogAgentOut)),
    read("agents-states", UserCall::AgentStateNames),
    read("agent-states", UserCall::AgentStateNames),
    read("contact-state-descriptions", UserCall::ContactStateNames),
    read("media-types", UserCall::MediaTypes),
    read("skills", UserCall::Skills),
    read("skills/activity", UserCall::SkillsActivity),
    read("skills/{}", UserCall::Skill),
    read("skills/{}/activity", UserCall::SkillActivity),
    read("unavailable-codes", UserCall::UnavailableCodes),
    read("teams", UserCall::Teams),
    read("teams/{}/unavailable-codes", UserCall::TeamUnavailableCodes),
    read("dispositions", UserCall::Dispositions),
    read("hours-of-operation", UserCall::HoursOfOperation),
    read("points-of-contact", UserCall::PointsOfContact),
    read("business-unit", UserCall::BusinessUnit),
    read("contacts/active", UserCall::ActiveContacts),
    read("contacts/states", UserCall::ContactStates),
    read("contacts/completed", UserCall::CompletedContacts),
    read("contacts/{}", UserCall::Contact),
    read("contacts/{}/statehistory", UserCall::ContactHistory),
    services(Method::POST, "contacts/{}/end", User(UserCall::EndContact)),
    read("reports", UserCall::Reports),
    read("report-jobs", UserCall::ReportJobs),
    services(Method::POST, "report-jobs/{}", User(UserCall::RunReport)),
    read("report-jobs/{}", UserCall::ReportJob),
    read("report-jobs/{}/file/{}", UserCall::ReportFile),
    services(Method::POST, "contacts/chats", Patron(PatronCall::StartChat)),
    services(Method::GET, "contacts/chats/{}", Patron(PatronCall::PollChat)),
    services(Method::DELETE, "contacts/chats/{}", Patron(PatronCall::EndChat)),
    services(Method::POST, "contacts/chats/{}/send-text", Patron(PatronCall::SendText)),
    services(Method::POST, "contacts/chats/{}/typing", Patron(PatronCall::Typing)),
    services(Method::POST, "queuecallback", Patron(PatronCall::QueueCallback)),
    services(Method::GET, "points-of-contact/{}/chat-profile", Patron(PatronCall::ChatProfile)),
    root(Method::GET, "data-extraction/v1/jobs", User(UserCall::Extractions)),
    root(Method::POST, "data-extraction/v1/jobs", User(UserCall::RunExtraction)),
    root(Method::GET, "data-extraction/v1/jobs/{}", User(UserCall::Extraction)),
    root(Method::GET, "data-extraction/v1/jobs/{}/file", User(UserCall::ExtractionFile)),
    root(Method::POST, "auth/token", Public(PublicCall::OpenIdToken)),
    root(Method::POST, "incontactauthorizationserver/token", Public(PublicCall::LegacyToken)),
    root(Method::GET, "auth/authorize", Public(PublicCall::Authorize)),
    root(Method::POST, "auth/authorize", Public(PublicCall::Authorize)),
    root(Method::GET, "auth/authorize/logout", Public(PublicCall::Logout)),
    root(Method::POST, "auth/authorize/logout", Public(PublicCall::Logout)),
    root(Method::GET, "auth/jwks", Public(PublicCall::Keys)),
    root(Method::GET, "auth/userinfo", User(UserCall::UserInfo)),
    root(Method::POST, "auth/userinfo", User(UserCall::UserInfo)),
    root(Method::GET, "incontactauthorizationserver/authenticate", Public(PublicCall::LegacyAuthenticate)),
    root(Method::POST, "incontactauthorizationserver/authenticate", Public(PublicCall::LegacyAuthenticate)),
    root(Method::POST, "incontactauthorizationserver/token/whoami", Public(PublicCall::Whoami)),
    root(Method::POST, "authentication/v1/token/access-key", Public(PublicCall::AccessKeyToken)),
    root(Method::POST, "public/user/refresh", Public(PublicCall::AccessKeyRefresh)),
    root(Method::POST, "public/authentication/v1/token", Public(PublicCall::RegionalToken)),
    root(Method::POST, "public/authentication/v1/refresh", Public(PublicCall::RegionalRefresh)),
    root(Method::GET, ".well-known/openid-configuration", Public(PublicCall::OpenIdConfiguration)),
    root(Method::GET, ".well-known/cxone-configuration", Public(PublicCall::CxoneConfiguration)),
];
