use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cookie::Cookie;
use url::Url;

use crate::clock::Timestamp;
use crate::value::Origin;

/// How many cookies a jar keeps.
const MAX_COOKIES: usize = 200;
/// How large a cookie may be, its name and attributes included.
const MAX_COOKIE_BYTES: usize = 4096;

/// The cookies of one device, with handles in the place of their values.
///
/// Stricter than a browser: a cookie goes back to the origin that set it and nowhere else, whatever its `Domain` says,
/// and a `Secure` one never goes over plain HTTP.
///
/// # Source
/// RFC 6265 §5.1.4 (paths) and §5.3 (storage).
#[derive(Debug, Default)]
pub struct Jar {
    cookies: Mutex<Vec<Stored>>,
}

#[derive(Debug)]
struct Stored {
    origin: Origin,
    path: String,
    name: String,
    value: String,
    expires: Option<Timestamp>,
}

impl Jar {
    /// An empty jar.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a `Set-Cookie` field of an answer from `url`; `value` is the handle of the cookie's value, or the value
    /// where it is no secret.
    pub fn store(&self, url: &Url, field: &str, value: &str, now: Timestamp) {
        let (Some(origin), Ok(cookie)) = (Origin::of(url), Cookie::parse(field)) else { return };
        if field.len() > MAX_COOKIE_BYTES
            || field.chars().any(char::is_control)
            || (cookie.secure() == Some(true) && origin.scheme() != "https")
        {
            return;
        }
        let path = cookie.path().filter(|path| path.starts_with('/')).unwrap_or_else(|| default_path(url)).to_owned();
        let name = cookie.name().to_owned();
        let expires = expiry(&cookie, now);
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.retain(|known| {
            known.expires.is_none_or(|expires| expires > now)
                && (&known.origin, &known.path, &known.name) != (&origin, &path, &name)
        });
        if expires.is_none_or(|expires| expires > now) && cookies.len() < MAX_COOKIES {
            cookies.push(Stored { origin, path, name, value: value.to_owned(), expires });
        }
    }

    /// Names and values of the cookies that go to `url`, longer paths first, older ones first.
    #[must_use]
    pub fn cookies_for(&self, url: &Url, now: Timestamp) -> Vec<(String, String)> {
        let origin = Origin::of(url);
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fitting: Vec<&Stored> = cookies
            .iter()
            .filter(|cookie| {
                Some(&cookie.origin) == origin.as_ref()
                    && cookie.expires.is_none_or(|expires| expires > now)
                    && covers(&cookie.path, url.path())
            })
            .collect();
        fitting.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        fitting.into_iter().map(|cookie| (cookie.name.clone(), cookie.value.clone())).collect()
    }
}

fn expiry(cookie: &Cookie<'_>, now: Timestamp) -> Option<Timestamp> {
    if let Some(age) = cookie.max_age() {
        let seconds = u64::try_from(age.whole_seconds()).unwrap_or(0);
        return Some(now.plus(Duration::from_secs(seconds)));
    }
    let end = cookie.expires_datetime()?;
    Some(Timestamp::from_millis(end.unix_timestamp().saturating_mul(1000)))
}

fn default_path(url: &Url) -> &str {
    match url.path().rfind('/') {
        None | Some(0) => "/",
        Some(end) => &url.path()[..end],
    }
}

fn covers(cookie: &str, path: &str) -> bool {
    path.strip_prefix(cookie).is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL of the test")
    }

    fn names(jar: &Jar, to: &str, now: Timestamp) -> Vec<String> {
        jar.cookies_for(&url(to), now).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_domain_never_widens_a_cookie() {
        let jar = Jar::new();
        for domain in ["example.test", ".test", "co.uk", "0.0.1"] {
            jar.store(&url("https://a.example.test/"), &format!("sid=x; Domain={domain}"), "x", NOW);
        }
        assert_eq!(names(&jar, "https://a.example.test/", NOW), ["sid"]);
        for other in ["https://example.test/", "https://b.example.test/", "https://a.example.test:8443/"] {
            assert_eq!(names(&jar, other, NOW), [""; 0], "{other}");
        }
    }

    #[test]
    fn a_secure_cookie_stays_off_plain_http() {
        let jar = Jar::new();
        jar.store(&url("http://a.test/"), "sid=x; Secure", "x", NOW);
        jar.store(&url("https://a.test/"), "sid=x; Secure", "x", NOW);
        assert_eq!(names(&jar, "http://a.test/", NOW), [""; 0]);
        assert_eq!(names(&jar, "https://a.test/", NOW), ["sid"]);
    }

    #[test]
    fn a_cookie_ends_by_the_clock_of_the_target() {
        let jar = Jar::new();
        jar.store(&url("https://a.test/"), "short=x; Max-Age=60", "x", NOW);
        jar.store(&url("https://a.test/"), "long=x; Expires=Wed, 01 Jan 2098 00:00:00 GMT", "x", NOW);
        jar.store(&url("https://a.test/"), "gone=x; Max-Age=0", "x", NOW);
        assert_eq!(names(&jar, "https://a.test/", NOW), ["short", "long"]);
        assert_eq!(names(&jar, "https://a.test/", NOW.plus(Duration::from_mins(1))), ["long"]);
    }

    #[test]
    fn paths_choose_cookies() {
        let jar = Jar::new();
        jar.store(&url("https://a.test/api/login"), "default=x", "x", NOW);
        jar.store(&url("https://a.test/api/login"), "root=x; Path=/", "x", NOW);
        assert_eq!(names(&jar, "https://a.test/api/other", NOW), ["default", "root"]);
        assert_eq!(names(&jar, "https://a.test/apis", NOW), ["root"]);
    }

    #[test]
    fn a_jar_is_bounded() {
        let jar = Jar::new();
        for number in 0..10_000 {
            jar.store(&url("https://a.test/"), &format!("c{number}=x"), "x", NOW);
        }
        jar.store(&url("https://a.test/"), &format!("big={}", "x".repeat(1 << 20)), "x", NOW);
        assert_eq!(names(&jar, "https://a.test/", NOW).len(), MAX_COOKIES);
    }
}
