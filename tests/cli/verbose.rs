//! What `-v` and `-vv` show.

use crate::bench::Bench;
use crate::server::{Reply, Server};
use crate::tenant::{Encryption, Tenant, secrets};

#[test]
fn once_shows_each_exchange_and_twice_all_of_it() {
    let text = "scenario: x\nid: x\nsteps:\n  - step: make\n    request: POST /things\n    json: { a: 1 }\n    expect: 201\n    undo: { request: DELETE /things/1 }\n";
    let bench = Bench::new().file("x.yaml", text);
    let server = Server::start(|request| Reply::json(if request.method == "POST" { 201 } else { 200 }, "{\"id\":1}"));
    let url = server.url();
    for level in ["-v", "-vv"] {
        let ran = bench.run(["run", "x.yaml", "--seed", "7", "--base-url", url.as_str(), level]).exits(0);
        insta::assert_snapshot!(format!("verbose{level}"), ran.golden());
    }
}

#[test]
fn no_secret_of_the_tenant_is_shown() {
    let bench = Bench::contract();
    let _tenant = Tenant::start(&bench, Encryption::Plain);
    let args = ["run", "session.start-twice", "auth.*", "--target-file", "tenant/assize.yaml", "-vv"];
    let ran = bench.run(args);
    assert!(ran.stdout.contains("(sign-in") && ran.stdout.contains("access_token"), "{ran}");
    for secret in secrets(&bench) {
        assert!(!ran.stdout.contains(&secret), "a secret is shown");
    }
}
