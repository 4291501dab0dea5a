//! Clients that do not know this program, at `assize sandbox` over TLS: `tests/sdk-client/`, written from what is known of
//! the platform and its SDK. What they print is what worked.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bench::Bench;
use crate::tenant::{Encryption, Tenant};

const CALLBACK: &str = "https://client.example/callback";

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk-client").join(name)
}

/// What a client printed on its way to the end.
fn report(command: &mut Command) -> Vec<String> {
    let ran = command.output();
    let ran = ran.unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{out}{err}");
    out.lines().map(str::to_owned).collect()
}

#[test]
fn an_application_of_python_does_what_the_official_sdk_does() {
    let bench = Bench::new();
    let tenant = Tenant::start(&bench, Encryption::Tls);
    let mut python = Command::new("python3");
    python.arg("-B").arg(script("main.py")).args([&tenant.address]).arg(bench.path("tenant/ca.pem"));
    python.args(["assize-ui", CALLBACK, "ulla@example.com"]).arg(bench.path("tenant/secrets/page-1"));
    let expected = [
        "discovery: four endpoints, code, page, S256",
        "configuration: found without and by the tenant's id",
        "sign-in page: a wrong password shows it again",
        "sign-in page: a code came back with the state",
        "token: a form labelled as JSON, 3600 seconds",
        "id token: RS256 by a published key, issuer, audience, nonce",
        "token: a used code gives nothing",
        "sign-in: the second time without the page",
        "whoami: agent, team, business unit, base",
        "paths: any case, any version, doubled slashes",
        "headers: a type without a body, a correlation id that comes back",
        "errors: the text is in the status line and in a header",
        "join: 409 while there is nothing to join",
        "start: 202, then AgentSessionStart and AgentState Unavailable",
        "state by JSON as plain text: 202, then AgentState Available",
        "state by a form as JSON: 202, then AgentState Unavailable Lunch",
        "state by the query: 202, then AgentState Available",
        "state by query and JSON: 202, then AgentState Unavailable Lunch",
        "state by a form: 202, then AgentState Available",
        "sign-in: the second time without the page",
        "join: 202 and an id of its own, then what is so",
        "joined: what either does both are told",
        "start: 409 while there is a session",
        "refused: bad states and timeouts by 400, an unknown session by 404, and nothing is told",
        "refresh: by the token alone; the session goes on",
        "dial-phone: CallContactEvent Dialing, Active, Holding, Masking",
        "contact: 409 out of turn; ended, and not final during after-call work",
        "contact: disposed by 200, then final and Available",
        "joined: both saw the same events of the contact, in the same order",
        "agent-phone: muted, ended, and 409 when there is none",
        "poll: 304 without a body when nothing happens; the id works on",
        "poll: an old id is answered by what is so",
        "end: JSON on DELETE; AgentSessionEnd for both, then 409",
        "end: 409 when it has ended",
        "token: works on after the session",
        "sign-out: the page is shown again",
        "token exchange: refused by unsupported_grant_type",
        "token: none and a made-up one are refused by 401",
    ];
    assert_eq!(report(&mut python), expected);
}

#[test]
fn applications_of_the_first_generations_find_what_they_know() {
    let bench = Bench::new();
    let tenant = Tenant::start(&bench, Encryption::Tls);
    let secret = |name: &str| bench.read(&format!("tenant/secrets/{name}"));
    let settings = serde_json::json!({
        "application": "AssizeDesk@Example",
        "businessUnit": "4500",
        "applicationId": secret("application"),
        "username": "anna@example.com",
        "password": secret("login-1"),
        "implicitUsername": "cleo@example.com",
        "implicitPassword": secret("implicit-1"),
        "redirect": CALLBACK,
        "accessKeyId": "AK-AGENT-2",
        "accessKeySecret": secret("access-key-2"),
        "clientId": "assize-ui",
        "station": "+15550100",
        "pointOfContact": 9001,
        "report": 501,
    });
    bench.write("settings.json", &settings.to_string());
    let mut node = Command::new("node");
    node.arg(script("main.mjs")).arg(&tenant.address).arg(bench.path("tenant/ca.pem")).arg(bench.path("settings.json"));
    let expected = [
        "password grant: JSON and a form, bearer, 3600 seconds, every scope",
        "refresh grant: a new token each time, and the old one gives nothing",
        "refused: another application by its name, a password in silence, other grants",
        "client grant: patrons' calls, and 403 for all that needs a user",
        "implicit grant: a token in the query for sixty days, good for the scopes that were asked for",
        "access key: a token, both ways to renew it, and 401 for a wrong secret",
        "start: a form, 202, then AgentSessionStart",
        "chat: offered, accepted, both write, the visitor's poll is woken and is 404 after the end",
        "calls: a second one while the first holds, a conference of both; no end of the session before theirs",
        "report job: 202, polled until there is a file, and the file",
        "data extraction: 202 with a bare id, polled until it succeeded, and its file",
        "logged out from outside: RemoteAgentSessionEnd, AgentSessionEnd, then 409; the token works on",
    ];
    assert_eq!(report(&mut node), expected);
}

/// What `assize sandbox` says first, under limits that the shell sets.
fn banner_under(limits: &str) -> String {
    let script = format!("ulimit {limits} && exec \"$0\" sandbox");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_assize")]).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    // What tells of the limit stands below the addresses, in the same piece.
    let banner: Vec<String> = lines.by_ref().take(3).map(Result::unwrap).collect();
    let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]).status();
    assert!(told.unwrap().success() && child.wait().unwrap().success());
    banner.into_iter().chain(lines.map(Result::unwrap)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_tenant_takes_as_many_files_as_it_may_and_says_when_those_are_few() {
    let few = banner_under("-n 200");
    assert!(
        few.contains("limit    fewer than 200 connections at once: `ulimit -n` allows no more open files"),
        "{few}"
    );
    // The soft limit is no limit.
    let raised = banner_under("-S -n 200");
    let most = Command::new("sh").args(["-c", "ulimit -H -n"]).output().unwrap().stdout;
    let is_plenty = String::from_utf8(most).unwrap().trim().parse().map_or(true, |most: u64| most >= 10_000);
    assert_eq!(raised.contains("limit "), !is_plenty, "{raised}");
}
