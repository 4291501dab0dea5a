use std::fmt::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use super::Handle;
use crate::value::write::write_escaped;

/// An encoding in which a secret may be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Form {
    /// Inside a JSON string, only what must be escaped escaped.
    Json,
    /// The same, `/` as `\/`.
    JsonSlash,
    /// The same, in ASCII: `\u00e9`.
    JsonAscii,
    /// The same, in ASCII: `\u00E9`.
    JsonAsciiUpper,
    /// In ASCII and `/` as `\/`.
    JsonAsciiSlash,
    /// As Go writes it: `<`, `>` and `&` as `\u003c` and so on.
    JsonHtml,
    /// As .NET writes it: the same and `'`, `"`, `+`, `` ` ``, in upper case, in ASCII.
    JsonNet,
    /// Percent-encoded, all but the unreserved characters (RFC 3986 §2.3).
    Percent,
    /// The same in lower case.
    PercentLower,
    /// Percent-encoded as by `encodeURIComponent`.
    Component,
    /// The same in lower case.
    ComponentLower,
    /// Percent-encoded as in a path, the characters that may stand there left alone.
    Path,
    /// The same in lower case.
    PathLower,
    /// Percent-encoded as by a browser in a query.
    Query,
    /// The same in lower case.
    QueryLower,
    /// `application/x-www-form-urlencoded`: a space is a `+`.
    UrlForm,
    /// The same in lower case.
    UrlFormLower,
    /// In an XML attribute, `&apos;`.
    Xml,
    /// In an XML text: `&`, `<` and `>` alone.
    XmlText,
    /// In HTML, `&#39;`.
    Html,
    /// In HTML, `&#x27;`.
    HtmlHex,
    /// In HTML, `&#34;` and `&#39;`.
    HtmlDecimal,
    /// Base64 (RFC 4648 §4).
    Base64,
    /// Base64 without padding.
    Base64Bare,
    /// Base64 for URLs (RFC 4648 §5).
    Base64Url,
    /// Base64 for URLs without padding.
    Base64UrlBare,
    /// What Base64 of any text holds in which the secret begins at a multiple of three bytes.
    Base64At0,
    /// The same, one byte later.
    Base64At1,
    /// The same, two bytes later.
    Base64At2,
    /// What Base64 for URLs holds, likewise.
    Base64UrlAt0,
    /// The same, one byte later.
    Base64UrlAt1,
    /// The same, two bytes later.
    Base64UrlAt2,
    /// Hexadecimal.
    Hex,
    /// Hexadecimal in upper case.
    HexUpper,
    /// The header of a JWT.
    JwtHeader,
    /// The payload of a JWT.
    JwtPayload,
    /// The signature of a JWT.
    JwtSignature,
    /// As Rust's `{:?}` writes it.
    Debug,
    /// Within single quotes of a shell.
    Shell,
}

/// All forms and their words.
const ALL: [(Form, &str); 39] = [
    (Form::Json, "json"),
    (Form::JsonSlash, "json-slash"),
    (Form::JsonAscii, "json-ascii"),
    (Form::JsonAsciiUpper, "json-ascii-upper"),
    (Form::JsonAsciiSlash, "json-ascii-slash"),
    (Form::JsonHtml, "json-html"),
    (Form::JsonNet, "json-net"),
    (Form::Percent, "percent"),
    (Form::PercentLower, "percent-lower"),
    (Form::Component, "component"),
    (Form::ComponentLower, "component-lower"),
    (Form::Path, "path"),
    (Form::PathLower, "path-lower"),
    (Form::Query, "query"),
    (Form::QueryLower, "query-lower"),
    (Form::UrlForm, "form"),
    (Form::UrlFormLower, "form-lower"),
    (Form::Xml, "xml"),
    (Form::XmlText, "xml-text"),
    (Form::Html, "html"),
    (Form::HtmlHex, "html-hex"),
    (Form::HtmlDecimal, "html-decimal"),
    (Form::Base64, "base64"),
    (Form::Base64Bare, "base64-bare"),
    (Form::Base64Url, "base64url"),
    (Form::Base64UrlBare, "base64url-bare"),
    (Form::Base64At0, "base64-at0"),
    (Form::Base64At1, "base64-at1"),
    (Form::Base64At2, "base64-at2"),
    (Form::Base64UrlAt0, "base64url-at0"),
    (Form::Base64UrlAt1, "base64url-at1"),
    (Form::Base64UrlAt2, "base64url-at2"),
    (Form::Hex, "hex"),
    (Form::HexUpper, "hex-upper"),
    (Form::JwtHeader, "jwt-header"),
    (Form::JwtPayload, "jwt-payload"),
    (Form::JwtSignature, "jwt-signature"),
    (Form::Debug, "debug"),
    (Form::Shell, "shell"),
];

impl Form {
    /// Every form.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|(form, _)| *form)
    }

    /// The value in every form it has; forms that write it as it is may be left out.
    pub(super) fn each_of(value: &str) -> impl Iterator<Item = (Self, String)> {
        // Most tokens are made of these alone, and no escaping touches them.
        let is_simple = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        Self::all()
            .filter(move |form| !is_simple || form.rewrites_all())
            .filter_map(move |form| Some((form, form.encode(value)?)))
    }

    /// Whether the form writes even letters and digits otherwise, or takes a part of the value.
    fn rewrites_all(self) -> bool {
        ["base64", "hex", "jwt"].iter().any(|start| self.word().starts_with(start))
    }

    /// The word for it in a handle.
    #[must_use]
    pub fn word(self) -> &'static str {
        ALL.iter().find(|(form, _)| *form == self).map_or("", |(_, word)| word)
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        ALL.iter().find(|(_, known)| *known == word).map(|(form, _)| *form)
    }

    /// Encodes a text for its place; a handle in it becomes the handle of that form, so that the door puts in the encoded
    /// value.
    #[must_use]
    pub fn apply(self, text: &str) -> String {
        let encode = |text: &str| self.encode(text).unwrap_or_default();
        let mut encoded = String::with_capacity(text.len());
        let mut at = 0;
        while let Some((range, handle)) = Handle::find(text.as_bytes(), at) {
            encoded.push_str(&encode(&text[at..range.start]));
            encoded.push_str(&handle.encoded(self).to_string());
            at = range.end;
        }
        encoded.push_str(&encode(&text[at..]));
        encoded
    }

    /// The text with every handle in this form, unless it is in it already; all else stays as it is.
    #[must_use]
    pub fn apply_to_handles(self, text: &str) -> String {
        let mut encoded = String::with_capacity(text.len());
        let mut at = 0;
        while let Some((range, handle)) = Handle::find(text.as_bytes(), at) {
            encoded.push_str(&text[at..range.start]);
            let handle = if handle.forms().last() == Some(&self) { handle } else { handle.encoded(self) };
            encoded.push_str(&handle.to_string());
            at = range.end;
        }
        encoded.push_str(&text[at..]);
        encoded
    }

    /// The value in this form; `None` when it has no such form.
    pub(super) fn encode(self, value: &str) -> Option<String> {
        let bytes = value.as_bytes();
        Some(match self {
            Self::Json => json(value, "", Case::Lower, Ascii::Raw),
            Self::JsonSlash => json(value, "", Case::Lower, Ascii::Raw).replace('/', "\\/"),
            Self::JsonAscii => json(value, "", Case::Lower, Ascii::Escaped),
            Self::JsonAsciiUpper => json(value, "", Case::Upper, Ascii::Escaped),
            Self::JsonAsciiSlash => json(value, "", Case::Lower, Ascii::Escaped).replace('/', "\\/"),
            Self::JsonHtml => json(value, "<>&", Case::Lower, Ascii::Raw),
            Self::JsonNet => json(value, "<>&'\"+`", Case::Upper, Ascii::Escaped),
            Self::Percent => percent(bytes, "-_.~", Case::Upper),
            Self::PercentLower => percent(bytes, "-_.~", Case::Lower),
            Self::Component => percent(bytes, "-_.!~*'()", Case::Upper),
            Self::ComponentLower => percent(bytes, "-_.!~*'()", Case::Lower),
            Self::Path => percent(bytes, "-_.~!$&'()*+,;=:@/", Case::Upper),
            Self::PathLower => percent(bytes, "-_.~!$&'()*+,;=:@/", Case::Lower),
            Self::Query => percent(bytes, "-_.~!$%&()*+,;=:@/?[\\]^`{|}'", Case::Upper),
            Self::QueryLower => percent(bytes, "-_.~!$%&()*+,;=:@/?[\\]^`{|}'", Case::Lower),
            Self::UrlForm => percent(bytes, "*-._ ", Case::Upper).replace(' ', "+"),
            Self::UrlFormLower => percent(bytes, "*-._ ", Case::Lower).replace(' ', "+"),
            Self::Xml => entities(value, "&quot;", "&apos;"),
            Self::XmlText => entities(value, "\"", "'"),
            Self::Html => entities(value, "&quot;", "&#39;"),
            Self::HtmlHex => entities(value, "&quot;", "&#x27;"),
            Self::HtmlDecimal => entities(value, "&#34;", "&#39;"),
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64Bare => STANDARD_NO_PAD.encode(bytes),
            Self::Base64Url => URL_SAFE.encode(bytes),
            Self::Base64UrlBare => URL_SAFE_NO_PAD.encode(bytes),
            Self::Base64At0 => inner_base64(bytes, 0, &STANDARD_NO_PAD),
            Self::Base64At1 => inner_base64(bytes, 1, &STANDARD_NO_PAD),
            Self::Base64At2 => inner_base64(bytes, 2, &STANDARD_NO_PAD),
            Self::Base64UrlAt0 => inner_base64(bytes, 0, &URL_SAFE_NO_PAD),
            Self::Base64UrlAt1 => inner_base64(bytes, 1, &URL_SAFE_NO_PAD),
            Self::Base64UrlAt2 => inner_base64(bytes, 2, &URL_SAFE_NO_PAD),
            Self::Hex => hex(bytes, Case::Lower),
            Self::HexUpper => hex(bytes, Case::Upper),
            Self::JwtHeader => return jwt_segment(value, 0),
            Self::JwtPayload => return jwt_segment(value, 1),
            Self::JwtSignature => return jwt_segment(value, 2),
            Self::Debug => {
                let quoted = format!("{value:?}");
                quoted[1..quoted.len() - 1].to_owned()
            }
            Self::Shell => value.replace('\'', "'\\''"),
        })
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[derive(Clone, Copy)]
enum Case {
    Lower,
    Upper,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ascii {
    Raw,
    Escaped,
}

/// Two hexadecimal digits for each byte.
fn hex(bytes: &[u8], case: Case) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = match case {
            Case::Lower => write!(text, "{byte:02x}"),
            Case::Upper => write!(text, "{byte:02X}"),
        };
        text
    })
}

fn percent(bytes: &[u8], keep: &str, case: Case) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || keep.as_bytes().contains(byte) {
            text.push(char::from(*byte));
        } else {
            text.push('%');
            text.push_str(&hex(&[*byte], case));
        }
    }
    text
}

/// The inside of a JSON string; the characters `more` are escaped by number, and all that are no ASCII if so wanted.
fn json(value: &str, more: &str, case: Case, ascii: Ascii) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        if more.contains(character) || (!character.is_ascii() && ascii == Ascii::Escaped) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                text.push_str("\\u");
                text.push_str(&hex(&unit.to_be_bytes(), case));
            }
        } else {
            // Writing into a String cannot fail.
            let _ = write_escaped(&mut text, character.encode_utf8(&mut [0; 4]));
        }
    }
    text
}

fn entities(value: &str, quote: &str, apostrophe: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', quote).replace('\'', apostrophe)
}

/// The characters of Base64 that are the same whatever stands before and after the value, `lead` bytes past a group.
fn inner_base64(value: &[u8], lead: usize, engine: &impl Engine) -> String {
    let mut padded = vec![0; lead];
    padded.extend_from_slice(value);
    let encoded = engine.encode(&padded);
    let first = (lead * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    encoded.get(first..last).unwrap_or_default().to_owned()
}

fn jwt_segment(value: &str, index: usize) -> Option<String> {
    let segments: Vec<&str> = value.split('.').collect();
    let is_base64url =
        |text: &&str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    // A JSON object in Base64 begins with `ey`.
    let is_jwt = segments.len() == 3 && segments[0].starts_with("ey") && segments.iter().all(is_base64url);
    is_jwt.then(|| segments[index].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_a_word_of_its_own() {
        for (form, word) in ALL {
            assert_eq!((form.word(), Form::from_word(word)), (word, Some(form)));
        }
        assert!(Form::all().all(|form| form.encode("é/<'\"").is_some() || form.word().starts_with("jwt")));
    }

    #[test]
    fn no_form_is_left_out_that_differs() {
        for value in ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl", "not-a_secret.1", "not/a+secret"] {
            let listed: Vec<(Form, String)> = Form::each_of(value).collect();
            for form in Form::all() {
                let text = form.encode(value);
                assert!(
                    text.as_deref().is_none_or(|text| text == value || listed.contains(&(form, text.to_owned()))),
                    "{form}"
                );
            }
        }
    }

    #[test]
    fn encodings_are_as_others_write_them() {
        for (form, encoded) in [
            (Form::Json, r#"a\"/é+<' \n"#),
            (Form::JsonSlash, r#"a\"\/é+<' \n"#),
            (Form::JsonAscii, r#"a\"/\u00e9+<' \n"#),
            (Form::JsonHtml, r#"a\"/é+\u003c' \n"#),
            (Form::JsonNet, r"a\u0022/\u00E9\u002B\u003C\u0027 \n"),
            (Form::Percent, "a%22%2F%C3%A9%2B%3C%27%20%0A"),
            (Form::PercentLower, "a%22%2f%c3%a9%2b%3c%27%20%0a"),
            (Form::Component, "a%22%2F%C3%A9%2B%3C'%20%0A"),
            (Form::UrlForm, "a%22%2F%C3%A9%2B%3C%27+%0A"),
            (Form::Xml, "a&quot;/é+&lt;&apos; \n"),
            (Form::Html, "a&quot;/é+&lt;&#39; \n"),
            (Form::Base64, "YSIvw6krPCcgCg=="),
            (Form::Base64Bare, "YSIvw6krPCcgCg"),
            (Form::Hex, "61222fc3a92b3c27200a"),
            (Form::HexUpper, "61222FC3A92B3C27200A"),
            (Form::Shell, "a\"/é+<'\\'' \n"),
        ] {
            assert_eq!(form.encode("a\"/é+<' \n").as_deref(), Some(encoded), "{form}");
        }
    }

    #[test]
    fn the_inner_part_of_base64_stands_in_every_surrounding() {
        let value = "not-a-secret";
        for (before, form) in
            [("", Form::Base64At0), ("u", Form::Base64At1), ("id", Form::Base64At2), ("id:", Form::Base64At0)]
        {
            for after in ["", "x", "xy", ":xyz"] {
                let whole = STANDARD.encode(format!("{before}{value}{after}"));
                assert!(whole.contains(&form.encode(value).expect("always there")), "{before} {after}");
            }
        }
    }

    #[test]
    fn handles_in_a_text_become_handles_of_the_form() {
        assert_eq!(Form::Percent.apply("a b‹x.y#1›c/‹z#2~base64›"), "a%20b‹x.y#1~percent›c%2F‹z#2~base64~percent›");
    }
}
