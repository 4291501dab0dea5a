//! What `--format json` prints follows the schemas of `docs/schema/output`.

use serde_json::Value;

use crate::bench::{Bench, Ran};
use crate::server::{Reply, Server};

const SCENARIO: &str = "\
scenario: It is there
id: there
steps:
  - step: look
    request: GET /there
    expect: { status: 200, json: { $.is: true } }
";

/// The schema of an output, in which a member that it does not name is no longer allowed.
fn strict(name: &str) -> Value {
    let path = format!("{}/docs/schema/output/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    forbid(&mut schema);
    schema
}

fn forbid(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            members.values_mut().for_each(forbid);
        }
        Value::Array(items) => items.iter_mut().for_each(forbid),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[track_caller]
fn follows(name: &str, text: &str) -> Value {
    let told: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
    let schema = strict(name);
    let problems: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&told)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{name}: {problems:#?}\n{text}");
    told
}

#[track_caller]
fn events(ran: &Ran) {
    assert!(ran.stdout.lines().count() > 3, "{ran}");
    for line in ran.stdout.lines() {
        follows("event", line);
    }
}

#[test]
fn lists_follow_their_schemas() {
    let bench = Bench::new();
    follows("list", &bench.run(["list", "--format", "json"]).exits(0).stdout);
    follows("requirements", &bench.run(["list", "--requirements", "--format", "json"]).exits(0).stdout);
    follows("coverage", &bench.run(["list", "--coverage", "--format", "json"]).exits(0).stdout);
    follows("dry-run", &bench.run(["run", "--dry-run", "--format", "json"]).exits(0).stdout);
    follows("defects", &bench.run(["sandbox", "--defect", "list", "--format", "json"]).exits(0).stdout);
}

#[test]
fn explanations_follow_their_schema() {
    let bench = Bench::new();
    follows("explain", &bench.run(["explain", "--format", "json"]).exits(0).stdout);
    for id in ["CX-SES-002", "session.end-twice", "duplicate-key", "expect"] {
        follows("explain", &bench.run(["explain", id, "--format", "json"]).exits(0).stdout);
    }
}

#[test]
fn problems_have_file_line_column_code_message_and_help() {
    let bench = Bench::new().file("a.yaml", "scenario: x\nsteps:\n  - request: GET /\n    expect: { stauts: 200 }\n");
    let told = follows("check", &bench.run(["check", "a.yaml", "--format", "json"]).exits(2).stdout);
    let problem = &told["problems"][0];
    assert_eq!(
        [&problem["file"], &problem["line"], &problem["column"], &problem["code"]],
        [&Value::from("a.yaml"), &Value::from(4), &Value::from(15), &Value::from("unknown-key")]
    );
    assert!(problem["message"].is_string() && problem["help"][0].is_string(), "{problem}");
    let sound = Bench::new().run(["check", "--format", "json"]).exits(0);
    assert_eq!(follows("check", &sound.stdout)["problems"], Value::Array(Vec::new()));
}

#[test]
fn runs_replays_and_their_differences_follow_their_schemas() {
    let bench = Bench::new().file("there.yaml", SCENARIO);
    let server = Server::start(|_| Reply::ok("{\"is\":true}"));
    let url = server.url();
    let args = ["run", "there.yaml", "--seed", "7", "--format", "json", "--base-url", url.as_str()];
    events(&bench.assize(args).args(["--report", "log=a.ndjson"]).run().exits(0));
    let broken = Server::start(|_| Reply::json(503, "{\"is\":false}"));
    let url = broken.url();
    let args = ["run", "there.yaml", "--seed", "7", "--format", "json", "--base-url", url.as_str()];
    bench.assize(args).args(["--report", "log=b.ndjson"]).run();
    events(&bench.run(["replay", "a.ndjson", "--format", "json"]).exits(0));
    events(&bench.run(["replay", "b.ndjson", "--format", "json"]));
    follows("diff", &bench.run(["diff", "a.ndjson", "b.ndjson", "--format", "json"]).stdout);
    follows("survivors", &bench.run(["prove", "--record", "a.ndjson", "--format", "json"]).stdout);
}

#[test]
fn a_run_of_the_contract_follows_the_schema_of_events() {
    let bench = Bench::contract();
    let ran = bench.run(["run", "session.*", "--variant", "openid", "--format", "json", "--seed", "7"]).exits(0);
    events(&ran);
}

#[test]
fn a_tenant_tells_its_addresses_in_one_line() {
    let bench = Bench::new();
    let mut tenant = bench.assize(["sandbox", "--dir", "tenant", "--format", "json"]).start();
    let told = follows("sandbox", tenant.wait_for("\"tenant\"").trim());
    assert!(told["tenant"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{told}");
    assert!(bench.path(told["target_file"].as_str().unwrap()).is_file());
    tenant.signal("INT");
    tenant.end().exits(0);
}

#[test]
fn snapshots_and_proofs_follow_their_schemas() {
    let bench = Bench::contract();
    follows("snapshots", &bench.run(["snapshots", "list", "--format", "json"]).exits(0).stdout);
    let ran = bench.run(["prove", "session.join-distinct", "--defect", "join-repeats-id", "--format", "json"]);
    follows("prove", &ran.stdout);
}

#[test]
fn every_schema_is_printed_as_it_is_published() {
    let folder = format!("{}/docs/schema/output", env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let id = format!("output/{}", name.trim_end_matches(".json"));
        let ran = Bench::new().run(["schema", id.as_str()]).exits(0);
        assert_eq!(ran.stdout, std::fs::read_to_string(entry.path()).unwrap(), "{name}");
    }
}
