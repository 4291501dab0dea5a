use granit_parser::{ErrorKind, Event, Parser, ScanError};

use super::build::{self, Builder, Stop, too_deep};
use super::{Limits, slips};
use crate::diag::{Code, Diagnostic, Diagnostics, SourceId, Span};
use crate::value::Node;

/// Reads all documents of a file; empty ones and broken ones are left out. Problems go to `out`.
///
/// `text` is the text that `source` was added with; a byte-order mark at its beginning is passed over.
#[must_use]
pub fn read(source: SourceId, text: &str, limits: &Limits, out: &mut Diagnostics) -> Vec<Node> {
    if text.len() > limits.bytes {
        let message = format!("the file has {} bytes, at most {} are read", text.len(), limits.bytes);
        out.push(Diagnostic::error(Code::YamlTooBig, message).at(Span::point(source, 0), ""));
        return Vec::new();
    }
    let mut builder = Builder::new(source, text, limits);
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: limits.depth,
        block_nesting_limit: limits.depth,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut documents = Vec::new();
    let mut broken = 0;
    let mut found = Diagnostics::new();
    while let Some(next) = parser.next_event() {
        // Nothing more would be shown.
        if found.is_over_full() {
            break;
        }
        match next {
            Ok((Event::DocumentEnd, _)) => documents.extend(builder.end_document()),
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => {
                if take(&mut builder, &event, &Place { source, text, span }, &mut found).is_err() {
                    break;
                }
            }
            Err(error) => {
                found.push(problem(source, text, &error, limits));
                broken += 1;
                // An error of the search for the next document ends the file: there is nothing to go on from.
                if broken >= limits.broken_documents || !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    out.append(found);
    documents
}

/// Where an event stands.
struct Place<'r> {
    source: SourceId,
    text: &'r str,
    span: granit_parser::Span,
}

impl Place<'_> {
    fn of(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or_default();
        let fits = |at: usize| self.text.floor_char_boundary(at);
        Span::of(self.source, fits(range.start), fits(range.end))
    }
}

fn take(builder: &mut Builder<'_>, event: &Event<'_>, place: &Place<'_>, out: &mut Diagnostics) -> Result<(), Stop> {
    let span = place.of(&place.span);
    if let Some(tag) = event.tag() {
        out.push(build::tag(tag, place.span.tag_span().map_or(span, |tag| place.of(&tag))));
    }
    match event {
        Event::DocumentStart(..) => return builder.begin_document(span, out),
        Event::Anchor(_, name) => return builder.anchor_name(name, span, out),
        Event::Alias(anchor) => return builder.alias(*anchor, span, out),
        Event::UnresolvedAlias(name) => return builder.unknown_alias(name, span, out),
        Event::Scalar(value, style, anchor, _) => return builder.scalar(value, *style, *anchor, span, out),
        Event::SequenceStart(_, anchor, _) => return builder.begin_list(*anchor, span, out),
        Event::MappingStart(_, anchor, _) => return builder.begin_map(*anchor, span, out),
        Event::SequenceEnd | Event::MappingEnd => builder.end(span, out),
        Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Comment(..) | _ => {}
    }
    Ok(())
}

fn problem(source: SourceId, text: &str, error: &ScanError, limits: &Limits) -> Diagnostic {
    let at = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(text.len()));
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return too_deep(Span::of(source, at, at), limits);
    }
    slips::explain(source, text, at, error.kind())
}
