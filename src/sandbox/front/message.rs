/// An answer in its sound bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message<'b> {
    /// The status line.
    pub(super) status_line: &'b [u8],
    /// The header fields, a line each, without its end.
    pub(super) fields: Vec<&'b [u8]>,
    /// The body.
    pub(super) body: &'b [u8],
}

impl<'b> Message<'b> {
    /// The answer, once all of its bytes are there. It must not be chunked, nor the answer to a HEAD.
    pub(super) fn whole(bytes: &'b [u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let mut lines = lines(&bytes[..end]);
        let status_line = lines.next()?;
        let fields: Vec<&[u8]> = lines.collect();
        let rest = &bytes[end + 4..];
        let length = fields.iter().find_map(|field| length(field)).filter(|_| has_body(status_line)).unwrap_or(0);
        let body = rest.get(..length)?;
        Some(Self { status_line, fields, body })
    }

    /// The header fields but those of a name, in lower case.
    pub(super) fn fields_without(&self, name: &str) -> Vec<&'b [u8]> {
        self.fields.iter().copied().filter(|field| !is_named(field, name)).collect()
    }
}

fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

fn is_named(field: &[u8], name: &str) -> bool {
    let found = field.split(|byte| *byte == b':').next().unwrap_or_default();
    found.eq_ignore_ascii_case(name.as_bytes())
}

fn length(field: &[u8]) -> Option<usize> {
    let (_, value) = std::str::from_utf8(field).ok()?.split_once(':').filter(|_| is_named(field, "content-length"))?;
    value.trim().parse().ok()
}

/// Whether the status is one that bodies come with: `HTTP/1.1 304 No Events` is none.
fn has_body(status_line: &[u8]) -> bool {
    !matches!(status_line.get(9..12), Some(b"204" | b"304"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_its_length_is_there() {
        let bytes = b"HTTP/1.1 200 Success\r\nserver: x\r\nContent-Length: 4\r\n\r\nbody";
        let message = Message::whole(bytes).expect("all of it is there");
        assert_eq!((message.status_line, message.body), (b"HTTP/1.1 200 Success".as_slice(), b"body".as_slice()));
        assert_eq!(message.fields_without("content-length"), [b"server: x"]);
        for end in 0..bytes.len() {
            assert_eq!(Message::whole(&bytes[..end]), None, "{end}");
        }
    }

    #[test]
    fn a_304_is_whole_without_the_body_whose_length_it_tells() {
        let message = Message::whole(b"HTTP/1.1 304 No Events\r\ncontent-length: 4\r\n\r\n");
        assert_eq!(message.map(|message| message.body.len()), Some(0));
    }
}
