use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::event::{Block, RequirementId, Verdict};
use crate::value::{Field, Node, Record, Shape};

use super::Catalogue;
use super::fields::{Fields, text, wrong_type};
use super::scalar::{NameForm, check_name, unknown, word};

/// The keys of `defects.yaml`.
pub(crate) const DEFECTS: Record = Record {
    name: "defects",
    doc: "What must notice each defect that the tenant can be given.",
    fields: &[Field::required("defects", Shape::List(&Shape::Record(&DEFECT)), "The defects.")],
};

const DEFECT: Record = Record {
    name: "defect",
    doc: "A defect of the tenant, and the requirements that it breaks.",
    fields: &[
        Field::required("defect", Shape::Text, "Its name, as `assize sandbox --defect list` shows it."),
        Field::optional(
            "breaks",
            Shape::List(&Shape::Text),
            "The requirements that it breaks: a step that verifies one of them must notice it, no other may.",
        ),
        Field::optional(
            "as",
            Shape::Word(&["fail", "inconclusive", "warn", "note"]),
            "What the finding is, exactly; at least what the requirement's level makes of it where nothing is said. \
             `inconclusive`: no complete answer comes, so that whoever meets it has nothing to judge.",
        ),
        Field::optional("unnoticeable", Shape::Text, "Why no scenario can notice it."),
    ],
};

/// A defect, and what must notice it.
#[derive(Clone, Debug)]
pub struct DefectEntry {
    /// Its name.
    pub name: String,
    /// The requirements that it breaks.
    pub breaks: Vec<RequirementId>,
    /// What a finding of it is, exactly; [`Verdict::Broken`] where it leaves no answer to judge.
    pub seen_as: Option<Verdict>,
    /// Why nothing can notice it.
    pub unnoticeable: Option<String>,
    /// Where it stands.
    pub span: Span,
}

impl DefectEntry {
    /// What a finding for this requirement must be, at least.
    #[must_use]
    pub fn expected(&self, requirement: &RequirementId, catalogue: &Catalogue) -> Verdict {
        let level = catalogue.get(requirement).map(|known| known.level);
        self.seen_as.unwrap_or_else(|| Verdict::of_failure(Block::Expect, level))
    }
}

/// Reads `defects.yaml`.
pub(crate) fn decode_defects(node: &Node, catalogue: &Catalogue, out: &mut Diagnostics) -> Vec<DefectEntry> {
    let Some(fields) = Fields::open(node, DEFECTS.fields, "a file of defects", out) else { return Vec::new() };
    let Some(list) = fields.get("defects") else { return Vec::new() };
    if list.as_list().is_none() {
        wrong_type(list, "a list of defects", out);
    }
    let mut entries: Vec<DefectEntry> = Vec::new();
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    for item in list.as_list().unwrap_or_default() {
        let Some(entry) = decode(item, catalogue, out) else { continue };
        if let Some(first) = places.insert(entry.name.clone(), entry.span) {
            let problem =
                Diagnostic::error(Code::DuplicateId, format!("two entries are for the defect `{}`", entry.name));
            out.push(problem.at(entry.span, "the second").also(first, "the first"));
        }
        entries.push(entry);
    }
    entries
}

fn decode(node: &Node, catalogue: &Catalogue, out: &mut Diagnostics) -> Option<DefectEntry> {
    let fields = Fields::open(node, DEFECT.fields, "a defect", out)?;
    let name = fields.get("defect").filter(|name| text(name, out).is_some());
    if let Some(name) = name {
        check_name(name, NameForm::Kebab, "a defect", out);
    }
    let breaks = fields.texts("breaks", out).unwrap_or_default();
    for (id, place) in &breaks {
        if catalogue.get(&RequirementId::new(id)).is_none() {
            let known = catalogue.requirements.iter().map(|known| known.id.as_str());
            unknown(Code::UnknownRequirement, place, "requirement", known, out);
        }
    }
    let words =
        [("fail", Verdict::Fail), ("inconclusive", Verdict::Broken), ("warn", Verdict::Warn), ("note", Verdict::Note)];
    let seen_as = fields.get("as").and_then(|node| word(node, &words, "finding", out));
    let unnoticeable = fields.text("unnoticeable", out).map(str::to_owned);
    if breaks.is_empty() == unnoticeable.is_none() {
        let message = "a defect either `breaks` requirements or is `unnoticeable`, exactly one of them";
        out.push(Diagnostic::error(Code::MissingKey, message).at(node.span, "expected one of the two"));
    }
    let name = name?;
    Some(DefectEntry {
        name: name.as_text()?.to_owned(),
        breaks: breaks.iter().map(|(id, _)| RequirementId::new(id)).collect(),
        seen_as,
        unnoticeable,
        span: name.span,
    })
}
