use url::Url;

use crate::event::Fault;

use super::failure::bad_request;

/// Path and query of a URL as they are written, where the path has `.` or `..` in it: reading the URL takes these away, and a
/// test of what a server makes of them would ask for another path, and pass.
///
/// Nothing where the URL, once read, says what is written.
///
/// # Errors
/// A fault of preparing, when something beside the dots would have to be encoded. The text may hold secrets, so it is not told.
pub(super) fn dotted(text: &str) -> Result<Option<String>, Fault> {
    let Some((_, after_scheme)) = text.split_once("://") else { return Ok(None) };
    let Some(begin) = after_scheme.find(['/', '\\', '?', '#']) else { return Ok(None) };
    let target = after_scheme[begin..].split('#').next().unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    if !path.split(['/', '\\']).any(is_dots) {
        return Ok(None);
    }
    if target.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)) {
        return Ok(Some(target.to_owned()));
    }
    Err(bad_request(
        "a path with `.` or `..` in it is sent as it stands, so all else in it must be percent-encoded".to_owned(),
    ))
}

/// Whether a segment of a path is one that reading a URL takes away (URL Standard, "single-dot" and "double-dot URL path
/// segment").
fn is_dots(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

/// The URL as it goes over the wire.
pub(super) fn written(url: &Url, dotted: Option<&str>) -> String {
    match dotted {
        None => url.as_str().to_owned(),
        Some(target) => format!("{}{target}", &url[..url::Position::BeforePath]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_dots_is_kept_as_it_is_written_and_no_other_is() {
        for (path, kept) in [
            ("/../../etc/passwd", true),
            ("/a/./b?c=../d", true),
            ("/%2e%2E/x", true),
            ("/.%2e", true),
            ("/a/..", true),
            ("", false),
            ("/", false),
            ("/...", false),
            ("/..%2fetc", false),
            ("/cached../x", false),
            ("/.well-known/x", false),
            ("/a?b=/../c", false),
            ("?b=/../c", false),
            ("/a#/../b", false),
        ] {
            let found = dotted(&format!("http://a.example{path}")).expect("nothing has to be encoded");
            assert_eq!(found.as_deref(), kept.then_some(path), "{path}");
        }
        assert_eq!(dotted("http://a.example/../b#c").ok().flatten().as_deref(), Some("/../b"));
    }

    #[test]
    fn dots_among_what_would_be_encoded_are_refused() {
        for path in ["/../a b", "/..\\x", "/../é", "/../?q={}", "/../\n"] {
            assert!(dotted(&format!("http://a.example{path}")).is_err(), "{path}");
        }
    }
}
