use super::{BreachCode, CHECKS, MATCHERS};

/// What a check, a matcher or a code of a failure means, by its name; `None` where nothing is called so.
///
/// A name may be all three: `schema` is a check and a matcher.
#[must_use]
pub fn explain(name: &str) -> Option<String> {
    let check = CHECKS.iter().find(|kind| kind.name == name).map(|kind| format!("check `{name}`: {}\n", kind.doc));
    let matcher = MATCHERS.iter().find(|kind| kind.name == name).map(|kind| format!("matcher `{name}`: {}\n", kind.doc));
    let code = BreachCode::named(name).map(BreachCode::explain);
    let parts: Vec<String> = check.into_iter().chain(matcher).chain(code).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_has_a_name_is_explained() {
        let mut all = String::new();
        let names = CHECKS.iter().map(|kind| kind.name).chain(MATCHERS.iter().map(|kind| kind.name));
        for name in names.chain(BreachCode::ALL.iter().map(|code| code.as_str())) {
            let text = explain(name).expect("registered");
            if !all.contains(&text) {
                all.push_str(&text);
                all.push('\n');
            }
        }
        insta::assert_snapshot!("explanations", all);
        assert_eq!(explain("no-such-thing"), None);
    }
}
