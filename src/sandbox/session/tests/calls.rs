use super::super::{
    AgentState, Command, CommandRefusal, Dial, EndOptions, LegCommand, Linking, SessionRefusal, StateRequest,
};
use super::bench::{ANNA, BEN, Bench, a_contact};
use crate::sandbox::interaction::{Media, Misplaced, NewContact, Route};
use crate::sandbox::tenant::{AgentId, Directory};

const AVAILABLE: StateRequest = StateRequest::Change(AgentState::Available);
const AWAY: StateRequest = StateRequest::Change(AgentState::Unavailable(None));

fn ready(bench: &mut Bench, agent: AgentId) -> String {
    let mut id = bench.session(agent);
    bench.desk.change(agent, &id, AVAILABLE, bench.now).unwrap();
    bench.told(agent, &mut id);
    id
}

fn dial(number: &str) -> Dial {
    let skill = Directory::find_skill(|skill| skill.is_outbound).unwrap();
    Dial { number: number.into(), skill }
}

#[test]
fn a_call_is_offered_taken_held_and_finished() {
    let mut bench = Bench::new();
    let mut id = ready(&mut bench, ANNA);
    let call = bench.call().to_string();
    assert_eq!(bench.told(ANNA, &mut id), ["CallContactEvent Incoming", "AgentState InboundContact"]);
    let mut handle = |bench: &mut Bench, command| {
        bench.desk.handle(ANNA, &id, &call, command, bench.now).unwrap();
        bench.told(ANNA, &mut id)
    };
    let taken = ["AgentLeg Dialing", "AgentLeg Active", "CallContactEvent Active"];
    assert_eq!(handle(&mut bench, Command::Accept), taken);
    assert_eq!(handle(&mut bench, Command::Hold), ["CallContactEvent Holding"]);
    assert_eq!(handle(&mut bench, Command::Resume), ["CallContactEvent Active"]);
    let finishing = ["CallContactEvent Disconnected", "AgentState Unavailable After Call Work"];
    assert_eq!(handle(&mut bench, Command::End), finishing);
    bench.wait(30);
    assert_eq!(bench.told(ANNA, &mut id), ["CallContactEvent Disconnected final", "AgentState Available"]);
}

#[test]
fn an_offer_that_nobody_takes_goes_to_the_next_agent() {
    let mut bench = Bench::new();
    let mut anna = ready(&mut bench, ANNA);
    bench.call();
    bench.told(ANNA, &mut anna);
    let mut ben = ready(&mut bench, BEN);
    bench.wait(45);
    let lost = ["CallContactEvent Disconnected final", "AgentState Unavailable Refused"];
    assert_eq!(bench.told(ANNA, &mut anna), lost);
    assert_eq!(bench.told(BEN, &mut ben), ["CallContactEvent Incoming", "AgentState InboundContact"]);
}

#[test]
fn an_offer_can_be_refused_and_waits_for_whoever_comes_next() {
    let mut bench = Bench::new();
    let mut id = ready(&mut bench, ANNA);
    let call = bench.call().to_string();
    bench.told(ANNA, &mut id);
    bench.desk.handle(ANNA, &id, &call, Command::Reject, bench.now).unwrap();
    let lost = ["CallContactEvent Disconnected final", "AgentState Unavailable Refused"];
    assert_eq!(bench.told(ANNA, &mut id), lost);
    bench.desk.change(ANNA, &id, AVAILABLE, bench.now).unwrap();
    let again = ["AgentState Available", "CallContactEvent Incoming", "AgentState InboundContact"];
    assert_eq!(bench.told(ANNA, &mut id), again);
}

#[test]
fn a_state_asked_for_during_a_call_comes_after_it() {
    let mut bench = Bench::new();
    let mut id = ready(&mut bench, ANNA);
    let call = bench.call();
    bench.desk.handle(ANNA, &id, &call.to_string(), Command::Accept, bench.now).unwrap();
    bench.told(ANNA, &mut id);
    bench.desk.change(ANNA, &id, AWAY, bench.now).unwrap();
    assert_eq!(bench.told(ANNA, &mut id), ["AgentState InboundContact then Unavailable"]);
    bench.desk.hang_up(call, bench.now).unwrap();
    bench.wait(30);
    let told = [
        "CallContactEvent Disconnected",
        "AgentState Unavailable After Call Work then Unavailable",
        "CallContactEvent Disconnected final",
        "AgentState Unavailable",
    ];
    assert_eq!(bench.told(ANNA, &mut id), told);
}

#[test]
fn after_call_work_lasts_until_done_when_it_is_asked_for() {
    let mut bench = Bench::new();
    let mut id = ready(&mut bench, ANNA);
    assert_eq!(bench.desk.change(ANNA, &id, StateRequest::AfterCallWork, bench.now), Err(SessionRefusal::NoContact));
    let call = bench.call();
    bench.desk.handle(ANNA, &id, &call.to_string(), Command::Accept, bench.now).unwrap();
    bench.desk.change(ANNA, &id, StateRequest::AfterCallWork, bench.now).unwrap();
    bench.desk.hang_up(call, bench.now).unwrap();
    let states: Vec<_> =
        bench.events(ANNA, &mut id).into_iter().filter(|event| event["Type"] == "AgentState").collect();
    let last = states.last().unwrap();
    assert_eq!((&last["IsAcw"], &last["AcwTimeout"]), (&"True".into(), &"0".into()));
    bench.wait(200);
    assert_eq!(bench.told(ANNA, &mut id), Vec::<String>::new());
    bench.desk.change(ANNA, &id, AVAILABLE, bench.now).unwrap();
    assert_eq!(bench.told(ANNA, &mut id), ["CallContactEvent Disconnected final", "AgentState Available"]);
}

#[test]
fn a_number_is_dialled_rings_and_is_answered() {
    let mut bench = Bench::new();
    let mut id = bench.session(ANNA);
    bench.desk.dial(ANNA, &id, dial("+15550142"), None, bench.now).unwrap();
    let begun = ["AgentLeg Dialing", "AgentLeg Active", "CallContactEvent Dialing", "AgentState OutboundContact"];
    assert_eq!(bench.told(ANNA, &mut id), begun);
    bench.wait(1);
    assert_eq!(bench.told(ANNA, &mut id), ["CallContactEvent Ringing", "CallContactEvent Active"]);
    let second = bench.desk.dial(ANNA, &id, dial("+15550143"), None, bench.now);
    assert_eq!(second, Err(CommandRefusal::Misplaced(Misplaced)), "the first one does not wait");
}

#[test]
fn a_number_that_cannot_be_reached_is_told_as_an_error() {
    let mut bench = Bench::new();
    let mut id = bench.session(ANNA);
    bench.desk.dial(ANNA, &id, dial("+1 555 555 0199"), None, bench.now).unwrap();
    bench.told(ANNA, &mut id);
    bench.wait(1);
    let told = ["AgentError DialPhone BadNumber", "CallContactEvent Disconnected final", "AgentState Unavailable"];
    assert_eq!(bench.told(ANNA, &mut id), told);
}

#[test]
fn two_calls_become_a_conference_and_are_handed_over() {
    let mut bench = Bench::new();
    let mut id = ready(&mut bench, ANNA);
    let call = bench.call().to_string();
    bench.desk.handle(ANNA, &id, &call, Command::Accept, bench.now).unwrap();
    bench.desk.handle(ANNA, &id, &call, Command::Hold, bench.now).unwrap();
    bench.desk.dial(ANNA, &id, dial("+15550142"), Some(&call), bench.now).unwrap();
    assert!(bench.desk.link(ANNA, &id, Linking::Conference, bench.now).is_err(), "nobody has answered yet");
    bench.wait(1);
    let third = bench.desk.dial(ANNA, &id, dial("+15550143"), None, bench.now);
    assert_eq!(third, Err(CommandRefusal::TooManyCalls));
    bench.told(ANNA, &mut id);
    bench.desk.link(ANNA, &id, Linking::Conference, bench.now).unwrap();
    assert_eq!(bench.told(ANNA, &mut id), ["CallContactEvent Joined", "CallContactEvent Joined"]);
    bench.desk.link(ANNA, &id, Linking::Transfer, bench.now).unwrap();
    let told =
        ["CallContactEvent Disconnected", "CallContactEvent Disconnected", "AgentState Unavailable After Call Work"];
    assert_eq!(bench.told(ANNA, &mut id), told);
}

#[test]
fn the_agents_telephone_is_dialled_muted_and_hung_up() {
    let mut bench = Bench::new();
    let mut id = bench.session(ANNA);
    let mut leg = |bench: &mut Bench, command| {
        let answer = bench.desk.use_leg(ANNA, &id, command, bench.now);
        bench.wait(1);
        (answer, bench.told(ANNA, &mut id))
    };
    assert_eq!(leg(&mut bench, LegCommand::End).0, Err(CommandRefusal::WrongLeg));
    let (answer, told) = leg(&mut bench, LegCommand::Dial);
    assert_eq!((answer, told), (Ok(()), vec!["AgentLeg Dialing".to_owned(), "AgentLeg Active".to_owned()]));
    assert_eq!(leg(&mut bench, LegCommand::Dial).0, Err(CommandRefusal::WrongLeg));
    assert_eq!(leg(&mut bench, LegCommand::Mute).1, ["AgentLeg Active"]);
    assert_eq!(leg(&mut bench, LegCommand::End).1, ["AgentLeg Disconnected final"]);
}

#[test]
fn a_session_ends_only_when_its_contacts_have_or_may() {
    let mut bench = Bench::new();
    let mut id = ready(&mut bench, ANNA);
    let call = bench.call().to_string();
    bench.desk.handle(ANNA, &id, &call, Command::Accept, bench.now).unwrap();
    bench.told(ANNA, &mut id);
    let end = |bench: &mut Bench, options| bench.desk.end(ANNA, &id, options, bench.now);
    assert_eq!(end(&mut bench, EndOptions::default()), Err(SessionRefusal::HasContacts));
    let mine = NewContact { route: Route::Agent(ANNA), ..a_contact(Media::Call) };
    bench.desk.arrive(mine, bench.now).unwrap();
    let contacts = EndOptions { end_contacts: true, ..EndOptions::default() };
    assert_eq!(end(&mut bench, contacts), Err(SessionRefusal::HasPersonalQueue));
    assert_eq!(end(&mut bench, EndOptions { ignore_personal_queue: true, ..contacts }), Ok(()));
    let told = ["CallContactEvent Disconnected final", "AgentLeg Disconnected final", "AgentSessionEnd"];
    assert_eq!(bench.told(ANNA, &mut id), told);
}

#[test]
fn what_is_offered_when_a_session_ends_goes_to_someone_else() {
    let mut bench = Bench::new();
    ready(&mut bench, ANNA);
    bench.call();
    let mut ben = ready(&mut bench, BEN);
    assert!(bench.desk.log_out(ANNA, bench.now));
    assert_eq!(bench.told(BEN, &mut ben), ["CallContactEvent Incoming", "AgentState InboundContact"]);
}

#[test]
fn a_session_that_nobody_uses_ends_with_its_contact() {
    let mut bench = Bench::new();
    let mut id = ready(&mut bench, ANNA);
    let call = bench.call();
    bench.desk.handle(ANNA, &id, &call.to_string(), Command::Accept, bench.now).unwrap();
    bench.told(ANNA, &mut id);
    bench.wait(300);
    bench.desk.settle(bench.now);
    bench.desk.hang_up(call, bench.now).unwrap();
    let told = [
        "AgentState InboundContact then Unavailable",
        "CallContactEvent Disconnected",
        "AgentState Unavailable After Call Work then Unavailable",
        "CallContactEvent Disconnected final",
        "AgentLeg Disconnected final",
        "AgentSessionEnd InactivityTimeout",
    ];
    assert_eq!(bench.told(ANNA, &mut id), told);
}

#[test]
fn what_is_impossible_is_refused_and_nobody_is_told() {
    let mut bench = Bench::new();
    let mut id = ready(&mut bench, ANNA);
    let call = bench.call().to_string();
    bench.told(ANNA, &mut id);
    let handle = |bench: &mut Bench, contact: &str, command| bench.desk.handle(ANNA, &id, contact, command, bench.now);
    for command in [Command::Hold, Command::Resume, Command::Mask, Command::Unmask, Command::Record, Command::End] {
        assert_eq!(handle(&mut bench, &call, command), Err(CommandRefusal::Misplaced(Misplaced)), "{command:?}");
    }
    for contact in ["1", "x", ""] {
        assert_eq!(handle(&mut bench, contact, Command::Accept), Err(CommandRefusal::UnknownContact));
    }
    assert_eq!(bench.told(ANNA, &mut id), Vec::<String>::new());
}
