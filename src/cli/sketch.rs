use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::suite::{Provided, Suite};

/// A target file to begin with, for a suite that brings no target: what it asks for, in the suite's own words. What is
/// asked of targets with a feature only is commented out.
pub(super) fn sketch(suite: &Suite) -> String {
    let mut out = "targets:\n  mine:\n    base_url: https://api.example.com\n".to_owned();
    let provides = &suite.provides;
    section(&mut out, "endpoints", &provides.endpoints, "https://api.example.com");
    section(&mut out, "variables", &provides.variables, "\"\"");
    section(&mut out, "identities", &provides.identities, "{ oauth2: {} }");
    if !provides.features.is_empty() {
        out.push_str("    features:               # those that it has\n");
        let width = provides.features.keys().map(String::len).max().unwrap_or(0);
        for (name, text) in &provides.features {
            let _ = writeln!(out, "      # - {name:width$}  {text}");
        }
    }
    out
}

/// The things of one kind; without its key where all of them are commented out.
fn section(out: &mut String, key: &str, things: &BTreeMap<String, Provided>, value: &str) {
    if things.is_empty() {
        return;
    }
    let off = if things.values().all(|thing| !thing.needs.is_empty()) { "# " } else { "" };
    let _ = writeln!(out, "    {off}{key}:");
    for (name, thing) in things {
        let (off, with) = match &*thing.needs.join(", ") {
            "" => ("", String::new()),
            features => ("# ", format!(", with {features}")),
        };
        let _ = writeln!(out, "      {off}{name}: {value}    # {}{with}", thing.text);
    }
}
