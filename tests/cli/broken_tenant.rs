//! A tenant that breaks one promise: the scenario that stands for it fails, and no other.

use std::sync::Mutex;

use crate::bench::Bench;
use crate::junit::Junit;
use crate::server::{Server, ask};
use crate::tenant::{Encryption, Tenant};

/// What stands in front of a tenant and answers `join` with the id of the session's starter.
fn repeater(tenant: &Tenant) -> Server {
    let origin = tenant.address.clone();
    let started = Mutex::new(String::new());
    Server::start(move |request| {
        let mut reply = ask(&origin, request);
        reply.headers.retain(|(name, _)| !["content-length", "connection"].contains(&name.to_lowercase().as_str()));
        // One case runs at a time: the last start is that of the session that is joined.
        match (request.line(), reply.status) {
            (line, 202) if line.ends_with("/agent-sessions") => started.lock().unwrap().clone_from(&reply.body),
            (line, 202) if line.ends_with("/agent-sessions/join") => reply.body.clone_from(&started.lock().unwrap()),
            _ => {}
        }
        reply
    })
}

#[test]
fn a_join_that_repeats_the_id_of_the_starter_fails_the_promise_of_distinct_ids_and_no_other() {
    let bench = Bench::contract();
    let tenant = Tenant::start(&bench, Encryption::Plain);
    let server = repeater(&tenant);
    let target = bench.read("tenant/assize.yaml").replace(&tenant.address, &server.url());
    bench.write("tenant/assize.yaml", &target);
    let args = ["--target-file", "tenant/assize.yaml", "--report", "junit=junit.xml", "--report", "log=run.ndjson"];
    let ran = bench.assize(["run", "session.*", "--variant", "openid", "--jobs", "1"]).args(args).run().exits(1);

    let outcomes = Junit::read(&bench, "junit.xml").outcomes();
    let not_passed: Vec<_> = outcomes.iter().filter(|(_, outcome)| *outcome != "passed").collect();
    let expected = [("session.join-distinct@openid", "failed"), ("session.joined-see-same@openid", "blocked")];
    assert_eq!(not_passed.iter().map(|(case, outcome)| (&***case, &***outcome)).collect::<Vec<_>>(), expected, "{ran}");
    assert!(ran.verdict().ends_with(" passed, 1 failed, 1 blocked (exit 1 FAIL)"), "{ran}");
    assert_eq!(tenant.live_sessions(), 0);

    // The failure says which promise was broken, and by which ids: that of the starter, which came again.
    let log = bench.read("run.ndjson");
    let bound =
        log.lines().find(|line| line.contains("\"case\":\"session.join-distinct@openid\"") && line.contains("\"s1\":"));
    let (_, id) = bound.and_then(|line| line.split_once("\"s1\":\"")).unwrap();
    let id = id.split('"').next().unwrap();
    let promise = format!("$.sessionId: expected something other than \"{id}\", got \"{id}\"");
    let detail = &ran.stdout[ran.stdout.find("✗ failed: session.join-distinct@openid").unwrap()..];
    assert!(detail.contains(&promise), "{ran}");
    assert!(
        detail.contains("requirement: CX-SES-010 (MUST): Everyone who joins a session gets a sessionId of their own.")
    );
}
