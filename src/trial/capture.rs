use std::sync::Arc;

use crate::event::{Exchange, Finding, Verdict};
use crate::judge::{AnswerBody, Breach, BreachCode, Captured, Subject};
use crate::suite::{Capture, CaptureFrom, Step};
use crate::value::{Facts, Json};

use super::poll::block_of;
use super::scope::NOTHING;
use super::trial::{Doing, Trial};

impl Trial {
    /// Takes what the step captures and collects; a finding for each capture that finds nothing and must.
    pub(super) fn capture(
        &mut self,
        doing: &mut Doing,
        step: &Step,
        exchange: &Exchange,
        body: &AnswerBody<'_>,
        facts: &dyn Facts,
    ) -> Vec<Finding> {
        let mut missing = Vec::new();
        let mut collected: Vec<(&str, Vec<Json>)> = Vec::new();
        {
            let Some(names) = self.names(&NOTHING) else { return missing };
            let subject = Subject {
                body,
                url: Some(&exchange.request.url),
                request: Some(&exchange.request),
                members: &[],
                elapsed: exchange.timing.elapsed(),
                sent: &names,
                settled: &names,
                facts,
                snapshots: None,
            };
            for capture in &step.captures {
                let CaptureFrom::Answer(source) = &capture.from else { continue };
                match source.take(&subject).map(Captured::into_value) {
                    Ok(Some(value)) => {
                        doing.own.insert(capture.name.clone(), value);
                    }
                    Ok(None) if capture.optional => {}
                    Ok(None) => {
                        let breach = source.nothing_for(&capture.name, &subject);
                        missing.push(self.capture_finding((step, capture), exchange, breach));
                    }
                    Err(breach) => missing.push(self.capture_finding((step, capture), exchange, *breach)),
                }
            }
            for collect in &step.collects {
                let CaptureFrom::Answer(source) = &collect.from else { continue };
                match source.take(&subject).map(Captured::into_items) {
                    Ok(items) => collected.push((&collect.name, items)),
                    Err(breach) => missing.push(self.capture_finding((step, collect), exchange, *breach)),
                }
            }
        }
        for (name, values) in collected {
            self.append(doing, name, values);
        }
        missing
    }

    /// What a capture comes to that takes no value.
    fn capture_finding(&self, (step, capture): (&Step, &Capture), exchange: &Exchange, breach: Breach) -> Finding {
        let block = block_of(step);
        let check = Arc::from(format!("{block}.capture[{}]", capture.name));
        let is_undecided =
            matches!(breach.code, BreachCode::TooManyNodes | BreachCode::NotCompiled | BreachCode::NoAnswer);
        Finding {
            verdict: if is_undecided { Verdict::Broken } else { Verdict::of_failure(block, self.level_of(step)) },
            code: breach.code.to_string(),
            message: breach.message,
            expected: breach.expected,
            actual: breach.actual,
            answer_at: breach.at,
            details: breach.details,
            ..self.adverse(check, block, capture.span, Some((exchange, None)))
        }
    }

    /// Appends to a list.
    pub(super) fn append(&self, doing: &mut Doing, name: &str, values: Vec<Json>) {
        let set = self.frames.last().map(|frame| &frame.names);
        let known = doing.own.get(name).or_else(|| set?.get(name));
        let list = appended(known, &values);
        doing.collected.push((name.to_owned(), values));
        doing.own.insert(name.to_owned(), list);
    }

    /// What the step has set is set for what comes after it.
    pub(super) fn keep(&mut self, doing: &mut Doing) {
        if let Some(frame) = self.frames.last_mut() {
            for (name, value) in std::mem::take(&mut doing.own) {
                doing.bindings.insert(name.clone(), value.clone());
                frame.names.insert(name, value);
            }
        }
    }
}

/// A list with more at its end.
pub(super) fn appended(list: Option<&Json>, values: &[Json]) -> Json {
    let mut items = match list {
        Some(Json::Array(items)) => items.clone(),
        Some(_) | None => Vec::new(),
    };
    items.extend_from_slice(values);
    Json::Array(items)
}
