use crate::judge::show::quoted;
use crate::value::Number;

use super::hint::EMPTY;

/// A guess at why a text is not in a format.
pub(super) fn of_format(format: &str, text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(EMPTY.to_owned());
    }
    if text != text.trim() {
        return Some("white space stands around the text".to_owned());
    }
    match format {
        "date-time" => of_date_time(text),
        "date" if text.get(10..11) == Some("T") => {
            text.get(..10).map(|date| format!("a date alone is expected: {}", quoted(date)))
        }
        "time" if is_time(text) => {
            Some("the zone is missing: end the time with Z, or with an offset such as +01:00".to_owned())
        }
        "uuid" => of_uuid(text),
        "uri" | "iri" if !text.contains(':') => Some("there is no scheme, so it is only a part of a URI".to_owned()),
        "ipv4" | "ipv6" | "hostname" if text.contains("://") => {
            Some("a URL is there, and only the host is expected".to_owned())
        }
        "ipv4" | "hostname" if text.contains(':') => Some("a port stands at its end".to_owned()),
        "json-pointer" if !text.starts_with('/') => Some("a JSON Pointer begins with `/`".to_owned()),
        _ => None,
    }
}

fn of_date_time(text: &str) -> Option<String> {
    if Number::parse(text).is_ok() {
        return Some("a number is there, perhaps seconds since 1970; a date and a time are expected".to_owned());
    }
    let (date, time) = (text.get(..10)?, text.get(10..)?);
    if !is_date(date) {
        return None;
    }
    match time.as_bytes() {
        [] => Some("a date alone; the time and the zone are missing".to_owned()),
        [b' ', ..] => Some(format!("a `T` stands between date and time: {}", quoted(&text.replacen(' ', "T", 1)))),
        [b'T' | b't', ..] if is_time(&time[1..]) => {
            Some("the zone is missing: end it with Z, or with an offset such as +01:00".to_owned())
        }
        [b'T' | b't', ..] if time.len() == 6 || time.get(6..).is_some_and(|rest| !rest.starts_with(':')) => {
            Some("the seconds are missing".to_owned())
        }
        _ => match time.as_bytes() {
            [.., sign @ (b'+' | b'-'), a, b, c, d] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()) => {
                let sign = char::from(*sign);
                Some(format!("a colon is missing in the offset, as in `{sign}01:00`"))
            }
            _ => None,
        },
    }
}

fn of_uuid(text: &str) -> Option<String> {
    let digits = text.chars().filter(char::is_ascii_hexdigit).count();
    if text.starts_with('{') || text.starts_with("urn:") {
        return Some("a UUID stands alone, without braces or a prefix".to_owned());
    }
    (digits == 32 && text.len() == 32).then(|| "the hyphens are missing".to_owned())
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && fits(text, "0000-00-00")
}

/// A time of day without a zone.
fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    fits(clock, "00:00:00") && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text has digits where the mask has them, and is the mask elsewhere.
fn fits(text: &str, mask: &str) -> bool {
    text.len() == mask.len()
        && text.bytes().zip(mask.bytes()).all(|(a, b)| if b == b'0' { a.is_ascii_digit() } else { a == b })
}
