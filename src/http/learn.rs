use cookie::Cookie;
use url::{Url, form_urlencoded};

use crate::clock::Timestamp;
use crate::value::{Json, Origin, SecretName, Segment, TooMany, Vault};

use super::issue::{guess, last_member};
use super::{Issue, Jar, Policy, WireAnswer};

/// Members that hold tokens wherever they stand (RFC 6749 §5.1, §4.2.2; OpenID Connect Core §3).
const TOKENS: [&str; 3] = ["access_token", "refresh_token", "id_token"];

/// What an answer is learned from.
pub(super) struct Lesson<'a> {
    pub(super) vault: &'a Vault,
    pub(super) policy: &'a Policy,
    pub(super) issues: &'a [Issue],
    pub(super) device: Option<&'a str>,
    pub(super) jar: Option<&'a Jar>,
    pub(super) url: &'a Url,
    pub(super) ended: Timestamp,
}

impl Lesson<'_> {
    /// Learns every secret that the answer issues, and puts its cookies into the jar.
    ///
    /// # Errors
    /// When a path visits too many nodes; then nothing of the body may be shown.
    pub(super) fn learn(&self, answer: &WireAnswer) -> Result<(), TooMany> {
        for field in answer.header("set-cookie").filter_map(|field| std::str::from_utf8(field).ok()) {
            self.learn_cookie(field);
        }
        for location in answer.header("location").filter_map(|field| std::str::from_utf8(field).ok()) {
            self.learn_location(location);
        }
        self.learn_body(&answer.body)
    }

    /// The name of a secret of this device.
    pub(super) fn name(&self, what: &str) -> SecretName {
        match self.device {
            Some(device) => SecretName::lossy(&format!("{device}.{what}")),
            None => SecretName::lossy(what),
        }
    }

    /// Keeps a value secret. What is too short or too common stays as it is.
    fn keep(&self, what: &str, value: &str, origins: &[Origin]) -> Option<String> {
        self.vault.learn(&self.name(what), value, origins).ok().map(|handle| handle.to_string())
    }

    fn learn_cookie(&self, field: &str) {
        // A field that is no cookie may be a secret all the same, and is shown nowhere else.
        let Ok(cookie) = Cookie::parse(field) else { return };
        let origin: Vec<Origin> = Origin::of(self.url).into_iter().collect();
        let handle = self.keep(&format!("cookie.{}", cookie.name()), cookie.value(), &origin);
        if let Some(jar) = self.jar {
            jar.store(self.url, field, handle.as_deref().unwrap_or(cookie.value()), self.ended);
        }
    }

    /// Learns tokens in the query or fragment of a redirect.
    fn learn_location(&self, location: &str) {
        let Ok(target) = self.url.join(location) else { return };
        let members: Vec<&str> = TOKENS.into_iter().chain(self.members()).collect();
        for part in [target.query(), target.fragment()].into_iter().flatten() {
            for (name, value) in form_urlencoded::parse(part.as_bytes()) {
                if members.contains(&&*name) {
                    self.keep(&name, &value, &self.anywhere());
                }
            }
        }
    }

    fn learn_body(&self, body: &[u8]) -> Result<(), TooMany> {
        if body.is_empty() || !self.concerns(body) {
            return Ok(());
        }
        let Ok(json) = Json::parse(body) else {
            self.learn_broken(body);
            return Ok(());
        };
        for issue in self.issues {
            let path = std::slice::from_ref(&issue.path);
            self.vault.learn_paths(&json, path, &issue.origins, &mut |_| issue.name.clone())?;
        }
        self.vault.learn_paths(&json, self.policy.secret_paths(), &self.anywhere(), &mut |location| {
            let member = location.segments().iter().rev().find_map(|segment| match segment {
                Segment::Key(key) => Some(*key),
                Segment::Index(_) => None,
            });
            self.name(member.unwrap_or("secret"))
        })
    }

    /// Learns from a body that is no JSON, by the names of members.
    fn learn_broken(&self, body: &[u8]) {
        let text = String::from_utf8_lossy(body);
        for issue in self.issues {
            for value in last_member(&issue.path).map(|member| guess(&text, member)).unwrap_or_default() {
                // Refused are only values that are no secrets.
                let _ = self.vault.learn(&issue.name, value, &issue.origins);
            }
        }
        for member in self.members() {
            for value in guess(&text, member) {
                self.keep(member, value, &self.anywhere());
            }
        }
    }

    /// Whether anything that is looked for can stand in the body: most bodies need not be read for it.
    fn concerns(&self, body: &[u8]) -> bool {
        let mut paths = self.issues.iter().map(|issue| &issue.path).chain(self.policy.secret_paths()).peekable();
        paths.peek().is_some()
            && (contains(body, b"\\u")
                || paths.any(|path| last_member(path).is_none_or(|member| contains(body, member.as_bytes()))))
    }

    fn members(&self) -> impl Iterator<Item = &str> {
        self.policy.secret_paths().iter().filter_map(last_member)
    }

    /// What a scenario got from an answer it may send to whatever the target allows.
    fn anywhere(&self) -> Vec<Origin> {
        self.policy.allowed().cloned().collect()
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else { return true };
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.iter().position(|byte| byte == first)) {
        at += next;
        if text[at..].starts_with(part) {
            return true;
        }
        at += 1;
    }
    false
}
