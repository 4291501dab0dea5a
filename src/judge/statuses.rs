use std::fmt;

use crate::diag::{Code, Span};
use crate::value::{Node, NodeKind};

use super::{Compiler, Fixed};

/// Some status codes: `200`, `2xx`, `[200, 304]` or `{ not: [401, 403] }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusSet {
    ranges: Vec<(u16, u16)>,
    negated: bool,
}

impl StatusSet {
    /// Reads a set. `None` after a problem was told.
    pub fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        let mut set = Self { ranges: Vec::new(), negated: false };
        match &node.kind {
            NodeKind::Map(entries) => {
                let [entry] = &**entries else {
                    compiler.wrong_type(node, "a status, a class such as `2xx`, a list of them, or `{ not: … }`");
                    return None;
                };
                if &*entry.key.text != "not" {
                    let message = format!("`{}` is not a key of `status`", entry.key.text);
                    compiler.problem_with_help(Code::UnknownKey, entry.key.span, message, "the only key is `not`");
                    return None;
                }
                set.negated = true;
                set.read_all(&entry.value, compiler)?;
            }
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::List(_) => {
                set.read_all(node, compiler)?;
            }
        }
        if set.ranges.is_empty() && !set.negated {
            compiler.problem(Code::WrongType, node.span, "an empty list of statuses: no answer has any of them");
            return None;
        }
        Some(set)
    }

    fn read_all(&mut self, node: &Node, compiler: &mut Compiler<'_>) -> Option<()> {
        let NodeKind::List(items) = &node.kind else { return self.read(node, compiler) };
        let read: Vec<_> = items.iter().map(|item| self.read(item, compiler)).collect();
        read.into_iter().collect()
    }

    fn read(&mut self, node: &Node, compiler: &mut Compiler<'_>) -> Option<()> {
        match &node.kind {
            NodeKind::Number(_) | NodeKind::Text(_) => {}
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::List(_) | NodeKind::Map(_) => {
                compiler.wrong_type(node, "a status such as `200`, or a class such as `2xx`");
                return None;
            }
        }
        let range = match compiler.fixed(node, str::to_owned)? {
            // Every status, until the target is known.
            Fixed::Later => (0, 999),
            Fixed::Now(text) => range(&text, node.span, compiler)?,
        };
        self.ranges.push(range);
        Some(())
    }

    /// Whether this status is one of them.
    #[must_use]
    pub fn has(&self, status: u16) -> bool {
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&status)) != self.negated
    }

    /// Whether it names this status, alone or by its class, rather than leaving it in by leaving others out.
    #[must_use]
    pub fn names(&self, status: u16) -> bool {
        !self.negated && self.has(status)
    }

    /// Whether all statuses of all five classes are in it.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        (100..=599).all(|status| self.has(status))
    }

    /// Whether whatever is in this set is in the other one too.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        (100..=999).all(|status| !self.has(status) || other.has(status))
    }
}

impl fmt::Display for StatusSet {
    /// `200`, `one of 200, 2xx`, `none of 401, 403`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.negated, self.ranges.len()) {
            (true, 0) => "any status",
            (true, 1) => "any status but ",
            (true, _) => "none of ",
            (false, 1) => "",
            (false, _) => "one of ",
        })?;
        for (at, (low, high)) in self.ranges.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { ", " })?;
            if low == high { write!(f, "{low}")? } else { write!(f, "{}xx", low / 100)? }
        }
        Ok(())
    }
}

fn range(text: &str, span: Span, compiler: &mut Compiler<'_>) -> Option<(u16, u16)> {
    let digit = |byte: u8| (b'1'..=b'9').contains(&byte).then(|| u16::from(byte - b'0'));
    let range = match text.as_bytes() {
        [class, b'x' | b'X', b'x' | b'X'] => {
            digit(*class).filter(|class| *class <= 5).map(|class| (class * 100, class * 100 + 99))
        }
        [class, tens, ones] if digit(*class).is_some() && tens.is_ascii_digit() && ones.is_ascii_digit() => {
            text.parse().ok().map(|status| (status, status))
        }
        _ => None,
    };
    if range.is_none() {
        let message = format!("`{text}` is not a status: expected one of 100 to 999, or a class `1xx` to `5xx`");
        compiler.problem(Code::UnknownValue, span, message);
    }
    range
}
