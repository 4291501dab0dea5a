use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::judge::Moment;
use crate::suite::fields::{Fields, wrong_type};
use crate::suite::{StatusSpan, Undo, UndoEntry};
use crate::value::{Field, Node, NodeKind};

use super::capture::set_names;
use super::decoder::{StepDecoder, paths_within};
use super::keys::{UNDO_ENTRY_FIELDS, UNDO_FIELDS};

impl StepDecoder<'_> {
    /// Decodes how what the step creates is removed: a request, or a list of them.
    pub(super) fn undo(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Undo> {
        let (own, beside) = self.names.own();
        let items = node.as_list().unwrap_or_default();
        self.names.begin_list(items.iter().flat_map(set_names).map(|(name, _)| name));
        let entries: Option<Vec<UndoEntry>> = match node.as_list() {
            None => {
                self.undo_entry(node, UNDO_FIELDS, "`undo`", StatusSpan::GONE.to_vec(), out).map(|entry| vec![entry])
            }
            Some([]) => {
                out.push(
                    Diagnostic::error(Code::MissingKey, "`undo` is an empty list").at(node.span, "removes nothing"),
                );
                None
            }
            Some(items) => items
                .iter()
                .enumerate()
                .map(|(at, item)| {
                    let finds = item.get("capture").is_some_and(|node| !node.is_null()) && at + 1 < items.len();
                    let done = if finds { StatusSpan::NOT_THERE.to_vec() } else { StatusSpan::GONE.to_vec() };
                    let entry = self.undo_entry(item, UNDO_ENTRY_FIELDS, "an entry of `undo`", done, out);
                    self.names.add_own(set_names(item).into_iter().map(|(name, _)| name));
                    entry
                })
                .collect::<Vec<_>>()
                .into_iter()
                .collect(),
        };
        self.names.restore_own(own, beside);
        let mut names = BTreeSet::new();
        paths_within(node, &mut names);
        Some(Undo { entries: entries?, names, span: node.span })
    }

    fn undo_entry(
        &mut self,
        node: &Node,
        known: &[Field],
        what: &str,
        default_done: Vec<StatusSpan>,
        out: &mut Diagnostics,
    ) -> Option<UndoEntry> {
        let fields = Fields::open(node, known, what, out)?;
        self.check_set_names(node, out);
        let request = self.request(fields.get("request")?, &fields, Moment::Settled, out);
        let acting = fields.get("as").and_then(|node| self.acting_at(node, Moment::Settled, out));
        let captures = self.captures(&fields, "capture", false, out);
        let mut done = Vec::new();
        let listed = fields.get("done").map(|node| node.as_list().unwrap_or(std::slice::from_ref(node)));
        for item in listed.unwrap_or_default() {
            let written = match &item.kind {
                NodeKind::Number(number) => number.to_string(),
                NodeKind::Text(text) => text.value.to_string(),
                NodeKind::Null | NodeKind::Bool(_) | NodeKind::List(_) | NodeKind::Map(_) => String::new(),
            };
            match StatusSpan::parse(&written) {
                Some(span) => done.push(span),
                None => wrong_type(item, "a status such as 404 or 2xx", out),
            }
        }
        if done.is_empty() {
            done = default_done;
        }
        Some(UndoEntry { request: request?, acting, captures, done, span: node.span })
    }
}
