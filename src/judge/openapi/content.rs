use std::sync::Arc;

use crate::judge::Schema;

use super::mould::Mould;

/// What a document says of a body in one media type.
#[derive(Debug)]
pub(super) struct Media {
    /// The media type, or a range such as `text/*`, in lower case and without parameters.
    pub(super) range: String,
    pub(super) schema: Option<Arc<Schema>>,
    pub(super) mould: Mould,
    /// Where the document says so: `file:line`.
    pub(super) place: String,
}

impl Media {
    /// How closely it names this media type: less is closer; nothing where it does not.
    fn closeness(&self, media_type: &str) -> Option<u8> {
        if self.range == media_type {
            return Some(0);
        }
        if self.range == "*/*" {
            return Some(2);
        }
        let whole = self.range.strip_suffix("/*")?;
        media_type.split_once('/').is_some_and(|(kind, _)| kind == whole).then_some(1)
    }
}

/// The one that names this media type most closely.
pub(super) fn closest<'m>(content: &'m [Media], media_type: &str) -> Option<&'m Media> {
    let fitting = content.iter().filter_map(|media| Some((media.closeness(media_type)?, media)));
    fitting.min_by_key(|(closeness, _)| *closeness).map(|(_, media)| media)
}

/// The media type of a header field, without its parameters, in lower case.
pub(super) fn media_type(value: &str) -> String {
    value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase()
}

/// Whether bodies of this media type are JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    media_type.ends_with("/json") || media_type.ends_with("+json")
}

/// The media types, as people list them.
pub(super) fn listed(content: &[Media]) -> String {
    content.iter().map(|media| media.range.as_str()).collect::<Vec<_>>().join(", ")
}
