/// How the bytes of one answer are broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WireFault {
    /// A status that has no body is followed by one (RFC 9110 §15.4.5).
    BodyWhereNone,
    /// The connection ends in the middle of the body (RFC 9112 §8).
    BodyCut,
    /// `Content-Length` says more than comes before the connection ends.
    LengthTooLarge,
    /// `Content-Length` says less than comes.
    LengthTooSmall,
    /// `Content-Length` stands there twice and says the same (RFC 9112 §6.3).
    LengthTwice,
    /// `Content-Length` stands there twice and says two things.
    LengthsDiffer,
    /// `Content-Length` stands beside `Transfer-Encoding` (RFC 9112 §6.2).
    LengthAndChunked,
    /// The size of a chunk is no number (RFC 9112 §7.1).
    ChunkSizeBroken,
    /// The last chunk does not come.
    ChunksUnended,
    /// The connection ends without an answer.
    NoAnswer,
    /// A line among the header fields is none (RFC 9112 §5).
    FieldGarbage,
    /// A header field goes on in the next line (RFC 9112 §5.2).
    FieldFolded,
    /// The lines of the head end in LF alone (RFC 9112 §2.2).
    BareLf,
    /// `Content-Type` stands there twice and says two things (RFC 9110 §8.3).
    TypeTwice,
    /// Bytes that belong to no answer follow it.
    StrayBytes,
}
