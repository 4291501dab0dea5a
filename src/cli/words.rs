/// So many of a thing: `1 case`, `2 cases`.
pub(super) fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// The words of a text in lines of at most `width` columns: the first begins with `first` blanks, the others with
/// `hanging`. A word that is longer than a line is cut, so that no line is.
pub(super) fn wrapped(text: &str, width: usize, first: usize, hanging: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(first);
    let mut column = first;
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let mut letters: Vec<char> = word.chars().collect();
        loop {
            let gap = usize::from(!is_empty);
            if column + gap + letters.len() <= width {
                line.extend(std::iter::repeat_n(' ', gap).chain(letters.iter().copied()));
                column += gap + letters.len();
                is_empty = false;
                break;
            }
            if is_empty {
                // At least one letter, or this would never end.
                let rest = letters.split_off(width.saturating_sub(column).clamp(1, letters.len()));
                line.extend(letters.iter());
                letters = rest;
                if letters.is_empty() {
                    column = width;
                    is_empty = false;
                    break;
                }
            }
            lines.push(std::mem::replace(&mut line, " ".repeat(hanging)));
            column = hanging;
            is_empty = true;
        }
    }
    if !is_empty {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_into_lines_and_none_is_too_long() {
        assert_eq!(wrapped("one two  three", 8, 0, 2), ["one two", "  three"]);
        assert_eq!(wrapped("abcdefghij k", 6, 2, 1), ["  abcd", " efghi", " j k"]);
        assert_eq!(wrapped("", 8, 2, 2), Vec::<String>::new());
        for width in 1..30 {
            let text = "A client that is refused as an application stops, and auth.wrong-application says so.";
            let lines = wrapped(text, width, 4, 6);
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(squeezed(&lines.concat()), squeezed(text), "{width}");
            assert!(width < 8 || lines.iter().all(|line| line.chars().count() <= width), "{width}: {lines:?}");
        }
    }
}
