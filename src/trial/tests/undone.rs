use super::{START, answered, faulty, trial};
use crate::event::{Exchange, FaultKind, Left, Phase, UndoEnd};
use crate::trial::{Act, PendingUndo, UndoAct};
use crate::value::NoFacts;

/// What is to be undone after a step with this undo was answered so.
fn pending(undo: &str, came: Exchange) -> Option<PendingUndo> {
    let step = "request: POST /things, expect: 201, capture: { id: { from: $.id, optional: true } }";
    let mut trial = trial(&format!("  - {{ step: make, {step}, undo: {undo} }}\n"));
    assert!(matches!(trial.next(&mut || START), Act::Send(_)));
    trial.answered(came, &NoFacts);
    let mut undos = trial.take_undos();
    assert!(undos.len() < 2);
    undos.pop()
}

/// Answers each request in turn; what was sent, and how it ended.
fn play(mut undo: PendingUndo, answers: &[(u16, &str)]) -> (Vec<String>, UndoEnd) {
    let mut sent = Vec::new();
    let mut answers = answers.iter();
    loop {
        let (draft, word) = match undo.next_act() {
            UndoAct::Send(draft) => (draft, ""),
            UndoAct::SendAnew(draft) => (draft, " anew"),
            UndoAct::End(end) => return (sent, end),
        };
        sent.push(format!("{} {}{word}", draft.method, draft.url.trim_start_matches("http://a.example")));
        let (status, body) = answers.next().expect("an answer for each request");
        undo.answered(&answered(*status, body), &NoFacts);
    }
}

const FINDS: &str =
    "[{ request: POST /find, capture: { id: $.found } }, { request: DELETE /$(id) }, { request: DELETE /all }]";

#[test]
fn a_request_that_only_finds_removes_nothing_and_an_entry_without_names_is_passed_over() {
    let lost = || pending(FINDS, faulty(FaultKind::NoAnswer, Phase::Headers)).expect("something to undo");
    let gone = |status| UndoEnd::Gone { status };
    let sent = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    assert_eq!(play(lost(), &[(200, "{\"found\":7}"), (204, "")]), (sent(&["POST /find", "DELETE /7"]), gone(204)));
    assert_eq!(play(lost(), &[(404, "")]), (sent(&["POST /find"]), gone(404)));
    assert_eq!(play(lost(), &[(500, ""), (204, "")]), (sent(&["POST /find", "DELETE /all"]), gone(204)));
    let (lines, end) = play(lost(), &[(200, "{\"found\":7}"), (409, ""), (503, "")]);
    assert_eq!(lines, sent(&["POST /find", "DELETE /7", "DELETE /all"]));
    let left = Left { request: "POST http://a.example/sent".to_owned(), why: "the answer was 503".to_owned() };
    assert_eq!(end, UndoEnd::Left(left));
}

#[test]
fn a_token_that_is_not_accepted_is_renewed_once_for_each_entry() {
    let undo = pending(FINDS, answered(201, "{\"id\":1}")).expect("something to undo");
    let (sent, end) = play(undo, &[(401, ""), (401, ""), (401, ""), (204, "")]);
    assert_eq!(sent, ["POST /find", "POST /find anew", "DELETE /1", "DELETE /1 anew"]);
    assert_eq!(end, UndoEnd::Gone { status: 204 });
}

#[test]
fn whether_there_is_anything_to_undo_depends_on_whether_it_may_have_been_made() {
    let undo = "{ request: DELETE /$(id) }";
    for (came, expected) in [
        (answered(201, "{\"id\":1}"), true),
        (answered(500, ""), true),
        (answered(409, "{\"id\":1}"), false),
        (faulty(FaultKind::NoAnswer, Phase::Headers), true),
        (faulty(FaultKind::Incomplete, Phase::Body), true),
        (faulty(FaultKind::Cancelled, Phase::Headers), true),
        (faulty(FaultKind::SignIn, Phase::Prepare), false),
        (faulty(FaultKind::Unreachable, Phase::Connect), false),
        (faulty(FaultKind::Tls, Phase::Connect), false),
    ] {
        let fault = format!("{:?}", came.fault);
        assert_eq!(pending(undo, came).is_some(), expected, "{fault}");
    }
}

#[test]
fn what_lacks_a_name_is_left_behind_as_it_stands_in_the_suite() {
    let undo = pending("{ request: DELETE /$(id) }", answered(201, "{}")).expect("something to undo");
    let left = Left { request: "DELETE /$(id)".to_owned(), why: "`$(id)` has no value".to_owned() };
    assert_eq!(play(undo, &[]), (Vec::new(), UndoEnd::Left(left)));
}
