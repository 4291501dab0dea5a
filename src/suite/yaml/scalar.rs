use granit_parser::ScalarStyle;

use crate::diag::Span;
use crate::value::{NodeKind, NumberText, Scalar};

/// What a scalar is, by its text and the way it is written.
pub(super) fn kind(text: &str, span: Span, value: &str, style: ScalarStyle) -> NodeKind {
    if style == ScalarStyle::Plain {
        match value {
            "" | "~" | "null" => return NodeKind::Null,
            "true" => return NodeKind::Bool(true),
            "false" => return NodeKind::Bool(false),
            _ => {}
        }
        if let Some(number) = NumberText::parse(value) {
            return NodeKind::Number(number);
        }
    }
    NodeKind::Text(Scalar { value: value.into(), verbatim_from: verbatim_from(text, span, value, style) })
}

/// The offset at which `value` stands in the source character for character, if it does.
pub(super) fn verbatim_from(text: &str, span: Span, value: &str, style: ScalarStyle) -> Option<u32> {
    let written = text.get(span.start as usize..span.end as usize)?;
    let at = match style {
        ScalarStyle::Plain => (written == value).then_some(0),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            (written.len() == value.len() + 2 && written.get(1..=value.len()) == Some(value)).then_some(1)
        }
        ScalarStyle::Literal | ScalarStyle::Folded => {
            // The span of a block begins at its text. The break at the end of its value may lie beyond it.
            let value = value.trim_end_matches('\n');
            (!value.is_empty() && written.starts_with(value)).then_some(0)
        }
    }?;
    Some(span.start + u32::try_from(at).ok()?)
}
