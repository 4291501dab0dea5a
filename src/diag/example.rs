use super::Code;

impl Code {
    /// What is refused, and below `instead:` what is meant: a few lines as they stand in a file, or on the command line.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::YamlSyntax => "expect: { status: 200\ninstead:\nexpect: { status: 200 }",
            Self::YamlTag => "status: !!str 200\ninstead:\nreason: \"200\"",
            Self::YamlMergeKey => {
                "expect: { <<: *sound, status: 200 }\ninstead:\nexpect: { meets: sound, status: 200 }"
            }
            Self::YamlTooBig => "a file of scenarios with 5000 rows in it\ninstead:\ntwo files below `scenarios/`",
            Self::YamlTooDeep => "body: [[[[[[[[ … ]]]]]]]]\ninstead:\nbody: { file: deep.json }",
            Self::YamlAliasLimit => "b: [*a, *a, *a]\nc: [*b, *b, *b]\nd: [*c, *c, *c]\ninstead:\nd: [1, 2, 3]",
            Self::YamlAlias => {
                "expect: *sound\ngiven: &sound { status: 200 }\ninstead:\ngiven: &sound { status: 200 }\nexpect: *sound"
            }
            Self::NotUtf8 => {
                "scenario: B\\xfccher             # saved as Latin-1\ninstead:\nscenario: Bücher                # saved as UTF-8"
            }
            Self::UnreadableFile => "body: { file: bodies/ordr.json }\ninstead:\nbody: { file: bodies/order.json }",
            Self::TooManyProblems => "300 scenarios with `expcet:`\ninstead:\nmend the first ones, and check again",
            Self::DuplicateKey => "expect: { status: 200, status: 201 }\ninstead:\nexpect: { status: [200, 201] }",
            Self::BadSnapshot => {
                "a `.snap` file with the marks of a merge in it\ninstead:\ngit checkout snapshots/desk.who.snap"
            }
            Self::UnknownKey => "expect: { stauts: 200 }\ninstead:\nexpect: { status: 200 }",
            Self::MissingKey => {
                "- id: BK-001\n  level: MUST\ninstead:\n- id: BK-001\n  level: MUST\n  text: A booking has a number."
            }
            Self::WrongType => "tags: slow\ninstead:\ntags: [slow]",
            Self::UnknownValue => "level: MUSTN'T\ninstead:\nlevel: MUST",
            Self::BadName => "id: Session Start\ninstead:\nid: session.start",
            Self::UnknownName => {
                "- request: GET /bookings/$(booking)\ninstead:\n- request: POST /bookings\n  expect: 201\n  capture: { booking: $.id }\n- request: GET /bookings/$(booking)"
            }
            Self::NameNotSetYet => {
                "- request: GET /bookings/$(booking)\n- request: POST /bookings\n  capture: { booking: $.id }\ninstead:\n- request: POST /bookings\n  capture: { booking: $.id }\n- request: GET /bookings/$(booking)"
            }
            Self::NameShadows => {
                "vars: { id: 7 }\n… capture: { id: $.id }\ninstead:\nvars: { wanted: 7 }\n… capture: { id: $.id }"
            }
            Self::BadTemplate => "request: GET /bookings/$(booking\ninstead:\nrequest: GET /bookings/$(booking)",
            Self::BadJsonPath => "json: { \"$.items[\": 1 }\ninstead:\njson: { \"$.items[0]\": 1 }",
            Self::BadRegex => "matches: \"[0-9\"\ninstead:\nmatches: \"[0-9]\"",
            Self::BadDuration => "within: 2\ninstead:\nwithin: 2s",
            Self::BadUrl => "base_url: api.example.com\ninstead:\nbase_url: https://api.example.com",
            Self::BadRequestLine => "request: /bookings\ninstead:\nrequest: GET /bookings",
            Self::BadSchema => "{ \"type\": \"strng\" }\ninstead:\n{ \"type\": \"string\" }",
            Self::ImpossibleSchema => {
                "{ \"type\": \"integer\", \"minimum\": 5, \"maximum\": 3 }\ninstead:\n{ \"type\": \"integer\", \"minimum\": 3, \"maximum\": 5 }"
            }
            Self::EmptySchema => "schema: {}\ninstead:\nschema: { type: object, required: [id] }",
            Self::IdleKeyword => {
                "{ \"type\": \"string\", \"minimum\": 1 }\ninstead:\n{ \"type\": \"string\", \"minLength\": 1 }"
            }
            Self::UnanchoredPattern => "{ \"pattern\": \"[0-9]+\" }\ninstead:\n{ \"pattern\": \"^[0-9]+$\" }",
            Self::UnknownSchema => "schema: bokking\ninstead:\nschema: booking                 # schemas/booking.json",
            Self::UnknownFlow => "use: bok\ninstead:\nuse: book                       # flows/book.yaml",
            Self::FlowCycle => {
                "flow `a` uses `b`, and flow `b` uses `a`\ninstead:\nboth use `c`, which has the steps that they share"
            }
            Self::FlowInput => "use: book\ninstead:\nuse: book\nwith: { room: 12 }",
            Self::FlowOutput => "capture: { n: numbr }\ninstead:\ncapture: { n: number }",
            Self::UnknownRequirement => "verifies: [BK-01]\ninstead:\nverifies: [BK-001]",
            Self::UncoveredRequirement => {
                "- { id: BK-009, level: MUST, … }    # and no scenario says `verifies: [BK-009]`\ninstead:\nverifies: [BK-009]              # in a scenario, or `untestable: WHY` in the requirement"
            }
            Self::UnknownQuestion => {
                "source: { question: Q99, basis: stated }\ninstead:\nsource: { question: Q9, basis: stated }"
            }
            Self::MissingQuestion => {
                "questions: [Q1, Q3]\ninstead:\nquestions: [Q1, Q2, Q3]         # Q2 of level INFO, where it promises nothing"
            }
            Self::ChangedSource => {
                "sha256: <of the document as it was>\ninstead:\nsha256: <of the document as it is, once the requirements were read again>"
            }
            Self::StrayFile => "rooms/login.yaml\ninstead:\nrooms/scenarios/login.yaml",
            Self::DuplicateId => "two scenarios with `id: session.start`\ninstead:\nid: session.start-again",
            Self::UnknownIdentity => "as: agnet\ninstead:\nas: agent",
            Self::UnknownDevice => {
                "as: phone                       # and `devices:` has only `desk`\ninstead:\ndevices: { desk: agent, phone: agent }"
            }
            Self::UnknownVariant => "variants: [opnid]\ninstead:\nvariants: [openid]",
            Self::UnknownFeature => "needs: [wngs]\ninstead:\nneeds: [wings]",
            Self::UnknownCheckSet => {
                "meets: erorr\ninstead:\nmeets: error                    # of `checks:` in suite.yaml"
            }
            Self::VacuousCheck => {
                "json: { $.name: { matches: \".*\" } }\ninstead:\njson: { $.name: { matches: \".+\" } }"
            }
            Self::IdleExcuse => {
                "expect: { status: 200, vacuous: any status will do }\ninstead:\nexpect: { status: 200 }"
            }
            Self::ListUnderNot => {
                "json: { $.state: { not: [open, held] } }\ninstead:\njson: { $.state: { not: { one_of: [open, held] } } }"
            }
            Self::Unused => "vars: { room: 12 }              # and no `$(room)`\ninstead:\nrequest: GET /rooms/$(room)",
            Self::UnjudgedAnswer => "- request: GET /rooms\ninstead:\n- request: GET /rooms\n  expect: 200",
            Self::WeakEvidence => {
                "verifies: [BK-002]              # the number of a booking is never given again\nexpect: 201\ninstead:\nexpect: { status: 201, json: { $.number: { not: $(number) } } }"
            }
            Self::BadOpenapi => "openapi: 2.0\ninstead:\nopenapi: 3.1.0",
            Self::UnresolvedReference => {
                "$ref: \"#/components/schemas/Rom\"\ninstead:\n$ref: \"#/components/schemas/Room\""
            }
            Self::UnknownOperation => "operation: getRom\ninstead:\noperation: getRoom",
            Self::NewerLanguage => "language: 99\ninstead:\na newer version of assize",
            Self::BadSecret => "password: { environment: AGENT_KEY }\ninstead:\npassword: { env: AGENT_KEY }",
            Self::PlainSecret => {
                "password: not-a-secret-agent-1  # and base_url is no address of this machine\ninstead:\npassword: { env: AGENT_KEY }"
            }
            Self::SecretInSnapshot => {
                "\"access_token\": \"…\"            # in a snapshot\ninstead:\nsecret: [$.access_token]        # in suite.yaml"
            }
            Self::OrphanSnapshot => {
                "snapshots/desk.who.snap         # and no step `who` in a scenario `desk`\ninstead:\nassize snapshots prune"
            }
            Self::UnknownTarget => "assize run --target stagng\ninstead:\nassize run --target staging",
            Self::MissingFromTarget => {
                "provides: { variables: { room: a room } }    # the target has no `room`\ninstead:\nvariables: { room: \"12\" }       # in assize.yaml, or `--var room=12`"
            }
            Self::SelectorMatchesNothing => "assize run sesion.start\ninstead:\nassize run session.start",
            Self::UnmatchedWaiver => {
                "check: session.end#agan.should.status\ninstead:\ncheck: session.end#again.should.status"
            }
            Self::BadWaiver => {
                "expires: 2099-01-01\ninstead:\nexpires: 2027-02-01             # a day at most 180 days ahead"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_shows_what_is_refused_and_what_is_meant_instead() {
        for code in Code::ALL {
            let (refused, meant) = code.example().split_once("\ninstead:\n").expect("both parts");
            assert!(!refused.trim().is_empty() && !meant.trim().is_empty() && refused != meant, "{code}");
            assert!(code.example().lines().all(|line| line.chars().count() <= 100), "{code}");
        }
    }
}
