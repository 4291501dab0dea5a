use std::collections::BTreeMap;

use crate::suite::Scheme;
use crate::value::{Json, Missing, NamePath, Operand, Scope, Template};

use super::Resolved;

/// Members of `identities.ID` that are URLs of sign-in.
const SIGN_IN: [&str; 2] = ["issuer", "token_url"];

/// Something in the place of what `setup` gives, for as long as it has not been run: a digit is a text, a number, a name
/// and the beginning of a duration.
#[derive(Debug)]
pub struct NotYetMade<'o>(pub &'o [String]);

impl Scope for NotYetMade<'_> {
    fn lookup(&self, path: &NamePath) -> Result<Json, Missing> {
        if self.0.iter().any(|output| output == path.root.as_str()) {
            return Ok(Json::from("1"));
        }
        Err(path.missing(crate::value::MissingKind::Unknown))
    }
}

impl Resolved {
    /// The same with what `setup` gave put in.
    ///
    /// # Errors
    /// When a name that the target uses has no value.
    pub fn filled(&self, given: &dyn Scope) -> Result<Self, Missing> {
        let mut filled = self.clone();
        fill_text(&mut filled.base_url, given)?;
        for url in filled.endpoints.values_mut().chain(&mut filled.hosts) {
            fill_text(url, given)?;
        }
        for value in filled.variables.values_mut() {
            *value = fill(value, given)?;
        }
        for identity in filled.identities.values_mut() {
            if let Scheme::OAuth2(oauth2) = &mut identity.scheme {
                let urls = [&mut oauth2.issuer, &mut oauth2.token_url, &mut oauth2.authorize_url];
                for url in urls.into_iter().flatten() {
                    fill_text(url, given)?;
                }
            }
        }
        if let Some(clock) = &mut filled.clock {
            clock.url = clock.url.settle(given)?;
            clock.json = clock.json.as_ref().map(|json| json.settle(given)).transpose()?;
        }
        Ok(filled)
    }

    /// What is there before `setup` is run: without what is made of its outputs, and without a clock.
    #[must_use]
    pub fn plain(&self) -> Self {
        let mut plain = self.clone();
        plain.clock = None;
        if is_made(&plain.base_url) {
            plain.base_url.clear();
        }
        plain.endpoints.retain(|_, url| !is_made(url));
        plain.hosts.retain(|url| !is_made(url));
        plain.variables.retain(|_, value| !json_is_made(value));
        plain.identities.retain(|_, identity| match &identity.scheme {
            Scheme::OAuth2(oauth2) => ![&oauth2.issuer, &oauth2.token_url, &oauth2.authorize_url]
                .into_iter()
                .flatten()
                .any(|url| is_made(url)),
            Scheme::Basic { .. } | Scheme::Headers(_) | Scheme::Static(_) => true,
        });
        // Nothing is left to be put in but the text `$(`, which is written `$$(`.
        plain.filled(&BTreeMap::new()).unwrap_or(plain)
    }

    /// Whether `setup` says where the target is, so that each case has one of its own.
    #[must_use]
    pub fn is_made_for_each(&self) -> bool {
        is_made(&self.base_url)
    }
}

/// The names of a target with what `setup` gave put in.
///
/// # Errors
/// When a name that the target uses has no value.
pub fn fill_names(names: &BTreeMap<String, Json>, given: &dyn Scope) -> Result<BTreeMap<String, Json>, Missing> {
    let filled = names.iter().map(|(name, value)| {
        let value = match name.as_str() {
            "target" | "run" | "variant" => value.clone(),
            "identities" => fill_identities(value, given)?,
            _ => fill(value, given)?,
        };
        Ok((name.clone(), value))
    });
    filled.collect()
}

/// Those names of a target that do not depend on what `setup` gives.
#[must_use]
pub fn plain_names(names: &BTreeMap<String, Json>) -> BTreeMap<String, Json> {
    let plain = names.iter().filter_map(|(name, value)| match (name.as_str(), value) {
        ("identities", Json::Object(identities)) => {
            let plain = identities.iter().filter(|(_, face)| !face_is_made(face)).cloned().collect();
            Some((name.clone(), Json::Object(plain)))
        }
        ("target" | "run" | "variant", _) => Some((name.clone(), value.clone())),
        _ if json_is_made(value) => None,
        _ => Some((name.clone(), fill(value, &BTreeMap::new()).unwrap_or_else(|_| value.clone()))),
    });
    plain.collect()
}

fn fill_text(text: &mut String, given: &dyn Scope) -> Result<(), Missing> {
    // What cannot be read as a template was not written as one: a URL from the command line.
    if let Ok(template) = Template::parse(text) {
        *text = template.render(given)?;
    }
    Ok(())
}

fn fill(value: &Json, given: &dyn Scope) -> Result<Json, Missing> {
    match value {
        Json::String(text) => match Operand::text(text) {
            Ok(operand) => operand.resolve(given),
            Err(_) => Ok(value.clone()),
        },
        Json::Array(items) => items.iter().map(|item| fill(item, given)).collect::<Result<_, _>>().map(Json::Array),
        Json::Object(members) => {
            let filled = members.iter().map(|(key, value)| Ok((key.clone(), fill(value, given)?)));
            filled.collect::<Result<_, _>>().map(Json::Object)
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => Ok(value.clone()),
    }
}

fn fill_identities(identities: &Json, given: &dyn Scope) -> Result<Json, Missing> {
    let Json::Object(identities) = identities else { return Ok(identities.clone()) };
    let face = |face: &Json| -> Result<Json, Missing> {
        let Json::Object(members) = face else { return Ok(face.clone()) };
        let filled = members.iter().map(|(key, value)| {
            let value = if SIGN_IN.contains(&key.as_str()) { fill(value, given)? } else { value.clone() };
            Ok((key.clone(), value))
        });
        filled.collect::<Result<_, _>>().map(Json::Object)
    };
    let filled = identities.iter().map(|(name, value)| Ok((name.clone(), face(value)?)));
    filled.collect::<Result<_, _>>().map(Json::Object)
}

fn face_is_made(face: &Json) -> bool {
    let Json::Object(members) = face else { return false };
    members.iter().any(|(key, value)| SIGN_IN.contains(&key.as_str()) && json_is_made(value))
}

fn is_made(text: &str) -> bool {
    Template::parse(text).is_ok_and(|template| !template.is_fixed())
}

fn json_is_made(value: &Json) -> bool {
    match value {
        Json::String(text) => is_made(text),
        Json::Array(items) => items.iter().any(json_is_made),
        Json::Object(members) => members.iter().any(|(_, value)| json_is_made(value)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(json: &str) -> BTreeMap<String, Json> {
        match Json::parse(json.as_bytes()) {
            Ok(Json::Object(members)) => members.into_iter().collect(),
            other => panic!("{other:?}"),
        }
    }

    const TARGET: &str = r#"{
        "base_url": "$(tenant)/api",
        "issuer": "https://a.example",
        "agents": "$(agents)",
        "price": "5 $$(USD)",
        "list": [{ "id": "x-$(id)" }],
        "run": { "id": "$(not) a name here" },
        "identities": {
            "agent": { "client_id": "$(c)", "token_url": "$(tenant)/token" },
            "admin": { "client_id": "admin" }
        }
    }"#;

    #[test]
    fn what_setup_gave_is_put_in_and_a_whole_value_keeps_its_type() {
        let given = names(r#"{ "tenant": "http://127.0.0.1:5", "agents": 8, "id": 3 }"#);
        let filled = fill_names(&names(TARGET), &given).unwrap();
        assert_eq!(
            filled,
            names(
                r#"{
                    "base_url": "http://127.0.0.1:5/api",
                    "issuer": "https://a.example",
                    "agents": 8,
                    "price": "5 $(USD)",
                    "list": [{ "id": "x-3" }],
                    "run": { "id": "$(not) a name here" },
                    "identities": {
                        "agent": { "client_id": "$(c)", "token_url": "http://127.0.0.1:5/token" },
                        "admin": { "client_id": "admin" }
                    }
                }"#
            )
        );
    }

    #[test]
    fn before_setup_only_what_does_not_depend_on_it_is_known() {
        let plain = plain_names(&names(TARGET));
        assert_eq!(plain.keys().collect::<Vec<_>>(), ["identities", "issuer", "price", "run"]);
        assert_eq!(plain["price"], Json::from("5 $(USD)"));
        assert_eq!(plain["identities"], names(r#"{ "x": { "admin": { "client_id": "admin" } } }"#)["x"]);
    }

    #[test]
    fn a_name_without_a_value_is_told() {
        let missing = fill_names(&names(TARGET), &names(r#"{ "tenant": "x", "agents": 1 }"#)).unwrap_err();
        assert_eq!(missing.to_string(), "`$(id)` is not known here");
    }
}
