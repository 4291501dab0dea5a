use granit_parser::ErrorKind;

use crate::diag::{Code, Diagnostic, SourceId, Span};

/// A line of the file around an error.
#[derive(Clone, Copy)]
struct Line<'t> {
    source: SourceId,
    start: usize,
    text: &'t str,
}

/// Tells what is wrong at byte `at`: the slip that people make most often where it is one, else what the parser says.
pub(super) fn explain(source: SourceId, text: &str, at: usize, kind: &ErrorKind) -> Diagnostic {
    let line = Line::at(source, text, at);
    let before = line.before(text);
    if matches!(kind, ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar) {
        return unclosed_quote(source, text, at);
    }
    if let ErrorKind::UnclosedFlowCollection { open } = kind {
        return unclosed_bracket(source, text, at, *open);
    }
    let after = if *kind == ErrorKind::TabInPlainScalar { line.after(text) } else { None };
    if let Some(slip) = [Some(line), before, after].into_iter().flatten().find_map(Line::tab) {
        return slip;
    }
    let may_be_colon = matches!(
        kind,
        ErrorKind::MappingValueNotAllowed
            | ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::InvalidIndentation
            | ErrorKind::InvalidMappingValueWhitespace
    );
    if may_be_colon {
        if *kind == ErrorKind::MappingValueNotAllowed
            && let Some(slip) = line.second_colon(at)
        {
            return slip;
        }
        if let Some(slip) = line.tight_colon().or_else(|| before.and_then(Line::tight_colon)) {
            return slip;
        }
    }
    // The parser points after a line break where a line should have gone on.
    let end = text[at..].chars().next().filter(|next| !next.is_whitespace()).map_or(at, |next| at + next.len_utf8());
    let diagnostic = Diagnostic::error(Code::YamlSyntax, format!("the file is not valid YAML: {kind}"));
    let diagnostic = diagnostic.at(Span::of(source, at, end), "");
    with_help(diagnostic, source, text, at, kind)
}

/// Adds what can be done about it, where that can be told.
#[expect(clippy::wildcard_enum_match_arm, reason = "the parser's list of problems is open, and most need no help")]
fn with_help(diagnostic: Diagnostic, source: SourceId, text: &str, at: usize, kind: &ErrorKind) -> Diagnostic {
    match kind {
        ErrorKind::UnexpectedCharacter { character: '`' } => {
            diagnostic.help("a text that begins with a backtick needs quotes")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            diagnostic.help(format!("a text that begins with `{character}` needs quotes"))
        }
        ErrorKind::UnknownQuotedScalarEscape => diagnostic
            .help("within double quotes, write `\\\\` for a backslash; within single ones it stands for itself"),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::MappingValueNotAllowed => {
            diagnostic.help("look at the indentation: the keys of a map, and the dashes of a list, stand in one column")
        }
        ErrorKind::InvalidColonPlacement
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => match open_bracket(text, at) {
            Some(open) => diagnostic.also(Span::of(source, open, open + 1), "opened here, perhaps not closed"),
            None => diagnostic,
        },
        _ => diagnostic,
    }
}

/// The bracket before byte `at` that no other closes, as far as can be told without regard to quotes.
fn open_bracket(text: &str, at: usize) -> Option<usize> {
    const FARTHEST: usize = 10_000;
    let mut closed = 0_usize;
    let near = text.as_bytes()[..at].iter().enumerate().rev().take(FARTHEST);
    for (at, byte) in near {
        match byte {
            b']' | b'}' => closed += 1,
            b'[' | b'{' if closed == 0 => return Some(at),
            b'[' | b'{' => closed -= 1,
            _ => {}
        }
    }
    None
}

fn unclosed_quote(source: SourceId, text: &str, at: usize) -> Diagnostic {
    let is_quote = text[at..].starts_with(['"', '\'']);
    let span = Span::of(source, at, if is_quote { at + 1 } else { at });
    Diagnostic::error(Code::YamlSyntax, "a quote is not closed")
        .at(span, if is_quote { "opened here" } else { "" })
        .help("within double quotes, write `\\\"` for a quote; within single ones, `''`")
}

fn unclosed_bracket(source: SourceId, text: &str, at: usize, open: char) -> Diagnostic {
    let is_bracket = text[at..].starts_with(open);
    let span = Span::of(source, at, if is_bracket { at + 1 } else { at });
    Diagnostic::error(Code::YamlSyntax, format!("`{open}` is not closed"))
        .at(span, if is_bracket { "opened here" } else { "" })
}

impl<'t> Line<'t> {
    fn at(source: SourceId, text: &'t str, at: usize) -> Self {
        let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        Self { source, start, text: text[start..end].trim_end_matches('\r') }
    }

    /// The last line before this one that is not blank.
    fn before(self, text: &'t str) -> Option<Self> {
        let end = text[..self.start].trim_end().len();
        (end > 0).then(|| Self::at(self.source, text, end))
    }

    /// The line after this one.
    fn after(self, text: &'t str) -> Option<Self> {
        let end = self.start + text[self.start..].find('\n')? + 1;
        (end < text.len()).then(|| Self::at(self.source, text, end))
    }

    fn span(self, start: usize, end: usize) -> Span {
        Span::of(self.source, self.start + start, self.start + end)
    }

    /// A tab in the indentation.
    fn tab(self) -> Option<Diagnostic> {
        let indent = self.text.len() - self.text.trim_start_matches([' ', '\t']).len();
        let start = self.text[..indent].find('\t')?;
        let end = start + self.text[start..indent].bytes().take_while(|byte| *byte == b'\t').count();
        let diagnostic = Diagnostic::error(Code::YamlSyntax, "a tab indents this line");
        Some(diagnostic.at(self.span(start, end), "").help("indent by spaces; YAML takes no tabs"))
    }

    /// The key at the beginning of the line, after list dashes, as bytes of the line; its colon is at its end.
    fn key(self) -> Option<(usize, usize)> {
        let mut start = self.text.len() - self.text.trim_start().len();
        while let Some(rest) = self.text[start..].strip_prefix("- ") {
            start = self.text.len() - rest.trim_start().len();
        }
        let is_key = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '$');
        let length = self.text[start..].find(|letter| !is_key(letter))?;
        (length > 0 && self.text[start + length..].starts_with(':')).then_some((start, start + length))
    }

    /// `key:value`.
    fn tight_colon(self) -> Option<Diagnostic> {
        let (start, colon) = self.key()?;
        let next = self.text[colon + 1..].chars().next().filter(|next| !next.is_whitespace() && *next != '/')?;
        let key = &self.text[start..colon];
        let diagnostic = Diagnostic::error(Code::YamlSyntax, format!("a space is missing after `{key}:`"));
        Some(diagnostic.at(self.span(colon, colon + 1 + next.len_utf8()), "between these"))
    }

    /// `key: value: more`, the second colon at byte `at` of the file.
    fn second_colon(self, at: usize) -> Option<Diagnostic> {
        let (_, colon) = self.key()?;
        let second = at.checked_sub(self.start)?;
        (self.text[colon..].starts_with(": ") && second > colon).then(|| {
            let value = self.text[colon + 1..].trim();
            let diagnostic = Diagnostic::error(Code::YamlSyntax, "a second colon in one line");
            let help = if value.contains(['"', '\'', '\\']) || value.chars().count() > 60 {
                "a text that holds `: ` needs quotes".to_owned()
            } else {
                format!("a text that holds `: ` needs quotes: `\"{value}\"`")
            };
            diagnostic.at(self.span(second, second + usize::from(self.text[second..].starts_with(':'))), "").help(help)
        })
    }
}
