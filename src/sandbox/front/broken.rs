use super::WireFault;
use super::message::Message;

/// What comes after the bytes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Afterwards {
    /// The connection goes on.
    Open,
    /// It ends.
    Closed,
}

/// What belongs to no answer.
const STRAY: &[u8] = b"stray bytes";
/// The body of an answer that must not have one.
const UNASKED: &[u8] = b"{\"events\":[]}";

/// The bytes of an answer, broken.
pub(super) fn broken(message: &Message<'_>, fault: WireFault) -> (Vec<u8>, Afterwards) {
    use Afterwards::{Closed, Open};
    let size = message.body.len();
    match fault {
        WireFault::BodyWhereNone => (with_length(message, &[UNASKED.len()], UNASKED), Open),
        WireFault::BodyCut => (with_length(message, &[size], &message.body[..size / 2]), Closed),
        WireFault::LengthTooLarge => (with_length(message, &[size + 10], message.body), Closed),
        WireFault::LengthTooSmall => (with_length(message, &[size.saturating_sub(1)], message.body), Open),
        WireFault::LengthTwice => (with_length(message, &[size, size], message.body), Open),
        WireFault::LengthsDiffer => (with_length(message, &[size, size + 10], message.body), Closed),
        WireFault::LengthAndChunked => {
            let body = [&chunk(&format!("{size:x}"), message.body), b"0\r\n\r\n".as_slice()].concat();
            (head_and(message, &[format!("content-length: {size}"), CHUNKED.to_owned()], &body), Open)
        }
        WireFault::ChunkSizeBroken => {
            let body = [&chunk("many", message.body), b"0\r\n\r\n".as_slice()].concat();
            (head_and(message, &[CHUNKED.to_owned()], &body), Closed)
        }
        WireFault::ChunksUnended => {
            (head_and(message, &[CHUNKED.to_owned()], &chunk(&format!("{size:x}"), message.body)), Closed)
        }
        WireFault::NoAnswer => (Vec::new(), Closed),
        WireFault::FieldGarbage => (with_field(message, "this is no header field"), Closed),
        WireFault::FieldFolded => (with_field(message, "x-folded: one\r\n two"), Open),
        WireFault::BareLf => {
            let lines = std::iter::once(&message.status_line).chain(&message.fields);
            let mut bytes: Vec<u8> = lines.flat_map(|line| [line, b"\n".as_slice()].concat()).collect();
            bytes.extend([b"\n", message.body].concat());
            (bytes, Open)
        }
        WireFault::TypeTwice => (with_field(message, "content-type: text/plain"), Open),
        WireFault::StrayBytes => (with_length(message, &[size], &[message.body, STRAY].concat()), Open),
    }
}

const CHUNKED: &str = "transfer-encoding: chunked";

fn chunk(size: &str, data: &[u8]) -> Vec<u8> {
    [size.as_bytes(), b"\r\n", data, b"\r\n"].concat()
}

/// The answer with these lengths and this body in the place of its own.
fn with_length(message: &Message<'_>, lengths: &[usize], body: &[u8]) -> Vec<u8> {
    let lengths: Vec<String> = lengths.iter().map(|length| format!("content-length: {length}")).collect();
    head_and(message, &lengths, body)
}

/// The answer with a line more at the end of its header fields.
fn with_field(message: &Message<'_>, line: &str) -> Vec<u8> {
    head_and(message, &[format!("content-length: {}", message.body.len()), line.to_owned()], message.body)
}

/// The answer with these lines in the place of its length, and another body.
fn head_and(message: &Message<'_>, lines: &[String], body: &[u8]) -> Vec<u8> {
    let kept = message.fields_without("content-length");
    let lines = std::iter::once(message.status_line).chain(kept).chain(lines.iter().map(String::as_bytes));
    let mut bytes = Vec::new();
    for line in lines {
        bytes.extend_from_slice(line);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(fault: WireFault) -> (String, Afterwards) {
        let message =
            Message::whole(b"HTTP/1.1 200 Success\r\ncontent-length: 4\r\nx: y\r\n\r\nbody").expect("it is whole");
        let (bytes, afterwards) = broken(&message, fault);
        (String::from_utf8(bytes).expect("all of it is text"), afterwards)
    }

    #[test]
    fn each_fault_breaks_the_bytes_in_its_own_way_and_no_other() {
        use Afterwards::{Closed, Open};
        let head = "HTTP/1.1 200 Success\r\nx: y\r\n";
        for (fault, rest, afterwards) in [
            (WireFault::BodyWhereNone, "content-length: 13\r\n\r\n{\"events\":[]}", Open),
            (WireFault::BodyCut, "content-length: 4\r\n\r\nbo", Closed),
            (WireFault::LengthTooLarge, "content-length: 14\r\n\r\nbody", Closed),
            (WireFault::LengthTooSmall, "content-length: 3\r\n\r\nbody", Open),
            (WireFault::LengthTwice, "content-length: 4\r\ncontent-length: 4\r\n\r\nbody", Open),
            (WireFault::LengthsDiffer, "content-length: 4\r\ncontent-length: 14\r\n\r\nbody", Closed),
            (
                WireFault::LengthAndChunked,
                "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
                Open,
            ),
            (WireFault::ChunkSizeBroken, "transfer-encoding: chunked\r\n\r\nmany\r\nbody\r\n0\r\n\r\n", Closed),
            (WireFault::ChunksUnended, "transfer-encoding: chunked\r\n\r\n4\r\nbody\r\n", Closed),
            (WireFault::FieldGarbage, "content-length: 4\r\nthis is no header field\r\n\r\nbody", Closed),
            (WireFault::FieldFolded, "content-length: 4\r\nx-folded: one\r\n two\r\n\r\nbody", Open),
            (WireFault::TypeTwice, "content-length: 4\r\ncontent-type: text/plain\r\n\r\nbody", Open),
            (WireFault::StrayBytes, "content-length: 4\r\n\r\nbodystray bytes", Open),
        ] {
            assert_eq!(told(fault), (format!("{head}{rest}"), afterwards), "{fault:?}");
        }
        assert_eq!(told(WireFault::NoAnswer), (String::new(), Closed));
        assert_eq!(told(WireFault::BareLf).0, "HTTP/1.1 200 Success\ncontent-length: 4\nx: y\n\nbody");
    }
}
