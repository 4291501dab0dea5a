//! Text as a word of a POSIX shell (with `$'…'`, as bash, zsh and ksh have it), secrets as variables.

use std::fmt::Write as _;

use crate::diag;
use crate::value::Handle;

/// The handles that stand in a command, each with the variable that takes its place.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// Handle, variable.
    known: Vec<(String, String)>,
}

impl Secrets {
    /// Handle and variable, in the order of first sight.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.known.iter().map(|(handle, variable)| (handle.as_str(), variable.as_str()))
    }

    /// The variable for a handle: `‹agent.access_token#2›` gives `AGENT_ACCESS_TOKEN_2`. Two handles never share one.
    fn variable(&mut self, handle: &str) -> &str {
        let at = self.known.iter().position(|(known, _)| known == handle).unwrap_or_else(|| {
            let inner = handle.trim_start_matches(OPEN).trim_end_matches(CLOSE);
            let mut variable = inner
                .chars()
                .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' })
                .collect::<String>();
            if variable.starts_with(|first: char| first.is_ascii_digit()) {
                variable.insert(0, '_');
            }
            while self.known.iter().any(|(_, known)| *known == variable) {
                variable.push('_');
            }
            self.known.push((handle.to_owned(), variable));
            self.known.len() - 1
        });
        &self.known[at].1
    }

    /// The text as one word: plain where a shell leaves it alone, else in quotes. One line, whatever is in it.
    pub(super) fn word(&mut self, text: &str) -> String {
        let mut word = String::with_capacity(text.len() + 2);
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => quote(&mut word, text),
                Piece::Handle(handle) => {
                    // Writing to a text cannot fail.
                    let _ = write!(word, "\"${}\"", self.variable(handle));
                }
            }
        }
        if word.is_empty() { "''".to_owned() } else { word }
    }
}

const OPEN: char = '‹';
const CLOSE: char = '›';

enum Piece<'t> {
    Text(&'t str),
    Handle(&'t str),
}

/// The text cut at its handles.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(start) = text[from..].find(OPEN).map(|at| from + at) {
        let Some(length) = handle_length(&text[start..]) else {
            from = start + OPEN.len_utf8();
            continue;
        };
        if done < start {
            pieces.push(Piece::Text(&text[done..start]));
        }
        pieces.push(Piece::Handle(&text[start..start + length]));
        done = start + length;
        from = done;
    }
    if done < text.len() {
        pieces.push(Piece::Text(&text[done..]));
    }
    pieces
}

/// How long the handle is that the text begins with, if it does.
fn handle_length(text: &str) -> Option<usize> {
    let length = text.find(CLOSE)? + CLOSE.len_utf8();
    Handle::parse(&text[..length]).map(|_| length)
}

fn quote(word: &mut String, text: &str) {
    let is_bare = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./:,+@%=".contains(&byte));
    // A word that begins with `=` or `~` means something to zsh; one with `#` in it is left to the quotes below.
    if is_bare && !text.starts_with('=') {
        word.push_str(text);
        return;
    }
    let breaks_commands = text.contains("##") || text.contains("::");
    let is_plain = !text.contains(['\n', '\t'])
        && !breaks_commands
        && matches!(diag::visible(text), std::borrow::Cow::Borrowed(_));
    if is_plain {
        word.push('\'');
        word.push_str(&text.replace('\'', "'\\''"));
        word.push('\'');
        return;
    }
    // By bytes, so that it means the same in every locale.
    word.push_str("$'");
    let mut previous = ' ';
    let mut buffer = [0; 4];
    for character in text.chars() {
        match character {
            '\\' => word.push_str("\\\\"),
            '\'' => word.push_str("\\'"),
            '\n' => word.push_str("\\n"),
            '\t' => word.push_str("\\t"),
            '\r' => word.push_str("\\r"),
            // What a CI system would obey anywhere in a line is broken up.
            '#' if previous == '#' => word.push_str("\\x23"),
            ':' if previous == ':' => word.push_str("\\x3a"),
            _ => {
                let bytes = character.encode_utf8(&mut buffer);
                if matches!(diag::visible(bytes), std::borrow::Cow::Borrowed(_)) {
                    word.push(character);
                } else {
                    for byte in bytes.bytes() {
                        let _ = write!(word, "\\x{byte:02x}");
                    }
                }
            }
        }
        previous = character;
    }
    word.push('\'');
}

#[cfg(test)]
pub(super) mod tests {
    use std::process::Command;

    use super::*;

    fn word(text: &str) -> String {
        Secrets::default().word(text)
    }

    #[test]
    fn words_are_quoted_only_where_a_shell_would_change_them() {
        assert_eq!(word("https://a.example/x"), "https://a.example/x");
        assert_eq!(word(""), "''");
        assert_eq!(word("it's $HOME"), "'it'\\''s $HOME'");
        assert_eq!(word("a\n\u{1b}[2J'\\\u{200b}"), "$'a\\n\\x1b[2J\\'\\\\\\xe2\\x80\\x8b'");
        assert_eq!(word("##vso[x ::y"), "$'#\\x23vso[x :\\x3ay'");
    }

    #[test]
    fn secrets_are_variables_and_what_only_looks_like_one_is_text() {
        let mut secrets = Secrets::default();
        assert_eq!(secrets.word("Bearer ‹agent.access_token#2›"), "'Bearer '\"$AGENT_ACCESS_TOKEN_2\"");
        assert_eq!(secrets.word("‹agent_access.token#2›x"), "\"$AGENT_ACCESS_TOKEN_2_\"x");
        assert_eq!(secrets.word("‹$(id)#2› ‹a› ‹"), "'‹$(id)#2› ‹a› ‹'");
        assert_eq!(
            secrets.iter().map(|(_, variable)| variable).collect::<Vec<_>>(),
            ["AGENT_ACCESS_TOKEN_2", "AGENT_ACCESS_TOKEN_2_"]
        );
    }

    /// The arguments that bash makes of a command line.
    pub(in crate::report) fn arguments_of(line: &str) -> Vec<Vec<u8>> {
        let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{line}\n");
        let output = Command::new("bash").args(["--norc", "-c", &script]).output().expect("bash can be run");
        assert!(output.status.success(), "{line}");
        let mut arguments = output.stdout.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect::<Vec<_>>();
        arguments.pop();
        arguments
    }

    #[test]
    fn bash_reads_every_word_back_as_it_was() {
        let all = (1..=0x2100_u32).chain(0xfe00..=0xffff).filter_map(char::from_u32).collect::<String>();
        let texts = [
            "plain",
            "",
            "-o",
            "~",
            "=x",
            "a b",
            "'",
            "''\\''",
            "$(id) `id` ${x} !!",
            "a\nb\n",
            "\\x41",
            "{a,b}",
            "*",
            &all,
        ];
        let words = texts.map(word).join(" ");
        let back = arguments_of(&format!("curl {words}"));
        assert_eq!(back, texts.map(|text| text.as_bytes().to_vec()));
    }
}
