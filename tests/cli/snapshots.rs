//! The way of a snapshot: seen, looked at, accepted, compared, forgotten.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use insta::assert_snapshot;
use serde_json::Value;

use crate::bench::{Bench, Ran};
use crate::server::{Reply, Server};

const SUITE: &str = "\
scenario: The desk says who it is
id: desk
steps:
  - step: who
    request: GET /desk
    expect: { status: 200, snapshot: true }
";

const ANSWER: &str = r#"{"name": "north", "opened": "2026-11-02T08:00:00Z", "lines": [{"no": 1, "busy": false}]}"#;

/// A desk whose answer can be changed, and a suite about it.
struct Desk {
    bench: Bench,
    server: Server,
    answer: Arc<Mutex<String>>,
}

impl Desk {
    fn new() -> Self {
        let answer = Arc::new(Mutex::new(ANSWER.to_owned()));
        let said = Arc::clone(&answer);
        let server = Server::start(move |_| Reply::ok(&said.lock().unwrap()));
        Self { bench: Bench::new().file("desk.yaml", SUITE), server, answer }
    }

    /// With the answer accepted.
    fn accepted() -> Self {
        let desk = Self::new();
        desk.run(["--snapshots", "accept"]).exits(0);
        desk
    }

    fn answers(&self, text: &str) {
        text.clone_into(&mut self.answer.lock().unwrap());
    }

    fn renames_a_field(&self) {
        self.answers(&ANSWER.replace("\"busy\"", "\"engaged\""));
    }

    fn run<const N: usize>(&self, more: [&str; N]) -> Ran {
        self.bench.assize(["run", "desk.yaml", "--base-url", &self.server.url(), "--seed", "1"]).args(more).run()
    }

    fn in_ci<const N: usize>(&self, more: [&str; N]) -> Ran {
        let run = self.bench.assize(["run", "desk.yaml", "--base-url", &self.server.url(), "--seed", "1"]);
        run.args(more).env("CI", "true").run()
    }

    /// Every file of the folder, with its bytes and when it was written.
    fn tree(&self) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
        let mut tree = BTreeMap::new();
        walk(&self.bench.path(""), "", &mut tree);
        tree
    }

    fn files(&self) -> Vec<String> {
        self.tree().into_keys().filter(|path| path.starts_with("snapshots")).collect()
    }

    /// `assize snapshots review` at a terminal, pressing the next of these keys, with blanks between them, whenever it
    /// asks: what it showed, and its exit code.
    fn review(&self, keys: &str) -> (String, i32) {
        let mut command = Command::new("python3");
        command.args(["-c", AT_A_TERMINAL, keys, env!("CARGO_BIN_EXE_assize"), "snapshots", "review"]);
        command.current_dir(self.bench.path("")).env_remove("CI").env_remove("NO_COLOR").env("TERM", "xterm");
        let output = command.stdin(Stdio::null()).output().expect("python3 is there");
        let shown = String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n");
        (shown, output.status.code().unwrap_or(-1))
    }
}

/// Runs a program at a terminal of its own that echoes nothing, and presses the next keys whenever it lists them.
const AT_A_TERMINAL: &str = r#"
import os, pty, select, sys, termios
keys = sys.argv[1].split(" ")
child, terminal = pty.fork()
if child == 0:
    mode = termios.tcgetattr(0)
    mode[3] &= ~termios.ECHO
    termios.tcsetattr(0, termios.TCSANOW, mode)
    os.execv(sys.argv[2], sys.argv[2:])
shown, asked = b"", 0
while True:
    if not select.select([terminal], [], [], 100)[0]:
        os.kill(child, 9)
        sys.exit("it waits for another key: " + repr(shown))
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    while asked < shown.count(b"? help\r\n") and keys:
        asked += 1
        os.write(terminal, keys.pop(0).encode())
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

fn walk(folder: &Path, shown: &str, tree: &mut BTreeMap<String, (Vec<u8>, SystemTime)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        // What `--last-failed` reads is the user's, not the suite's.
        if entry.file_name() == ".local" {
            continue;
        }
        let name = format!("{shown}{}", entry.file_name().to_string_lossy());
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() {
            walk(&entry.path(), &format!("{name}/"), tree);
        } else {
            tree.insert(name, (std::fs::read(entry.path()).unwrap(), metadata.modified().unwrap()));
        }
    }
}

#[test]
fn a_field_that_was_renamed_is_one_hunk_that_one_key_accepts() {
    let desk = Desk::new();
    assert_snapshot!(desk.run([]).exits(1).golden());
    assert_eq!(desk.files(), ["snapshots/desk.who.snap.new"]);
    assert!(desk.review("a").0.contains("1 accepted"));
    assert_eq!(desk.files(), ["snapshots/desk.who.snap"]);
    desk.run([]).exits(0);

    desk.renames_a_field();
    let failed = desk.run([]).exits(1);
    assert_snapshot!(failed.golden());
    let (shown, code) = desk.review("a");
    assert_eq!(code, 0, "{shown}");
    assert_snapshot!(shown.replace('\u{1b}', "␛"));
    assert_eq!(desk.files(), ["snapshots/desk.who.snap"]);
    desk.run([]).exits(0);
}

#[test]
fn what_is_rejected_or_skipped_is_not_accepted() {
    let desk = Desk::accepted();
    desk.renames_a_field();
    desk.run([]).exits(1);
    assert!(desk.review("xs").0.contains("0 accepted, 0 rejected, 1 skipped"));
    assert_eq!(desk.files().len(), 2);
    assert!(desk.review("q").0.contains("1 skipped"));
    assert!(desk.review("?r").0.contains("0 accepted, 1 rejected, 0 skipped"));
    assert_eq!(desk.files(), ["snapshots/desk.who.snap"]);
    desk.run([]).exits(1);
}

#[test]
fn nothing_is_written_in_ci_whatever_happens() {
    let desk = Desk::new();
    for known in [false, true] {
        if known {
            desk.run(["--snapshots", "accept"]).exits(0);
            desk.renames_a_field();
        }
        let before = desk.tree();
        let ran = desk.in_ci([]).exits(1);
        assert!(ran.stdout.contains(if known { "snapshot-differs" } else { "snapshot-missing" }), "{ran}");
        desk.run(["--frozen"]).exits(1);
        desk.run(["--snapshots", "verify"]).exits(1);
        assert_eq!(desk.tree(), before);
    }
    let sent = desk.server.seen().len();
    for mode in ["new", "accept"] {
        let ran = desk.in_ci(["--snapshots", mode]).exits(2);
        assert!(ran.stderr.contains("`CI` is set"), "{ran}");
        desk.run(["--frozen", "--snapshots", mode]).exits(2);
    }
    assert_eq!(desk.server.seen().len(), sent);
}

#[test]
fn a_run_that_sees_what_was_accepted_writes_nothing_and_clears_what_waited() {
    let desk = Desk::accepted();
    let accepted = desk.tree();
    desk.run(["--snapshots", "accept"]).exits(0);
    desk.run([]).exits(0);
    assert_eq!(desk.tree(), accepted);
    desk.renames_a_field();
    desk.run([]).exits(1);
    assert_eq!(desk.files().len(), 2);
    desk.answers(ANSWER);
    desk.run([]).exits(0);
    assert_eq!(desk.tree(), accepted);
}

#[test]
fn scripts_list_accept_and_reject_without_a_terminal() {
    let desk = Desk::accepted();
    desk.renames_a_field();
    desk.run([]).exits(1);
    let list = desk.bench.run(["snapshots", "list", "--format", "json"]).exits(0);
    let list: Value = serde_json::from_str(&list.stdout).unwrap();
    let entry = &list["snapshots"][0];
    assert_eq!((&entry["name"], &entry["state"], &entry["line"]), (&"desk.who".into(), &"differs".into(), &6.into()));
    assert_eq!(entry["pending"], "snapshots/desk.who.snap.new");
    let mut told = desk.bench.run(["snapshots", "list"]).exits(0).to_string();
    told.push_str(&desk.bench.run(["snapshots", "review"]).exits(2).to_string());
    told.push_str(&desk.bench.run(["snapshots", "accept", "desk.whoo"]).exits(2).to_string());
    told.push_str(&desk.bench.run(["snapshots", "accept", "desk.*"]).exits(0).to_string());
    told.push_str(&desk.bench.run(["snapshots", "reject", "--all"]).exits(0).to_string());
    assert_snapshot!(told);
    desk.run([]).exits(0);
    desk.bench.run(["snapshots", "accept"]).exits(2);
}

#[test]
fn a_snapshot_that_no_step_refers_to_is_told_of_and_can_be_removed() {
    let bench = Bench::new()
        .file("s/suite.yaml", "suite: s\nversion: 1\ntitle: A suite of one step\n")
        .file("s/scenarios/desk.yaml", SUITE)
        .file("s/snapshots/desk.gone.snap", "---\nsource: scenarios/desk.yaml\n---\n200\n");
    let server = Server::start(|_| Reply::ok(ANSWER));
    let checked = bench.run(["check", "s"]).exits(0);
    assert_snapshot!(checked);
    let ran = bench.run(["run", "--suite", "s", "--base-url", &server.url(), "--frozen"]).exits(1);
    assert!(ran.stderr.contains("orphan-snapshot"), "{ran}");
    let listed = bench.run(["snapshots", "list", "--suite", "s"]).exits(0);
    assert!(listed.stdout.contains("orphan"), "{listed}");
    let path = bench.path("s/snapshots/desk.gone.snap");
    let shown = bench.run(["snapshots", "prune", "--dry-run", "--suite", "s"]).exits(0);
    assert_eq!(shown.stdout, "would remove s/snapshots/desk.gone.snap\n");
    assert!(path.exists());
    bench.run(["snapshots", "prune", "--suite", "s"]).exits(0);
    assert!(!path.exists());
    let checked = bench.run(["check", "s"]).exits(0);
    assert_eq!(checked.stderr, "");
}

#[test]
fn what_looks_like_a_secret_is_never_kept_accepted_or_loaded() {
    let desk = Desk::new();
    // In parts, so that no file of this repository holds what looks like a secret.
    let canary = ["c4nary-", "not-a-secret-7"].concat();
    desk.answers(&format!("{{\"api{}\": \"{canary}\"}}", "Key"));
    let ran = desk.run([]).exits(1);
    assert!(ran.stderr.contains("is refused, for it may hold a secret"), "{ran}");
    assert_eq!(desk.files(), Vec::<String>::new());
    desk.run(["--snapshots", "accept"]).exits(74);
    assert_eq!(desk.files(), Vec::<String>::new());

    let file = format!("---\nsource: desk.yaml\n---\n200\n\n{{\n  \"api{}\": \"{canary}\"\n}}\n", "Key");
    desk.bench.write("snapshots/desk.who.snap", &file);
    let ran = desk.run([]).exits(2);
    assert!(ran.stderr.contains("secret-in-snapshot") && !ran.to_string().contains(&canary), "{ran}");
    std::fs::rename(desk.bench.path("snapshots/desk.who.snap"), desk.bench.path("snapshots/desk.who.snap.new"))
        .unwrap();
    let ran = desk.bench.run(["snapshots", "accept", "--all"]).exits(2);
    assert!(!ran.to_string().contains(&canary), "{ran}");
    assert_eq!(desk.files(), ["snapshots/desk.who.snap.new"]);
}

#[test]
fn cases_that_disagree_on_a_snapshot_are_told_of() {
    let flow = "flow: ask\nsteps:\n  - step: who\n    request: GET /desk\n    expect: { snapshot: true }\n";
    let suite = "suite: s\nversion: 1\ntitle: Two cases and one flow\n";
    let scenario = |id: &str| format!("scenario: Asks\nid: {id}\nsteps:\n  - use: ask\n");
    let bench = Bench::new()
        .file("s/suite.yaml", suite)
        .file("s/flows/ask.yaml", flow)
        .file("s/scenarios/a.yaml", &scenario("a"))
        .file("s/scenarios/b.yaml", &scenario("b"));
    let count = Mutex::new(0);
    let server = Server::start(move |_| {
        *count.lock().unwrap() += 1;
        Reply::ok(&format!("{{\"n\": {}}}", count.lock().unwrap()))
    });
    let run = |mode| bench.run(["run", "--suite", "s", "--base-url", &server.url(), "--snapshots", mode]);
    let ran = run("accept").exits(74);
    assert!(ran.stderr.contains("the snapshot `flow.ask.who`: "), "{ran}");
    assert!(!bench.path("s/snapshots").exists());
    let ran = run("new").exits(1);
    assert!(ran.stderr.contains("gives another text"), "{ran}");
}

#[test]
fn a_suite_that_comes_along_has_no_folder_to_accept_into() {
    let bench = Bench::new();
    let ran = bench.run(["run", "--snapshots", "accept"]).exits(2);
    assert!(ran.stderr.contains("is part of the program"), "{ran}");
    bench.run(["snapshots", "list"]).exits(2);
    bench.run(["snapshots", "list", "--suite", "cxone"]).exits(2);
}

#[test]
fn junit_holds_what_differs_and_the_files_are_instas_own() {
    let desk = Desk::accepted();
    desk.renames_a_field();
    desk.run(["--report", "junit=out.xml"]).exits(1);
    let body = desk.bench.read("out.xml");
    assert!(body.contains("-       &quot;busy&quot;: false") || body.contains("-       \"busy\": false"), "{body}");
    let pending = desk.bench.path("snapshots/desk.who.snap.new");
    let read = insta::Snapshot::from_file(&pending).unwrap();
    assert_eq!(read.metadata().assertion_line(), Some(6));
    assert_eq!(read.metadata().source(), Some("desk.yaml"));
    // What `cargo insta accept` does, and what we do, are the same bytes.
    let theirs = desk.bench.path("theirs.snap");
    read.save(&theirs).unwrap();
    desk.bench.run(["snapshots", "accept", "--all"]).exits(0);
    assert_eq!(desk.bench.read("theirs.snap"), desk.bench.read("snapshots/desk.who.snap"));
    desk.run([]).exits(0);
}
