use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics, Span, nearest};
use crate::event::{Level, RequirementId};
use crate::value::{Entry, Field, Node, Record, Shape};

use super::fields::{Fields, text, wrong_type};
use super::files::{Reader, sha256};
use super::provides_part::check_variants;
use super::scalar::{NameForm, check_key, check_name, unknown, word};
use super::{Actor, Basis, Catalogue, Clause, Question, Requirement};

/// The most bytes of a source document that are read.
const MOST_DOCUMENT_BYTES: u64 = 10 * 1024 * 1024;

/// The keys of `requirements.yaml`.
pub(crate) const CATALOGUE: Record = Record {
    name: "catalogue",
    doc: "The promises of a suite, and the document that they are taken from.",
    fields: &[
        Field::required("catalogue", Shape::Text, "Its name."),
        Field::optional("source", Shape::Record(&SOURCE), "The document that the promises are taken from."),
        Field::required("requirements", Shape::List(&Shape::Record(&REQUIREMENT)), "The promises, in order."),
    ],
};

const SOURCE: Record = Record {
    name: "source-document",
    doc: "The document that promises are taken from.",
    fields: &[
        Field::required(
            "document",
            Shape::Text,
            "Its title, or a file of the suite; a file is checked against what is said of it.",
        ),
        Field::optional("sha256", Shape::Text, "The digest of the document, so that a change of it is noticed."),
        Field::optional("retrieved", Shape::Text, "The day on which it was read, as in `2027-01-31`."),
        Field::optional("questions", Shape::Map(&Shape::Text), "Its questions, id by id: all, verbatim and in order."),
    ],
};

const REQUIREMENT: Record = Record {
    name: "requirement",
    doc: "A promise.",
    fields: &[
        Field::required("id", Shape::Text, "Its id, such as `CX-SES-001`."),
        Field::required("level", Shape::Word(&["MUST", "SHOULD", "MAY", "INFO"]), "How binding it is."),
        Field::required("actor", Shape::Word(&["server", "client", "both"]), "Whom it binds."),
        Field::optional("variants", Shape::List(&Shape::Text), "The variants it holds in; all where nothing is said."),
        Field::required("text", Shape::Text, "What it says, as a sentence."),
        Field::required("source", Shape::Record(&CLAUSE), "Where it is taken from."),
        Field::optional("disputed", Shape::Text, "Another reading, and who holds it."),
        Field::optional("conflicts_with", Shape::List(&Shape::Text), "Requirements that cannot hold beside it."),
        Field::optional("untestable", Shape::Text, "Why nothing can test it."),
    ],
};

const CLAUSE: Record = Record {
    name: "clause",
    doc: "Where a requirement is taken from: a question or a section of the document.",
    fields: &[
        Field::optional("question", Shape::Text, "The id of a question."),
        Field::optional("section", Shape::Either(&[Shape::Text, Shape::Number]), "A section."),
        Field::required(
            "basis",
            Shape::Word(&["stated", "implied", "reference", "assumed"]),
            "How it follows from there: it says so, it implies so, other documents say so, it is good practice.",
        ),
    ],
};

/// Reads `requirements.yaml`. `variants` are those of the suite; `reader` has the source document, if the suite holds it.
pub(crate) fn decode_catalogue(
    node: &Node,
    variants: &[(String, String)],
    reader: &Reader<'_>,
    out: &mut Diagnostics,
) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let Some(fields) = Fields::open(node, CATALOGUE.fields, "a catalogue", out) else { return catalogue };
    fields.text("catalogue", out).unwrap_or_default().clone_into(&mut catalogue.name);
    let mut questions = BTreeMap::new();
    if let Some(source) = fields.get("source") {
        questions = decode_source(source, &mut catalogue, reader, out);
    }
    let mut conflicts: Vec<&Node> = Vec::new();
    let list = fields.get("requirements");
    if let Some(list) = list.filter(|list| list.as_list().is_none()) {
        wrong_type(list, "a list of requirements", out);
    }
    for item in list.and_then(Node::as_list).unwrap_or_default() {
        let Some((requirement, against)) = decode_requirement(item, variants, &questions, out) else { continue };
        conflicts.extend(against);
        let (id, span) = (requirement.id.clone(), requirement.span);
        if !catalogue.add(requirement) {
            let mut problem = Diagnostic::error(Code::DuplicateId, format!("two requirements are called `{id}`"))
                .at(span, "the second");
            if let Some(first) = catalogue.get(&id) {
                problem = problem.also(first.span, "the first");
            }
            out.push(problem);
        }
    }
    for node in conflicts {
        if catalogue.get(&RequirementId::new(node.as_text().unwrap_or_default())).is_none() {
            let known = catalogue.requirements.iter().map(|known| known.id.as_str());
            unknown(Code::UnknownRequirement, node, "requirement", known, out);
        }
    }
    for question in &catalogue.questions {
        let is_taken = |it: &Requirement| it.source.is_question && it.source.place == question.id;
        if let (false, Some(span)) = (catalogue.requirements.iter().any(is_taken), questions.get(&question.id)) {
            let message = format!("no requirement is taken from the question `{}`", question.id);
            out.push(
                Diagnostic::error(Code::MissingQuestion, message)
                    .at(*span, "has no entry")
                    .help("where it promises nothing, add one of level INFO that says so and why it is `untestable`"),
            );
        }
    }
    catalogue
}

/// Reads `source`; the places of the questions.
fn decode_source(
    node: &Node,
    catalogue: &mut Catalogue,
    reader: &Reader<'_>,
    out: &mut Diagnostics,
) -> BTreeMap<String, Span> {
    let mut places = BTreeMap::new();
    let Some(fields) = Fields::open(node, SOURCE.fields, "`source`", out) else { return places };
    catalogue.document = fields.text("document", out).map(str::to_owned);
    catalogue.sha256 = fields.text("sha256", out).map(str::to_owned);
    fields.text("retrieved", out);
    let questions = fields.map("questions", out);
    for entry in &questions {
        check_key(&entry.key, NameForm::Id, "a question", out);
        let id = entry.key.text.to_string();
        places.insert(id.clone(), entry.key.span);
        let text = text(&entry.value, out).unwrap_or_default().to_owned();
        catalogue.questions.push(Question { id, text });
    }
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if let Some(digest) = fields.get("sha256").filter(|node| node.as_text().is_some_and(|text| !is_digest(text))) {
        let message = "a SHA-256 digest has 64 hexadecimal digits, in small letters";
        out.push(Diagnostic::error(Code::UnknownValue, message).at(digest.span, "is none"));
    }
    let Some(document) = fields.get("document").filter(|node| {
        // A title is no path: only what the suite holds can be checked.
        node.as_text().is_some_and(|name| reader.paths().iter().any(|path| path == name))
    }) else {
        return places;
    };
    let name = document.as_text().unwrap_or_default();
    match reader.read(name, MOST_DOCUMENT_BYTES) {
        Ok(bytes) => {
            check_digest(&fields, document, &bytes, out);
            match std::str::from_utf8(&bytes) {
                Ok(text) if !questions.is_empty() => check_questions(document, &questions, text, out),
                Ok(_) => {}
                Err(_) => out.push(
                    Diagnostic::error(Code::NotUtf8, format!("`{name}` is not UTF-8"))
                        .at(document.span, "this document"),
                ),
            }
        }
        Err(error) => {
            let message = format!("`{name}` cannot be read: {error}");
            out.push(Diagnostic::error(Code::UnreadableFile, message).at(document.span, "this document"));
        }
    }
    places
}

fn check_digest(fields: &Fields<'_>, document: &Node, bytes: &[u8], out: &mut Diagnostics) {
    let found = sha256(bytes);
    let Some(digest) = fields.get("sha256") else { return };
    if digest.as_text().is_some_and(|expected| expected != found) {
        out.push(
            Diagnostic::error(Code::ChangedSource, "the document is not the one that the requirements were taken from")
                .at(digest.span, format!("its digest is {found}"))
                .also(document.span, "this document")
                .help("read what has changed, mend the requirements, then write the new digest"),
        );
    }
}

/// Each question is a line of the document, in the order of the document, and every line that ends in a question mark is
/// one of them.
fn check_questions(document: &Node, questions: &[&Entry], text: &str, out: &mut Diagnostics) {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = text.trim_start_matches('\u{feff}').lines().map(squeezed).collect();
    let mut from = 0;
    let mut is_asked = vec![false; lines.len()];
    for entry in questions {
        let Some(written) = entry.value.as_text() else { continue };
        let question = squeezed(written);
        if let Some(at) = lines.iter().skip(from).position(|line| *line == question) {
            from += at + 1;
            is_asked[from - 1] = true;
            continue;
        }
        let earlier = lines.iter().take(from).position(|line| *line == question);
        if let Some(at) = earlier {
            is_asked[at] = true;
        }
        let message = format!("the question `{}` is not in the document as it stands here", entry.key.text);
        let problem = Diagnostic::error(Code::UnknownQuestion, message).also(document.span, "this document");
        out.push(if earlier.is_some() {
            problem
                .at(entry.value.span, "comes earlier in the document")
                .help("questions stand in the document's order")
        } else {
            let candidates = lines.iter().filter(|line| line.ends_with('?'));
            let near = nearest_line(&question, candidates);
            let problem = problem.at(entry.value.span, "no line of the document is this question, word for word");
            near.map_or(problem.clone(), |near| problem.help(format!("the nearest line is: {near}")))
        });
    }
    for (line, _) in lines.iter().zip(is_asked).filter(|(line, is_asked)| line.ends_with('?') && !is_asked) {
        out.push(
            Diagnostic::error(Code::MissingQuestion, format!("the list of questions leaves one out: {line}"))
                .at(document.span, "asks it")
                .help("`questions` holds all, verbatim and in order"),
        );
    }
}

/// The line of which most words are those of the question; at least half of them.
fn nearest_line<'l>(question: &str, lines: impl Iterator<Item = &'l String>) -> Option<&'l str> {
    let words: Vec<&str> = question.split(' ').collect();
    let shared = |line: &str| line.split(' ').filter(|word| words.contains(word)).count();
    lines.map(|line| (shared(line), line.as_str())).filter(|(count, _)| count * 2 >= words.len()).max().map(|(_, l)| l)
}

/// Reads a requirement, and what says with which others it cannot hold.
fn decode_requirement<'n>(
    node: &'n Node,
    variants: &[(String, String)],
    questions: &BTreeMap<String, Span>,
    out: &mut Diagnostics,
) -> Option<(Requirement, Vec<&'n Node>)> {
    let fields = Fields::open(node, REQUIREMENT.fields, "a requirement", out)?;
    let id = fields.get("id").filter(|id| text(id, out).is_some());
    if let Some(id) = id {
        check_name(id, NameForm::Id, "a requirement", out);
    }
    let levels = Level::ALL.map(|level| (level.as_str(), level));
    let level = fields.get("level").and_then(|node| word(node, &levels, "level", out));
    let actor = fields.get("actor").and_then(|node| word(node, &Actor::WORDS, "actor", out));
    let conflicts = fields.texts("conflicts_with", out).unwrap_or_default();
    let variants = fields.texts("variants", out).map(|names| check_variants(&names, variants, out));
    let source = fields.get("source").and_then(|source| decode_clause(source, questions, out));
    let text = fields.text("text", out).unwrap_or_default().to_owned();
    let disputed = fields.text("disputed", out).map(str::to_owned);
    let untestable = fields.text("untestable", out).map(str::to_owned);
    // What is not there was reported; so that nothing else is reported on its account, the rest is kept.
    let requirement = Requirement {
        id: RequirementId::new(id?.as_text()?),
        level: level.unwrap_or(Level::Info),
        actor: actor.unwrap_or(Actor::Client),
        variants,
        text,
        source: source.unwrap_or(Clause { place: String::new(), is_question: false, basis: Basis::Assumed }),
        disputed,
        conflicts_with: conflicts.iter().map(|(id, _)| RequirementId::new(id)).collect(),
        untestable,
        span: id?.span,
    };
    Some((requirement, conflicts.into_iter().map(|(_, node)| node).collect()))
}

fn decode_clause(node: &Node, questions: &BTreeMap<String, Span>, out: &mut Diagnostics) -> Option<Clause> {
    let fields = Fields::open(node, CLAUSE.fields, "the source of a requirement", out)?;
    let basis = fields.get("basis").and_then(|node| word(node, &Basis::WORDS, "basis", out));
    let (node_of_place, is_question) = match (fields.get("question"), fields.get("section")) {
        (Some(question), None) => (question, true),
        (None, Some(section)) => (section, false),
        (None, None) | (Some(_), Some(_)) => {
            let message = "a requirement is taken from a `question` or from a `section`, exactly one of them";
            out.push(Diagnostic::error(Code::MissingKey, message).at(node.span, "expected one of the two"));
            return None;
        }
    };
    // The section `4.1` is a number to YAML.
    let place = match node_of_place.as_number() {
        Some(number) if !is_question => number.text(),
        Some(_) | None => text(node_of_place, out)?,
    };
    if is_question && !questions.contains_key(place) {
        let node = node_of_place;
        let message = format!("no question is called `{place}`");
        let problem = Diagnostic::error(Code::UnknownQuestion, message).at(node.span, "unknown question");
        out.push(problem.help_nearest(nearest(place, questions.keys())));
    }
    Some(Clause { place: place.to_owned(), is_question, basis: basis? })
}
