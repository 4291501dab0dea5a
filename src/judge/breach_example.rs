use super::BreachCode;

/// What a code means for the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The answer shows that something does not hold.
    Shown,
    /// It cannot be decided.
    Undecided,
    /// Nothing fails by it.
    Told,
}

impl Weight {
    /// Why it matters, in a sentence or two.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::Shown => {
                "A received answer shows that what the step says does not hold: whoever relies on it meets the same. What it \
                 comes to is told by the block (`assize explain expect`) and the level of the requirement."
            }
            Self::Undecided => {
                "A check that cannot be decided never passes: the case is told of as broken or inconclusive, and the run does \
                 not end with 0."
            }
            Self::Told => "It is worth knowing, and nothing fails by it.",
        }
    }
}

impl BreachCode {
    /// What it means for the verdict.
    #[must_use]
    pub const fn weight(self) -> Weight {
        match self {
            Self::RequestUndocumented => Weight::Told,
            Self::NoReasonPhrase
            | Self::InexactNumber
            | Self::OpaqueValue
            | Self::MissingName
            | Self::BadOperand
            | Self::TooManyNodes
            | Self::NoAnswer
            | Self::NotCompiled => Weight::Undecided,
            Self::StatusMismatch
            | Self::StatusesMismatch
            | Self::ReasonMismatch
            | Self::HeaderMissing
            | Self::HeaderMismatch
            | Self::LocationInvalid
            | Self::LocationMismatch
            | Self::LocationMissing
            | Self::ContentTypeMismatch
            | Self::JsonInvalid
            | Self::JsonMissing
            | Self::JsonMismatch
            | Self::DuplicateKey
            | Self::SchemaViolation
            | Self::UndocumentedStatus
            | Self::UndocumentedContentType
            | Self::JwtMalformed
            | Self::JwtAlgorithm
            | Self::JwtSignature
            | Self::JwtClaimMissing
            | Self::JwtClaim
            | Self::TextMismatch
            | Self::InvalidUtf8
            | Self::SizeMismatch
            | Self::ValueMismatch
            | Self::ValueMissing
            | Self::TooFast
            | Self::TooSlow
            | Self::NoBranch
            | Self::SnapshotDiffers
            | Self::SnapshotMissing
            | Self::ProtocolIrregular
            | Self::CaptureMissing
            | Self::PollTimedOut
            | Self::PollGaveUp
            | Self::PollNeverHeld => Weight::Shown,
        }
    }

    /// What a step says, and below `got:` what came that does not fit.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::StatusMismatch => "expect: { status: 200 }\ngot:\nHTTP/1.1 503 Service Unavailable",
            Self::StatusesMismatch => {
                "expect: { statuses: [201, 409] }     # two that are sent together\ngot:\n201 and 201"
            }
            Self::ReasonMismatch => "expect: { reason: Created }\ngot:\nHTTP/1.1 201 OK",
            Self::NoReasonPhrase => "expect: { reason: Created }\ngot:\nHTTP/2 201",
            Self::HeaderMissing => "expect: { headers: { etag: { exists: true } } }\ngot:\nan answer without ETag",
            Self::HeaderMismatch => "expect: { headers: { cache-control: no-store } }\ngot:\ncache-control: max-age=60",
            Self::LocationInvalid => "expect: { location: { to: /done } }\ngot:\nlocation: http://[",
            Self::LocationMismatch => "expect: { location: { to: /done } }\ngot:\nlocation: /login?error=access_denied",
            Self::LocationMissing => {
                "expect: { location: { query: { code: { exists: true } } } }\ngot:\nlocation: /done?state=7"
            }
            Self::ContentTypeMismatch => {
                "expect: { content_type: application/json }\ngot:\ncontent-type: text/html; charset=utf-8"
            }
            Self::JsonInvalid => "expect: { json: { $.id: 7 } }\ngot:\n{\"id\": 7,}",
            Self::JsonMissing => "expect: { json: { $.id: 7 } }\ngot:\n{\"ID\": 7}",
            Self::JsonMismatch => "expect: { json: { $.id: 7 } }\ngot:\n{\"id\": \"7\"}",
            Self::DuplicateKey => "expect: { json: { $.id: 7 } }\ngot:\n{\"id\": 7, \"id\": 8}",
            Self::SchemaViolation => "expect: { schema: { type: object, required: [id] } }\ngot:\n{\"number\": 7}",
            Self::UndocumentedStatus => "GET /rooms, documented with 200 and 404\ngot:\nHTTP/1.1 202 Accepted",
            Self::UndocumentedContentType => {
                "GET /rooms, documented as application/json\ngot:\ncontent-type: text/html"
            }
            Self::RequestUndocumented => {
                "GET /rooms?size=ten, documented with an integer `size`\ngot:\nwhatever came: it is the request that is not documented"
            }
            Self::JwtMalformed => {
                "expect: { jwt: { $.id_token: { claims: { $.sub: \"7\" } } } }\ngot:\nan id_token of two parts"
            }
            Self::JwtAlgorithm => {
                "expect: { jwt: { $.id_token: { alg: [RS256] } } }\ngot:\na header with \"alg\": \"none\""
            }
            Self::JwtSignature => {
                "expect: { jwt: { $.id_token: { keys: $(jwks) } } }\ngot:\na token that none of the keys verifies"
            }
            Self::JwtClaimMissing => {
                "expect: { jwt: { $.id_token: { claims: { $.nonce: $(nonce) } } } }\ngot:\nclaims without `nonce`"
            }
            Self::JwtClaim => "expect: { jwt: { $.id_token: { claims: { $.aud: desk } } } }\ngot:\n\"aud\": \"kiosk\"",
            Self::TextMismatch => "expect: { text: pong }\ngot:\npong, and a line break after it",
            Self::InvalidUtf8 => "expect: { text: Bücher }\ngot:\nB\\xfccher",
            Self::SizeMismatch => "expect: { size: { max: 1024 } }\ngot:\na body of 4096 bytes",
            Self::ValueMismatch => "expect: { values: { second: { not: $(first) } } }\ngot:\nthe same value twice",
            Self::ValueMissing => {
                "expect: { values: { cursor: { exists: true } } }\ngot:\nan optional capture of `cursor` that found nothing"
            }
            Self::TooFast => "expect: { within: { min: 5s } }\ngot:\nan answer after 20 ms",
            Self::TooSlow => "expect: { within: 2s }\ngot:\nan answer after 3.1 s",
            Self::NoBranch => {
                "expect: { any_of: [{ status: 204 }, { status: 200, text: \"\" }] }\ngot:\nHTTP/1.1 200 OK, and a body"
            }
            Self::SnapshotDiffers => "expect: { snapshot: true }\ngot:\nan answer in which `busy` is called `engaged`",
            Self::SnapshotMissing => {
                "expect: { snapshot: true }\ngot:\nan answer, and no accepted file beside the suite"
            }
            Self::ProtocolIrregular => "any step\ngot:\nan answer with content-length and transfer-encoding",
            Self::InexactNumber => {
                "expect: { schema: { type: integer, maximum: 10 } }\ngot:\n123456789012345678901234567890"
            }
            Self::OpaqueValue => {
                "expect: { jwt: { $.access_token: { claims: { $.sub: \"7\" } } } }\ngot:\na record in which the token is a handle, and nothing about `sub`"
            }
            Self::CaptureMissing => "capture: { id: $.id }\ngot:\n{\"number\": 7}",
            Self::PollTimedOut => {
                "poll: { until: { json: { $.state: done } }, for: 10s }\ngot:\n{\"state\": \"running\"}, ten seconds long"
            }
            Self::PollGaveUp => {
                "poll: { until: { json: { $.state: done } }, give_up: { json: { $.state: failed } } }\ngot:\n{\"state\": \"failed\"}"
            }
            Self::PollNeverHeld => {
                "poll: { never: { json: { $.state: lost } }, always: 200, for: 10s }\ngot:\n{\"state\": \"lost\"}, at the third attempt"
            }
            Self::MissingName => {
                "expect: { json: { $.id: $(booking) } }\ngot:\nno `booking`: its optional capture found nothing"
            }
            Self::BadOperand => "expect: { within: $(limit) }\ngot:\na `limit` of `soon`",
            Self::TooManyNodes => "expect: { json: { \"$..*..*\": 7 } }\ngot:\na body of a million values",
            Self::NoAnswer => "expect: 200\ngot:\na connection that was closed before an answer",
            Self::NotCompiled => {
                "expect: { json: { $.room: $(room) } }     # a name of the target\ngot:\na check that was judged before a target was chosen"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_shows_what_is_asked_for_and_what_came() {
        for code in BreachCode::ALL {
            let (asked, got) = code.example().split_once("\ngot:\n").expect("both parts");
            assert!(!asked.trim().is_empty() && !got.trim().is_empty(), "{code}");
            assert!(code.weight().why().ends_with('.'), "{code}");
        }
    }
}
