//! Reports in files and on stdout: all at once, each whole or not at all, and never a green end without them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::bench::{Bench, Ran};
use crate::junit::Junit;
use crate::server::{Reply, Server};

const SCENARIOS: &str = "\
scenario: The service answers
id: answers
steps:
  - request: GET /yes
    expect: 200
---
scenario: The service has no such thing
id: missing
steps:
  - request: GET /no
    expect: 200
";

const PASSES: &str = "scenario: The service answers\nid: answers\nsteps:\n  - request: GET /yes\n    expect: 200\n";

const KINDS: [&str; 9] = ["junit", "html", "github", "markdown", "tap", "ctrf", "har", "json", "log"];

/// 404 at `/no`, 200 with a large answer otherwise.
fn server() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/no" => Reply::json(404, "{\"why\":\"##vso[x] ::error::y\"}"),
        _ => Reply::ok(&format!("[\"{}\"]", "large ".repeat(20_000))),
    })
}

fn run_with(bench: &Bench, server: &Server, reports: &[&str]) -> Ran {
    let mut invocation = bench.assize(["run", "all.yaml", "--seed", "7", "--base-url", &server.url()]);
    for report in reports {
        invocation = invocation.args(["--report", report]);
    }
    invocation.run()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    // What a run remembers for `--last-failed` is no report.
    names.filter(|name| name != ".local").collect()
}

#[test]
fn all_kinds_are_written_at_once_and_replay_writes_the_same() {
    let server = server();
    let bench = Bench::new().file("all.yaml", SCENARIOS);
    let reports = KINDS.map(|kind| format!("{kind}=out.{kind}"));
    let ran = run_with(&bench, &server, &reports.each_ref().map(String::as_str)).exits(1);
    assert_eq!(ran.verdict(), "1 passed, 1 failed (exit 1 FAIL)");
    let mut expected = KINDS.map(|kind| format!("out.{kind}")).into_iter().collect::<BTreeSet<_>>();
    expected.insert("all.yaml".to_owned());
    assert_eq!(names(&bench.path("")), expected);

    assert_eq!(Junit::read(&bench, "out.junit").totals(), "1 passed, 1 failed");
    let annotation = "::error file=all.yaml,line=11,col=13,endColumn=15,title=failed%3A missing::status-mismatch: ";
    let job = bench.read("out.github");
    assert!(job.lines().any(|line| line.starts_with(annotation)), "{job}");
    let document = |kind: &str| serde_json::from_str::<Value>(&bench.read(&format!("out.{kind}"))).unwrap();
    assert_eq!(document("ctrf")["results"]["summary"]["failed"], 1);
    assert_eq!(document("har")["log"]["entries"].as_array().map(Vec::len), Some(2));
    assert_eq!(document("json")["totals"]["passed"], 1);

    let mut again = bench.assize(["replay", "out.log"]);
    for kind in KINDS {
        again = again.args(["--report", &format!("{kind}=again.{kind}")]);
    }
    again.run().exits(1);
    for kind in KINDS {
        assert!(bench.read(&format!("again.{kind}")) == bench.read(&format!("out.{kind}")), "{kind} differs");
    }
}

#[test]
fn a_report_on_stdout_is_all_that_stands_there() {
    let server = server();
    let bench = Bench::new().file("all.yaml", SCENARIOS);
    let ran = run_with(&bench, &server, &["tap=-", "junit=out.xml"]).exits(1);
    assert!(ran.stdout.starts_with("TAP version 14\n1..2\n"), "{ran}");
    assert!(!ran.stdout.contains("exit 1"), "{ran}");
    assert_eq!(ran.stderr.lines().last(), Some("1 passed, 1 failed (exit 1 FAIL)"), "{ran}");
    assert_eq!(Junit::read(&bench, "out.xml").totals(), "1 passed, 1 failed");

    let ran = run_with(&bench, &server, &["json=-"]).exits(1);
    assert_eq!(serde_json::from_str::<Value>(&ran.stdout).unwrap()["totals"]["failed"], 1);
    assert!(!ran.stdout.contains("##vso["), "{ran}");
}

#[test]
fn two_reports_to_one_place_are_refused_before_anything_is_sent() {
    let server = server();
    let bench = Bench::new().file("all.yaml", SCENARIOS);
    for (reports, told) in [
        (["junit=out", "tap=./out"], "the junit report and the tap report both go to `./out`"),
        (["github=-", "tap=-"], "the github report and the tap report both go to stdout, which holds one"),
    ] {
        let ran = run_with(&bench, &server, &reports).exits(2);
        assert!(ran.stderr.contains(told), "{ran}");
    }
    let args = ["--format", "json", "--report", "tap=-"];
    let ran = bench.assize(["run", "all.yaml", "--base-url", &server.url()]).args(args).run().exits(2);
    assert!(ran.stderr.contains("`--format json` and the tap report both go to stdout"), "{ran}");
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[test]
fn a_path_that_cannot_be_written_ends_the_run_before_anything_is_sent() {
    let server = server();
    let bench = Bench::new().file("all.yaml", PASSES).file("file", "");
    for path in ["file/out.xml", "no/out.xml", ".", "/proc/out.xml", ""] {
        let ran = run_with(&bench, &server, &["log=run.ndjson", &format!("junit={path}")]);
        let code = if path.is_empty() { 2 } else { 74 };
        let ran = ran.exits(code);
        assert!(
            path.is_empty() || ran.stderr.contains(&format!("the junit report `{path}` cannot be written")),
            "{ran}"
        );
        assert_eq!(names(&bench.path("")), BTreeSet::from(["all.yaml".to_owned(), "file".to_owned()]), "{path}");
    }
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_a_closed_pipe_are_told_and_starve_no_other_report() {
    let server = server();
    for kind in KINDS {
        let bench = Bench::new().file("all.yaml", PASSES);
        let ran = run_with(&bench, &server, &[&format!("{kind}=/dev/full"), "junit=out.xml"]).exits(74);
        assert!(ran.stderr.contains(&format!("the {kind} report `/dev/full` cannot be written: ")), "{ran}");
        assert_eq!(ran.verdict(), "1 passed, 0 failed (exit 74 IOERR)");
        assert_eq!(Junit::read(&bench, "out.xml").totals(), "1 passed, 0 failed");
    }
    let bench = Bench::new().file("all.yaml", PASSES);
    let args = ["--report", "tap=-", "--report", "junit=out.xml"];
    let invocation = bench.assize(["run", "all.yaml", "--base-url", &server.url()]).args(args);
    let ran = invocation.stdout_to_nobody().run().exits(74);
    assert!(ran.stderr.contains("the tap report on stdout cannot be written: "), "{ran}");
    assert_eq!(Junit::read(&bench, "out.xml").totals(), "1 passed, 0 failed");
}

/// The program, where no file may grow beyond `blocks` of 512 bytes.
fn on_a_tiny_disk(bench: &Bench, blocks: u32, args: &[&str]) -> (Option<i32>, String) {
    // A write beyond the limit gives an error where the signal is ignored.
    let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &line, env!("CARGO_BIN_EXE_assize")]).args(args).current_dir(bench.path(""));
    let output = command.stdin(Stdio::null()).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_tiny_disk_what_has_no_room_is_told_and_no_half_file_has_its_name() {
    let server = server();
    let bench = Bench::new().file("all.yaml", PASSES);
    let url = server.url();
    for kind in ["html", "har", "json", "log"] {
        let args = ["run", "all.yaml", "--base-url", &url, "--report", &format!("{kind}=big"), "--report", "tap=small"];
        let (code, told) = on_a_tiny_disk(&bench, 32, &args);
        assert_eq!(code, Some(74), "{kind}: {told}");
        assert!(told.contains(&format!("the {kind} report `big` cannot be written: File too large")), "{told}");
        assert!(!bench.path("big").exists());
        assert!(bench.read("small").starts_with("TAP version 14\n1..1\n"), "{kind}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn killed_while_it_writes_it_leaves_a_whole_file_or_none() {
    let server = server();
    let bench = Bench::new().file("all.yaml", SCENARIOS);
    run_with(&bench, &server, &["log=run.ndjson"]).exits(1);
    std::fs::create_dir(bench.path("out")).unwrap();
    let (mut none, mut whole) = (0, 0);
    for number in 0..12 {
        let (xml, json) = (format!("out/{number}.xml"), format!("out/{number}.json"));
        bench.write(&xml, "old");
        let reports = [format!("junit={xml}"), format!("json={json}")];
        let args = ["--report", &reports[0], "--report", &reports[1]];
        let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
        command.args(["replay", "run.ndjson"]).args(args).current_dir(bench.path(""));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // From the moment on that a file is begun, a little later each time.
        let is_begun = || names(&bench.path("out")).iter().any(|name| name.contains("partial"));
        while !is_begun() && child.try_wait().unwrap().is_none() {}
        for _ in 0..number {
            names(&bench.path("out"));
        }
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert!(!status.success());
        let text = std::fs::read_to_string(bench.path(&xml)).unwrap_or_default();
        if text.is_empty() || text == "old" {
            none += 1;
        } else {
            whole += 1;
            assert!(text.ends_with("</testsuites>\n"), "{text}");
        }
        if let Ok(text) = std::fs::read_to_string(bench.path(&json)) {
            assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
        }
        for name in names(&bench.path("out")).iter().filter(|name| name.contains("partial")) {
            std::fs::remove_file(bench.path("out").join(name)).unwrap();
        }
    }
    assert_eq!(none + whole, 12);
}

#[test]
fn the_summary_of_a_github_step_is_written_where_its_report_is_asked_for() {
    let server = server();
    let bench = Bench::new().file("all.yaml", SCENARIOS).file("summary.md", "# Before\n");
    let url = server.url();
    let run = |report: &str| {
        let invocation = bench.assize(["run", "all.yaml", "--base-url", &url, "--report", report]);
        invocation.env("GITHUB_STEP_SUMMARY", bench.path("summary.md").to_str().unwrap()).run().exits(1)
    };
    run("junit=out.xml");
    assert_eq!(bench.read("summary.md"), "# Before\n");
    let ran = run("github=-");
    assert!(ran.stdout.starts_with("::group::failed: missing\n"), "{ran}");
    let summary = bench.read("summary.md");
    assert!(summary.starts_with("# Before\n## Failed: ") && summary.contains("**1 passed, 1 failed**"), "{summary}");
    assert!(!summary.contains("##vso["), "{summary}");

    let invocation = bench.assize(["run", "all.yaml", "--base-url", &url, "--report", "github=out.txt"]);
    let ran = invocation.env("GITHUB_STEP_SUMMARY", "no/summary.md").run().exits(74);
    assert!(ran.stderr.contains("the step summary `no/summary.md` cannot be written: "), "{ran}");
}
