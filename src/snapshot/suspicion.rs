use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::diag::{Code, Diagnostic};

/// A stretch of a snapshot that looks like a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// Its line, from 1.
    pub line: usize,
    /// Its column, from 1, in characters.
    pub column: usize,
    /// What it looks like.
    pub look: Look,
}

/// What a secret looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Three parts in base64, the first of which is JSON.
    Jwt,
    /// A scheme of `Authorization` with credentials.
    Credentials,
    /// A private key in PEM.
    PrivateKey,
    /// A key as a known service gives it out.
    ServiceKey,
    /// A text under a key of this name.
    Named(String),
    /// So many characters without a pattern.
    Random(usize),
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jwt => f.write_str("a JSON Web Token"),
            Self::Credentials => f.write_str("the credentials of an `Authorization` header"),
            Self::PrivateKey => f.write_str("a private key"),
            Self::ServiceKey => f.write_str("the key of a known service"),
            Self::Named(key) => write!(f, "a text under the key `{key}`"),
            Self::Random(length) => write!(f, "{length} random characters"),
        }
    }
}

impl fmt::Display for Suspicion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.look)
    }
}

/// How a false alarm is ended.
pub const WAY_OUT: &str = "if it is a secret, list its path under `secret:` of the suite; if not, leave it out: `ignore` it on the step, or list \
     its path under `volatile:`";

/// What looks like a secret in the file of a snapshot, in order.
///
/// A value that stands there by its name (`[session]`, `‹agent.token›`) is none. This is the last net, not the first:
/// what the door knows as a secret never gets this far.
#[must_use]
pub fn suspicions(text: &str) -> Vec<Suspicion> {
    let mut found: BTreeMap<usize, (Range<usize>, Look)> = BTreeMap::new();
    for (range, look) in looks(text) {
        let is_within =
            found.range(..=range.start).next_back().is_some_and(|(_, (before, _))| before.end > range.start);
        if !is_within {
            found.insert(range.start, (range, look));
        }
    }
    let place = |at: usize, look| {
        let before = &text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Suspicion { line, column, look }
    };
    found.into_iter().map(|(at, (_, look))| place(at, look)).collect()
}

/// The problem of a file that holds what looks like a secret. The value is not shown: problems are printed in logs.
#[must_use]
pub fn suspicious(file: &str, text: &str) -> Option<Diagnostic> {
    let found = suspicions(text);
    let first = found.first()?;
    let more = if found.len() > 1 { format!(" (and {} more)", found.len() - 1) } else { String::new() };
    let message = format!("{first}, in a snapshot{more}");
    Some(Diagnostic::error(Code::SecretInSnapshot, message).in_file(file).help(WAY_OUT))
}

/// All that is found, the surest first.
fn looks(text: &str) -> Vec<(Range<usize>, Look)> {
    /// A pattern that is meant to compile.
    fn pattern(text: &str) -> Regex {
        Regex::new(text).expect("a pattern of this file, which a test compiles")
    }
    static PRIVATE_KEY: LazyLock<Regex> = LazyLock::new(|| pattern("-----BEGIN [A-Z0-9 ]*PRIVATE KEY"));
    static JWT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"));
    static CREDENTIALS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:bearer|basic|digest) +([a-z0-9._~+/-]{12,}=*)"));
    static SERVICE_KEY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[A-Za-z0-9_-]{35})\b",
        )
    });
    static NAMED: LazyLock<Regex> = LazyLock::new(|| pattern(r#""([^"\\\n]{1,60})": "((?:[^"\\\n]|\\.)+)""#));
    static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"[A-Za-z0-9_+-]{32,}"));

    let mut found = Vec::new();
    found.extend(PRIVATE_KEY.find_iter(text).map(|it| (it.range(), Look::PrivateKey)));
    found.extend(JWT.find_iter(text).map(|it| (it.range(), Look::Jwt)));
    found.extend(SERVICE_KEY.find_iter(text).map(|it| (it.range(), Look::ServiceKey)));
    let credentials = CREDENTIALS.captures_iter(text).filter_map(|it| it.get(1));
    found.extend(credentials.filter(|it| has_digit(it.as_str())).map(|it| (it.range(), Look::Credentials)));
    for it in NAMED.captures_iter(text) {
        let (Some(key), Some(value)) = (it.get(1), it.get(2)) else { continue };
        if names_a_secret(key.as_str()) && !stands_for_another(value.as_str()) {
            found.push((value.range(), Look::Named(key.as_str().to_owned())));
        }
    }
    for it in WORD.find_iter(text) {
        // The digest of bytes is what a snapshot holds in their place.
        let is_digest = text[..it.start()].trim_end_matches([' ', ':', '=']).ends_with("sha256");
        if !is_digest && is_random(it.as_str()) {
            found.push((it.range(), Look::Random(it.len())));
        }
    }
    found
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a text under this key is a secret by what the key means.
fn names_a_secret(key: &str) -> bool {
    const ENDINGS: [&str; 10] = [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "accesstoken",
        "refreshtoken",
        "idtoken",
        "apikey",
        "privatekey",
        "authorization",
    ];
    let key: String = key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    ENDINGS.iter().any(|ending| key.ends_with(ending))
}

/// Whether a value names what it stands for, or its type.
fn stands_for_another(value: &str) -> bool {
    const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];
    let is_whole = |open: char, close: char| value.starts_with(open) && value.ends_with(close);
    is_whole('[', ']') || is_whole('‹', '›') || TYPES.contains(&value) || value.bytes().all(|byte| byte == b'*')
}

/// Whether a word has no pattern: digits in base 16, or letters of both sizes and digits, with many different ones.
fn is_random(word: &str) -> bool {
    let count = |is: fn(&u8) -> bool| word.bytes().filter(is).count();
    let digits = count(u8::is_ascii_digit);
    let is_hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex {
        return digits >= 4 && digits + 4 <= word.len() && entropy(word) >= 3.0;
    }
    let is_mixed = digits >= 3 && count(u8::is_ascii_uppercase) >= 3 && count(u8::is_ascii_lowercase) >= 3;
    is_mixed && entropy(word) >= 4.0
}

/// Bits for each character, by how often each is there.
fn entropy(word: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in word.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let whole: f64 = counts.iter().copied().map(f64::from).sum();
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / whole)
        .map(|part| -part * part.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks_of(text: &str) -> Vec<String> {
        suspicions(text).iter().map(ToString::to_string).collect()
    }

    /// Put together from parts, so that no file of this repository holds what looks like a secret.
    fn joined(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn what_looks_like_a_secret_is_found_with_its_place() {
        let jwt = joined(&["eyJ", "hbGciOiJub25lIn0", ".", "eyJzdWIiOiJub2JvZHkifQ", "."]);
        assert_eq!(looks_of(&format!("200\n\n  \"t\": \"{jwt}\"\n")), ["line 3, column 9: a JSON Web Token"]);
        let bearer = joined(&["authorization: Bearer ", "not4real-not4real"]);
        assert_eq!(looks_of(&bearer), ["line 1, column 23: the credentials of an `Authorization` header"]);
        let pem = joined(&["-----BEGIN RSA ", "PRIVATE KEY-----"]);
        assert_eq!(looks_of(&pem), ["line 1, column 1: a private key"]);
        let key = joined(&["AKIA", "ABCDEFGHIJKLMNOP"]);
        assert_eq!(looks_of(&key), ["line 1, column 1: the key of a known service"]);
        let named = joined(&["{\"clientSec", "ret\": \"abc\"}"]);
        assert_eq!(looks_of(&named), ["line 1, column 19: a text under the key `clientSecret`"]);
        let random = joined(&["x=Q2Zt9aLr0Pw", "8sKd4Hn7Vb1Xy5Ec3Ug6Jm"]);
        assert_eq!(looks_of(&random), ["line 1, column 3: 33 random characters"]);
        let hex = joined(&["9f86d081884c7d65", "9a2feaa0c55ad015"]);
        assert_eq!(looks_of(&hex), ["line 1, column 1: 32 random characters"]);
    }

    #[test]
    fn what_stands_for_a_secret_is_none() {
        let calm = [
            "\"access_token\": \"[agent.token]\"",
            "\"refresh_token\": \"‹agent.refresh_token#2›\"",
            "\"password\": string",
            "\"password\": \"string\"",
            "\"token_type\": \"Bearer\"",
            "\"grant_types_supported\": [\"password\", \"client_secret_post\"]",
            "\"userinfo\": \"https://[host]/inContactAPI/services/v30.0/agent-sessions/[session]/next-event\"",
            "body: 120 bytes, sha256 9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015",
            "www-authenticate: Bearer realm=\"x\"",
            "\"id\": \"00000000000000000000000000000000\"",
            "\"a-very-long-name-of-a-thing-that-goes-on-and-on\": 1",
        ];
        for text in calm {
            assert_eq!(looks_of(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn the_problem_of_a_file_does_not_show_the_value() {
        let text = joined(&["---\n---\n{\n  \"api_", "key\": \"hidden-value\"\n}\n"]);
        let problem = suspicious("snapshots/a.snap", &text).unwrap();
        assert_eq!(problem.code, Code::SecretInSnapshot);
        assert_eq!(problem.message, "line 4, column 15: a text under the key `api_key`, in a snapshot");
        assert_eq!(problem.file.as_deref(), Some("snapshots/a.snap"));
    }
}
