/// `METHOD place`, split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestLine<'t> {
    /// The method.
    pub(crate) method: &'t str,
    /// The path or URL, with names in it.
    pub(crate) place: &'t str,
    /// Where the place begins, in bytes.
    pub(crate) place_from: usize,
}

/// What is wrong with a request line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadRequestLine {
    /// There is no place.
    #[error("a request is a method and a place, such as `GET /version`")]
    NoPlace,
    /// The method is no token in capitals.
    #[error("a method is written in capitals, such as `GET`")]
    BadMethod,
    /// The place is neither a path nor a name.
    #[error("a request goes to a path that begins with `/`, or to a URL in a name such as `$(url)`")]
    BadPlace,
    /// The place holds a character that no URL holds.
    #[error("a path holds no space and no control character: a value with one is put in by `$(…)`, which encodes it")]
    BadCharacter,
    /// A fragment is never sent.
    #[error("a `#` begins a fragment, and a fragment is never sent")]
    Fragment,
}

impl<'t> RequestLine<'t> {
    /// Splits a request line.
    pub(crate) fn parse(text: &'t str) -> Result<Self, BadRequestLine> {
        let (method, rest) = text.split_once(' ').ok_or(BadRequestLine::NoPlace)?;
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-') {
            return Err(BadRequestLine::BadMethod);
        }
        let place = rest.trim_start_matches(' ');
        if place.is_empty() {
            return Err(BadRequestLine::NoPlace);
        }
        if !place.starts_with('/') && !place.starts_with("$(") {
            return Err(BadRequestLine::BadPlace);
        }
        let mut depth = 0_usize;
        let mut before = ' ';
        for character in place.chars() {
            match character {
                '(' if before == '$' || depth > 0 => depth += 1,
                ')' if depth > 0 => depth -= 1,
                '#' if depth == 0 => return Err(BadRequestLine::Fragment),
                ' ' if depth > 0 => {}
                character if character == ' ' || character.is_control() => return Err(BadRequestLine::BadCharacter),
                _ => {}
            }
            before = character;
        }
        Ok(Self { method, place, place_from: text.len() - place.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_a_name_are_places() {
        let place = |text| RequestLine::parse(text).map(|line| (line.method.to_owned(), line.place.to_owned()));
        assert_eq!(place("GET /a?b=$(c + 1)"), Ok(("GET".to_owned(), "/a?b=$(c + 1)".to_owned())));
        assert_eq!(place("DELETE $(url)"), Ok(("DELETE".to_owned(), "$(url)".to_owned())));
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(RequestLine::parse("/a"), Err(BadRequestLine::NoPlace));
        assert_eq!(RequestLine::parse("get /a"), Err(BadRequestLine::BadMethod));
        assert_eq!(RequestLine::parse("GET a"), Err(BadRequestLine::BadPlace));
        assert_eq!(RequestLine::parse("GET /a b"), Err(BadRequestLine::BadCharacter));
        assert_eq!(RequestLine::parse("GET /a#b"), Err(BadRequestLine::Fragment));
    }
}
