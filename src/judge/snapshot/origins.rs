/// The ways in which the origin of a URL may be met in an answer, the longest first: with its scheme, percent-encoded,
/// without its scheme, the host alone. Nothing where the text is no URL of HTTP.
pub(super) fn of_url(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else { return Vec::new() };
    if !["http", "https"].contains(&scheme) {
        return Vec::new();
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Vec::new();
    }
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => authority,
    };
    let mut ways = vec![format!("{scheme}://{authority}"), authority.to_owned(), host.to_owned()];
    ways.dedup();
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_met_with_and_without_its_scheme_and_port() {
        assert_eq!(of_url("http://127.0.0.1:8080/a/b"), ["http://127.0.0.1:8080", "127.0.0.1:8080", "127.0.0.1"]);
        assert_eq!(of_url("https://api.example.com"), ["https://api.example.com", "api.example.com"]);
        assert_eq!(of_url("https://[::1]:8443/x"), ["https://[::1]:8443", "[::1]:8443", "[::1]"]);
        for text in ["", "api.example.com", "ftp://a.example", "http://", "/path"] {
            assert!(of_url(text).is_empty(), "{text}");
        }
    }
}
