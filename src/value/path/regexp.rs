use regex::{Regex, RegexBuilder};

use super::query::Extent;

/// Bytes that one compiled pattern may take.
const SIZE_LIMIT: usize = 1 << 20;

/// Compiles a pattern of `match()` or `search()`; `None` when it is none.
///
/// RFC 9485: a dot is any character but a line feed and a carriage return.
pub(super) fn compile(pattern: &str, extent: Extent) -> Option<Regex> {
    let mut translated = String::with_capacity(pattern.len() + 16);
    let mut class_depth = 0_usize;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                translated.push('\\');
                translated.extend(characters.next());
                continue;
            }
            '[' => class_depth += 1,
            ']' => class_depth = class_depth.saturating_sub(1),
            '.' if class_depth == 0 => {
                translated.push_str("[^\\n\\r]");
                continue;
            }
            _ => {}
        }
        translated.push(character);
    }
    let whole = match extent {
        Extent::Whole => format!("^(?:{translated})$"),
        Extent::Part => translated,
    };
    RegexBuilder::new(&whole).size_limit(SIZE_LIMIT).build().ok()
}
