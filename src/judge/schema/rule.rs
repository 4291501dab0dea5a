use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;
use serde_json::Value;

use super::described::{Described, Part, as_written, of_address};

/// The rule of a schema that a value breaks: a keyword, the schema around it, and the references that led there.
pub(super) struct Rule<'s> {
    described: &'s Described,
    name: String,
    pointer: String,
    /// Whether a schema is `false`: there is no keyword then.
    is_false: bool,
    /// The references on the way: what each says, and where.
    trail: Vec<(String, String)>,
}

impl<'s> Rule<'s> {
    pub(super) fn of(error: &ValidationError<'_>, described: &'s Described) -> Self {
        let address = error.absolute_keyword_location().and_then(|uri| of_address(uri.as_str()));
        let (name, mut pointer) =
            address.unwrap_or_else(|| (described.name.clone(), error.schema_path().as_str().to_owned()));
        if let ValidationErrorKind::Required { property } = error.kind()
            && let Some(better) = dependent(described, &name, &pointer, property, error.instance())
        {
            pointer = better;
        }
        let is_false = matches!(error.kind(), ValidationErrorKind::FalseSchema);
        Self { described, name, pointer, is_false, trail: trail(error, described) }
    }

    /// The keyword, or the last step where a schema is `false`.
    pub(super) fn keyword(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }

    /// The member that asks for another one, where the rule is `dependentRequired`.
    pub(super) fn trigger(&self) -> Option<String> {
        let (above, last) = self.pointer.rsplit_once('/')?;
        above.ends_with("/dependentRequired").then(|| last.replace("~1", "/").replace("~0", "~"))
    }

    fn word(&self) -> &str {
        if self.trigger().is_some() { "dependentRequired" } else { self.keyword() }
    }

    /// The schema that the keyword stands in.
    pub(super) fn owner(&self) -> Option<Part<'s>> {
        let (mut above, _) = self.pointer.rsplit_once('/')?;
        if self.trigger().is_some() {
            above = above.strip_suffix("/dependentRequired")?;
        }
        self.described.part(&self.name, above)
    }

    /// A keyword beside it.
    pub(super) fn beside(&self, keyword: &str) -> Option<&'s Value> {
        self.owner()?.value.get(keyword)
    }

    /// The schema that holds the owner among its `properties`, and the name it stands under.
    pub(super) fn as_member(&self) -> Option<(&'s Value, String)> {
        // Where a reference led here, the member is what the reference stands under.
        let start = match self.trail.first() {
            Some(_) => return None,
            None => self.pointer.rsplit_once('/')?.0,
        };
        let (list, member) = start.rsplit_once('/')?;
        let above = list.strip_suffix("/properties")?;
        let part = self.described.part(&self.name, above)?;
        Some((part.value, member.replace("~1", "/").replace("~0", "~")))
    }

    /// Whether the rule stands under this keyword, somewhere above.
    pub(super) fn is_under(&self, keyword: &str) -> bool {
        self.pointer.rsplit('/').skip(1).any(|step| step == keyword)
    }

    /// The name of the step below `keyword` on the way to the rule.
    pub(super) fn below(&self, keyword: &str) -> Option<String> {
        let mut steps = self.pointer.split('/').skip_while(|step| *step != keyword).skip(1);
        steps.next().map(|step| step.replace("~1", "/").replace("~0", "~"))
    }

    /// The rule and its place, and the references that led there.
    pub(super) fn told(&self) -> String {
        let place = self.described.place(&self.name, &self.pointer);
        let word = if self.is_false { "false" } else { self.word() };
        let mut told = format!("rule: `{word}` at {place}");
        for (at, (reference, place)) in self.trail.iter().enumerate() {
            let word = if at == 0 { ", by the `$ref` to" } else { ", then to" };
            told.extend([word, " `", reference, "` at ", place]);
        }
        told
    }
}

/// The way to the very list of `dependentRequired` that a missing member stands in; the validator counts them instead.
fn dependent(described: &Described, name: &str, pointer: &str, missing: &Value, value: &Value) -> Option<String> {
    let (list, _) = pointer.rsplit_once('/').filter(|(list, _)| list.ends_with("/dependentRequired"))?;
    let lists = described.part(name, list)?.value.as_object()?;
    let asks = |(trigger, names): &(&String, &Value)| {
        value.get(trigger.as_str()).is_some() && names.as_array().is_some_and(|names| names.contains(missing))
    };
    let (trigger, _) = lists.iter().find(asks)?;
    Some(format!("{list}/{}", trigger.replace('~', "~0").replace('/', "~1")))
}

/// The references on the way from the top of the schema to a rule.
fn trail(error: &ValidationError<'_>, described: &Described) -> Vec<(String, String)> {
    const MOST: usize = 8;
    let mut found = Vec::new();
    let Some(mut at) = described.part(&described.name, "") else { return found };
    for segment in error.evaluation_path().segments() {
        let step = match &segment {
            LocationSegment::Property(key) => key.to_string(),
            LocationSegment::Index(index) => index.to_string(),
        };
        let below = format!("{}/{}", at.pointer, step.replace('~', "~0").replace('/', "~1"));
        let reference = at.value.get("$ref").and_then(Value::as_str).filter(|_| step == "$ref");
        let next = match reference {
            Some(reference) => {
                if found.len() < MOST {
                    found.push((as_written(reference).to_owned(), described.place(at.name, &below)));
                }
                described.target(reference, at.name)
            }
            None => described.part(at.name, &below),
        };
        let Some(next) = next else { break };
        at = next;
    }
    found
}
