//! Cases that keep each other away, on a target that they share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::bench::Bench;
use crate::server::{Reply, Request, Server};

/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(20);

/// What the server has seen: which cases are open, and which were open at the same time.
#[derive(Default)]
struct Floor {
    open: BTreeSet<String>,
    together: BTreeSet<(String, String)>,
    ended: BTreeSet<String>,
}

/// A server that each case tells when it begins and when it ends, by `POST /NAME/begin` and `POST /NAME/end`. Beginning
/// is answered when all those have begun or ended that the case is to meet.
struct Meeting {
    server: Server,
    floor: Arc<(Mutex<Floor>, Condvar)>,
}

impl Meeting {
    fn start(meets: &[(&str, &[&str])]) -> Self {
        let floor = Arc::new((Mutex::new(Floor::default()), Condvar::new()));
        let meets: BTreeMap<String, Vec<String>> = meets
            .iter()
            .map(|(case, others)| ((*case).to_owned(), others.iter().map(|&other| other.to_owned()).collect()))
            .collect();
        let shared = Arc::clone(&floor);
        let server = Server::start(move |request| answer(request, &shared, &meets));
        Self { server, floor }
    }

    /// The pairs of cases that were open at the same time.
    fn together(&self) -> Vec<(String, String)> {
        self.floor.0.lock().unwrap().together.iter().cloned().collect()
    }
}

fn answer(request: &Request, floor: &(Mutex<Floor>, Condvar), meets: &BTreeMap<String, Vec<String>>) -> Reply {
    let parts: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
    let [case, what] = parts.as_slice() else { return Reply::ok("{}") };
    let (floor, changed) = (&floor.0, &floor.1);
    let mut now = floor.lock().unwrap();
    if *what == "begin" {
        let pairs: Vec<_> = now.open.iter().map(|other| pair(other, case)).collect();
        now.together.extend(pairs);
        now.open.insert((*case).to_owned());
        changed.notify_all();
        let wanted = meets.get(*case).cloned().unwrap_or_default();
        let is_missing = |now: &mut Floor| wanted.iter().any(|it| !now.open.contains(it) && !now.ended.contains(it));
        let (_now, timeout) = changed.wait_timeout_while(now, LIMIT, is_missing).unwrap();
        return if timeout.timed_out() { Reply::json(500, "\"nobody came\"") } else { Reply::ok("{}") };
    }
    if *what == "end" {
        now.open.remove(*case);
        now.ended.insert((*case).to_owned());
        changed.notify_all();
    }
    Reply::ok("{}")
}

fn pair(one: &str, other: &str) -> (String, String) {
    let (first, second) = if one < other { (one, other) } else { (other, one) };
    (first.to_owned(), second.to_owned())
}

/// A case that tells when it begins and ends, with these keys and this step between the two.
fn case(name: &str, keys: &str, between: &str) -> String {
    format!(
        "scenario: Case {name}\nid: {name}\n{keys}\nsteps:\n  - request: POST /{name}/begin\n    deadline: 30s\n    expect: 200\n{between}  - request: POST /{name}/end\n    expect: 200\n"
    )
}

fn target(url: &str) -> String {
    format!(
        "targets:\n  t:\n    base_url: {url}\n    features: [clock]\n    clock: {{ request: POST {url}/clock, json: {{ by: $(milliseconds) }} }}\n    \
         identities: {{ person: {{ basic: {{}}, users: [{{ username: a, password: {{ plain: not-a-secret-a }} }}, {{ username: b, password: {{ plain: not-a-secret-b }} }}] }} }}\n"
    )
}

fn run(meeting: &Meeting, cases: &[String]) -> Vec<(String, String)> {
    let url = meeting.server.url();
    let bench = Bench::new().file("all.yaml", &cases.join("---\n")).file("assize.yaml", &target(&url));
    let ran = bench.run(["run", "all.yaml", "--jobs", "8", "--seed", "7"]).exits(0);
    assert_eq!(ran.verdict(), format!("{} passed, 0 failed (exit 0 PASS)", cases.len()));
    meeting.together()
}

#[test]
fn cases_without_a_common_lock_do_overlap() {
    let meeting = Meeting::start(&[("a", &["b", "c"]), ("b", &["a", "c"]), ("c", &["a", "b"])]);
    let cases = [case("a", "locks: [x]", ""), case("b", "locks: [y]", ""), case("c", "", "")];
    assert_eq!(run(&meeting, &cases), [pair("a", "b"), pair("a", "c"), pair("b", "c")]);
}

#[test]
fn cases_with_a_common_lock_never_overlap_and_keep_nobody_else_waiting() {
    // The first is held until those without its lock, which stand after the second, have come and gone.
    let meeting = Meeting::start(&[("a", &["c", "d"]), ("c", &["a"]), ("d", &["a"])]);
    let cases =
        [case("a", "locks: [x]", ""), case("b", "locks: [y, x]", ""), case("c", "locks: [z]", ""), case("d", "", "")];
    let together = run(&meeting, &cases);
    assert!(!together.contains(&pair("a", "b")), "{together:?}");
    assert!(together.contains(&pair("a", "c")) && together.contains(&pair("a", "d")), "{together:?}");
}

#[test]
fn a_case_that_locks_everything_is_alone_on_the_target() {
    let meeting = Meeting::start(&[("a", &["c"]), ("c", &["a"])]);
    let cases = [case("a", "", ""), case("b", "locks: ['*']", ""), case("c", "", ""), case("d", "locks: [x, '*']", "")];
    assert_eq!(run(&meeting, &cases), [pair("a", "c")]);
}

#[test]
fn a_case_that_moves_the_clock_that_all_share_is_alone_on_the_target() {
    let meeting = Meeting::start(&[("a", &["c"]), ("c", &["a"])]);
    let cases =
        [case("a", "", ""), case("b", "needs: [clock]", "  - elapse: 1h\n"), case("c", "", ""), case("d", "", "")];
    let together = run(&meeting, &cases);
    assert!(together.iter().all(|(one, other)| one != "b" && other != "b"), "{together:?}");
    assert!(together.contains(&pair("a", "c")));
    assert!(meeting.server.lines().contains(&"POST /clock".to_owned()));
}

#[test]
fn cases_that_lease_the_same_user_never_overlap() {
    let meeting = Meeting::start(&[("a", &["b"]), ("b", &["a"])]);
    let of = |name: &str| case(name, "as: person", "");
    let both = case("e", "devices: { one: person, two: person }\nas: one", "");
    let together = run(&meeting, &[of("a"), of("b"), both, of("c"), of("d")]);
    assert!(together.contains(&pair("a", "b")));
    assert!(together.iter().all(|(one, other)| one != "e" && other != "e"), "{together:?}");
    let users: BTreeSet<String> = meeting
        .server
        .seen()
        .iter()
        .filter(|request| request.path.starts_with("/a/") || request.path.starts_with("/b/"))
        .filter_map(|request| request.header("authorization").map(str::to_owned))
        .collect();
    assert_eq!(users.len(), 2);
}

#[test]
fn an_undo_still_holds_the_lock_of_its_case() {
    let meeting = Meeting::start(&[]);
    // It ends, for the server, by its undo only.
    let undone = "scenario: Undoes\nid: a\nlocks: [x]\nsteps:\n  - request: POST /a/begin\n    expect: 200\n    undo: { request: POST /a/end }\n";
    let cases = [undone.to_owned(), case("b", "locks: [x]", "")];
    assert_eq!(run(&meeting, &cases), []);
}
