//! What differs from run to run, made the same.

use std::sync::LazyLock;

use regex::Regex;

static VOLATILE: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
    let rule = |pattern: &str, instead: &'static str| (Regex::new(pattern).unwrap(), instead);
    [
        // Durations, and the blanks that align them.
        rule(r" +\d+(\.\d+)? (µs|ms|s)\b", " N ms"),
        rule(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        rule(r"/tmp/[^/\s]+/", "DIR/"),
        rule(r"assize[ /]\d+\.\d+\.\d+", "assize VERSION"),
    ]
});

/// The text with durations, ports, folders and the program's version made the same.
pub(crate) fn golden(text: &str) -> String {
    VOLATILE.iter().fold(text.to_owned(), |text, (pattern, instead)| pattern.replace_all(&text, *instead).into_owned())
}
