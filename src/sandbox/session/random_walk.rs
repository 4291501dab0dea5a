//! Random sequences of calls against the rules that every one of them must keep.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use proptest::prelude::*;

use super::{AgentState, Desk, Event, Glance, Inactivity, SessionRefusal, Start, StartRefusal, StateRequest, Station};
use crate::clock::Timestamp;
use crate::sandbox::tenant::{AgentId, Entropy};

#[derive(Clone, Debug)]
enum Act {
    Start { agent: u32 },
    Join { agent: u32 },
    Change { agent: u32, client: usize, reason: usize },
    Poll { agent: u32, client: usize },
    End { agent: u32, client: usize },
    Wait { seconds: u64 },
}

const REASONS: [&str; 3] = ["Break", "Lunch", "Meeting"];

fn act() -> impl Strategy<Value = Act> {
    let agent = 0..3_u32;
    let client = 0..4_usize;
    prop_oneof![
        2 => agent.clone().prop_map(|agent| Act::Start { agent }),
        2 => agent.clone().prop_map(|agent| Act::Join { agent }),
        4 => (agent.clone(), client.clone(), 0..4_usize)
            .prop_map(|(agent, client, reason)| Act::Change { agent, client, reason }),
        6 => (agent.clone(), client.clone()).prop_map(|(agent, client)| Act::Poll { agent, client }),
        1 => (agent, client).prop_map(|(agent, client)| Act::End { agent, client }),
        1 => (0..90_u64).prop_map(|seconds| Act::Wait { seconds }),
    ]
}

/// A client as the test knows it: what it must be told, and what it was told.
struct Twin {
    id: String,
    expected: Vec<AgentState>,
    told: Vec<AgentState>,
    told_of_end: bool,
}

/// A session as the test knows it.
#[derive(Default)]
struct Model {
    state: Option<AgentState>,
    is_live: bool,
    ended_at: Option<Timestamp>,
    twins: Vec<Twin>,
}

fn a_start() -> Start {
    let inactivity = Inactivity { timeout: Duration::from_mins(5), force_logout: false };
    Start { station: Station::Id("1".to_owned()), inactivity }
}

fn pick(model: &mut Model, client: usize) -> Option<&mut Twin> {
    let count = model.twins.len();
    if count == 0 { None } else { model.twins.get_mut(client % count) }
}

fn walk(acts: Vec<Act>) -> Result<(), TestCaseError> {
    let mut desk = Desk::new(&Entropy::from_seed(7));
    let mut now = Timestamp::from_millis(0);
    let mut models: HashMap<u32, Model> = HashMap::new();
    let mut seen_ids = HashSet::new();
    for act in acts {
        match act {
            Act::Wait { seconds } => now = now.plus(Duration::from_secs(seconds)),
            Act::Start { agent } => {
                let model = models.entry(agent).or_default();
                match desk.start(AgentId(agent), a_start(), now) {
                    Ok(id) => {
                        prop_assert!(!model.is_live, "a second session was started");
                        prop_assert!(seen_ids.insert(id.clone()), "an id came twice");
                        let state = AgentState::Unavailable(None);
                        let twin = Twin { id, expected: vec![state], told: Vec::new(), told_of_end: false };
                        *model = Model { state: Some(state), is_live: true, ended_at: None, twins: vec![twin] };
                    }
                    Err(refusal) => {
                        prop_assert_eq!(refusal, StartRefusal::AlreadyStarted);
                        prop_assert!(model.is_live);
                    }
                }
            }
            Act::Join { agent } => {
                let model = models.entry(agent).or_default();
                match (desk.join(AgentId(agent), now), model.state) {
                    (Ok(id), Some(state)) => {
                        prop_assert!(model.is_live && seen_ids.insert(id.clone()), "an id came twice");
                        model.twins.push(Twin { id, expected: vec![state], told: Vec::new(), told_of_end: false });
                    }
                    (answer, _) => prop_assert!(answer.is_err() && !model.is_live),
                }
            }
            Act::Change { agent, client, reason } => {
                let state =
                    REASONS.get(reason).map_or(AgentState::Available, |name| AgentState::Unavailable(Some(name)));
                let model = models.entry(agent).or_default();
                let Some(id) = pick(model, client).map(|twin| twin.id.clone()) else { continue };
                let answer = desk.change(AgentId(agent), &id, StateRequest::Change(state), now);
                prop_assert_eq!(answer.is_ok(), model.is_live);
                if model.is_live {
                    model.state = Some(state);
                    model.twins.iter_mut().for_each(|twin| twin.expected.push(state));
                }
            }
            Act::End { agent, client } => {
                let model = models.entry(agent).or_default();
                let Some(id) = pick(model, client).map(|twin| twin.id.clone()) else { continue };
                let answer = desk.end(AgentId(agent), &id, now);
                prop_assert_eq!(answer, if model.is_live { Ok(()) } else { Err(SessionRefusal::Ended) });
                if model.is_live {
                    model.is_live = false;
                    model.ended_at = Some(now);
                }
            }
            Act::Poll { agent, client } => {
                let model = models.entry(agent).or_default();
                let (is_live, ended_at) = (model.is_live, model.ended_at);
                let Some(twin) = pick(model, client) else { continue };
                poll(&mut desk, AgentId(agent), twin, now, &mut seen_ids, is_live, ended_at)?;
            }
        }
    }
    // Whoever polls on is told the rest, in the same order as everyone else, and then there is nothing more.
    for (agent, model) in &mut models {
        let kept = model.is_live || model.ended_at.is_some_and(|at| now.since(at) < Duration::from_mins(1));
        for twin in &mut model.twins {
            while poll(&mut desk, AgentId(*agent), twin, now, &mut seen_ids, model.is_live, model.ended_at)? {}
            if kept {
                prop_assert_eq!(&twin.told, &twin.expected);
                prop_assert_eq!(twin.told_of_end, !model.is_live);
            }
        }
    }
    Ok(())
}

/// Polls once with the newest id; whether there was anything.
fn poll(
    desk: &mut Desk,
    agent: AgentId,
    twin: &mut Twin,
    now: Timestamp,
    seen_ids: &mut HashSet<String>,
    is_live: bool,
    ended_at: Option<Timestamp>,
) -> Result<bool, TestCaseError> {
    match desk.glance(agent, &twin.id, now) {
        Ok(Glance::Nothing(_)) => {
            prop_assert!(is_live, "a session that ended must say so");
            Ok(false)
        }
        Err(refusal) => {
            prop_assert_eq!(refusal, SessionRefusal::Ended);
            let forgotten = ended_at.is_some_and(|at| now.since(at) >= Duration::from_mins(1));
            prop_assert!(twin.told_of_end || forgotten, "refused before the end was told");
            Ok(false)
        }
        Ok(Glance::Events(events, next)) => {
            prop_assert!(!twin.told_of_end, "something was told after the end");
            prop_assert!(!events.is_empty());
            prop_assert!(seen_ids.insert(next.clone()), "an id came twice");
            twin.id = next;
            for event in events {
                prop_assert!(!twin.told_of_end, "something was told after the end");
                match event {
                    Event::SessionStart { .. } => prop_assert!(twin.told.is_empty(), "a second start was told"),
                    Event::State { state, .. } => twin.told.push(state),
                    Event::SessionEnd => twin.told_of_end = true,
                }
            }
            prop_assert!(twin.expected.starts_with(&twin.told), "told something else, or out of order");
            Ok(true)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_called_the_rules_of_sessions_hold(acts in proptest::collection::vec(act(), 1..120)) {
        walk(acts)?;
    }
}
