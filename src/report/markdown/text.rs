use std::fmt::Write as _;

use crate::report::visible;

/// Untrusted text as code within a line; also within a cell of a table.
pub(super) fn code(text: &str, most: usize) -> String {
    let shown = visible::short(text.trim(), most);
    if shown.is_empty() { String::new() } else { format!("<code>{}</code>", escaped(&shown)) }
}

/// Untrusted text of several lines, visible already, as a block.
pub(super) fn block(text: &str, most: usize) -> String {
    let (head, left) = visible::cut(text, most);
    let more =
        if left > 0 { format!("\n… {} more", crate::report::words::bytes(left as u64)) } else { String::new() };
    // A blank line would end the block for some readers.
    let shown = visible::lines(head);
    let lines = shown.trim_end().split('\n').map(|line| if line.is_empty() { " ".to_owned() } else { escaped(line) });
    let lines = lines.collect::<Vec<_>>().join("\n");
    format!("<pre>{lines}{more}</pre>")
}

/// Text in which neither HTML nor Markdown reads anything.
///
/// # Source
/// GitHub Flavored Markdown, §2.4 and §6.2: entities stand for their character and never for markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | '@' | ':' | '$' => {
                // Written so that a log that shows the page does not obey it either.
                // Writing to a text cannot fail.
                let _ = write!(out, "&#{};", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_as_markup() {
        assert_eq!(
            code(" <b>`x`|[a](b) @you #1 ", 99),
            "<code>&lt;b&gt;&#96;x&#96;&#124;&#91;a&#93;&#40;b&#41; &#64;you &#35;1</code>"
        );
        assert_eq!(code("  ", 99), "");
        assert_eq!(block("</pre>\n\n::x\n", 99), "<pre>&lt;/pre&gt;\n \n&#92;u&#123;3a&#125;&#58;x</pre>");
        assert_eq!(block("aaaa", 2), "<pre>aa\n… 2 bytes more</pre>");
    }
}
