use jsonschema::ValidationError;
use jsonschema::paths::LocationSegment;
use serde_json::Value;

use super::described::{Described, Part, as_written, of_address};

/// The rule of a schema that a value breaks: a keyword, the schema around it, and the references that led there.
pub(super) struct Rule<'s> {
    described: &'s Described,
    name: String,
    pointer: String,
    /// The references on the way: what each says, and where.
    trail: Vec<(String, String)>,
}

impl<'s> Rule<'s> {
    pub(super) fn of(error: &ValidationError<'_>, described: &'s Described) -> Self {
        let address = error.absolute_keyword_location().and_then(|uri| of_address(uri.as_str()));
        let (name, pointer) =
            address.unwrap_or_else(|| (described.name.clone(), error.schema_path().as_str().to_owned()));
        Self { described, name, pointer, trail: trail(error, described) }
    }

    /// The keyword, or the last step where a schema is `false`.
    pub(super) fn keyword(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }

    /// The schema that the keyword stands in.
    pub(super) fn owner(&self) -> Option<Part<'s>> {
        let (above, _) = self.pointer.rsplit_once('/')?;
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
        let mut told = format!("rule: `{}` at {place}", self.keyword());
        if self.keyword().is_empty() {
            told = format!("rule: {place}");
        }
        for (at, (reference, place)) in self.trail.iter().enumerate() {
            let word = if at == 0 { ", by the `$ref` to" } else { ", then to" };
            told.extend([word, " `", reference, "` at ", place]);
        }
        told
    }
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
