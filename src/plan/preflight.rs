use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::suite::{Provided, Suite, SuiteKind, Target};

use super::Resolved;

/// Says what the target lacks of what the suite asks for, in the variant that `surface` is of.
pub(super) fn check(suite: &Suite, target: &Target, surface: &Resolved, out: &mut Diagnostics) {
    let place = match &surface.variant {
        Some(variant) => format!("the target `{}` in variant `{variant}`", target.name),
        None => format!("the target `{}`", target.name),
    };
    let mut missing = |what: String, text: &str, near: Option<&str>| {
        let mut problem = Diagnostic::error(Code::MissingFromTarget, format!("{place} has no {what}"))
            .at(target.span, "this target")
            .help_nearest(near);
        if !text.is_empty() {
            problem = problem.help(text.to_owned());
        }
        out.push(problem);
    };
    if surface.base_url.is_empty() {
        missing("`base_url`".to_owned(), "where paths such as `/version` go", None);
    }
    if suite.kind == SuiteKind::Bare {
        return;
    }
    let asked = |provided: &Provided| {
        let in_variant = match (&provided.variants, &surface.variant) {
            (Some(variants), Some(variant)) => variants.contains(variant),
            (Some(_) | None, None) | (None, Some(_)) => true,
        };
        in_variant && provided.needs.iter().all(|need| surface.features.contains(need))
    };
    for (name, provided) in suite.provides.identities.iter().filter(|(_, provided)| asked(provided)) {
        match surface.identities.get(name) {
            None => {
                let near = nearest(name, surface.identities.keys());
                missing(format!("identity `{name}`"), &provided.text, near);
            }
            Some(identity) if identity.users.len() < provided.users as usize => missing(
                format!("{} users for the identity `{name}`, only {}", provided.users, identity.users.len()),
                &provided.text,
                None,
            ),
            Some(_) => {}
        }
    }
    for (name, provided) in suite.provides.endpoints.iter().filter(|(_, provided)| asked(provided)) {
        if !surface.endpoints.contains_key(name) {
            missing(format!("endpoint `{name}`"), &provided.text, nearest(name, surface.endpoints.keys()));
        }
    }
    for (name, provided) in suite.provides.variables.iter().filter(|(_, provided)| asked(provided)) {
        if !surface.variables.contains_key(name) {
            missing(format!("variable `{name}`"), &provided.text, nearest(name, surface.variables.keys()));
        }
    }
}
