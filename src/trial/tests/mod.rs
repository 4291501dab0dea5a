//! A case tried by hand: what it asks for is looked at, what came is made up.

mod sets;
mod undone;

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::event::{
    Answer, Body, CaseId, Event, Exchange, ExchangeId, Fault, FaultKind, Finding, Phase, Request, Timing,
};
use crate::plan::{Body as Steps, CaseNames};
use crate::suite::{Files, ListError, LoadOptions, ReadError, load};

use super::{Order, Sending, Trial};

/// A suite of one file.
struct OneFile(String);

impl Files for OneFile {
    fn origin(&self) -> &'static str {
        "one.yaml"
    }

    fn list(&self) -> Result<Vec<String>, ListError> {
        Ok(vec!["one.yaml".to_owned()])
    }

    fn read(&self, _: &str, _: u64) -> Result<Vec<u8>, ReadError> {
        Ok(self.0.clone().into_bytes())
    }
}

const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// A trial of a scenario with these steps.
fn trial(steps: &str) -> Trial {
    let text = format!("scenario: It works\nid: it\nsteps:\n{steps}");
    let loaded = load(&OneFile(text), &LoadOptions::default()).expect("a sound scenario");
    let suite = Arc::new(loaded.suite);
    let scenario = Arc::clone(&suite.scenarios[0]);
    let case = CaseId::new("it");
    let names = CaseNames::new(Arc::default(), 7, &case, 1, &scenario.vars).expect("no name is missing");
    let body = Steps { scenario, flows: Arc::new(suite.flows.clone()) };
    Trial::new(suite, case, body, names, "http://a.example".to_owned(), START)
}

/// What the trial wants to be sent: `POST http://a.example/x`.
fn line(sending: &Sending) -> String {
    match &sending.order {
        Order::Request(draft) => format!("{} {}", draft.method, draft.url),
        Order::Token { device, .. } | Order::Authorize { device, .. } => device.clone(),
    }
}

/// An exchange that was answered so.
fn answered(status: u16, body: &str) -> Exchange {
    let answer = Answer {
        version: "HTTP/1.1".to_owned(),
        status,
        reason: None,
        headers: Vec::new(),
        body: Body::text(body.to_owned(), body.len() as u64),
    };
    Exchange {
        id: ExchangeId(1),
        device: None,
        parameters: None,
        request: Request {
            method: "POST".to_owned(),
            url: "http://a.example/sent".to_owned(),
            headers: Vec::new(),
            body: Body::default(),
        },
        answer: Some(answer),
        fault: None,
        irregular: Vec::new(),
        sent: START.plus(Duration::from_secs(1)),
        timing: Timing { headers_us: 1000, total_us: 2000, moved_ms: 0 },
    }
}

/// An exchange that ended in a fault.
fn faulty(kind: FaultKind, phase: Phase) -> Exchange {
    Exchange { answer: None, fault: Some(Fault { phase, kind, detail: String::new() }), ..answered(200, "") }
}

/// The steps that ended, each with its adverse findings: `race/a: expect.status`.
fn ended(trial: &mut Trial) -> Vec<String> {
    let of = |findings: &[Finding]| {
        let adverse = findings.iter().filter(|finding| finding.is_adverse());
        adverse.map(|finding| finding.check.to_string()).collect::<Vec<_>>().join(" ")
    };
    let events = trial.take_events().into_iter().filter_map(|event| match event {
        Event::StepFinished { step, findings, .. } => Some(format!("{step}: {}", of(&findings))),
        Event::RunStarted { .. }
        | Event::CaseStarted { .. }
        | Event::SetupFinished { .. }
        | Event::StepStarted { .. }
        | Event::ExchangeDone { .. }
        | Event::CaseFinished { .. }
        | Event::Waited { .. }
        | Event::UndoFinished { .. }
        | Event::CancelBegun { .. }
        | Event::RunFinished(_) => None,
    });
    events.collect()
}
