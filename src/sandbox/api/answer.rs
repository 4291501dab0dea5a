use http::StatusCode;

use super::route::{Operation, PatronCall, PublicCall, Routed, UserCall, route};
use super::{agent_sessions, agents, catalogue, patron_chats, report_jobs};
use crate::sandbox::tenant::Tenant;
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
    let (operation, path) = match route(&call.method, &call.path) {
        Routed::To(operation, path) => (operation, path),
        Routed::Options(verbs) => return nobody(Reply::empty(StatusCode::NO_CONTENT, "No Content").allowing(&verbs)),
        Routed::WrongVerb(verbs) => {
            let refusal = Reply::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
            return nobody(refusal.allowing(&verbs));
        }
        Routed::Nowhere => return nobody(Reply::refusal(StatusCode::NOT_FOUND, "Resource not found")),
    };
    let is_public = matches!(operation, Operation::Public(_));
    let caller = if is_public { Err(Denial::NoToken) } else { identify(&call.headers, &tenant.tokens(), tenant.now()) };
    let who = caller.as_ref().ok().cloned();
    let reply = match operation {
        Operation::Public(public) => anyone(tenant, public, call).await,
        Operation::User(wanted) => match caller.and_then(|caller| admit_user(caller, wanted.scope())) {
            Ok(user) => match call.params() {
                Ok(params) => user_call(tenant, wanted, &Asked { user, path: &path, params }).await,
                Err(bad) => bad.into(),
            },
            Err(denial) => denial.into(),
        },
        Operation::Patron(wanted) => match caller.and_then(admit_patron) {
            Ok(_) => match call.params() {
                Ok(params) => patron_call(tenant, wanted, &path, &params),
                Err(bad) => bad.into(),
            },
            Err(denial) => denial.into(),
        },
    };
    Answered { reply, caller: who }
}

/// A call by a user, as its resource sees it.
pub(crate) struct Asked<'a> {
    /// Who asks.
    pub(crate) user: User,
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
        PublicCall::Logout => authorize::logout(),
        PublicCall::LegacyAuthenticate => implicit::authenticate(tenant, call),
        PublicCall::Whoami => whoami::whoami(tenant, call),
        PublicCall::AccessKeyToken => access_key::token(tenant, call).await,
        PublicCall::AccessKeyRefresh => access_key::refresh(tenant, call).await,
    }
}

async fn user_call(tenant: &Tenant, wanted: UserCall, asked: &Asked<'_>) -> Reply {
    match wanted {
        UserCall::StartSession => agent_sessions::start(tenant, asked),
        UserCall::JoinSession => agent_sessions::join(tenant, asked),
        UserCall::EndSession => agent_sessions::end(tenant, asked),
        UserCall::ChangeState => agent_sessions::change_state(tenant, asked),
        UserCall::NextEvent => agent_sessions::next_event(tenant, asked).await,
        UserCall::ServerTime => catalogue::server_time(tenant),
        UserCall::Agents => agents::list(tenant, asked),
        UserCall::Agent => agents::one(tenant, asked),
        UserCall::AgentSettings => agents::settings(tenant, asked),
        UserCall::UserInfo => whoami::userinfo(tenant, &asked.user),
        UserCall::Skills => catalogue::skills(tenant, asked),
        UserCall::UnavailableCodes => catalogue::unavailable_codes(tenant),
        UserCall::BusinessUnit => catalogue::business_unit(tenant),
        UserCall::RunReport => report_jobs::run(tenant, asked),
        UserCall::ReportJobs => report_jobs::list(tenant, asked),
        UserCall::ReportJob => report_jobs::one(tenant, asked),
        UserCall::ReportFile => report_jobs::file(tenant, asked),
    }
}

fn patron_call(tenant: &Tenant, wanted: PatronCall, path: &[&str], params: &Params) -> Reply {
    let id = path.first().copied().unwrap_or_default();
    match wanted {
        PatronCall::StartChat => patron_chats::start(tenant, params),
        PatronCall::EndChat => patron_chats::end(tenant, id),
        PatronCall::ChatProfile => patron_chats::profile(tenant, id),
    }
}
