//! Random sequences of calls against the rules that every one of them must keep.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::super::{
    AgentState, Command, Desk, Dial, EndOptions, Event, Glance, LegCommand, Linking, SessionRefusal, StartRefusal,
    StateRequest,
};
use super::bench::{a_contact, a_start};
use crate::clock::Timestamp;
use crate::sandbox::interaction::{ContactId, Media, NewContact, Route};
use crate::sandbox::tenant::{AgentId, Directory, Entropy};

#[derive(Clone, Debug)]
enum Act {
    Start,
    Join,
    Change { request: StateRequest },
    Poll,
    Resync,
    End { options: EndOptions },
    LogOut,
    Handle { contact: usize, command: Command },
    Leg { command: LegCommand },
    Dial { number: &'static str },
    Link { linking: Linking },
    AddChat,
    Fail,
    Arrive { media: Media, personal: bool },
    HangUp { contact: usize },
    Wait { seconds: u64 },
}

fn state() -> impl Strategy<Value = StateRequest> {
    prop_oneof![
        3 => Just(StateRequest::Change(AgentState::Available)),
        1 => Just(StateRequest::Change(AgentState::Unavailable(None))),
        1 => Just(StateRequest::Change(AgentState::Unavailable(Some("Lunch")))),
        1 => Just(StateRequest::AfterCallWork),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    use Command::{Accept, Activate, End, Hold, Mask, Record, Reject, Resume, Unmask};
    prop_oneof![
        4 => Just(Accept),
        1 => prop::sample::select(vec![Activate, End, Hold, Mask, Record, Reject, Resume, Unmask]),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let options = (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(force_logoff, end_contacts, ignore)| {
        EndOptions { force_logoff, end_contacts, ignore_personal_queue: ignore }
    });
    let leg = prop::sample::select(vec![LegCommand::Dial, LegCommand::End, LegCommand::Mute, LegCommand::Unmute]);
    let linking = prop::sample::select(vec![Linking::Conference, Linking::Transfer]);
    let number = prop::sample::select(vec!["+15550142", "+15555550199"]);
    let media = prop::sample::select(vec![Media::Call, Media::Chat]);
    let contact = 0..6_usize;
    prop_oneof![
        3 => Just(Act::Start),
        2 => Just(Act::Join),
        5 => state().prop_map(|request| Act::Change { request }),
        6 => Just(Act::Poll),
        2 => Just(Act::Resync),
        1 => options.prop_map(|options| Act::End { options }),
        1 => Just(Act::LogOut),
        8 => (contact.clone(), command()).prop_map(|(contact, command)| Act::Handle { contact, command }),
        2 => leg.prop_map(|command| Act::Leg { command }),
        2 => number.prop_map(|number| Act::Dial { number }),
        1 => linking.prop_map(|linking| Act::Link { linking }),
        2 => Just(Act::AddChat),
        1 => Just(Act::Fail),
        4 => (media, any::<bool>()).prop_map(|(media, personal)| Act::Arrive { media, personal }),
        2 => contact.prop_map(|contact| Act::HangUp { contact }),
        3 => prop_oneof![0..3_u64, 0..90_u64, 0..400_u64].prop_map(|seconds| Act::Wait { seconds }),
    ]
}

/// A client as the test knows it.
struct Twin {
    id: String,
    /// The id that it was given first: whoever asks with it again has lost sync.
    first: String,
    /// What the witness had been told when it joined.
    joined_at: usize,
    /// How many of its events are the collection that it was greeted with; known after its first poll.
    greeting: Option<usize>,
    told: Vec<Arc<Event>>,
}

/// A session as the test knows it. Its first client polls after every act, and so is the witness of what happened.
struct Model {
    witness: Twin,
    twins: Vec<Twin>,
    live: BTreeMap<String, String>,
    over: HashSet<String>,
    state: String,
    has_ended: bool,
}

fn twin(id: String, joined_at: usize, greeting: Option<usize>) -> Twin {
    Twin { first: id.clone(), id, joined_at, greeting, told: Vec::new() }
}

struct Walk {
    desk: Desk,
    now: Timestamp,
    models: HashMap<AgentId, Model>,
    seen_ids: HashSet<String>,
    contacts: Vec<ContactId>,
}

impl Walk {
    fn new() -> Self {
        Self {
            desk: Desk::new(&Entropy::from_seed(7)),
            now: Timestamp::from_millis(0),
            models: HashMap::new(),
            seen_ids: HashSet::new(),
            contacts: Vec::new(),
        }
    }

    fn act(&mut self, agent: AgentId, client: usize, act: Act) -> Result<(), TestCaseError> {
        let now = self.now;
        self.desk.settle(now);
        let is_live = self.desk.session_of(agent).is_some();
        let id = self.models.get(&agent).map(|model| {
            let count = model.twins.len() + 1;
            model.twins.get(client % count).map_or_else(|| model.witness.id.clone(), |twin| twin.id.clone())
        });
        let contact = |index: usize| self.contacts.iter().rev().nth(index).copied();
        match (act, id) {
            (Act::Wait { seconds }, _) => self.now = now.plus(Duration::from_secs(seconds)),
            (Act::Start, _) => match self.desk.start(agent, a_start(), now) {
                Ok(id) => {
                    prop_assert!(!is_live, "a second session was started");
                    prop_assert!(self.seen_ids.insert(id.clone()), "an id came twice");
                    let model = Model {
                        witness: twin(id, 0, Some(0)),
                        twins: Vec::new(),
                        live: BTreeMap::new(),
                        over: HashSet::new(),
                        state: String::new(),
                        has_ended: false,
                    };
                    self.models.insert(agent, model);
                }
                Err(refusal) => prop_assert!(is_live && refusal == StartRefusal::AlreadyStarted),
            },
            (Act::Join, _) => match (self.desk.join(agent, now), self.models.get_mut(&agent)) {
                (Ok(id), Some(model)) => {
                    prop_assert!(is_live && self.seen_ids.insert(id.clone()), "an id came twice");
                    let joined_at = model.witness.told.len();
                    model.twins.push(twin(id, joined_at, None));
                }
                (answer, _) => prop_assert!(answer.is_err() && !is_live),
            },
            (Act::Arrive { media, personal }, _) => {
                let route = if personal { Route::Agent(agent) } else { Route::Skill };
                let id = self.desk.arrive(NewContact { route, ..a_contact(media) }, now);
                self.contacts.extend(id);
            }
            (Act::HangUp { contact: index }, _) => {
                if let Some(id) = contact(index) {
                    let _ = self.desk.hang_up(id, now);
                }
            }
            (Act::LogOut, _) => prop_assert_eq!(self.desk.log_out(agent, now), is_live),
            (Act::Fail, _) => prop_assert_eq!(self.desk.plan_failure(agent, "Busy".into(), now), is_live),
            (_, None) => {}
            (Act::Change { request }, Some(id)) => {
                let answer = self.desk.change(agent, &id, request, now);
                prop_assert!(is_live || answer == Err(SessionRefusal::Ended));
            }
            (Act::End { options }, Some(id)) => {
                let answer = self.desk.end(agent, &id, options, now);
                prop_assert!(is_live || answer == Err(SessionRefusal::Ended));
            }
            (Act::Handle { contact: index, command }, Some(id)) => {
                if let Some(contact) = contact(index) {
                    let answer = self.desk.handle(agent, &id, &contact.to_string(), command, now);
                    prop_assert!(is_live || answer.is_err());
                }
            }
            (Act::Leg { command }, Some(id)) => {
                let answer = self.desk.use_leg(agent, &id, command, now);
                prop_assert!(is_live || answer.is_err());
            }
            (Act::Dial { number }, Some(id)) => {
                let skill = Directory::find_skill(|skill| skill.is_outbound).expect("there is one");
                let answer = self.desk.dial(agent, &id, Dial { number: number.into(), skill }, None, now);
                prop_assert!(is_live || answer.is_err());
                self.contacts = self.desk.contacts().all().map(|contact| contact.id).collect();
            }
            (Act::AddChat, Some(id)) => {
                let answer = self.desk.add_chat(agent, &id, now);
                prop_assert!(is_live || answer.is_err());
            }
            (Act::Link { linking }, Some(id)) => {
                let answer = self.desk.link(agent, &id, linking, now);
                prop_assert!(is_live || answer.is_err());
            }
            (Act::Poll, Some(_)) => self.poll(agent, client)?,
            (Act::Resync, Some(_)) => self.resync(agent, client)?,
        }
        let agents: Vec<AgentId> = self.models.keys().copied().collect();
        agents.into_iter().try_for_each(|agent| self.witness(agent))?;
        self.nothing_is_in_two_hands()
    }

    /// The witness of a session reads on, and what it reads makes sense.
    fn witness(&mut self, agent: AgentId) -> Result<(), TestCaseError> {
        let Some(model) = self.models.get_mut(&agent) else { return Ok(()) };
        let before = model.witness.told.len();
        read(&mut self.desk, agent, &mut model.witness, self.now, &mut self.seen_ids)?;
        let events: Vec<_> = model.witness.told[before..].iter().map(|event| event.to_json()).collect();
        for event in events {
            prop_assert!(!model.has_ended, "something was told after the end");
            let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
            match text("Type").as_str() {
                "AgentState" => model.state = text("CurrentState"),
                "AgentSessionEnd" => model.has_ended = true,
                "CallContactEvent" | "ChatContactEvent" => {
                    let (contact, status) = (text("ContactID"), text("Status"));
                    if status == "Incoming" {
                        // One that was lost may come again.
                        model.over.remove(&contact);
                    }
                    prop_assert!(!model.over.contains(&contact), "{event} after its end");
                    let is_new = !model.live.contains_key(&contact);
                    prop_assert!(!is_new || status == "Incoming" || status == "Dialing", "begins by {status}");
                    if text("FinalState") == "True" {
                        model.live.remove(&contact);
                        model.over.insert(contact);
                    } else {
                        model.live.insert(contact, status);
                    }
                }
                _ => {}
            }
        }
        let is_live = self.desk.session_of(agent).is_some();
        if is_live {
            prop_assert!(!model.has_ended);
            let is_busy = model.live.values().any(|status| status != "Disconnected");
            prop_assert_eq!(is_busy, model.state.ends_with("Contact"), "{} with {:?}", model.state, model.live);
        }
        Ok(())
    }

    /// Another client reads on; it is told what the witness was told since it joined, no more and no less.
    fn poll(&mut self, agent: AgentId, client: usize) -> Result<(), TestCaseError> {
        self.witness(agent)?;
        let Some(model) = self.models.get_mut(&agent) else { return Ok(()) };
        let count = model.twins.len().max(1);
        let Some(twin) = model.twins.get_mut(client % count) else { return Ok(()) };
        if !read(&mut self.desk, agent, twin, self.now, &mut self.seen_ids)? {
            return Ok(());
        }
        let news = &model.witness.told[twin.joined_at..];
        let greeting = *twin.greeting.get_or_insert_with(|| twin.told.len().saturating_sub(news.len()));
        prop_assert!(greeting >= 2, "a joiner is greeted");
        let begins = matches!(&*twin.told[0], Event::SessionStart { .. });
        prop_assert!(begins, "a greeting begins with the start");
        prop_assert_eq!(&twin.told[greeting..], news);
        Ok(())
    }

    /// Another client has lost sync and asks with its first id: it is told what is so, and from then on what is new.
    fn resync(&mut self, agent: AgentId, client: usize) -> Result<(), TestCaseError> {
        self.witness(agent)?;
        if self.desk.session_of(agent).is_none() {
            return Ok(());
        }
        let Some(model) = self.models.get_mut(&agent) else { return Ok(()) };
        let count = model.twins.len().max(1);
        let Some(lost) = model.twins.get_mut(client % count) else { return Ok(()) };
        let has_read = lost.id != lost.first;
        *lost = twin(lost.first.clone(), model.witness.told.len(), None);
        let first_answer = self.desk.glance(agent, &lost.id, self.now, self.now);
        let Ok(Glance::Events(events, next)) = first_answer else {
            return Err(TestCaseError::fail("an old id is answered by nothing"));
        };
        prop_assert!(self.seen_ids.insert(next.clone()), "an id came twice");
        let tells_state = events.iter().any(|event| matches!(&**event, Event::State { .. }));
        prop_assert!(!has_read || tells_state, "an old id is not answered by what is so");
        lost.id = next;
        lost.told.extend(events);
        self.poll(agent, client)
    }

    fn nothing_is_in_two_hands(&self) -> Result<(), TestCaseError> {
        let mut held = HashSet::new();
        for session in self.desk.live_sessions() {
            for id in session.contacts() {
                prop_assert!(held.insert(*id), "{id} is in two hands");
                let handler = self.desk.contacts().get(*id).and_then(crate::sandbox::interaction::Contact::handler);
                prop_assert_eq!(handler.map(|handler| handler.session), Some(session.number()));
            }
        }
        let handled = self.desk.contacts().all().filter(|contact| contact.handler().is_some()).count();
        prop_assert_eq!(handled, held.len());
        Ok(())
    }
}

/// Reads whatever there is for a client; whether it has been told everything.
fn read(
    desk: &mut Desk,
    agent: AgentId,
    twin: &mut Twin,
    now: Timestamp,
    seen_ids: &mut HashSet<String>,
) -> Result<bool, TestCaseError> {
    loop {
        match desk.glance(agent, &twin.id, now, now) {
            Ok(Glance::Nothing(_)) => return Ok(true),
            Ok(Glance::Events(events, next)) => {
                prop_assert!(!events.is_empty() && seen_ids.insert(next.clone()), "an id came twice");
                twin.id = next;
                twin.told.extend(events);
            }
            // It was told, or came too late.
            Err(refusal) => {
                prop_assert_eq!(refusal, SessionRefusal::Ended);
                return Ok(matches!(twin.told.last().map(|event| &**event), Some(Event::SessionEnd(_))));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_called_the_rules_of_sessions_hold(
        acts in proptest::collection::vec((0..3_u32, 0..4_usize, act()), 1..150),
    ) {
        let mut walk = Walk::new();
        for (agent, client, act) in acts {
            walk.act(AgentId(agent), client, act)?;
        }
        // Whoever polls on is told the rest, in the same order as everyone else.
        for agent in (0..3).map(AgentId) {
            let clients = walk.models.get(&agent).map_or(0, |model| model.twins.len());
            (0..clients).try_for_each(|client| walk.poll(agent, client))?;
        }
    }
}
