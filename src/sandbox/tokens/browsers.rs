use std::collections::HashMap;
use std::time::Duration;

use http::HeaderMap;
use http::header::COOKIE;

use crate::clock::{Rng, Timestamp};
use crate::sandbox::tenant::{AgentId, Entropy};

/// How long a browser stays signed in. [INF]
const STAY: Duration = Duration::from_hours(8);
/// The name of the cookie.
const NAME: &str = "assize-sign-in";
/// When this many browsers are remembered, those that have stayed long enough are forgotten.
const MANY: usize = 10_000;

/// Who has signed in by a browser, and when: the token endpoint tells that as `auth_time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Present {
    /// Who.
    pub(crate) agent: AgentId,
    /// When the page was filled in.
    pub(crate) since: Timestamp,
}

/// The browsers that people are signed in by, told apart by a cookie, so that nobody fills in the page twice
/// (OpenID Connect Core §3.1.2.1, `prompt`). Ended by `/auth/authorize/logout`.
pub(crate) struct Browsers {
    known: HashMap<String, Present>,
    rng: Rng,
}

impl Browsers {
    /// Nobody is signed in yet.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self { known: HashMap::new(), rng: entropy.stream("browsers") }
    }

    /// Remembers who has just filled in the page; what the browser must send to be known again.
    pub(crate) fn enter(&mut self, agent: AgentId, now: Timestamp) -> String {
        if self.known.len() >= MANY {
            self.known.retain(|_, present| present.since.plus(STAY) > now);
        }
        let key = self.rng.hex(32);
        self.known.insert(key.clone(), Present { agent, since: now });
        key
    }

    /// Who is signed in by the browser that sends these headers.
    pub(crate) fn present(&self, headers: &HeaderMap, now: Timestamp) -> Option<Present> {
        keys(headers).filter_map(|key| self.known.get(key)).find(|present| present.since.plus(STAY) > now).copied()
    }

    /// Forgets the browser that sends these headers.
    pub(crate) fn leave(&mut self, headers: &HeaderMap) {
        for key in keys(headers) {
            self.known.remove(key);
        }
    }
}

fn keys(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let pairs = headers.get_all(COOKIE).into_iter().filter_map(|header| header.to_str().ok());
    let pairs = pairs.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == NAME).map(|(_, key)| key)
}

/// The cookie by which a browser of the tenant at `address` is known again. Applications on other sites renew in a frame,
/// which a browser allows over TLS only.
pub(crate) fn cookie(address: &str, key: &str) -> String {
    format!("{NAME}={key}; Path=/auth; HttpOnly; {}", sites(address))
}

/// The cookie that takes the place of the other one, and is gone at once.
pub(crate) fn no_cookie(address: &str) -> String {
    format!("{NAME}=; Max-Age=0; Path=/auth; HttpOnly; {}", sites(address))
}

fn sites(address: &str) -> &'static str {
    if address.starts_with("https:") { "Secure; SameSite=None" } else { "SameSite=Lax" }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn sent(cookie: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookie).expect("a header"))])
    }

    #[test]
    fn a_browser_is_known_by_its_cookie_until_it_leaves_or_its_time_is_over() {
        let mut browsers = Browsers::new(&Entropy::from_seed(1));
        let now = Timestamp::from_millis(1_000);
        let key = browsers.enter(AgentId(7), now);
        let own = sent(&format!("a=b; {NAME}={key}"));
        let present = Some(Present { agent: AgentId(7), since: now });
        assert_eq!(browsers.present(&own, now), present);
        let nearly = now.plus(Duration::from_millis(8 * 3_600_000 - 1));
        assert_eq!(browsers.present(&own, nearly), present);
        assert_eq!(browsers.present(&own, now.plus(STAY)), None);
        for other in [format!("{NAME}=made-up"), format!("x{NAME}={key}"), key.clone(), String::new()] {
            assert_eq!(browsers.present(&sent(&other), now), None, "{other}");
        }
        browsers.leave(&sent(&format!("{NAME}=made-up")));
        assert_eq!(browsers.present(&own, now), present);
        browsers.leave(&own);
        assert_eq!(browsers.present(&own, now), None);
    }

    #[test]
    fn a_cookie_goes_to_the_sign_in_only_and_no_script_reads_it() {
        assert_eq!(cookie("http://a", "k"), "assize-sign-in=k; Path=/auth; HttpOnly; SameSite=Lax");
        assert_eq!(cookie("https://a", "k"), "assize-sign-in=k; Path=/auth; HttpOnly; Secure; SameSite=None");
        assert!(no_cookie("http://a").contains("Max-Age=0"));
    }
}
