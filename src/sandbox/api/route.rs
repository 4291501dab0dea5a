use http::Method;

use super::operation::Operation;
use super::routes::{Base, ROUTES, Route};
use super::version::ApiVersion;

/// What a path and a verb lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Routed<'a> {
    /// A call, the parameters in its path, and the version that it names.
    To { operation: Operation, parameters: Vec<&'a str>, version: Option<ApiVersion> },
    /// The path is there, but not for this verb; for these.
    WrongVerb(String),
    /// A question for the verbs of a path.
    Options(String),
    /// There is no such path.
    Nowhere,
}

/// Finds the call for a verb and the segments of a path, in any case.
pub(crate) fn route<'a>(method: &Method, path: &'a [String]) -> Routed<'a> {
    let (bases, version) = bases(path);
    // HEAD is GET without the body, but must not take events from whoever polls for them.
    let is_read = |route: &Route| route.method == Method::GET && !route.operation.takes_events();
    let serves = |route: &Route| route.method == *method || (*method == Method::HEAD && is_read(route));
    let mut verbs: Vec<&str> = Vec::new();
    for route in ROUTES {
        let Some(base) = bases.iter().flatten().find(|base| base.base == route.base) else { continue };
        let Some(found) = matched(route.template, base.rest) else { continue };
        if serves(route) {
            let parameters = base.parameter.into_iter().chain(found).collect();
            return Routed::To { operation: route.operation, parameters, version };
        }
        verbs.push(route.method.as_str());
        if is_read(route) {
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

/// A way in which a path begins, and what is left of it.
struct Beginning<'a> {
    base: Base,
    parameter: Option<&'a str>,
    rest: &'a [String],
}

/// Splits `incontactapi/services/vN.0` off, and the session where there is one.
fn bases(path: &[String]) -> ([Option<Beginning<'_>>; 2], Option<ApiVersion>) {
    let [prefix, services, version, rest @ ..] = path else { return (at_root(path), None) };
    let version = ApiVersion::read(version);
    let is_api = prefix.eq_ignore_ascii_case("incontactapi") && services.eq_ignore_ascii_case("services");
    if !is_api || version.is_none() {
        return (at_root(path), None);
    }
    let session = match rest {
        [sessions, id, rest @ ..] if sessions.eq_ignore_ascii_case("agent-sessions") => {
            Some(Beginning { base: Base::Session, parameter: Some(id), rest })
        }
        _ => None,
    };
    ([Some(Beginning { base: Base::Services, parameter: None, rest }), session], version)
}

fn at_root(path: &[String]) -> [Option<Beginning<'_>>; 2] {
    [Some(Beginning { base: Base::Root, parameter: None, rest: path }), None]
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
            Routed::To { operation, parameters, .. } => format!("{operation:?} {}", parameters.join(",")),
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
        assert_eq!(at("POST", &format!("{base}/aBc=/Interactions/7/HOLD")), "User(Handle(Hold)) aBc=,7");
        assert_eq!(at("POST", &format!("{base}/aBc=/interactions/transfer-calls")), "User(Link(Transfer)) aBc=");
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
