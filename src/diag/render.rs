use std::fmt::Write as _;
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
        // Writing to a text cannot fail.
        let _ = write!(out, "{}\n\n", renderer.render(&[group(diagnostic, sources)]));
    }
    out
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
