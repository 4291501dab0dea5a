use std::collections::HashMap;

use super::{AgentId, Person, SignIn};
use crate::sandbox::credentials::{Account, BUSINESS_UNIT_NUMBER, Credentials};

/// What the tenant is called.
pub(crate) struct BusinessUnit {
    pub(crate) number: u32,
    pub(crate) name: &'static str,
}

/// A skill that contacts are routed by.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Skill {
    pub(crate) id: u32,
    pub(crate) name: &'static str,
    pub(crate) media_type: u8,
    pub(crate) media_type_name: &'static str,
    pub(crate) campaign: (u32, &'static str),
    pub(crate) is_outbound: bool,
}

/// A reason for being unavailable.
pub(crate) struct UnavailableCode {
    pub(crate) id: u32,
    pub(crate) name: &'static str,
    /// After-call work: can only be set while a contact is being finished.
    pub(crate) is_after_call_work: bool,
}

/// A report that can be run.
pub(crate) struct Report {
    pub(crate) id: u32,
    pub(crate) name: &'static str,
}

/// Where patrons come in.
pub(crate) struct PointOfContact {
    pub(crate) id: u32,
    pub(crate) name: &'static str,
    pub(crate) skill: u32,
}

/// The tenant's business unit.
pub(crate) const BUSINESS_UNIT: BusinessUnit =
    BusinessUnit { number: BUSINESS_UNIT_NUMBER, name: "Assize Sandbox (not NICE CXone)" };

static SKILLS: [Skill; 3] = [
    Skill {
        id: 4001,
        name: "Support Phone",
        media_type: 4,
        media_type_name: "Phone Call",
        campaign: (71, "Support"),
        is_outbound: false,
    },
    Skill {
        id: 4002,
        name: "Support Chat",
        media_type: 3,
        media_type_name: "Chat",
        campaign: (71, "Support"),
        is_outbound: false,
    },
    Skill {
        id: 4003,
        name: "Sales Outbound",
        media_type: 4,
        media_type_name: "Phone Call",
        campaign: (72, "Sales"),
        is_outbound: true,
    },
];

/// The unavailable code of agents who finish a contact.
pub(crate) const AFTER_CALL_WORK: &str = "After Call Work";

const UNAVAILABLE_CODES: [UnavailableCode; 4] = [
    UnavailableCode { id: 301, name: "Break", is_after_call_work: false },
    UnavailableCode { id: 302, name: "Lunch", is_after_call_work: false },
    UnavailableCode { id: 303, name: "Meeting", is_after_call_work: false },
    UnavailableCode { id: 304, name: AFTER_CALL_WORK, is_after_call_work: true },
];

const REPORTS: [Report; 2] = [Report { id: 501, name: "Agent Summary" }, Report { id: 502, name: "Skill Summary" }];

const POINTS_OF_CONTACT: [PointOfContact; 1] = [PointOfContact { id: 9001, name: "Sandbox Web Chat", skill: 4002 }];

/// How the end of a contact is judged.
pub(crate) struct Disposition {
    pub(crate) id: u32,
    pub(crate) name: &'static str,
}

/// Every disposition.
pub(crate) static DISPOSITIONS: [Disposition; 3] = [
    Disposition { id: 601, name: "Resolved" },
    Disposition { id: 602, name: "Call Back" },
    Disposition { id: 603, name: "Wrong Number" },
];

/// The number of the first agent.
const FIRST_AGENT: u32 = 12_214;
/// The team that everyone is in.
pub(crate) const TEAM: (u32, &str) = (1787, "Sandbox Team");

/// Everyone and everything that was set up before the first request.
pub(crate) struct Directory {
    people: Vec<Person>,
    by_username: HashMap<String, usize>,
    skills: &'static [Skill],
    unavailable_codes: &'static [UnavailableCode],
    reports: &'static [Report],
    points_of_contact: &'static [PointOfContact],
}

impl Directory {
    /// A person for each account of `credentials`, so that no two accounts are the same agent.
    pub(crate) fn of(credentials: &Credentials) -> Self {
        let mut people = Vec::with_capacity(credentials.access_keys.len() + credentials.logins.len() + 2);
        let mut enrol = |username: String, last_name, sign_in| {
            let id = AgentId(FIRST_AGENT + u32::try_from(people.len()).unwrap_or(u32::MAX - FIRST_AGENT));
            let given = username.split('@').next().unwrap_or_default();
            let mut letters = given.chars();
            let first_name =
                letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
            people.push(Person { id, username, first_name, last_name, sign_in });
        };
        for Account { username, password } in &credentials.logins {
            enrol(username.clone(), "Example", SignIn::Password(password.clone()));
        }
        for Account { username, password } in &credentials.access_keys {
            let key = SignIn::AccessKey { id: username.clone(), secret: password.clone() };
            enrol(format!("{}@example.com", username.to_ascii_lowercase()), "Backend", key);
        }
        let Account { username, password } = &credentials.implicit_user;
        enrol(username.clone(), "Browser", SignIn::Password(password.clone()));
        let Account { username, password } = &credentials.page_user;
        enrol(username.clone(), "Browser", SignIn::Page(password.clone()));
        let by_username =
            people.iter().enumerate().map(|(index, person)| (sign_in_name(person).to_lowercase(), index)).collect();
        Self {
            people,
            by_username,
            skills: &SKILLS,
            unavailable_codes: &UNAVAILABLE_CODES,
            reports: &REPORTS,
            points_of_contact: &POINTS_OF_CONTACT,
        }
    }

    /// Everyone, by number.
    pub(crate) fn people(&self) -> &[Person] {
        &self.people
    }

    /// The person of this number.
    pub(crate) fn person(&self, id: AgentId) -> Option<&Person> {
        let index = id.0.checked_sub(FIRST_AGENT)?;
        self.people.get(usize::try_from(index).ok()?)
    }

    /// The person who signs in under this name: a user name in any case, or the id of an access key.
    pub(crate) fn by_sign_in_name(&self, name: &str) -> Option<&Person> {
        self.people.get(*self.by_username.get(&name.trim().to_lowercase())?)
    }

    /// All skills.
    pub(crate) fn skills(&self) -> &'static [Skill] {
        self.skills
    }

    /// The skill of this number.
    pub(crate) fn skill(id: u32) -> Option<&'static Skill> {
        SKILLS.iter().find(|skill| skill.id == id)
    }

    /// The disposition of this number.
    pub(crate) fn disposition(id: u32) -> Option<&'static Disposition> {
        DISPOSITIONS.iter().find(|disposition| disposition.id == id)
    }

    /// The first skill that `is_it`.
    pub(crate) fn find_skill(is_it: impl Fn(&Skill) -> bool) -> Option<&'static Skill> {
        SKILLS.iter().find(|skill| is_it(skill))
    }

    /// All reasons for being unavailable.
    pub(crate) fn unavailable_codes(&self) -> &'static [UnavailableCode] {
        self.unavailable_codes
    }

    /// The report of this number.
    pub(crate) fn report(&self, id: u32) -> Option<&'static Report> {
        self.reports.iter().find(|report| report.id == id)
    }

    /// All reports.
    pub(crate) fn reports(&self) -> &'static [Report] {
        self.reports
    }

    /// All points of contact.
    pub(crate) fn points_of_contact(&self) -> &'static [PointOfContact] {
        self.points_of_contact
    }

    /// The point of contact of this number.
    pub(crate) fn point_of_contact(&self, id: u32) -> Option<&'static PointOfContact> {
        self.points_of_contact.iter().find(|point| point.id == id)
    }
}

fn sign_in_name(person: &Person) -> &str {
    match &person.sign_in {
        SignIn::AccessKey { id, .. } => id,
        SignIn::Password(_) | SignIn::Page(_) => &person.username,
    }
}
