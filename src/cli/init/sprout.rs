use std::fmt::Write as _;

use url::Url;

use super::probe::Seen;
use super::written::Written;

/// A small suite for a URL: a target, a requirement, and a scenario that is evidence for it.
pub(super) fn files(url: &Url, seen: Option<&Seen>) -> (String, Written) {
    let name = name_of(url);
    let base = url.origin().ascii_serialization();
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    // `$(` would be a name.
    let path = path.replace("$(", "$$(");
    let target = format!(
        "# Where the suite is put to. Secrets come from the environment or from files, never from here.\n\
         targets:\n  {name}:\n    default: true\n    base_url: {base}\n"
    );
    let suite = format!("suite: {name}\nversion: 0.1.0\ntitle: What {base} promises\n");
    let requirements = "\
# Each promise, where it is taken from, and how binding it is: MUST fails the run, SHOULD warns.
catalogue: first
source: { document: our own }
requirements:
  - id: FIRST-001
    level: MUST
    actor: server
    source: { section: first, basis: assumed }
    text: The service answers.
";
    let mut scenario = format!(
        "# A promise, and the steps that try it. `assize explain` lists what a step may expect.\n\
         scenario: The service answers\nid: first\nverifies: [FIRST-001]\nsteps:\n  - step: look\n    request: {}\n",
        quoted(&format!("GET {path}"))
    );
    scenario.push_str(&expectation(seen));
    let files = Written::default()
        .with("assize.yaml", target)
        .with(format!("specs/{name}/suite.yaml"), suite)
        .with(format!("specs/{name}/requirements.yaml"), requirements)
        .with(format!("specs/{name}/scenarios/first.yaml"), scenario);
    (name, files)
}

/// What is expected: of an answer that was seen, its status, its media type, and the members that it has.
fn expectation(seen: Option<&Seen>) -> String {
    let Some(seen) = seen else {
        return "    expect:\n      status: { not: 5xx }\n      within: 5s\n".to_owned();
    };
    let mut text = format!("    expect:\n      status: {}\n      within: 5s\n", seen.status);
    // Writing to a text cannot fail, here and below.
    if let Some(media_type) = &seen.media_type {
        let _ = writeln!(text, "      content_type: {media_type}");
    }
    if !seen.members.is_empty() {
        text.push_str("      json:\n");
        for (path, kind) in &seen.members {
            let _ = writeln!(text, "        {}: {{ type: {kind} }}", quoted(path));
        }
    }
    text
}

/// A text as YAML has it, in quotes where it needs them: JSON's are YAML's.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" /._$?=&-~+,;@()%".contains(&byte);
    if text.bytes().all(is_plain) && !text.ends_with(' ') {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}

/// A name of the grammar of names, after the host.
fn name_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let words: Vec<&str> =
        host.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let name = words.join("-");
    if name.starts_with(|sign: char| sign.is_ascii_lowercase()) { name } else { "service".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_has_the_name_of_the_host_where_that_is_one() {
        for (url, name) in [
            ("https://api.example.com/v1", "api-example-com"),
            ("http://127.0.0.1:8080", "service"),
            ("http://[::1]/", "service"),
            ("https://Bücher.example", "xn-bcher-kva-example"),
        ] {
            assert_eq!(name_of(&Url::parse(url).unwrap()), name, "{url}");
        }
    }

    #[test]
    fn what_yaml_would_read_otherwise_is_quoted() {
        assert_eq!(quoted("GET /a?b=c"), "GET /a?b=c");
        assert_eq!(quoted("GET /a?b=#c: d"), "\"GET /a?b=#c: d\"");
        assert_eq!(quoted("$['a\"b']"), "\"$['a\\\"b']\"");
    }
}
