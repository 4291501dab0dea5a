use http::Method;

use crate::sandbox::tokens::Scope;

/// What anyone may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicCall {
    OpenIdToken,
    LegacyToken,
    OpenIdConfiguration,
    CxoneConfiguration,
    Keys,
    Authorize,
    Logout,
    LegacyAuthenticate,
    Whoami,
    AccessKeyToken,
    AccessKeyRefresh,
}

/// What needs a user's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserCall {
    StartSession,
    JoinSession,
    EndSession,
    ChangeState,
    NextEvent,
    ServerTime,
    Agents,
    Agent,
    AgentSettings,
    UserInfo,
    Skills,
    UnavailableCodes,
    BusinessUnit,
    RunReport,
    ReportJobs,
    ReportJob,
    ReportFile,
}

impl UserCall {
    /// The scope that a token needs. The time of day is told to every user, and who they are.
    pub(crate) fn scope(self) -> Option<Scope> {
        match self {
            Self::StartSession | Self::JoinSession | Self::EndSession | Self::ChangeState | Self::NextEvent => {
                Some(Scope::Agent)
            }
            Self::Agents
            | Self::Agent
            | Self::AgentSettings
            | Self::Skills
            | Self::UnavailableCodes
            | Self::BusinessUnit => Some(Scope::Admin),
            Self::RunReport | Self::ReportJobs | Self::ReportJob | Self::ReportFile => Some(Scope::Reporting),
            Self::ServerTime | Self::UserInfo => None,
        }
    }
}

/// What an application may call without a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PatronCall {
    StartChat,
    EndChat,
    ChatProfile,
}

/// A call that the tenant knows, by who may make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Public(PublicCall),
    User(UserCall),
    Patron(PatronCall),
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    /// At the tenant's own address.
    Root,
    /// At `/incontactapi/services/vN.0`.
    Services,
}

struct Route {
    method: Method,
    base: Base,
    template: &'static str,
    operation: Operation,
}

const fn services(method: Method, template: &'static str, operation: Operation) -> Route {
    Route { method, base: Base::Services, template, operation }
}

const fn root(method: Method, template: &'static str, operation: Operation) -> Route {
    Route { method, base: Base::Root, template, operation }
}

use Operation::{Patron, Public, User};

/// Every route, those without parameters before those that would take the same path.
static ROUTES: [Route; 35] = [
    services(Method::GET, "agent-sessions/{}/get-next-event", User(UserCall::NextEvent)),
    services(Method::POST, "agent-sessions/{}/state", User(UserCall::ChangeState)),
    services(Method::POST, "agent-sessions", User(UserCall::StartSession)),
    services(Method::POST, "agent-sessions/join", User(UserCall::JoinSession)),
    services(Method::DELETE, "agent-sessions/{}", User(UserCall::EndSession)),
    services(Method::GET, "server-time", User(UserCall::ServerTime)),
    services(Method::GET, "agents", User(UserCall::Agents)),
    services(Method::GET, "agents/{}", User(UserCall::Agent)),
    services(Method::GET, "agents/{}/agent-settings", User(UserCall::AgentSettings)),
    services(Method::GET, "skills", User(UserCall::Skills)),
    services(Method::GET, "unavailable-codes", User(UserCall::UnavailableCodes)),
    services(Method::GET, "business-unit", User(UserCall::BusinessUnit)),
    services(Method::GET, "report-jobs", User(UserCall::ReportJobs)),
    services(Method::POST, "report-jobs/{}", User(UserCall::RunReport)),
    services(Method::GET, "report-jobs/{}", User(UserCall::ReportJob)),
    services(Method::GET, "report-jobs/{}/file/{}", User(UserCall::ReportFile)),
    services(Method::POST, "contacts/chats", Patron(PatronCall::StartChat)),
    services(Method::DELETE, "contacts/chats/{}", Patron(PatronCall::EndChat)),
    services(Method::GET, "points-of-contact/{}/chat-profile", Patron(PatronCall::ChatProfile)),
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
    root(Method::GET, ".well-known/openid-configuration", Public(PublicCall::OpenIdConfiguration)),
    root(Method::GET, ".well-known/cxone-configuration", Public(PublicCall::CxoneConfiguration)),
];

/// What a path and a verb lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Routed<'a> {
    /// A call, and the parameters in its path.
    To(Operation, Vec<&'a str>),
    /// The path is there, but not for this verb; for these.
    WrongVerb(String),
    /// A question for the verbs of a path.
    Options(String),
    /// There is no such path.
    Nowhere,
}

/// Finds the call for a verb and the segments of a path, in any case.
pub(crate) fn route<'a>(method: &Method, path: &'a [String]) -> Routed<'a> {
    let (base, path) = split_base(path);
    // HEAD is GET without the body, but must not take events from whoever polls for them.
    let serves = |route: &Route| {
        route.method == *method
            || (*method == Method::HEAD && route.method == Method::GET && route.operation != User(UserCall::NextEvent))
    };
    let mut verbs: Vec<&str> = Vec::new();
    for route in ROUTES.iter().filter(|route| route.base == base) {
        let Some(parameters) = matched(route.template, path) else { continue };
        if serves(route) {
            return Routed::To(route.operation, parameters);
        }
        verbs.push(route.method.as_str());
        if route.method == Method::GET && route.operation != User(UserCall::NextEvent) {
            verbs.push("HEAD");
        }
    }
    if verbs.is_empty() {
        return Routed::Nowhere;
    }
    verbs.push("OPTIONS");
    let verbs = verbs.join(", ");
    if *method == Method::OPTIONS { Routed::Options(verbs) } else { Routed::WrongVerb(verbs) }
}

/// Splits `incontactapi/services/vN.0` off; every version from 1 to 34 is served alike.
fn split_base(path: &[String]) -> (Base, &[String]) {
    match path {
        [prefix, services, version, rest @ ..]
            if prefix.eq_ignore_ascii_case("incontactapi")
                && services.eq_ignore_ascii_case("services")
                && is_version(version) =>
        {
            (Base::Services, rest)
        }
        _ => (Base::Root, path),
    }
}

fn is_version(segment: &str) -> bool {
    let Some(number) = segment.strip_prefix(['v', 'V']).and_then(|rest| rest.strip_suffix(".0")) else {
        return false;
    };
    number.bytes().all(|byte| byte.is_ascii_digit()) && number.parse().is_ok_and(|n: u8| (1..=34).contains(&n))
}

fn matched<'a>(template: &str, path: &'a [String]) -> Option<Vec<&'a str>> {
    let mut parameters = Vec::new();
    let mut segments = path.iter();
    for part in template.split('/') {
        let segment = segments.next()?;
        if part == "{}" {
            parameters.push(segment.as_str());
        } else if !part.eq_ignore_ascii_case(segment) {
            return None;
        }
    }
    segments.next().is_none().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(method: &str, path: &str) -> String {
        let path: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        match route(&Method::from_bytes(method.as_bytes()).unwrap(), &path) {
            Routed::To(operation, parameters) => format!("{operation:?} {}", parameters.join(",")),
            Routed::WrongVerb(verbs) => format!("405 {verbs}"),
            Routed::Options(verbs) => format!("204 {verbs}"),
            Routed::Nowhere => "404".to_owned(),
        }
    }

    #[test]
    fn paths_are_found_in_any_case_and_version() {
        for path in ["/inContactAPI/services/v30.0/agents", "/incontactapi//Services/V1.0/AGENTS/"] {
            assert_eq!(at("GET", path), "User(Agents) ");
        }
        for path in ["/inContactAPI/services/v35.0/agents", "/inContactAPI/services/v+5.0/agents", "/agents", "/"] {
            assert_eq!(at("GET", path), "404");
        }
    }

    #[test]
    fn join_is_not_the_id_of_a_session() {
        let base = "/incontactapi/services/v4.0/agent-sessions";
        assert_eq!(at("POST", &format!("{base}/Join")), "User(JoinSession) ");
        assert_eq!(at("DELETE", &format!("{base}/aBc=")), "User(EndSession) aBc=");
        assert_eq!(at("GET", &format!("{base}/aBc=/get-next-event")), "User(NextEvent) aBc=");
    }

    #[test]
    fn a_wrong_verb_is_told_the_right_ones() {
        let base = "/incontactapi/services/v4.0";
        assert_eq!(at("PUT", &format!("{base}/agent-sessions/x/state")), "405 POST, OPTIONS");
        assert_eq!(at("HEAD", &format!("{base}/agent-sessions/x/get-next-event")), "405 GET, OPTIONS");
        assert_eq!(at("DELETE", &format!("{base}/report-jobs/1")), "405 POST, GET, HEAD, OPTIONS");
        assert_eq!(at("OPTIONS", &format!("{base}/agents")), "204 GET, HEAD, OPTIONS");
        assert_eq!(at("HEAD", &format!("{base}/agents")), "User(Agents) ");
        assert_eq!(at("GET", "/auth/token"), "405 POST, OPTIONS");
    }
}
