use super::number::number_len;
use super::{Json, Number};

/// How deep arrays and objects may be nested.
pub const MAX_DEPTH: usize = 128;

/// Why bytes are no JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct JsonError {
    /// Bytes before the fault.
    pub offset: usize,
    /// What is wrong there.
    pub kind: JsonErrorKind,
}

/// What can be wrong with a text that should be JSON (RFC 8259).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// Nothing but white space.
    #[error("no value")]
    Empty,
    /// The bytes are no UTF-8.
    #[error("invalid UTF-8")]
    InvalidUtf8,
    /// A byte order mark, of UTF-8 or UTF-16.
    #[error("byte order mark")]
    ByteOrderMark,
    /// A byte that cannot stand here.
    #[error("unexpected {}", shown(*.0))]
    Unexpected(u8),
    /// The text ends within a value.
    #[error("unexpected end")]
    Unterminated,
    /// An escape that JSON does not have.
    #[error("unknown escape")]
    BadEscape,
    /// Half of a surrogate pair.
    #[error("lone surrogate")]
    LoneSurrogate,
    /// A control character that is not escaped.
    #[error("control character in a string")]
    ControlCharacter,
    /// Something that begins like a number and is none.
    #[error("malformed number")]
    BadNumber,
    /// More text after the value.
    #[error("text after the value")]
    TrailingText,
    /// More than [`MAX_DEPTH`] arrays and objects within each other.
    #[error("nested deeper than {MAX_DEPTH}")]
    TooDeep,
}

fn shown(byte: u8) -> String {
    if byte.is_ascii_graphic() { format!("`{}`", char::from(byte)) } else { format!("byte 0x{byte:02x}") }
}

impl Json {
    /// Reads one JSON value; nothing but white space may stand around it.
    ///
    /// # Errors
    /// At the first fault, with its place; see [`JsonErrorKind`].
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonError> {
        if bytes.starts_with(b"\xef\xbb\xbf") || bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err(JsonError { offset: 0, kind: JsonErrorKind::ByteOrderMark });
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|fault| JsonError { offset: fault.valid_up_to(), kind: JsonErrorKind::InvalidUtf8 })?;
        let mut parser = Parser { text, at: 0 };
        parser.skip_space();
        if parser.peek().is_none() {
            return Err(parser.error(JsonErrorKind::Empty));
        }
        let value = parser.value(0)?;
        parser.skip_space();
        if parser.peek().is_some() {
            return Err(parser.error(JsonErrorKind::TrailingText));
        }
        Ok(value)
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    fn error(&self, kind: JsonErrorKind) -> JsonError {
        JsonError { offset: self.at, kind }
    }

    /// What stands here cannot: a byte, or the end.
    fn unexpected(&self) -> JsonError {
        self.error(self.peek().map_or(JsonErrorKind::Unterminated, JsonErrorKind::Unexpected))
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, JsonError> {
        match self.peek() {
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, JsonError> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let rest = &self.text[self.at..];
        let length = number_len(rest.as_bytes()).ok_or_else(|| self.error(JsonErrorKind::BadNumber))?;
        if let Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') = rest.as_bytes().get(length) {
            return Err(self.error(JsonErrorKind::BadNumber));
        }
        self.at += length;
        Ok(Json::Number(Number::checked(&rest[..length])))
    }

    fn array(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.open(depth)?;
        let mut items = Vec::new();
        if self.closes(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            self.skip_space();
            items.push(self.value(depth + 1)?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Json::Array(items));
                }
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.open(depth)?;
        let mut members = Vec::new();
        if self.closes(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected());
            }
            let key = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected());
            }
            self.at += 1;
            self.skip_space();
            members.push((key, self.value(depth + 1)?));
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Json::Object(members));
                }
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn open(&mut self, depth: usize) -> Result<(), JsonError> {
        if depth >= MAX_DEPTH {
            return Err(self.error(JsonErrorKind::TooDeep));
        }
        self.at += 1;
        Ok(())
    }

    fn closes(&mut self, bracket: u8) -> bool {
        self.skip_space();
        let closes = self.peek() == Some(bracket);
        self.at += usize::from(closes);
        closes
    }

    /// A string from its opening quote; without escapes it is one copy.
    fn string(&mut self) -> Result<String, JsonError> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let run = plain_len(&self.bytes()[self.at..]);
            let plain = &self.text[self.at..self.at + run];
            self.at += run;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    if text.is_empty() {
                        return Ok(plain.to_owned());
                    }
                    text.push_str(plain);
                    return Ok(text);
                }
                Some(b'\\') => {
                    text.push_str(plain);
                    text.push(self.escape()?);
                }
                Some(_) => return Err(self.error(JsonErrorKind::ControlCharacter)),
                None => return Err(self.error(JsonErrorKind::Unterminated)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let start = self.at;
        let letter = *self
            .bytes()
            .get(start + 1)
            .ok_or(JsonError { offset: self.bytes().len(), kind: JsonErrorKind::Unterminated })?;
        self.at += 2;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let lone = JsonError { offset: start, kind: JsonErrorKind::LoneSurrogate };
                let first = self.hex(start)?;
                if !(0xd800..0xe000).contains(&first) {
                    return char::from_u32(first).ok_or(lone);
                }
                if first >= 0xdc00 || !self.bytes()[self.at..].starts_with(b"\\u") {
                    return Err(lone);
                }
                let second_start = self.at;
                self.at += 2;
                let second = self.hex(second_start)?;
                if !(0xdc00..0xe000).contains(&second) {
                    return Err(lone);
                }
                char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or(lone)?
            }
            _ => return Err(JsonError { offset: start, kind: JsonErrorKind::BadEscape }),
        })
    }

    /// Four hexadecimal digits of the escape that began at `start`.
    fn hex(&mut self, start: usize) -> Result<u32, JsonError> {
        let mut value = 0;
        for _ in 0..4 {
            let byte = self.peek().ok_or_else(|| self.error(JsonErrorKind::Unterminated))?;
            let digit =
                char::from(byte).to_digit(16).ok_or(JsonError { offset: start, kind: JsonErrorKind::BadEscape })?;
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }
}

/// How many bytes stand before the next quote, backslash or control character. Eight at a time: bodies are mostly text.
fn plain_len(bytes: &[u8]) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let has_zero = |word: u64| word.wrapping_sub(LOW) & !word & HIGH;
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(LOW * 0x20) & !word & HIGH;
        if control | has_zero(word ^ (LOW * u64::from(b'"'))) | has_zero(word ^ (LOW * u64::from(b'\\'))) != 0 {
            break;
        }
        at += 8;
    }
    at + bytes[at..].iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::JsonErrorKind::{
        BadEscape, BadNumber, ByteOrderMark, ControlCharacter, Empty, InvalidUtf8, LoneSurrogate, TooDeep,
        TrailingText, Unexpected, Unterminated,
    };
    use super::*;

    #[test]
    fn accepts_what_rfc_8259_accepts_and_writes_it_back() {
        for text in [
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-1.5e+10",
            "1E-2",
            "123e65",
            "1e400",
            "100000000000000000000",
            r#""""#,
            r#"" ""#,
            r#""ü😀\u0000\b\f\n\r\t\"\\""#,
            "\"\u{7f}\u{2028}\u{fffe}\"",
            "[]",
            "{}",
            "[[],{}]",
            r#"{"":0}"#,
            r#"{"a":1,"a":2}"#,
            r#"["exactly8","exactly16 bytes.","€€€€€€€€€€€€€"]"#,
        ] {
            let json = Json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(json.to_string(), text);
        }
        for (text, compact) in [
            (" [ 1 ,\t2\r\n] ", "[1,2]"),
            (r#""\u00fc\ud83d\ude00\/\u0041\uFFFF""#, "\"ü😀/A\u{ffff}\""),
            (r#"{ "a" : null }"#, r#"{"a":null}"#),
        ] {
            assert_eq!(Json::parse(text.as_bytes()).map(|json| json.to_string()), Ok(compact.to_owned()));
        }
    }

    #[test]
    fn refuses_what_rfc_8259_refuses_at_its_byte() {
        let cases: &[(&[u8], usize, JsonErrorKind)] = &[
            (b"", 0, Empty),
            (b" \n", 2, Empty),
            (b"\xef\xbb\xbf{}", 0, ByteOrderMark),
            (b"\xff\xfe[\0]\0", 0, ByteOrderMark),
            (b"\xfe\xff\0[\0]", 0, ByteOrderMark),
            (b"\"a\xff\xfeb\"", 2, InvalidUtf8),
            (b"\"\xed\xa0\x80\"", 1, InvalidUtf8),
            (b"\"\xc0\xaf\"", 1, InvalidUtf8),
            (b"[1,]", 3, Unexpected(b']')),
            (b"[,1]", 1, Unexpected(b',')),
            (b"[1 true]", 3, Unexpected(b't')),
            (b"[1", 2, Unterminated),
            (b"[", 1, Unterminated),
            (b"{\"a\":1,}", 7, Unexpected(b'}')),
            (b"{\"a\" 1}", 5, Unexpected(b'1')),
            (b"{\"a\":}", 5, Unexpected(b'}')),
            (b"{a:1}", 1, Unexpected(b'a')),
            (b"{'a':1}", 1, Unexpected(b'\'')),
            (b"{\"a\":1 \"b\":2}", 7, Unexpected(b'"')),
            (b"{1:1}", 1, Unexpected(b'1')),
            (b"[1}", 2, Unexpected(b'}')),
            (b"tru", 3, Unterminated),
            (b"True", 0, Unexpected(b'T')),
            (b"nul1", 3, Unexpected(b'1')),
            (b"NaN", 0, Unexpected(b'N')),
            (b"[Infinity]", 1, Unexpected(b'I')),
            (b"// c\n1", 0, Unexpected(b'/')),
            (b"\x0c1", 0, Unexpected(0x0c)),
            (b"\"abc", 4, Unterminated),
            (b"\"abc\\", 5, Unterminated),
            (b"\"\\u12", 5, Unterminated),
            (b"\"\\x41\"", 1, BadEscape),
            (b"\"ab\\u00G0\"", 3, BadEscape),
            (b"\"\\\xc3\xa9\"", 1, BadEscape),
            (b"\"\\ud800\"", 1, LoneSurrogate),
            (b"\"\\udc00\"", 1, LoneSurrogate),
            (b"\"\\ud800\\u0041\"", 1, LoneSurrogate),
            (b"\"\\ud800x\"", 1, LoneSurrogate),
            (b"\"a\nb\"", 2, ControlCharacter),
            (b"\"abcdefgh\tb\"", 9, ControlCharacter),
            (b"\"\0\"", 1, ControlCharacter),
            (b"01", 0, BadNumber),
            (b"-01", 0, BadNumber),
            (b"[-]", 1, BadNumber),
            (b"1.", 0, BadNumber),
            (b"1.e1", 0, BadNumber),
            (b"1e", 0, BadNumber),
            (b"1e+", 0, BadNumber),
            (b"0e+-1", 0, BadNumber),
            (b"1.2.3", 0, BadNumber),
            (b"[.5]", 1, Unexpected(b'.')),
            (b"+1", 0, Unexpected(b'+')),
            (b"0x1", 1, TrailingText),
            (b"1 2", 2, TrailingText),
            (b"{}}", 2, TrailingText),
            (b"[]\0", 2, TrailingText),
        ];
        for (bytes, offset, kind) in cases {
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!(Json::parse(bytes), Err(JsonError { offset: *offset, kind: *kind }), "{shown:?}");
        }
    }

    #[test]
    fn depth_is_limited_and_the_stack_is_safe() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Json::parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        let error = JsonError { offset: MAX_DEPTH, kind: TooDeep };
        assert_eq!(Json::parse(nested(MAX_DEPTH + 1).as_bytes()), Err(error.clone()));
        assert_eq!(Json::parse("[".repeat(100_000).as_bytes()), Err(error.clone()));
        assert_eq!(Json::parse("{\"\":".repeat(100_000).as_bytes()).map_err(|error| error.kind), Err(TooDeep));
        assert_eq!(error.to_string(), "nested deeper than 128 at byte 128");
    }

    fn trees() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,4})?"
                .prop_map(|text| Json::Number(Number::parse(&text).expect("the pattern is the grammar"))),
            any::<String>().prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
                prop::collection::vec((any::<String>(), inner), 0..6).prop_map(Json::Object),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read_back(json in trees()) {
            let text = json.to_string();
            let again = Json::parse(text.as_bytes()).expect("our own text");
            prop_assert_eq!(&again, &json);
            prop_assert_eq!(again.to_string(), text);
            prop_assert_eq!(Json::parse(json.pretty().as_bytes()).expect("our own text"), json);
        }

        #[test]
        fn any_bytes_are_read_or_refused_as_serde_json_does(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let theirs = serde_json::from_slice::<&serde_json::value::RawValue>(&bytes).is_ok();
            let ours = Json::parse(&bytes);
            prop_assert!(ours.is_ok() == theirs || bytes.starts_with(b"\xef\xbb\xbf"), "{:?}", ours);
        }

        #[test]
        fn json_like_texts_are_read_or_refused_as_serde_json_does(text in "[\\[\\]{}\",:0-9eE.+\\-\\\\u trn a-f]{0,24}") {
            let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            let ours = Json::parse(text.as_bytes());
            let lone = matches!(&ours, Err(JsonError { kind: LoneSurrogate, .. }));
            prop_assert!(ours.is_ok() == theirs || lone, "{:?}", ours);
        }
    }
}
