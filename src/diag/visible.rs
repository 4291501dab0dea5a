use std::borrow::Cow;

/// The text with every character that a terminal obeys, or that hides or reorders others, replaced by one that can be
/// seen: control characters by their pictures (`␛`), all others by `�`. Tabs stay, every other line break goes.
///
/// Each character becomes exactly one, so columns stay true.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars().map(|character| if is_harmless(character) { character } else { picture(character) }).collect(),
    )
}

fn is_harmless(character: char) -> bool {
    let is_control = matches!(character, '\u{0}'..='\u{8}' | '\u{a}'..='\u{1f}' | '\u{7f}'..='\u{9f}');
    // Zero width, direction, line and paragraph separators, embeddings, isolates, invisible operators, annotations.
    let is_order = matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff0}'..='\u{fffb}');
    // Soft hyphen, Arabic letter mark, fillers, Mongolian separators, byte-order mark, no characters at all.
    let is_unseen = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'
            ..='\u{180f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fffe}' | '\u{ffff}'
    );
    // Tags, the rest of the plane made of format characters, and the private planes.
    let is_beyond = character >= '\u{e0000}';
    !(is_control || is_order || is_unseen || is_beyond)
}

fn picture(character: char) -> char {
    match u32::from(character) {
        control @ 0..=0x1f => char::from_u32(0x2400 + control).unwrap_or(char::REPLACEMENT_CHARACTER),
        0x7f => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(visible("grüße\tß 日本 🎵"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_character_for_character() {
        assert_eq!(visible("a\u{1b}[2Jb\r\nc\u{7f}\u{9b}\u{202e}\u{feff}d"), "a␛[2Jb␍␊c␡���d");
    }
}
