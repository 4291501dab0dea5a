//! What `assize init` writes, and what it leaves alone.

use crate::bench::Bench;
use crate::server::{Reply, Server};

#[test]
fn a_suite_for_a_url_is_sound_and_passes_at_once() {
    let bench = Bench::new();
    let server = Server::start(|_| Reply::ok("{}"));
    let url = format!("{}/health?full=1", server.url());
    let ran = bench.run(["init", url.as_str(), "desk"]).exits(0);
    insta::assert_snapshot!(ran.golden());
    assert_eq!(server.lines(), Vec::<String>::new(), "nothing is sent without `--probe`");
    bench.assize(["check", "desk/specs/service"]).run().exits(0);
    let args = ["run", "--suite", "desk/specs/service", "--target-file", "desk/assize.yaml"];
    assert_eq!(bench.run(args).exits(0).verdict(), "1 passed, 0 failed (exit 0 PASS)");
    assert_eq!(server.lines(), ["GET /health?full=1"]);
}

#[test]
fn a_probe_writes_down_what_it_saw() {
    let bench = Bench::new();
    let body = "{\"name\":\"north\",\"open\":true,\"lines\":[1],\"no\":7,\"of it\":{},\"later\":null}";
    let server = Server::start(move |_| Reply::json(404, body));
    let url = format!("{}/desk", server.url());
    bench.run(["init", url.as_str(), "--probe"]).exits(0);
    assert_eq!(server.lines(), ["GET /desk"]);
    insta::assert_snapshot!(bench.read("specs/service/scenarios/first.yaml"));
    assert_eq!(bench.run(["run"]).exits(0).verdict(), "1 passed, 0 failed (exit 0 PASS)");
}

#[test]
fn what_a_probe_saw_passes_whatever_it_was() {
    for (status, body) in
        [(200, "{\"a\":1,\"a\":2}"), (500, "no JSON"), (200, "[1,2]"), (401, ""), (200, "{\"$(x)\\\"\":[]}")]
    {
        let bench = Bench::new();
        let server = Server::start(move |_| Reply::json(status, body));
        bench.run(["init", server.url().as_str(), "--probe"]).exits(0);
        assert_eq!(bench.run(["run"]).exits(0).verdict(), "1 passed, 0 failed (exit 0 PASS)", "{body}");
    }
}

#[test]
fn where_nobody_answers_a_probe_writes_nothing() {
    let bench = Bench::new();
    let ran = bench.run(["init", "http://127.0.0.1:9/", "--probe"]).exits(3);
    assert!(ran.stderr.contains("got no complete answer") && !bench.path("assize.yaml").exists(), "{ran}");
}

#[test]
fn nothing_is_overwritten() {
    let bench = Bench::new().file("assize.yaml", "mine\n");
    let server = Server::start(|_| Reply::ok("{}"));
    let ran = bench.run(["init", server.url().as_str(), "--probe"]).exits(2);
    assert!(ran.stderr.contains("`assize.yaml` is there already"), "{ran}");
    assert_eq!((bench.read("assize.yaml").as_str(), bench.path("specs").exists()), ("mine\n", false));
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[test]
fn a_copy_of_the_contract_is_the_contract() {
    let bench = Bench::new();
    bench.run(["init", "--suite", "cxone", "copy"]).exits(0);
    let theirs = bench.run(["list", "--suite", "copy/specs/cxone", "--format", "json"]).exits(0).stdout;
    let ours = bench.run(["list", "--suite", "embedded:cxone", "--format", "json"]).exits(0).stdout;
    assert_eq!(theirs.replace("copy/specs/cxone", "embedded:cxone"), ours);
    assert!(bench.path("copy/snapshots/cxone/answers.session.start.snap").is_file());
    let ran = bench.run(["init", "--suite", "cxone", "copy"]).exits(2);
    assert!(ran.stderr.contains("is there already"), "{ran}");
    assert!(bench.run(["init", "--suite", "cxon"]).exits(2).stderr.contains("there is `cxone`"));
}

#[test]
fn what_is_no_url_or_holds_a_password_is_refused() {
    for wrong in ["api.example.com", "ftp://example.com", "https://", "https://ann:not-a-secret@example.com"] {
        let bench = Bench::new();
        bench.run(["init", wrong]).exits(2);
        assert!(!bench.path("assize.yaml").exists(), "{wrong}");
    }
    Bench::new().run(["init"]).exits(2);
}

#[test]
fn completions_and_manual_pages_name_every_command() {
    let bench = Bench::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = bench.run(["completions", shell]).exits(0);
        assert!(ran.stdout.contains("snapshots") && ran.stdout.contains("watch"), "{shell}");
    }
    bench.run(["man", "pages"]).exits(0);
    for page in ["assize.1", "assize-run.1", "assize-diff.1", "assize-snapshots-review.1"] {
        assert!(bench.read(&format!("pages/{page}")).contains(".SH NAME"), "{page}");
    }
    assert!(bench.run(["man"]).exits(0).stdout.contains(".SH NAME"));
}

#[test]
fn the_program_alone_says_what_to_type_first() {
    let ran = Bench::new().run([]).exits(0);
    for command in ["assize run", "assize list", "assize init", "assize help"] {
        assert!(ran.stdout.contains(command), "{ran}");
    }
}
