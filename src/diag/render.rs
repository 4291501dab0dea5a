use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::source::Source;
use super::window::Window;
use super::{Diagnostic, Label, Severity, Sources, visible};

/// Whether terminal colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// ANSI colours.
    Always,
}

/// The most characters of a line that are shown.
const MOST_CHARACTERS: usize = 120;
/// Labels at most this many lines apart are drawn as one stretch of the file.
const NEAR_LINES: u32 = 4;

/// Draws diagnostics as `rustc` does, an empty line after each. Whatever a terminal would obey in a source or a message is
/// made visible; long lines are cut around the caret. A span of several lines is underlined to the end of its first.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Never => Renderer::plain(),
        Colour::Always => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(MOST_CHARACTERS + 40);
    let mut out = String::new();
    for diagnostic in diagnostics {
        for line in renderer.render(&[group(diagnostic, sources)]).lines().filter(|line| !is_empty_path(line)) {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// The renderer draws `:::` and an empty path where a snippet follows an origin. The origin is needed for the column: that
/// of the snippet is wrong where the line was cut.
fn is_empty_path(line: &str) -> bool {
    let mut letters = line.chars();
    let mut rest = String::new();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().find(|end| *end == 'm');
        } else {
            rest.push(letter);
        }
    }
    rest.trim() == ":::"
}

fn group<'d>(diagnostic: &'d Diagnostic, sources: &'d Sources) -> Group<'d> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(shown(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut elements: Vec<Element<'d>> = Vec::new();
    if diagnostic.primary.is_none()
        && let Some(file) = &diagnostic.file
    {
        elements.push(Origin::path(shown(file)).into());
    }
    for stretch in stretches(diagnostic, sources) {
        let origin = Origin::path(shown(stretch.source.path())).line(stretch.line as usize);
        elements.push(origin.char_column(stretch.column).into());
        elements.push(stretch.snippet().into());
    }
    elements.extend(diagnostic.help.iter().map(|help| Level::HELP.message(shown(help)).into()));
    Group::with_title(title).elements(elements)
}

/// Messages may have lines; everything else that is not text is made visible.
fn shown(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// Lines of one file that are drawn together.
struct Stretch<'s> {
    source: &'s Source,
    /// Line and column, from 1, of the label that it is drawn for.
    line: u32,
    column: usize,
    marks: Vec<Mark<'s>>,
}

/// A label and the line it is in.
struct Mark<'s> {
    line: u32,
    window: Window<'s>,
    label: &'s Label,
    kind: AnnotationKind,
}

fn stretches<'d>(diagnostic: &'d Diagnostic, sources: &'d Sources) -> Vec<Stretch<'d>> {
    let mut stretches: Vec<Stretch<'d>> = Vec::new();
    let primary = diagnostic.primary.iter().map(|label| (label, AnnotationKind::Primary));
    let others = diagnostic.others.iter().map(|label| (label, AnnotationKind::Context));
    for (label, kind) in primary.chain(others) {
        let Some(source) = sources.get(label.span.source) else { continue };
        let line = source.line_at(label.span.start);
        let window = Window::of(line.text, label.span, line.start, MOST_CHARACTERS);
        let mark = Mark { line: line.number, window, label, kind };
        let near = stretches.iter_mut().find(|stretch| std::ptr::eq(stretch.source, source) && stretch.takes(&mark));
        match near {
            Some(stretch) => stretch.marks.push(mark),
            None => stretches.push(Stretch { source, line: line.number, column: window.before + 1, marks: vec![mark] }),
        }
    }
    stretches
}

impl<'s> Stretch<'s> {
    /// Whether the mark is near, and its line is not one that is already cut elsewhere.
    fn takes(&self, mark: &Mark<'_>) -> bool {
        self.marks.iter().any(|other| other.line.abs_diff(mark.line) <= NEAR_LINES)
            && self.marks.iter().all(|other| other.line != mark.line || other.window.text == mark.window.text)
    }

    fn snippet(&self) -> Snippet<'s, Annotation<'s>> {
        let first = self.marks.iter().map(|mark| mark.line).min().unwrap_or(1);
        let last = self.marks.iter().map(|mark| mark.line).max().unwrap_or(first);
        let mut text = String::new();
        let mut annotations = Vec::new();
        for number in first..=last {
            let window = self.marks.iter().find(|mark| mark.line == number).map_or_else(
                || {
                    let line = self.source.line(number as usize - 1);
                    Window::of(line.text, super::Span::new(super::SourceId(0), 0, 0), line.start, MOST_CHARACTERS)
                },
                |mark| mark.window,
            );
            let drawn = Drawn::new(&window);
            for mark in self.marks.iter().filter(|mark| mark.line == number) {
                let range = drawn.range(&mark.window);
                let annotation = mark.kind.span(text.len() + range.start..text.len() + range.end);
                let said = (!mark.label.text.is_empty()).then(|| visible(&mark.label.text).into_owned());
                annotations.push(annotation.label(said));
            }
            text.push_str(&drawn.text);
            text.push('\n');
        }
        Snippet::source(text).line_start(first as usize).fold(false).annotations(annotations)
    }
}

/// A line as it is drawn: cut ends marked, nothing in it that a terminal obeys.
struct Drawn {
    text: String,
    /// Characters put before the window's own.
    lead: usize,
}

impl Drawn {
    const CUT: &str = "…";

    fn new(window: &Window<'_>) -> Self {
        let before = if window.cut > 0 { Self::CUT } else { "" };
        let after = if window.is_cut_short { Self::CUT } else { "" };
        Self { text: format!("{before}{}{after}", visible(window.text)), lead: before.chars().count() }
    }

    /// The bytes of the drawn text that the window's span takes up.
    fn range(&self, window: &Window<'_>) -> Range<usize> {
        let start = self.lead + window.before - window.cut;
        self.byte_of(start)..self.byte_of(start + window.length)
    }

    fn byte_of(&self, character: usize) -> usize {
        self.text.char_indices().nth(character).map_or(self.text.len(), |(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, SourceId, Span};

    fn drawn(text: &str, make: impl FnOnce(SourceId) -> Diagnostic) -> String {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", text);
        render(&[make(file)], &sources, Colour::Never)
    }

    #[test]
    fn two_labels_that_are_near_are_one_stretch() {
        let text = "first: 1\nother: 2\nfirst: 3\n";
        let out = drawn(text, |file| {
            Diagnostic::error(Code::DuplicateKey, "the key `first` is there twice")
                .at(Span::new(file, 18, 23), "again here")
                .also(Span::new(file, 0, 5), "first here")
                .help("remove one of the two")
                .help("or rename one")
        });
        insta::assert_snapshot!(out, @r"
        error[duplicate-key]: the key `first` is there twice
         --> a.yaml:3:1
          |
        1 | first: 1
          | ----- first here
        2 | other: 2
        3 | first: 3
          | ^^^^^ again here
          |
          = help: remove one of the two
          = help: or rename one
        ");
    }

    #[test]
    fn labels_far_apart_are_stretches_of_their_own() {
        let text = format!("first: 1\n{}first: 3\n", "x\n".repeat(5000));
        let out = drawn(&text, |file| {
            Diagnostic::error(Code::DuplicateKey, "twice")
                .at(Span::new(file, 10009, 10014), "again here")
                .also(Span::new(file, 0, 5), "first here")
        });
        insta::assert_snapshot!(out, @r"
        error[duplicate-key]: twice
            --> a.yaml:5002:1
             |
        5002 | first: 3
             | ^^^^^ again here
            ::: a.yaml:1:1
             |
           1 | first: 1
             | ----- first here
        ");
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret_and_the_column_stays_true() {
        let text = format!("a: \"{}ß!{}\"\n", "ü".repeat(5000), "z".repeat(90_000));
        let at = u32::try_from(text.find('!').unwrap()).unwrap();
        let out =
            drawn(&text, |file| Diagnostic::warning(Code::BadTemplate, "odd").at(Span::new(file, at, at + 1), "here"));
        insta::assert_snapshot!(out, @r"
        warning[bad-template]: odd
         --> a.yaml:1:5006
          |
        1 | …üüüüüüüüüüüüüüüüüüüüüüüüüüüüüß!zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz…
          |                                ^ here
        ");
    }

    #[test]
    fn what_a_terminal_would_obey_is_never_drawn() {
        let text = "a\u{1b}[31m: \u{202e}x\r\n\tb: \u{9b}2J\r\n";
        let out = drawn(text, |file| {
            Diagnostic::error(Code::UnknownKey, "unknown key `a\u{1b}[31m`\nand\r more")
                .at(Span::new(file, 0, 6), "\u{1b}]0;x\u{7}\nnext")
                .help("\u{202e}help")
                .also(Span::new(file, 16, 17), "tab before")
        });
        assert!(!out.chars().any(|c| c != '\n' && c.is_control() || c == '\u{202e}'), "{out:?}");
        insta::assert_snapshot!(out, @r"
        error[unknown-key]: unknown key `a␛[31m`
                            and␍ more
         --> a.yaml:1:1
          |
        1 | a␛[31m: �x
          | ^^^^^^ ␛]0;x␇␊next
        2 |     b: �2J
          |      - tab before
          |
          = help: �help
        ");
    }

    #[test]
    fn a_problem_of_a_whole_file_names_it() {
        let out = drawn("", |_| {
            Diagnostic::error(Code::NotUtf8, "the file is not UTF-8").in_file("b\u{7}.yaml").help("save it as UTF-8")
        });
        insta::assert_snapshot!(out, @r"
        error[not-utf8]: the file is not UTF-8
        --> b␇.yaml
         = help: save it as UTF-8
        ");
    }

    #[test]
    fn a_span_of_several_lines_is_underlined_to_the_end_of_its_first() {
        let out = drawn("key:\n  - a\n  - b\n", |file| {
            Diagnostic::error(Code::WrongType, "expected a text, found a list").at(Span::new(file, 7, 16), "")
        });
        insta::assert_snapshot!(out, @r"
        error[wrong-type]: expected a text, found a list
         --> a.yaml:2:3
          |
        2 |   - a
          |   ^^^
        ");
    }

    #[test]
    fn the_end_of_the_file_and_places_that_do_not_exist_are_drawn_too() {
        let text = "key: [1,\n";
        for (start, end) in [(9, 9), (8, 9), (500, 700), (u32::MAX, u32::MAX), (0, u32::MAX)] {
            let out = drawn(text, |file| {
                Diagnostic::error(Code::YamlSyntax, "no end").at(Span::new(file, start, end), "here")
            });
            assert!(out.contains("--> a.yaml:"), "{start}..{end}: {out}");
        }
        let out =
            drawn("", |_| Diagnostic::error(Code::YamlSyntax, "no source").at(Span::new(SourceId(9), 1, 2), "here"));
        insta::assert_snapshot!(out, @"error[yaml-syntax]: no source");
        let out = drawn(text, |file| Diagnostic::error(Code::YamlSyntax, "no end").at(Span::point(file, 9), "here"));
        insta::assert_snapshot!(out, @r"
        error[yaml-syntax]: no end
         --> a.yaml:2:1
          |
        2 |
          | ^ here
        ");
    }

    #[test]
    fn colours_are_used_only_when_asked_for() {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "a: 1\n");
        let problem = [Diagnostic::error(Code::UnknownKey, "unknown key").at(Span::new(file, 0, 1), "here")];
        assert!(render(&problem, &sources, Colour::Always).contains("\u{1b}["));
        assert!(!render(&problem, &sources, Colour::Never).contains('\u{1b}'));
    }
}
