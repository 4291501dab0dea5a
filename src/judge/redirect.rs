use crate::event::Answer;
use crate::value::{Destination, Json};

use super::{Breach, BreachCode};

/// Why an answer leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoRedirect {
    /// There is no `Location` header.
    #[error("there is no Location header")]
    Missing,
    /// There are several, and readers differ in which they follow.
    #[error("there are several Location headers")]
    Several,
    /// It holds no URL.
    #[error("the Location header holds no URL")]
    NoUrl,
}

impl NoRedirect {
    /// It as what a check found.
    pub(super) fn breach(self) -> Breach {
        let code = match self {
            Self::Missing => BreachCode::HeaderMissing,
            Self::Several | Self::NoUrl => BreachCode::LocationInvalid,
        };
        Breach::new(code, self.to_string()).at("header location")
    }
}

/// Where the `Location` header of an answer to a request to `base` leads.
pub(super) fn redirect_of(answer: &Answer, base: Option<&str>) -> Result<Destination, NoRedirect> {
    let mut headers = answer.header("location");
    let location = headers.next().ok_or(NoRedirect::Missing)?;
    if headers.next().is_some() {
        return Err(NoRedirect::Several);
    }
    Destination::read(location, base).ok_or(NoRedirect::NoUrl)
}

/// The value of a parameter; the list of its values where it stands several times.
pub(super) fn value_of(parameters: &[(String, String)], name: &str) -> Option<Json> {
    let mut values: Vec<Json> =
        parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| Json::from(value.as_str())).collect();
    if values.len() > 1 { Some(Json::from(values)) } else { values.pop() }
}
