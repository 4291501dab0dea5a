use cookie::Cookie;
use url::{Url, form_urlencoded};

use crate::clock::Timestamp;
use crate::value::{Json, Origin, SecretName, Segment, TooMany, Vault};

use super::issue::{guess, last_member};
use super::{Issue, Jar, Policy, WireAnswer};

/// Parameters of a redirect that are secrets, expected or not (RFC 6749 §4.1.2, §4.2.2; OpenID Connect Core §3).
const OF_REDIRECTS: [&str; 4] = ["code", "access_token", "refresh_token", "id_token"];

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

    /// Learns codes and tokens in the query or fragment of a redirect.
    fn learn_location(&self, location: &str) {
        let Ok(target) = self.url.join(location) else { return };
        for pair in [target.query(), target.fragment()].into_iter().flatten().flat_map(|part| part.split('&')) {
            let Some((_, written)) = pair.split_once('=') else { continue };
            for (name, value) in form_urlencoded::parse(pair.as_bytes()) {
                self.learn_parameter(&name, &value);
                // Some servers write `+` and mean it: then the value is what is written.
                if self.vault.mask_text(written) == written {
                    self.learn_parameter(&name, written);
                }
            }
        }
    }

    fn learn_parameter(&self, name: &str, value: &str) {
        let mut issues = self.issues.iter().filter(|issue| issue.is_parameter(name)).peekable();
        if issues.peek().is_none() && OF_REDIRECTS.into_iter().chain(self.members()).any(|member| member == name) {
            self.keep(name, value, &self.anywhere());
        }
        for issue in issues {
            // Refused are only values that are no secrets.
            let _ = self.vault.learn(&issue.name, value, &issue.origins);
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
            let path = issue.path().map(std::slice::from_ref).unwrap_or_default();
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
            for value in issue.path().and_then(last_member).map(|member| guess(&text, member)).unwrap_or_default() {
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
        let mut paths = self.issues.iter().filter_map(Issue::path).chain(self.policy.secret_paths()).peekable();
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
