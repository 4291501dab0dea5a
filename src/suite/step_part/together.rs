use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::event::RequirementId;
use crate::judge::{Aim, CHECKS};
use crate::suite::fields::{Fields, wrong_type};
use crate::suite::{Member, Step, StepKind};
use crate::value::{Entry, Name, Node};

use super::decoder::{StepDecoder, needs, step_name};
use super::keys::{AFTER, BESIDE_TOGETHER, KINDS, NOT_IN_MEMBERS, STEP_FIELDS};
use super::lint::Judged;

impl StepDecoder<'_> {
    /// Decodes a set: steps that are done at the same moment, and the checks that are put to all of their answers.
    pub(super) fn set(
        &mut self,
        node: &Node,
        fields: &Fields<'_>,
        name: String,
        out: &mut Diagnostics,
    ) -> Option<Step> {
        for entry in node.as_map().unwrap_or_default() {
            // What is no key at all was told.
            let is_key = STEP_FIELDS.iter().any(|field| field.key == &*entry.key.text);
            if is_key && !entry.value.is_null() && !BESIDE_TOGETHER.contains(&&*entry.key.text) {
                out.push(
                    Diagnostic::error(Code::WrongType, format!("`{}` cannot stand beside `together`", entry.key.text))
                        .at(entry.key.span, "the set itself sends nothing")
                        .help("each member says it for itself; beside the list stand `when`, `verifies` and checks"),
                );
            }
        }
        self.names.begin(&name, std::collections::BTreeSet::new());
        let needs = needs(node).into_iter().filter(|name| self.names.was_set(name)).collect();
        let verifies = self.verifies(fields, out);
        let when = self.condition(fields.get("when"), out);
        let list = fields.get("together")?;
        let mut members = self.members(list, verifies.as_ref(), out);
        self.names.end_members(&name);
        let mut block = |key| self.checks_of(fields.get(key), Aim::Together, out);
        let (given, expect, should) = (block("given"), block("expect"), block("should"));
        let blocks = || [&given, &expect, &should].into_iter().flatten();
        for check in blocks().flat_map(|block| &block.list).filter(|check| check.rule.needs_answer()) {
            out.push(
                Diagnostic::error(
                    Code::WrongType,
                    format!("`{}` needs an answer, and a set has none of its own", check.id),
                )
                .at(check.span, "of which member?")
                .help("it stands at a member; beside `together` stand `statuses` and `values`"),
            );
        }
        // Where `statuses` stands and is not sound, or may be misspelt, that was told.
        let says_so = ["given", "expect", "should"].iter().any(|key| fields.get(key).is_some_and(names_statuses))
            || !fields.has_only(&[STEP_FIELDS, &[AFTER]].concat());
        let judged = if says_so || blocks().any(crate::judge::Checks::judges_members) {
            Judged::ByItsSet
        } else {
            Judged::ByItself
        };
        for (fields, member) in &mut members {
            Self::lint(fields, &member.step, judged, out);
            self.judge_by_document(fields, &mut member.step);
        }
        let step = Step {
            level: verifies.as_ref().and_then(|list| self.context.catalogue.strictest(list)),
            verifies,
            needs,
            acting: None,
            when,
            given,
            expect,
            should,
            captures: Vec::new(),
            collects: Vec::new(),
            poll: None,
            undo: None,
            deadline: self.context.defaults.deadline,
            kind: StepKind::Together(members.into_iter().map(|(_, member)| member).collect()),
            span: node.as_map().and_then(|entries| entries.first()).map_or(node.span, |entry| entry.key.span),
            name,
        };
        Self::lint(fields, &step, Judged::ByItself, out);
        self.names.end();
        Some(step)
    }

    fn members<'n>(
        &mut self,
        list: &'n Node,
        verifies: Option<&Arc<[RequirementId]>>,
        out: &mut Diagnostics,
    ) -> Vec<(Fields<'n>, Member)> {
        let Some(items) = list.as_list() else {
            wrong_type(list, "a list of steps", out);
            return Vec::new();
        };
        if items.len() < 2 {
            out.push(
                Diagnostic::error(Code::WrongType, "a set has two members at least")
                    .at(list.span, "nothing is done at the same moment")
                    .help("a step alone needs no `together`"),
            );
        }
        let called = items.iter().filter_map(|item| item.get("step")?.as_text().map(str::to_owned));
        self.names.begin_list(items.iter().flat_map(own_names).chain(called));
        // A member is evidence for what its set is evidence for, unless it says otherwise.
        let of_scenario = std::mem::replace(&mut self.verifies, verifies.cloned());
        let members = items.iter().enumerate().filter_map(|(at, item)| self.member(item, at, out)).collect();
        self.verifies = of_scenario;
        members
    }

    fn member<'n>(&mut self, node: &'n Node, at: usize, out: &mut Diagnostics) -> Option<(Fields<'n>, Member)> {
        let name = step_name(node, at);
        let fields = self.open(node, &name, "a member", out)?;
        let is_named = Name::parse(&name).is_ok();
        let mut is_sound = true;
        for (key, way_out) in NOT_IN_MEMBERS {
            if let Some(entry) = fields.entry(key) {
                is_sound = false;
                out.push(
                    Diagnostic::error(Code::WrongType, format!("`{key}` cannot stand in a member of `together`"))
                        .at(entry.key.span, "not in a member")
                        .help(*way_out),
                );
            }
        }
        if is_sound && KINDS.iter().all(|key| fields.entry(key).is_none()) {
            is_sound = false;
            out.push(
                Diagnostic::error(Code::MissingKey, "a member of `together` needs `request`, `token` or `elapse`")
                    .at(node.span, "does nothing"),
            );
        }
        // A number is no name to refer to: several sets have a first member.
        self.names.begin(if is_named { &name } else { "" }, own_names(node));
        let step = if is_sound { self.one(node, &fields, name, out) } else { None };
        let after = self.duration(fields.get("after"), out).unwrap_or_default();
        self.names.end_member();
        Some((fields, Member { step: step?, after }))
    }
}

/// Whether `statuses` stands in a block of checks, or a key that is none and may be meant for it.
fn names_statuses(block: &Node) -> bool {
    let is_other = |entry: &Entry| CHECKS.iter().any(|kind| kind.name != "statuses" && kind.name == &*entry.key.text);
    !block.as_map().unwrap_or_default().iter().all(is_other)
}

fn own_names(node: &Node) -> std::collections::BTreeSet<String> {
    super::capture::set_names(node).into_iter().map(|(name, _)| name).collect()
}
