use std::fmt::Write as _;

/// A body as it is written down: every leaf is text already.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Drawing {
    /// A value, or what stands in its place.
    Leaf(String),
    /// A list.
    List(Vec<Drawing>),
    /// An object, its keys written and sorted.
    Map(Vec<(String, Drawing)>),
}

impl Drawing {
    /// The text over several lines, each level two spaces further in.
    pub(super) fn print(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, level: usize) {
        let line = |out: &mut String, level: usize| {
            // Writing to a String cannot fail.
            let _ = write!(out, "\n{:1$}", "", level * 2);
        };
        match self {
            Self::Leaf(text) => out.push_str(text),
            Self::List(items) if items.is_empty() => out.push_str("[]"),
            Self::Map(members) if members.is_empty() => out.push_str("{}"),
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    out.push(if at == 0 { '[' } else { ',' });
                    line(out, level + 1);
                    item.write(out, level + 1);
                }
                line(out, level);
                out.push(']');
            }
            Self::Map(members) => {
                for (at, (key, value)) in members.iter().enumerate() {
                    out.push(if at == 0 { '{' } else { ',' });
                    line(out, level + 1);
                    out.push_str(key);
                    out.push_str(": ");
                    value.write(out, level + 1);
                }
                line(out, level);
                out.push('}');
            }
        }
    }
}
