use std::time::Duration;

use super::super::{AgentState, EndOptions, SessionRefusal, StartRefusal, StateRequest};
use super::bench::{ANNA, BEN, Bench, a_start};

const AVAILABLE: StateRequest = StateRequest::Change(AgentState::Available);
const PLAIN: EndOptions = EndOptions { force_logoff: false, end_contacts: false, ignore_personal_queue: false };

#[test]
fn an_agent_has_one_session_at_a_time() {
    let mut bench = Bench::new();
    let (id, now) = (bench.session(ANNA), bench.now);
    assert_eq!(bench.desk.start(ANNA, a_start(), now), Err(StartRefusal::AlreadyStarted));
    assert!(bench.desk.start(BEN, a_start(), now).is_ok());
    assert_eq!(bench.desk.end(ANNA, &id, PLAIN, now), Ok(()));
    assert!(bench.desk.start(ANNA, a_start(), now).is_ok());
}

#[test]
fn the_first_events_are_the_start_and_the_state() {
    let mut bench = Bench::new();
    let first = bench.desk.start(ANNA, a_start(), bench.now).unwrap();
    let mut id = first.clone();
    assert_eq!(bench.told(ANNA, &mut id), ["AgentSessionStart", "AgentState Unavailable"]);
    assert_ne!(first, id);
    assert_eq!(bench.told(ANNA, &mut id), Vec::<String>::new());
}

#[test]
fn an_older_id_gives_the_refresh_collection_and_another_id() {
    let mut bench = Bench::new();
    let first = bench.desk.start(ANNA, a_start(), bench.now).unwrap();
    let (mut id, mut old) = (first.clone(), first.clone());
    bench.told(ANNA, &mut id);
    assert_eq!(bench.told(ANNA, &mut old), ["AgentSessionStart", "AgentState Unavailable"]);
    assert!(old != first && old != id);
}

#[test]
fn everyone_is_told_of_a_change_and_of_the_end_once() {
    let mut bench = Bench::new();
    let (mut ours, now) = (bench.session(ANNA), bench.now);
    let mut theirs = bench.desk.join(ANNA, now).unwrap();
    assert_ne!(theirs, ours);
    bench.told(ANNA, &mut theirs);
    bench.desk.change(ANNA, &theirs, AVAILABLE, now).unwrap();
    for id in [&mut ours, &mut theirs] {
        assert_eq!(bench.told(ANNA, id), ["AgentState Available"]);
    }
    bench.desk.end(ANNA, &theirs, PLAIN, now).unwrap();
    for id in [&mut ours, &mut theirs] {
        let old = id.clone();
        assert_eq!(bench.told(ANNA, id), ["AgentSessionEnd"]);
        assert_eq!(bench.refusal(ANNA, id), Some(SessionRefusal::Ended));
        assert_eq!(bench.refusal(ANNA, &old), Some(SessionRefusal::Ended));
    }
}

#[test]
fn a_joiner_misses_nothing_that_happens_before_its_first_poll() {
    let mut bench = Bench::new();
    let (id, now) = (bench.session(ANNA), bench.now);
    let mut joined = bench.desk.join(ANNA, now).unwrap();
    bench.desk.change(ANNA, &id, AVAILABLE, now).unwrap();
    let told = bench.told(ANNA, &mut joined);
    assert_eq!(told, ["AgentSessionStart", "AgentState Unavailable", "AgentState Available"]);
}

#[test]
fn ending_twice_is_a_conflict_and_ending_nothing_is_not() {
    let mut bench = Bench::new();
    let (id, now) = (bench.session(ANNA), bench.now);
    bench.desk.end(ANNA, &id, PLAIN, now).unwrap();
    assert_eq!(bench.desk.end(ANNA, &id, PLAIN, now), Err(SessionRefusal::Ended));
    assert_eq!(bench.desk.change(ANNA, &id, AVAILABLE, now), Err(SessionRefusal::Ended));
    let later = now.plus(Duration::from_hours(24));
    assert_eq!(bench.desk.end(ANNA, &id, PLAIN, later), Err(SessionRefusal::Ended));
    assert_eq!(bench.desk.end(ANNA, "bm9uZXhpc3RlbnQ=", PLAIN, now), Err(SessionRefusal::Unknown));
}

#[test]
fn the_queue_of_an_ended_session_is_kept_for_a_minute() {
    let mut bench = Bench::new();
    let (id, now) = (bench.session(ANNA), bench.now);
    bench.desk.end(ANNA, &id, PLAIN, now).unwrap();
    assert_eq!(bench.desk.sessions().len(), 1);
    bench.wait(60);
    assert_eq!(bench.refusal(ANNA, &id), Some(SessionRefusal::Ended));
    assert_eq!(bench.desk.sessions().len(), 0);
}

#[test]
fn to_another_agent_there_is_no_such_session() {
    let mut bench = Bench::new();
    let (id, now) = (bench.session(ANNA), bench.now);
    assert_eq!(bench.desk.end(BEN, &id, PLAIN, now), Err(SessionRefusal::Unknown));
    assert_eq!(bench.desk.change(BEN, &id, AVAILABLE, now), Err(SessionRefusal::Unknown));
    assert_eq!(bench.refusal(BEN, &id), Some(SessionRefusal::Unknown));
    assert_eq!(bench.desk.join(BEN, now), Err(StartRefusal::NothingToJoin));
}

#[test]
fn a_session_that_nobody_uses_ends_unless_its_agent_is_available() {
    let mut bench = Bench::new();
    let (mut anna, mut ben) = (bench.session(ANNA), bench.session(BEN));
    bench.desk.change(BEN, &ben, AVAILABLE, bench.now).unwrap();
    bench.wait(299);
    assert_eq!(bench.told(ANNA, &mut anna), Vec::<String>::new());
    bench.wait(299);
    assert_eq!(bench.told(ANNA, &mut anna), Vec::<String>::new(), "a poll counts as use");
    bench.wait(300);
    assert_eq!(bench.told(ANNA, &mut anna), ["AgentSessionEnd InactivityTimeout"]);
    assert_eq!(bench.told(BEN, &mut ben), ["AgentState Available"]);
    bench.desk.change(BEN, &ben, StateRequest::Change(AgentState::Unavailable(None)), bench.now).unwrap();
    bench.wait(300);
    assert_eq!(bench.told(BEN, &mut ben), ["AgentState Unavailable", "AgentSessionEnd InactivityTimeout"]);
}

#[test]
fn a_poll_that_is_held_keeps_its_session() {
    let mut bench = Bench::new();
    let (mut id, now) = (bench.session(ANNA), bench.now);
    bench.desk.glance(ANNA, &id, now, now.plus(Duration::from_mins(1))).unwrap();
    bench.wait(359);
    bench.desk.settle(bench.now);
    assert!(bench.desk.session_of(ANNA).is_some());
    bench.wait(1);
    assert_eq!(bench.told(ANNA, &mut id), ["AgentSessionEnd InactivityTimeout"]);
}

#[test]
fn being_logged_out_is_told_in_two_events() {
    let mut bench = Bench::new();
    let (mut id, now) = (bench.session(ANNA), bench.now);
    assert!(bench.desk.log_out(ANNA, now));
    assert!(!bench.desk.log_out(ANNA, now));
    assert_eq!(bench.told(ANNA, &mut id), ["RemoteAgentSessionEnd", "AgentSessionEnd"]);
}

#[test]
fn a_planned_failure_is_told_in_place_of_what_was_asked() {
    let mut bench = Bench::new();
    let (mut id, now) = (bench.session(ANNA), bench.now);
    assert!(bench.desk.plan_failure(ANNA, "Busy".into(), now));
    assert_eq!(bench.desk.change(ANNA, &id, AVAILABLE, now), Ok(()));
    assert_eq!(bench.desk.change(ANNA, &id, AVAILABLE, now), Ok(()));
    assert_eq!(bench.told(ANNA, &mut id), ["AgentError SetState Busy", "AgentState Available"]);
}
