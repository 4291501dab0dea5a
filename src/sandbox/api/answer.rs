use http::StatusCode;
use http::header::RETRY_AFTER;

use super::operation::{Operation, PatronCall, PublicCall, UserCall};
use super::route::{Routed, route};
use super::version::ApiVersion;
use super::{
    agent_sessions, agents, callbacks, catalogue, contact_reads, extractions, history, interactions, live,
    patron_chats, report_jobs, supervision,
};
use crate::sandbox::defects::{admitted, bend, identified};
use crate::sandbox::tenant::{RateExceeded, Tenant};
use crate::sandbox::tokens::{
    Caller, Denial, User, access_key, admit_patron, admit_user, authorize, discovery, identify, implicit, legacy,
    openid, whoami,
};
use crate::sandbox::wire::{BadBody, Call, Params, Reply};

/// An answer, and who asked, for the journal.
pub(crate) struct Answered {
    pub(crate) reply: Reply,
    pub(crate) caller: Option<Caller>,
}

/// Answers a call: finds its route, then who makes it, then whether that one may, then what is so.
pub(crate) async fn answer(tenant: &Tenant, call: &Call) -> Answered {
    let nobody = |reply| Answered { reply, caller: None };
    let (operation, path, version) = match route(&call.method, &call.path) {
        Routed::To { operation, parameters, version } => (operation, parameters, version),
        Routed::Options(verbs) => return nobody(Reply::empty(StatusCode::NO_CONTENT, "No Content").allowing(&verbs)),
        Routed::WrongVerb(verbs) => {
            let refusal = Reply::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
            return nobody(refusal.allowing(&verbs));
        }
        Routed::Nowhere => return nobody(Reply::refusal(StatusCode::NOT_FOUND, "Resource not found")),
    };
    let is_public = matches!(operation, Operation::Public(_));
    if !is_public && let Err(exceeded) = tenant.limits().spend(&call.path, tenant.now()) {
        return nobody(exceeded.into());
    }
    let caller = if is_public {
        Err(Denial::NoToken)
    } else {
        let found = identify(&call.headers, &tenant.tokens(), tenant.now());
        identified(tenant, found)
    };
    let who = caller.as_ref().ok().cloned();
    let reply = match operation {
        Operation::Public(public) => anyone(tenant, public, call).await,
        Operation::User(wanted) => match admitted(tenant, caller.and_then(|caller| admit_user(caller, wanted.scope())))
        {
            Ok(user) => match call.params() {
                Ok(params) => user_call(tenant, wanted, &Asked { user, version, path: &path, params }).await,
                Err(bad) => bad.into(),
            },
            Err(denial) => denial.into(),
        },
        Operation::Patron(wanted) => match caller.and_then(admit_patron) {
            Ok(_) => match call.params() {
                Ok(params) => patron_call(tenant, wanted, &path, &params).await,
                Err(bad) => bad.into(),
            },
            Err(denial) => denial.into(),
        },
    };
    Answered { reply: bend(&tenant.defects, operation, reply), caller: who }
}

/// A call by a user, as its resource sees it.
pub(crate) struct Asked<'a> {
    /// Who asks.
    pub(crate) user: User,
    /// By which version of the API.
    pub(crate) version: Option<ApiVersion>,
    path: &'a [&'a str],
    /// With which parameters.
    pub(crate) params: Params,
}

impl Asked<'_> {
    /// The first parameter in the path.
    pub(crate) fn id(&self) -> &str {
        self.path.first().copied().unwrap_or_default()
    }

    /// The second one.
    pub(crate) fn second(&self) -> &str {
        self.path.get(1).copied().unwrap_or_default()
    }
}

impl From<RateExceeded> for Reply {
    fn from(exceeded: RateExceeded) -> Self {
        let seconds = exceeded.retry_after.as_millis().div_ceil(1000);
        Reply::refusal(StatusCode::TOO_MANY_REQUESTS, exceeded.to_string()).with(RETRY_AFTER, &seconds.to_string())
    }
}

impl From<BadBody> for Reply {
    fn from(bad: BadBody) -> Self {
        Reply::refusal(StatusCode::BAD_REQUEST, bad.to_string())
    }
}

async fn anyone(tenant: &Tenant, wanted: PublicCall, call: &Call) -> Reply {
    match wanted {
        PublicCall::OpenIdToken => openid::token(tenant, call).await,
        PublicCall::LegacyToken => legacy::token(tenant, call),
        PublicCall::OpenIdConfiguration => discovery::openid_configuration(tenant),
        PublicCall::CxoneConfiguration => discovery::cxone_configuration(tenant, call),
        PublicCall::Keys => discovery::keys().await,
        PublicCall::Authorize => authorize::authorize(tenant, call),
        PublicCall::Logout => authorize::logout(tenant, call),
        PublicCall::LegacyAuthenticate => implicit::authenticate(tenant, call),
        PublicCall::Whoami => whoami::whoami(tenant, call),
        PublicCall::AccessKeyToken => access_key::token(tenant, call).await,
        PublicCall::AccessKeyRefresh => access_key::refresh(tenant, call).await,
        PublicCall::RegionalToken => access_key::crossed_over(tenant, call).await,
        PublicCall::RegionalRefresh => access_key::refresh_of_sdk(tenant, call).await,
    }
}

async fn user_call(tenant: &Tenant, wanted: UserCall, asked: &Asked<'_>) -> Reply {
    match wanted {
        UserCall::StartSession => agent_sessions::start(tenant, asked).await,
        UserCall::JoinSession => agent_sessions::join(tenant, asked),
        UserCall::EndSession => agent_sessions::end(tenant, asked),
        UserCall::ChangeState => agent_sessions::change_state(tenant, asked),
        UserCall::NextEvent => agent_sessions::next_event(tenant, asked).await,
        UserCall::AgentPhone(command) => interactions::agent_phone(tenant, command, asked),
        UserCall::DialPhone => interactions::dial_phone(tenant, asked),
        UserCall::SendTones => interactions::send_tones(tenant, asked),
        UserCall::Handle(command) => interactions::handle(tenant, command, asked),
        UserCall::Link(linking) => interactions::link(tenant, linking, asked),
        UserCall::Dispose => interactions::dispose(tenant, asked),
        UserCall::SendChatText => interactions::send_chat_text(tenant, asked),
        UserCall::AgentTyping => interactions::typing(tenant, asked),
        UserCall::TransferChatToAgent => interactions::transfer_to_agent(tenant, asked),
        UserCall::TransferChatToSkill => interactions::transfer_to_skill(tenant, asked),
        UserCall::AddChat => interactions::add_chat(tenant, asked),
        UserCall::CustomData => interactions::custom_data(tenant, asked),
        UserCall::ContinueReskill => interactions::continue_reskill(tenant, asked),
        UserCall::SubmitFeedback => supervision::submit_feedback(tenant, asked),
        UserCall::Monitor => supervision::monitor(tenant, asked),
        UserCall::Supervise => supervision::supervise(tenant, asked),
        UserCall::LogAgentOut => supervision::log_out(tenant, asked),
        UserCall::ChangeStateOf => supervision::change_state(tenant, asked),
        UserCall::EndContact => supervision::end_contact(tenant, asked),
        UserCall::ServerTime => catalogue::server_time(tenant),
        UserCall::Agents => agents::list(tenant, asked),
        UserCall::Agent => agents::one(tenant, asked),
        UserCall::AgentSettings => agents::settings(tenant, asked),
        UserCall::UserInfo => whoami::userinfo(tenant, &asked.user),
        UserCall::Skills => catalogue::skills(tenant, asked),
        UserCall::Skill => catalogue::skill(asked),
        UserCall::UnavailableCodes => catalogue::unavailable_codes(tenant, asked),
        UserCall::TeamUnavailableCodes => catalogue::team_unavailable_codes(tenant, asked),
        UserCall::Teams => catalogue::teams(tenant, asked),
        UserCall::Dispositions => catalogue::dispositions(tenant, asked),
        UserCall::HoursOfOperation => catalogue::hours_of_operation(asked),
        UserCall::MediaTypes => catalogue::media_types(),
        UserCall::AgentStateNames => catalogue::agent_states(),
        UserCall::ContactStateNames => catalogue::contact_states(),
        UserCall::PointsOfContact => catalogue::points_of_contact(tenant, asked),
        UserCall::BusinessUnit => catalogue::business_unit(tenant, asked),
        UserCall::AgentStates => live::agent_states(tenant, asked),
        UserCall::StatesOfAgent => live::states_of_agent(tenant, asked),
        UserCall::SkillsActivity => live::skills_activity(tenant, asked),
        UserCall::SkillActivity => live::skill_activity(tenant, asked),
        UserCall::ActiveContacts => contact_reads::active(tenant, asked),
        UserCall::ContactStates => contact_reads::states(tenant, asked),
        UserCall::CompletedContacts => history::completed(tenant, asked),
        UserCall::Contact => history::one(tenant, asked),
        UserCall::ContactHistory => history::states(tenant, asked),
        UserCall::Reports => report_jobs::reports(tenant),
        UserCall::RunReport => report_jobs::run(tenant, asked),
        UserCall::ReportJobs => report_jobs::list(tenant, asked),
        UserCall::ReportJob => report_jobs::one(tenant, asked),
        UserCall::ReportFile => report_jobs::file(tenant, asked),
        UserCall::RunExtraction => extractions::run(tenant, asked),
        UserCall::Extractions => extractions::list(tenant),
        UserCall::Extraction => extractions::one(tenant, asked),
        UserCall::ExtractionFile => extractions::file(tenant, asked),
    }
}

async fn patron_call(tenant: &Tenant, wanted: PatronCall, path: &[&str], params: &Params) -> Reply {
    let id = path.first().copied().unwrap_or_default();
    match wanted {
        PatronCall::StartChat => patron_chats::start(tenant, params),
        PatronCall::PollChat => patron_chats::poll(tenant, id, params).await,
        PatronCall::SendText => patron_chats::send_text(tenant, id, params),
        PatronCall::Typing => patron_chats::typing(tenant, id),
        PatronCall::EndChat => patron_chats::end(tenant, id),
        PatronCall::ChatProfile => patron_chats::profile(tenant, id),
        PatronCall::QueueCallback => callbacks::queue(tenant, params),
    }
}
