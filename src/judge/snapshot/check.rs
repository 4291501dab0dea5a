use std::collections::BTreeSet;

use crate::diag::Code;
use crate::event::{SnapshotDifference, SnapshotMetadata};
use crate::judge::{Aim, Breach, BreachCode, Check, Compiler, Fixed, Moment, Reading, Rule, Subject};
use crate::snapshot::{Difference, Side, Text};
use crate::value::{Entry, JsonPath, Node, Template};

use super::asked::{Detail, SnapshotAsked, SnapshotName};
use super::render::{NoText, render};

/// `snapshot`: the answer is as it was accepted.
#[derive(Debug)]
struct IsAsAccepted(SnapshotAsked);

const KEYS: [&str; 5] = ["name", "only", "ignore", "headers", "shape"];

/// Reads `true`, a name, or `{ name, only, ignore, headers, shape }`.
pub(in crate::judge) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    if compiler.aim() != Aim::Step {
        let help =
            "it stands in `given`, `expect` or `should` of a step with an answer; of a poll it judges the last one";
        compiler.problem_with_help(
            Code::WrongType,
            node.span,
            "`snapshot` cannot stand here: nothing could be accepted",
            help,
        );
        return None;
    }
    let Some(stem) = compiler.snapshot_stem().map(str::to_owned) else {
        let help = "`step: NAME` beside the request";
        compiler.problem_with_help(Code::MissingKey, node.span, "a snapshot needs the step to have a name", help);
        return None;
    };
    let mut asked = SnapshotAsked {
        name: SnapshotName::new(Template::fixed(&stem)),
        only: None,
        ignore: Vec::new(),
        headers: BTreeSet::new(),
        detail: Detail::Values,
    };
    if let Some(entries) = node.as_map() {
        let mut sound = true;
        for entry in entries.iter().filter(|entry| !entry.value.is_null()) {
            sound &= part(entry, &stem, &mut asked, compiler).is_some();
        }
        if !sound {
            return None;
        }
    } else if node.as_text().is_some() {
        asked.name = name(node, &stem, compiler)?;
    } else if node.as_bool() != Some(true) {
        compiler.wrong_type(node, "`true`, a name, or a map of `name`, `only`, `ignore`, `headers` and `shape`");
        return None;
    }
    let rule = Box::new(IsAsAccepted(asked));
    Some(vec![Check { id: "snapshot".into(), span: node.span, rule, excuse: None }])
}

fn part(entry: &Entry, stem: &str, asked: &mut SnapshotAsked, compiler: &mut Compiler<'_>) -> Option<()> {
    let value = &entry.value;
    match &*entry.key.text {
        "name" => asked.name = name(value, stem, compiler)?,
        "only" => asked.only = Some(path(value, compiler)?),
        "ignore" => {
            let items = value.as_list().unwrap_or(std::slice::from_ref(value));
            asked.ignore = items.iter().map(|item| path(item, compiler)).collect::<Option<_>>()?;
        }
        "headers" => {
            let items = value.as_list().unwrap_or(std::slice::from_ref(value));
            for item in items {
                let Some(name) = item.as_text() else {
                    compiler.wrong_type(item, "the name of a header field");
                    return None;
                };
                asked.headers.insert(name.to_ascii_lowercase());
            }
        }
        "shape" => match value.as_bool() {
            Some(true) => asked.detail = Detail::Shape,
            Some(false) => asked.detail = Detail::Values,
            None => {
                compiler.wrong_type(value, "`true` or `false`");
                return None;
            }
        },
        _ => {
            let help = "a snapshot knows `name`, `only`, `ignore`, `headers` and `shape`";
            compiler.unknown_key(&entry.key, "a key of `snapshot`", &KEYS, help);
            return None;
        }
    }
    Some(())
}

/// The name of the file: that of the step, and the one given here. Of all names only the variant may be put in, so that
/// the files of a suite are known without a target.
fn name(node: &Node, stem: &str, compiler: &mut Compiler<'_>) -> Option<SnapshotName> {
    let own = compiler.template(node, Moment::Plan)?;
    if let Some(slot) = own.slots().find(|slot| slot.path.root.as_str() != "variant" || !slot.path.members.is_empty()) {
        let message = format!("`$({})` cannot stand in the name of a snapshot", slot.path);
        compiler.problem_with_help(
            Code::BadName,
            node.span,
            message,
            "only `$(variant)`, where the variants differ, and `$(row.…)`",
        );
        return None;
    }
    if own.text().trim().is_empty() {
        compiler.problem(Code::BadName, node.span, "the name of a snapshot is empty");
        return None;
    }
    let whole = format!("{}.{}", Template::fixed(stem).text(), own.text());
    Template::parse(&whole).ok().map(SnapshotName::new)
}

fn path(node: &Node, compiler: &mut Compiler<'_>) -> Option<Fixed<JsonPath>> {
    let text = match compiler.fixed(node, str::to_owned)? {
        Fixed::Now(text) => text,
        Fixed::Later => return Some(Fixed::Later),
    };
    match JsonPath::parse(&text) {
        Ok(path) => Some(Fixed::Now(path)),
        Err(error) => {
            let span = node.span_within(error.offset, 1);
            compiler.problem(Code::BadJsonPath, span, format!("not a JSONPath (RFC 9535): {}", error.message));
            None
        }
    }
}

impl Rule for IsAsAccepted {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let no_answer =
            || Reading::Undecided(Breach::new(BreachCode::NoAnswer, "there is no complete answer to judge"));
        let (Some(answer), Some(around)) = (subject.answer(), subject.snapshots) else { return no_answer() };
        let name = match self.0.name.of(subject.sent) {
            Ok(name) => name,
            Err(error) => {
                let breach = Breach::new(BreachCode::BadOperand, format!("the snapshot has no name: {error}"));
                return Reading::Undecided(breach);
            }
        };
        let seen = match render(&self.0, answer, subject.body, around) {
            Ok(seen) => seen,
            Err(NoText::Breaks(breach)) => return Reading::Breaks(*breach),
            Err(NoText::Undecided(breach)) => return Reading::Undecided(*breach),
        };
        let accepted = around.accepted(&name);
        let breach = match accepted {
            Some(accepted) if *accepted == seen => return Reading::Holds,
            Some(accepted) => differs(name.as_str(), accepted, &seen),
            None => Breach::new(BreachCode::SnapshotMissing, format!("no snapshot is called `{name}` yet")),
        };
        let difference = SnapshotDifference {
            name: name.as_str().to_owned(),
            accepted: accepted.map(|text| text.as_str().to_owned()),
            seen: seen.as_str().to_owned(),
            metadata: SnapshotMetadata::default(),
        };
        Reading::Breaks(breach.with_snapshot(difference))
    }

    fn snapshot(&self) -> Option<&SnapshotName> {
        Some(&self.0.name)
    }

    fn compared(&self, subject: &Subject<'_>) -> Option<std::sync::Arc<str>> {
        subject.answer()?;
        let name = self.0.name.of(subject.sent).ok()?;
        Some(name.as_str().into())
    }
}

/// Says how much differs, and the first line of it.
fn differs(name: &str, accepted: &Text, seen: &Text) -> Breach {
    let difference = Difference::between(accepted, seen);
    let lines = || difference.hunks.iter().flat_map(|hunk| &hunk.lines);
    let first = |side: Side| lines().find(|line| line.side == side).map(|line| line.text.trim().to_owned());
    let count = difference.changed();
    let how_many = if count == 1 { "1 line differs".to_owned() } else { format!("{count} lines differ") };
    let message = format!("the answer is not the snapshot `{name}`: {how_many}");
    Breach {
        expected: first(Side::Old).map(|line| crate::judge::show::cut(&line)),
        actual: first(Side::New).map(|line| crate::judge::show::cut(&line)),
        ..Breach::new(BreachCode::SnapshotDiffers, message)
    }
}
