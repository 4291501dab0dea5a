use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::event::Exchange;
use crate::plan::CaseNames;
use crate::value::{Json, Member, Missing, MissingKind, NamePath, Number, Scope};

/// What names mean at a step.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    /// What the step at hand has set; empty for what names meant when it was sent.
    pub(super) own: &'a BTreeMap<String, Json>,
    /// What steps before have set.
    pub(super) set: &'a BTreeMap<String, Json>,
    /// The last exchange of each step.
    pub(super) answers: &'a BTreeMap<String, Arc<Exchange>>,
    /// Names that are known before the first step.
    pub(super) case: &'a CaseNames,
    /// When the step was sent, by the target's clock.
    pub(super) now: Timestamp,
}

/// Nothing set.
pub(super) static NOTHING: BTreeMap<String, Json> = BTreeMap::new();

impl Scope for Names<'_> {
    fn lookup(&self, path: &NamePath) -> Result<Json, Missing> {
        let root = path.root.as_str();
        if let Some(value) = self.own.get(root).or_else(|| self.set.get(root)) {
            return path.follow(value).cloned();
        }
        match root {
            "now" => {
                let iso = Json::from(self.now.iso().as_str());
                if path.members.is_empty() {
                    return Ok(Json::from(self.now.seconds()));
                }
                let value = Json::Object(vec![("iso".to_owned(), iso)]);
                path.follow(&value).cloned()
            }
            "steps" => {
                let Some(Member::Key(step)) = path.members.first() else {
                    return Err(path.missing(MissingKind::NoSuchMember));
                };
                let exchange = self.answers.get(step).ok_or_else(|| path.missing(MissingKind::NoValue))?;
                let value = Json::Object(vec![(step.clone(), face(exchange, path.members.get(1)))]);
                path.follow(&value).cloned()
            }
            _ => self.case.lookup(path).map_err(|missing| {
                // The compiler knows every name; one that is unknown now was left without a value.
                let kind = if missing.kind == MissingKind::Unknown { MissingKind::NoValue } else { missing.kind };
                Missing { kind, ..missing }
            }),
        }
    }
}

/// What `steps.ID` shows of an exchange, as far as `wanted` asks for it.
fn face(exchange: &Exchange, wanted: Option<&Member>) -> Json {
    let Some(Member::Key(wanted)) = wanted else { return Json::Null };
    let answer = exchange.complete();
    let value = match wanted.as_str() {
        "status" => answer.map(|answer| Json::from(i64::from(answer.status))),
        "reason" => answer.and_then(|answer| answer.reason.as_deref()).map(Json::from),
        "text" => answer.and_then(|answer| answer.body.as_text()).map(Json::from),
        "json" => answer.and_then(|answer| Json::parse(&answer.body.to_bytes()).ok()),
        "headers" => answer.map(|answer| {
            let mut fields: Vec<(String, Json)> = Vec::new();
            for header in &answer.headers {
                if !fields.iter().any(|(name, _)| *name == header.name) {
                    let values: Vec<Json> = answer.header(&header.name).map(Json::from).collect();
                    let value = if values.len() == 1 { values[0].clone() } else { Json::Array(values) };
                    fields.push((header.name.clone(), value));
                }
            }
            Json::Object(fields)
        }),
        "sent" => exchange.parameters.clone(),
        "elapsed" => Number::parse(&format!("{:.3}", exchange.timing.elapsed().as_secs_f64())).ok().map(Json::Number),
        _ => None,
    };
    Json::Object(value.map(|value| (wanted.clone(), value)).into_iter().collect())
}
