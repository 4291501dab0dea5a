use std::fmt;

/// Where a node stands in its document; its text is a normalised path (RFC 9535 §2.7), `$['a'][0]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location<'a> {
    segments: Vec<Segment<'a>>,
}

/// One step down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// To the member of an object.
    Key(&'a str),
    /// To the element of a list, counted from zero.
    Index(usize),
}

impl<'a> Location<'a> {
    /// The whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// One step below the root.
    #[must_use]
    pub fn of(segment: Segment<'a>) -> Self {
        Self { segments: vec![segment] }
    }

    /// The steps from the root.
    #[must_use]
    pub fn segments(&self) -> &[Segment<'a>] {
        &self.segments
    }

    /// The JSON Pointer (RFC 6901) to the same place.
    #[must_use]
    pub fn to_pointer(&self) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            text.push('/');
            match segment {
                Segment::Key(key) => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Segment::Index(index) => text.push_str(&index.to_string()),
            }
        }
        text
    }

    pub(in crate::value) fn push_key(&mut self, key: &'a str) {
        self.segments.push(Segment::Key(key));
    }

    pub(in crate::value) fn push_index(&mut self, index: usize) {
        self.segments.push(Segment::Index(index));
    }

    pub(in crate::value) fn pop(&mut self) {
        self.segments.pop();
    }

    pub(super) fn below(&self, segment: Segment<'a>) -> Self {
        let mut segments = Vec::with_capacity(self.segments.len() + 1);
        segments.extend_from_slice(&self.segments);
        segments.push(segment);
        Self { segments }
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for segment in &self.segments {
            match segment {
                Segment::Key(key) => {
                    f.write_str("['")?;
                    key.chars().try_for_each(|character| write_name_char(f, character))?;
                    f.write_str("']")?;
                }
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

fn write_name_char(f: &mut fmt::Formatter<'_>, character: char) -> fmt::Result {
    match character {
        '\u{8}' => f.write_str("\\b"),
        '\u{c}' => f.write_str("\\f"),
        '\n' => f.write_str("\\n"),
        '\r' => f.write_str("\\r"),
        '\t' => f.write_str("\\t"),
        '\'' => f.write_str("\\'"),
        '\\' => f.write_str("\\\\"),
        '\0'..='\u{1f}' => write!(f, "\\u{:04x}", u32::from(character)),
        _ => write!(f, "{character}"),
    }
}
