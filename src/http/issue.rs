use crate::value::{JsonPath, Origin, SecretName};

/// A secret that an answer is expected to hold, such as the token of a token answer.
#[derive(Clone, Debug)]
pub struct Issue {
    /// Where it stands.
    pub place: IssuePlace,
    /// What its handle is called.
    pub name: SecretName,
    /// The only places it may be sent to.
    pub origins: Vec<Origin>,
}

/// Where an answer holds a secret.
#[derive(Clone, Debug)]
pub enum IssuePlace {
    /// What a path finds in the body.
    Body(JsonPath),
    /// The parameter of this name in the query or the fragment of the `Location` header.
    Location(String),
}

impl Issue {
    /// The path in the body, where it stands there.
    pub(super) fn path(&self) -> Option<&JsonPath> {
        match &self.place {
            IssuePlace::Body(path) => Some(path),
            IssuePlace::Location(_) => None,
        }
    }

    /// Whether it is this parameter of the `Location` header.
    pub(super) fn is_parameter(&self, name: &str) -> bool {
        matches!(&self.place, IssuePlace::Location(parameter) if parameter == name)
    }
}

/// The member that a path ends with, where it ends with one.
pub(super) fn last_member(path: &JsonPath) -> Option<&str> {
    let text = path.text();
    let (_, tail) = text.rsplit_once('.')?;
    (!tail.is_empty() && tail.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')).then_some(tail)
}

/// Values that seem to be those of `member` in a text that cannot be read as JSON: cut short, broken, or a form.
///
/// A guess, on the side of caution: a token in a broken answer must not be shown only because the answer is broken.
pub(super) fn guess<'t>(text: &'t str, member: &str) -> Vec<&'t str> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(member) {
        let rest = text[at + member.len()..].trim_start_matches(['"', '\'']).trim_start();
        let Some(rest) = rest.strip_prefix([':', '=']) else { continue };
        let rest = rest.trim_start().trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| matches!(c, '"' | '\'' | '&' | ',' | '}' | '<' | ';') || c.is_whitespace());
        found.push(&rest[..end.unwrap_or(rest.len())]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_guessed_in_broken_json_and_in_forms() {
        assert_eq!(guess("{\"access_token\" : \"abc\", ", "access_token"), ["abc"]);
        assert_eq!(guess("{\"access_token\":\"ab", "access_token"), ["ab"]);
        assert_eq!(guess("a=b&access_token=abc&c=d", "access_token"), ["abc"]);
        assert_eq!(guess("the access_token is missing", "access_token"), [""; 0]);
    }

    #[test]
    fn a_path_ends_with_a_member_or_does_not() {
        for (path, member) in [("$..access_token", Some("access_token")), ("$.a[*]", None), ("$['a.b']", None)] {
            let path = JsonPath::parse(path).expect("a path of the test");
            assert_eq!(last_member(&path), member);
        }
    }
}
