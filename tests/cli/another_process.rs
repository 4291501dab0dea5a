//! The same contract against a tenant in another process.

use crate::bench::Bench;
use crate::contract::run_contract;
use crate::junit::Junit;
use crate::tenant::{Encryption, Tenant};

#[test]
fn over_tls_to_another_process_every_case_ends_as_against_the_embedded_tenant() {
    let bench = Bench::contract();
    let _tenant = Tenant::start(&bench, Encryption::Tls);
    run_contract(&bench, ["--report", "junit=embedded.xml"]).exits(0);
    run_contract(&bench, ["--target-file", "tenant/assize.yaml", "--report", "junit=remote.xml"]).exits(0);
    assert_eq!(Junit::read(&bench, "remote.xml").outcomes(), Junit::read(&bench, "embedded.xml").outcomes());
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent() {
    let bench = Bench::contract();
    let _tenant = Tenant::start(&bench, Encryption::Tls);
    let trusting = bench.read("tenant/assize.yaml");
    bench.write("tenant/assize.yaml", &trusting.replace("    tls: { ca: ca.pem }\n", ""));
    let report = ["--target-file", "tenant/assize.yaml", "--report", "junit=junit.xml"];
    let ran = bench.assize(["run", "session.start-twice@openid", "--seed", "7"]).args(report).run().exits(3);
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 inconclusive (exit 3 ERROR)");
    assert!(ran.stdout.contains("unknown issuer") || ran.stdout.contains("UnknownIssuer"), "{ran}");
}
