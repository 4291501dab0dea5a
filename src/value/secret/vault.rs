use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::state::{Id, Learned, State};
use super::{Handle, Masker, Origin, Secret, SecretName, SecretRefused, json_text};
use crate::value::{Json, JsonPath, Location, TooMany};

/// The secrets of one case: the run's, and what endpoints issued since.
///
/// The same value has the same handle as long as the vault lives. Handles are numbered when the case first meets a value,
/// so they do not depend on which user a case was given, nor on other cases.
#[derive(Debug)]
pub struct Vault {
    masker: Arc<Masker>,
    state: Mutex<State>,
}

/// A secret was about to be sent to an origin that it is not bound to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{handle}` is not bound to {origin}")]
pub struct Unbound {
    /// What was to be put in.
    pub handle: Handle,
    /// Where it was to go.
    pub origin: Origin,
}

impl Vault {
    /// A vault on top of the run's secrets.
    #[must_use]
    pub fn new(masker: Arc<Masker>) -> Self {
        Self { masker, state: Mutex::default() }
    }

    /// Keeps a value secret from now on, and lets it be sent to `origins`.
    ///
    /// A value that is known keeps its handle and its name; one that was learned may be sent to these origins as well, one
    /// of the operator's may not. A text that is a handle already is its own handle.
    ///
    /// # Errors
    /// When masking the value would mask ordinary texts.
    pub fn learn(&self, name: &SecretName, value: &str, origins: &[Origin]) -> Result<Handle, SecretRefused> {
        let mut state = self.state();
        if let Some(handle) = Handle::parse(value)
            && state.by_handle.contains_key(&(handle.name().clone(), handle.number()))
        {
            return Ok(handle);
        }
        let secret = Secret::new(value)?;
        if let Some(at) = self.masker.position(&secret) {
            return Ok(state.handle(&self.masker, Id::Run(at), name));
        }
        if let Some(at) = state.by_value.get(&secret).copied() {
            let known = &mut state.learned[at].origins;
            known.extend(origins.iter().filter(|origin| !known.contains(origin)).cloned().collect::<Vec<_>>());
            return Ok(state.handle(&self.masker, Id::Case(at), name));
        }
        if name.as_str().contains(value) {
            return Err(SecretRefused::CommonWord);
        }
        let at = state.learned.len();
        state.learned.push(Learned { secret: secret.clone(), origins: origins.to_vec() });
        state.by_value.insert(secret, at);
        state.index = None;
        Ok(state.handle(&self.masker, Id::Case(at), name))
    }

    /// Learns whatever these paths select: texts and numbers, also those within lists and objects, and those of doubled
    /// keys. What is too short or too common to be a secret stays as it is.
    ///
    /// # Errors
    /// When a path visits too many nodes; then nothing of the document may be shown.
    pub fn learn_paths(
        &self,
        json: &Json,
        paths: &[JsonPath],
        origins: &[Origin],
        namer: &mut dyn FnMut(&Location<'_>) -> SecretName,
    ) -> Result<(), TooMany> {
        for path in paths {
            for node in path.select_doubles(json)? {
                let name = namer(&node.location);
                let mut rest = vec![node.value];
                while let Some(value) = rest.pop() {
                    // Refused are only values that are no secrets.
                    match value {
                        Json::Null | Json::Bool(_) => {}
                        Json::Number(number) => drop(self.learn(&name, number.text(), origins)),
                        Json::String(text) => drop(self.learn(&name, text, origins)),
                        Json::Array(items) => rest.extend(items.iter().rev()),
                        Json::Object(members) => rest.extend(members.iter().rev().map(|(_, value)| value)),
                    }
                }
            }
        }
        Ok(())
    }

    /// The text with a handle for every secret, in whatever form; a text that only looks like a handle gets one too.
    #[must_use]
    pub fn mask_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.state().mask(&self.masker, text.as_bytes()) {
            None => Cow::Borrowed(text),
            Some(masked) => Cow::Owned(into_text(masked)),
        }
    }

    /// As [`Vault::mask_text`], for a text of ours: its handles are handles and stay.
    #[must_use]
    pub fn mask_own_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.state().mask_secrets(&self.masker, text.as_bytes()) {
            None => Cow::Borrowed(text),
            Some(masked) => Cow::Owned(into_text(masked)),
        }
    }

    /// As [`Vault::mask_text`], for bytes that may be no text.
    #[must_use]
    pub fn mask_bytes<'t>(&self, bytes: &'t [u8]) -> Cow<'t, [u8]> {
        self.state().mask(&self.masker, bytes).map_or(Cow::Borrowed(bytes), Cow::Owned)
    }

    /// As [`Vault::mask_text`], for a text that is JSON and stays it: secrets are found behind any escapes, and a number
    /// that is one becomes a string. Only where a secret runs across several values is the text cut through.
    #[must_use]
    pub fn mask_json_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut state = self.state();
        let mut mask = |piece: &str| state.mask(&self.masker, piece.as_bytes()).map(into_text);
        let Some(masked) = json_text::mask(text, &mut mask) else { return Cow::Borrowed(text) };
        Cow::Owned(match state.mask_secrets(&self.masker, masked.as_bytes()) {
            None => masked,
            Some(masked) => into_text(masked),
        })
    }

    /// The text with the values in place of the handles, to be sent to `origin`.
    ///
    /// # Errors
    /// At the first secret that is not bound to that origin.
    pub fn reveal(&self, text: &str, origin: &Origin) -> Result<String, Unbound> {
        let state = self.state();
        put_in(text, |handle| match state.value(&self.masker, handle) {
            Some((value, bound)) if bound.is_none_or(|bound| bound.contains(origin)) => Ok(Some(value)),
            Some(_) => Err(Unbound { handle: handle.clone(), origin: origin.clone() }),
            None => Ok(None),
        })
    }

    /// A value with the secrets in place of the handles, in keys as well; escapes are then up to who writes it.
    ///
    /// # Errors
    /// As [`Vault::reveal`].
    pub fn reveal_json(&self, json: &Json, origin: &Origin) -> Result<Json, Unbound> {
        Ok(match json {
            Json::Null | Json::Bool(_) | Json::Number(_) => json.clone(),
            Json::String(text) => Json::String(self.reveal(text, origin)?),
            Json::Array(items) => {
                Json::Array(items.iter().map(|item| self.reveal_json(item, origin)).collect::<Result<_, _>>()?)
            }
            Json::Object(members) => Json::Object(
                members
                    .iter()
                    .map(|(key, value)| Ok((self.reveal(key, origin)?, self.reveal_json(value, origin)?)))
                    .collect::<Result<_, _>>()?,
            ),
        })
    }

    /// The text with all values put in, to look at and never to show: for answering facts, and for keeping a token for other cases.
    pub(crate) fn reveal_locally(&self, text: &str) -> String {
        let state = self.state();
        let revealed: Result<String, std::convert::Infallible> =
            put_in(text, |handle| Ok(state.value(&self.masker, handle).map(|(value, _)| value)));
        revealed.unwrap_or_else(|never| match never {})
    }

    /// The state is whole after every step, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn put_in<E>(text: &str, value: impl Fn(&Handle) -> Result<Option<String>, E>) -> Result<String, E> {
    let mut revealed = String::with_capacity(text.len());
    let mut at = 0;
    while let Some((range, handle)) = Handle::find(text.as_bytes(), at) {
        revealed.push_str(&text[at..range.start]);
        match value(&handle)? {
            Some(value) => revealed.push_str(&value),
            None => revealed.push_str(&text[range.clone()]),
        }
        at = range.end;
    }
    revealed.push_str(&text[at..]);
    Ok(revealed)
}

/// Secrets and handles are whole texts, so what is left around them is one too.
fn into_text(masked: Vec<u8>) -> String {
    String::from_utf8(masked).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::{Form, OperatorSecret};

    fn name(text: &str) -> SecretName {
        SecretName::parse(text).expect("the test's own name")
    }

    fn origin(url: &str) -> Origin {
        Origin::parse(url).expect("the test's own URL")
    }

    fn api() -> Origin {
        origin("https://api.example.com")
    }

    /// A vault above one operator's password, bound to the sign-in's origin.
    fn vault() -> Vault {
        let password = OperatorSecret {
            secret: Secret::new("not-a-secret-agent-1").expect("long enough"),
            name: name("agent.password"),
            origins: vec![origin("https://auth.example.com")],
        };
        Vault::new(Masker::build(vec![password]).expect("no part of its name").into())
    }

    #[test]
    fn equal_values_have_equal_handles_numbered_by_first_sight() {
        let vault = vault();
        let token = name("agent.access_token");
        let learn = |value| vault.learn(&token, value, &[api()]).expect("long enough").to_string();
        assert_eq!(learn("token-aaaa"), "‹agent.access_token#1›");
        assert_eq!(learn("token-bbbb"), "‹agent.access_token#2›");
        assert_eq!(learn("token-aaaa"), "‹agent.access_token#1›");
        assert_eq!(learn("not-a-secret-agent-1"), "‹agent.password#1›");
        assert_eq!(learn("‹agent.access_token#2›"), "‹agent.access_token#2›");
        assert_eq!(vault.learn(&token, "short", &[]), Err(SecretRefused::TooShort));
        assert_eq!(vault.learn(&token, "access", &[]), Err(SecretRefused::CommonWord));
        assert_eq!(
            vault.mask_text("token-bbbbtoken-aaaa, not-a-secret-agent-1 and %6E"),
            "‹agent.access_token#2›‹agent.access_token#1›, ‹agent.password#1› and %6E"
        );
    }

    #[test]
    fn a_text_without_secrets_is_not_copied() {
        let vault = vault();
        assert!(matches!(vault.mask_text("plain ‹text› not-a-secret-agent-2"), Cow::Borrowed(_)));
        assert!(matches!(vault.mask_json_text(r#"{"a":"\u0041\/","b":[1,2]}"#), Cow::Borrowed(_)));
        assert!(matches!(vault.mask_bytes(b"\xff\xfe"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_value_goes_to_the_origins_it_is_bound_to_and_nowhere_else() {
        let vault = vault();
        let handle = vault.learn(&name("session"), "cookie-value", &[api()]).expect("long enough");
        assert_eq!(vault.reveal("a=‹session#1›; ‹b#1›", &api()).as_deref(), Ok("a=cookie-value; ‹b#1›"));
        let elsewhere = origin("https://evil.example.com");
        assert_eq!(
            vault.reveal(&format!("a={handle}"), &elsewhere),
            Err(Unbound { handle: handle.clone(), origin: elsewhere.clone() })
        );
        assert!(vault.reveal("‹session#1~base64›", &elsewhere).is_err());
        vault.learn(&name("other"), "cookie-value", std::slice::from_ref(&elsewhere)).expect("long enough");
        assert_eq!(vault.reveal(&handle.to_string(), &elsewhere).as_deref(), Ok("cookie-value"));
        // What an endpoint claims does not widen what the operator said.
        let password = vault.learn(&name("x"), "not-a-secret-agent-1", &[api()]).expect("long enough").to_string();
        assert!(vault.reveal(&password, &api()).is_err());
        assert_eq!(
            vault.reveal(&Form::Percent.apply(&format!("{handle}/ä")), &api()).as_deref(),
            Ok("cookie-value%2F%C3%A4")
        );
    }

    #[test]
    fn what_only_looks_like_a_handle_is_never_taken_for_one() {
        let vault = vault();
        let masked = vault.mask_text("‹agent.password#1› not-a-secret-agent-1 ‹agent.password#1›").into_owned();
        assert_eq!(masked, "‹literal#1› ‹agent.password#1› ‹literal#1›");
        let auth = origin("https://auth.example.com");
        assert_eq!(
            vault.reveal(&masked, &auth).as_deref(),
            Ok("‹agent.password#1› not-a-secret-agent-1 ‹agent.password#1›")
        );
        assert_eq!(vault.mask_json_text(r#"["\u2039agent.password#1\u203a"]"#), r#"["‹literal#1›"]"#);
        // A secret within such a text is still bound.
        let masked = vault.mask_text("‹not-a-secret-agent-1#1›").into_owned();
        assert_eq!(masked, "‹‹agent.password#1›#1›");
        assert!(vault.reveal(&masked, &api()).is_err());
    }

    #[test]
    fn json_stays_json_and_secrets_are_found_behind_escapes() {
        let vault = vault();
        vault.learn(&name("pin"), "12345678", &[api()]).expect("long enough");
        vault.learn(&name("odd"), "a\"b\\c/d\u{e9}", &[api()]).expect("long enough");
        for (text, masked) in [
            (r#"{"pin": 12345678, "x":1.0}"#, r#"{"pin": "‹pin#1›", "x":1.0}"#),
            (r#"{"pin":"12345678"}"#, r#"{"pin":"‹pin#1›"}"#),
            ("[912345678e2]", r#"["9‹pin#1›e2"]"#),
            (
                r#"{"n\u006ft-a-secret-agent-1":"\u0061\u0022b\u005cc\/d\u00e9!\n"}"#,
                r#"{"‹agent.password#1›":"‹odd#1›!\n"}"#,
            ),
            (r#"["{\"p\":\"not-a-secret-agent-1\"}"]"#, r#"["{\"p\":\"‹agent.password#1›\"}"]"#),
        ] {
            let found = vault.mask_json_text(text);
            assert_eq!(found, masked);
            assert!(Json::parse(found.as_bytes()).is_ok(), "{found}");
        }
        vault.learn(&name("across"), r#"x","y","z"#, &[]).expect("long enough");
        assert_eq!(vault.mask_json_text(r#"["x","y","z"]"#), r#"["‹across#1›"]"#);
    }

    #[test]
    fn basic_authentication_gives_nothing_away() {
        let vault = vault();
        for id in ["", "a:", "ab:", "abc:"] {
            let header = format!("Basic {}", Form::Base64.apply(&format!("{id}not-a-secret-agent-1")));
            let masked = vault.mask_text(&header).into_owned();
            assert!(masked.contains("‹agent.password#1~base64"), "{masked}");
            assert_eq!(vault.reveal_locally(&masked), header);
        }
    }

    #[test]
    fn a_jwt_is_known_by_each_of_its_segments() {
        let vault = vault();
        let jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        vault.learn(&name("t"), jwt, &[api()]).expect("long enough");
        assert_eq!(vault.mask_text(jwt), "‹t#1›");
        assert_eq!(vault.mask_text("p=eyJzdWIiOiJ4In0&s=c2lnbmF0dXJl"), "p=‹t#1~jwt-payload›&s=‹t#1~jwt-signature›");
    }

    #[test]
    fn paths_say_what_is_secret() {
        let vault = vault();
        let text = r#"{"access_token":"first-token","access_token":"second-token","n":{"pin":12345678,"l":["third-token","x"]}}"#;
        let json = Json::parse(text.as_bytes()).expect("the test's own JSON");
        let paths = ["$..access_token", "$.n"].map(|path| JsonPath::parse(path).expect("the test's own path"));
        let mut namer = |location: &Location<'_>| SecretName::lossy(location.to_pointer().trim_start_matches('/'));
        vault.learn_paths(&json, &paths, &[api()], &mut namer).expect("a small document");
        assert_eq!(
            vault.mask_json_text(text),
            r#"{"access_token":"‹access_token#1›","access_token":"‹access_token#2›","n":{"pin":"‹n#1›","l":["‹n#2›","x"]}}"#
        );
    }

    /// Values that no name and no common word holds.
    fn secrets() -> impl Strategy<Value = String> {
        prop_oneof!["[ -~é‹›\n]{6,30}", "[a-zA-Z0-9+/=]{6,40}", "[0-9]{6,12}"].prop_map(|text| format!("Zq{text}"))
    }

    fn forms_of(value: &str) -> Vec<String> {
        let forms = Form::all().filter_map(|form| form.encode(value));
        std::iter::once(value.to_owned()).chain(forms).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_form_of_a_secret_survives_anywhere(
            value in secrets(), other in secrets(), before in any::<String>(), after in any::<String>(), at in 0_usize..80,
        ) {
            let vault = Vault::new(Masker::empty().into());
            for value in [&value, &other] {
                vault.learn(&name("k"), value, &[api()]).expect("long enough");
            }
            let forms = forms_of(&value);
            let text = format!("{before}{}{after}{}{other}", forms[at % forms.len()], forms[(at + 1) % forms.len()]);
            let masked = vault.mask_text(&text).into_owned();
            for form in &forms {
                prop_assert!(!masked.contains(form.as_str()), "{form:?} in {masked:?}");
            }
            prop_assert_eq!(vault.reveal(&masked, &api()), Ok(text));
        }

        #[test]
        fn no_escape_hides_a_secret_in_json(
            value in secrets(), before in any::<String>(), after in any::<String>(), escape in any::<u64>(),
        ) {
            let vault = Vault::new(Masker::empty().into());
            vault.learn(&name("k"), &value, &[api()]).expect("long enough");
            let whole = format!("{before}{value}{after}");
            let mut literal = String::new();
            for (at, character) in whole.chars().enumerate() {
                if escape >> (at % 64) & 1 == 1 || matches!(character, '"' | '\\' | '\0'..='\u{1f}') {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        literal.extend([format!("\\u{unit:04x}")]);
                    }
                } else {
                    literal.push(character);
                }
            }
            let text = format!(r#"{{"k":[1, "{literal}"]}}"#);
            let masked = vault.mask_json_text(&text).into_owned();
            let json = Json::parse(masked.as_bytes()).expect("still JSON");
            let found = json.get("k").and_then(|list| list.index(1)).and_then(Json::as_str).expect("still there");
            prop_assert!(!found.contains(&value) && !masked.contains(&value), "{masked}");
            prop_assert_eq!(vault.reveal_locally(found), whole);
        }

        #[test]
        fn any_bytes_are_masked_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), text in "[\"\\\\{}\\[\\]u0-9a-e‹›#~.é-]{0,40}") {
            let vault = vault();
            vault.learn(&name("pin"), "123456", &[]).expect("long enough");
            let _ = vault.mask_bytes(&bytes);
            let _ = vault.mask_json_text(&text);
            prop_assert_eq!(vault.reveal_locally(&vault.mask_text(&text)), text);
        }
    }
}
