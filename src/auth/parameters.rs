use crate::suite::{Grant, OAuth2};
use crate::value::Json;

/// Parameters of a request in order, each name once, by their OAuth names.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters(pub(super) Vec<(String, Json)>);

impl Parameters {
    /// Sets a parameter where it is, or at the end; a null leaves it out.
    pub(super) fn set(&mut self, name: &str, value: Json) {
        let known = self.0.iter().position(|(known, _)| known == name);
        match (known, value.is_null()) {
            (Some(at), true) => drop(self.0.remove(at)),
            (Some(at), false) => self.0[at].1 = value,
            (None, true) => {}
            (None, false) => self.0.push((name.to_owned(), value)),
        }
    }

    /// Sets a parameter that may have no value; without one it stays as it is.
    pub(super) fn set_text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.set(name, Json::from(value));
        }
    }

    /// Its value, as a form has it.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| plain(value))
    }

    /// The parameters under the names that the server wants.
    pub(super) fn renamed(&self, oauth2: &OAuth2) -> Vec<(String, Json)> {
        self.0.iter().map(|(name, value)| (sent_name(oauth2, name).to_owned(), value.clone())).collect()
    }
}

/// The value in a form: a text as it is, anything else as JSON.
pub(super) fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The name under which a parameter is sent.
fn sent_name<'a>(oauth2: &'a OAuth2, name: &'a str) -> &'a str {
    match (oauth2.rename.get(name), oauth2.grant, name) {
        (Some(renamed), _, _) => renamed,
        (None, Grant::AccessKey, "username") => "accessKeyId",
        (None, Grant::AccessKey, "password") => "accessKeySecret",
        (None, _, _) => name,
    }
}
