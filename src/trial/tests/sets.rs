use std::time::Duration;

use super::{START, answered, ended, faulty, line, trial};
use crate::event::{Exchange, FaultKind, OutcomeClass, Phase};
use crate::trial::{Act, MemberAct, MemberCame, Trial, UndoAct};
use crate::value::NoFacts;

const RACE: &str = "  - step: race
    together:
      - { step: a, request: POST /a, expect: 200 }
      - { step: b, request: POST /b, given: 200 }
      - { step: t, after: 1s, elapse: 5s }
      - { step: c, request: POST /c, expect: 200, undo: { request: DELETE /c } }
    expect: { statuses: [200, 200, 200] }
  - { step: after, request: GET /, expect: 200 }
";

/// How the case stands after these came, and what was told of it.
fn after(came: [Exchange; 3], time: Result<Duration, String>) -> (Option<OutcomeClass>, Vec<String>) {
    let mut trial = trial(RACE);
    assert!(matches!(trial.next(&mut || START), Act::Together { .. }));
    let [a, b, c] = came.map(|exchange| MemberCame::Answer(Box::new(exchange)));
    trial.came_together(vec![a, b, MemberCame::Time(time), c], &NoFacts);
    let told = ended(&mut trial);
    (outcome(&mut trial), told)
}

fn outcome(trial: &mut Trial) -> Option<OutcomeClass> {
    match trial.next(&mut || START) {
        Act::End(ending) => Some(ending.outcome.class()),
        Act::Send(_) | Act::Together { .. } | Act::Pause(_) | Act::Elapse { .. } => None,
    }
}

#[test]
fn a_set_asks_for_all_of_its_members_at_once_in_the_order_of_the_list() {
    let mut trial = trial(RACE);
    let Act::Together { step, members } = trial.next(&mut || START) else { panic!("no set") };
    let asked = members.iter().map(|member| {
        let what = match &member.act {
            MemberAct::Send(sending) => format!("{} {}", sending.step, line(sending)),
            MemberAct::Elapse { step, span } => format!("{step} {span:?}"),
        };
        format!("{what} after {:?}", member.after)
    });
    assert_eq!(step.as_str(), "race");
    assert_eq!(
        asked.collect::<Vec<_>>(),
        [
            "race/a POST http://a.example/a after 0ns",
            "race/b POST http://a.example/b after 0ns",
            "race/t 5s after 1s",
            "race/c POST http://a.example/c after 0ns",
        ]
    );
}

#[test]
fn the_gravest_of_what_came_ends_the_case_and_all_of_it_is_told() {
    let (ok, bad) = (|| answered(200, "{}"), || answered(201, "{}"));
    let lost = || faulty(FaultKind::NoAnswer, Phase::Headers);
    let stopped = || faulty(FaultKind::Cancelled, Phase::Headers);
    let passed = || Ok(Duration::from_secs(5));
    let all = ["race/a: expect.status", "race/b: given.status", "race/t: ", "race/c: expect.status"];

    assert_eq!(after([ok(), ok(), ok()], passed()).0, None);
    // Stopped before undecided before blocked before failed.
    assert_eq!(after([lost(), bad(), stopped()], passed()).0, Some(OutcomeClass::Unfinished));
    let (class, told) = after([bad(), bad(), lost()], passed());
    assert_eq!(class, Some(OutcomeClass::Inconclusive));
    assert_eq!(told, [all[0], all[1], all[2], "race/c: ", "race: "]);
    let (class, told) = after([bad(), bad(), bad()], passed());
    assert_eq!(class, Some(OutcomeClass::Blocked));
    assert_eq!(told, [&all[..], &["race: "]].concat());
    let (class, told) = after([bad(), ok(), bad()], passed());
    assert_eq!(class, Some(OutcomeClass::Failed));
    assert_eq!(told, [all[0], "race/b: ", all[2], all[3], "race: expect.statuses"]);
    // Time that does not pass, and statuses of the surroundings, are no answers of the contract.
    assert_eq!(after([ok(), ok(), ok()], Err("stuck".to_owned())).0, Some(OutcomeClass::Inconclusive));
    assert_eq!(after([ok(), answered(503, ""), ok()], passed()).0, Some(OutcomeClass::Inconclusive));
    // The suite asked for something that may not be done.
    let refused = faulty(FaultKind::HostNotAllowed, Phase::Prepare);
    assert_eq!(after([bad(), refused, ok()], passed()).0, Some(OutcomeClass::Broken));
}

#[test]
fn a_set_that_was_not_done_has_nothing_to_undo_and_its_steps_end() {
    let mut stopped = trial(RACE);
    assert!(matches!(stopped.next(&mut || START), Act::Together { .. }));
    let why = "the run was stopped".to_owned();
    let ending = stopped.stop(crate::event::Outcome::Unfinished { why });
    assert_eq!(ending.not_run.iter().map(ToString::to_string).collect::<Vec<_>>(), ["after"]);
    assert_eq!(ended(&mut stopped).len(), 5);
    assert!(stopped.take_undos().is_empty());
}

#[test]
fn undos_of_several_members_stay_apart_when_some_are_cancelled() {
    let steps: String = ["a", "b", "c", "d"]
        .map(|name| format!("      - {{ step: {name}, request: POST /{name}, undo: {{ request: DELETE /{name} }} }}\n"))
        .concat();
    let mut trial = trial(&format!("  - together:\n{steps}    expect: {{ statuses: [2xx, 2xx, 4xx, 4xx] }}\n"));
    assert!(matches!(trial.next(&mut || START), Act::Together { .. }));
    let came = [409, 200, 404, 201].map(|status| MemberCame::Answer(Box::new(answered(status, "{}"))));
    trial.came_together(came.into(), &NoFacts);
    assert_eq!(outcome(&mut trial), Some(OutcomeClass::Passed));
    let undos = trial.take_undos().into_iter().map(|mut undo| match undo.next_act() {
        UndoAct::Send(draft) => format!("{} {}", undo.step(), draft.url),
        UndoAct::SendAnew(_) | UndoAct::End(_) => panic!("nothing is sent"),
    });
    assert_eq!(undos.collect::<Vec<_>>(), ["1/d http://a.example/d", "1/b http://a.example/b"]);
}

#[test]
fn members_count_as_requests_of_the_case() {
    let steps: String = (0..501).map(|_| "      - { request: GET /, expect: 200 }\n").collect();
    let mut trial = trial(&format!("  - together:\n{steps}  - together:\n{steps}"));
    let Act::Together { members, .. } = trial.next(&mut || START) else { panic!("no set") };
    let came = members.iter().map(|_| MemberCame::Answer(Box::new(answered(200, "{}")))).collect();
    trial.came_together(came, &NoFacts);
    assert_eq!(outcome(&mut trial), Some(OutcomeClass::Broken));
}
