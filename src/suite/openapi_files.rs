use crate::diag::{Code, Diagnostic, Diagnostics, Sources, Span, nearest};
use crate::judge::{ApiFile, files_named};

use super::files::{ReadError, Reader};
use super::openapi_part::OpenapiPart;
use super::yaml::{self, Limits};

/// The most bytes of an OpenAPI document.
const MOST_BYTES: u64 = 10 * 1024 * 1024;
/// The most values of one.
const MOST_VALUES: usize = 1_000_000;
/// How many files documents may be made of.
const MOST_FILES: usize = 64;

/// The documents that a suite names, and after them the files of the suite that they refer to; and how many of them are
/// documents. A file that is not there is told where it is named.
pub(crate) fn read_documents(
    part: &OpenapiPart,
    reader: &Reader<'_>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> (Vec<ApiFile>, usize) {
    let mut files: Vec<ApiFile> = Vec::new();
    for (path, span) in &part.files {
        match reader.read(path, MOST_BYTES) {
            Ok(bytes) => files.extend(read(path, &bytes, reader, sources, out)),
            Err(error) => out.push(unreadable(path, *span, &error, reader)),
        }
    }
    let documents = files.len();
    let mut at = 0;
    while let Some(file) = files.get(at) {
        for path in files_named(&file.path, &file.node) {
            // Those under `schemas/` are the suite's own.
            let is_schema = path.starts_with("schemas/");
            if is_schema || files.len() >= MOST_FILES || files.iter().any(|known| known.path == path) {
                continue;
            }
            // One that cannot be read is told where a reference needs it.
            if let Ok(bytes) = reader.read(&path, MOST_BYTES) {
                files.extend(read(&path, &bytes, reader, sources, out));
            }
        }
        at += 1;
    }
    (files, documents)
}

fn read(
    path: &str,
    bytes: &[u8],
    reader: &Reader<'_>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Option<ApiFile> {
    let shown = reader.shown(path);
    let Ok(text) = std::str::from_utf8(bytes) else {
        out.push(Diagnostic::error(Code::NotUtf8, "the file is not UTF-8").in_file(shown));
        return None;
    };
    let source = sources.add(shown, text);
    let most = usize::try_from(MOST_BYTES).unwrap_or(usize::MAX);
    let limits = Limits { bytes: most, nodes: MOST_VALUES, ..Limits::default() };
    // JSON is YAML, as far as documents go.
    let nodes = yaml::read(source, text, &limits, out);
    let node = nodes.into_iter().next();
    if node.is_none() && out.errors() == 0 {
        out.push(Diagnostic::error(Code::BadOpenapi, "the file is empty").at(Span::point(source, 0), ""));
    }
    Some(ApiFile { path: path.to_owned(), node: node? })
}

fn unreadable(path: &str, span: Span, error: &ReadError, reader: &Reader<'_>) -> Diagnostic {
    let problem = Diagnostic::error(Code::UnreadableFile, format!("`{path}`: {error}"))
        .at(span, "paths start from the suite's folder");
    match error {
        ReadError::NotThere => problem.help_nearest(nearest(path, reader.paths())),
        ReadError::Outside
        | ReadError::BadPath
        | ReadError::NotAFile(_)
        | ReadError::TooBig { .. }
        | ReadError::Unreadable(_) => problem,
    }
}
