use crate::http::{Authorization, Limits, Outgoing, OutgoingBody, OutgoingPart, PartContent};
use crate::trial::{Draft, DraftBody, DraftPart};

/// The media type of a file whose type nobody says.
const BYTES: &str = "application/octet-stream";

/// A draft as a request for the door.
pub(super) fn outgoing(
    draft: Draft,
    authorization: Authorization,
    extra: Vec<(String, String)>,
    limits: Limits,
) -> Outgoing {
    let mut headers = draft.headers;
    for (name, value) in extra {
        if !headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            headers.push((name, Some(value)));
        }
    }
    Outgoing {
        method: draft.method,
        url: draft.url,
        headers,
        authorization,
        cookies: draft.cookies,
        body: match draft.body {
            DraftBody::Empty => OutgoingBody::None,
            DraftBody::Json(json) => OutgoingBody::Json(json),
            DraftBody::Form(fields) => OutgoingBody::Form(fields),
            DraftBody::Text(text) => OutgoingBody::Text { media_type: "text/plain; charset=utf-8".to_owned(), text },
            DraftBody::File { bytes, .. } => {
                OutgoingBody::Bytes { media_type: BYTES.to_owned(), bytes: bytes.to_vec() }
            }
            DraftBody::Multipart(parts) => OutgoingBody::Multipart(parts.into_iter().map(part).collect()),
        },
        limits,
    }
}

fn part((name, part): (String, DraftPart)) -> OutgoingPart {
    match part {
        DraftPart::Value(text) => {
            OutgoingPart { name, file_name: None, media_type: None, content: PartContent::Text(text) }
        }
        DraftPart::File { name: file, bytes, media_type } => OutgoingPart {
            name,
            file_name: Some(file.rsplit('/').next().unwrap_or(&file).to_owned()),
            media_type: Some(media_type.unwrap_or_else(|| BYTES.to_owned())),
            content: PartContent::Bytes(bytes.to_vec()),
        },
    }
}
