use crate::event::Answer;
use crate::http::{Issue, IssuePlace};
use crate::suite::OAuth2;
use crate::value::{Json, JsonPath, Origin, SecretName};

/// How long a token is taken to live that does not say it.
const UNSTATED_SECONDS: u64 = 300;
/// The members of a token answer that are secrets.
const SECRETS: [&str; 3] = ["access_token", "refresh_token", "id_token"];

/// What a token answer gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAnswer {
    /// The token: a handle.
    pub access_token: String,
    /// What renews it, where it was given: a handle.
    pub refresh_token: Option<String>,
    /// Its type, as the server wrote it.
    pub token_type: Option<String>,
    /// How long it lives, in seconds; five minutes when the answer does not say it so that it can be read.
    pub lifetime_seconds: u64,
}

/// Why a token answer gives no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadTokenAnswer {
    /// The target file names a place that is no JSONPath.
    #[error("`{0}` is no JSONPath")]
    Path(String),
    /// Another status than success.
    #[error("expected a 2xx answer of the token endpoint, got {0}")]
    Status(u16),
    /// No JSON.
    #[error("expected JSON from the token endpoint: {0}")]
    Json(String),
    /// No token where it should be.
    #[error("expected a token at `{0}` of the token answer, found none")]
    NoToken(String),
}

/// The secrets that a token answer to `device` holds, to be learned by the door.
///
/// The token itself goes to the target only; what renews it goes to sign-in as well.
///
/// # Errors
/// [`BadTokenAnswer::Path`].
pub fn token_issues(
    oauth2: &OAuth2,
    device: &str,
    target: &[Origin],
    sign_in: &[Origin],
) -> Result<Vec<Issue>, BadTokenAnswer> {
    SECRETS
        .iter()
        .map(|member| {
            let name = SecretName::lossy(&format!("{device}.{member}"));
            let mut origins = target.to_vec();
            if *member != "access_token" {
                origins.extend_from_slice(sign_in);
            }
            Ok(Issue { place: IssuePlace::Body(path(oauth2, member)?), name, origins })
        })
        .collect()
}

/// The secrets that the redirect back from sign-in holds, to be learned by the door: a code, and what the implicit grant
/// hands over (RFC 6749 section 4.1.2, 4.2.2). They go to sign-in and to the target.
///
/// A member that stands elsewhere here, such as at `$.token`, is a parameter of that name, too.
#[must_use]
pub fn redirect_issues(oauth2: &OAuth2, device: &str, target: &[Origin], sign_in: &[Origin]) -> Vec<Issue> {
    let origins: Vec<Origin> = target.iter().chain(sign_in).cloned().collect();
    let issue = |parameter: &str, member: &str| Issue {
        place: IssuePlace::Location(parameter.to_owned()),
        name: SecretName::lossy(&format!("{device}.{member}")),
        origins: origins.clone(),
    };
    let renamed = SECRETS.iter().filter_map(|member| {
        let parameter = oauth2.answer.get(*member)?.strip_prefix("$.")?;
        Some(issue(parameter, member))
    });
    ["code"].into_iter().chain(SECRETS).map(|member| issue(member, member)).chain(renamed).collect()
}

/// Reads a token answer, whose secrets are handles already.
///
/// # Errors
/// When it holds no token.
pub fn read_token_answer(oauth2: &OAuth2, answer: &Answer) -> Result<TokenAnswer, BadTokenAnswer> {
    if !(200..300).contains(&answer.status) {
        return Err(BadTokenAnswer::Status(answer.status));
    }
    let json = Json::parse(&answer.body.to_bytes()).map_err(|error| BadTokenAnswer::Json(error.to_string()))?;
    read_token_members(oauth2, &json)
}

/// Reads the members of a token answer, whose secrets are handles already: JSON, or the parameters of a redirect as its
/// members.
///
/// # Errors
/// When they hold no token.
pub(super) fn read_token_members(oauth2: &OAuth2, json: &Json) -> Result<TokenAnswer, BadTokenAnswer> {
    let find = |member: &str| -> Result<Option<Json>, BadTokenAnswer> {
        let path = path(oauth2, member)?;
        let found = path.select_in(json).map_err(|_| BadTokenAnswer::Path(path.text().to_owned()))?;
        Ok(found.nodes().first().map(|node| node.value.clone()))
    };
    let text = |member: &str| Ok(find(member)?.and_then(|value| value.as_str().map(str::to_owned)));
    let access_token = text("access_token")?.filter(|token| !token.is_empty());
    let Some(access_token) = access_token else {
        return Err(BadTokenAnswer::NoToken(path(oauth2, "access_token")?.text().to_owned()));
    };
    Ok(TokenAnswer {
        access_token,
        refresh_token: text("refresh_token")?.filter(|token| !token.is_empty()),
        token_type: text("token_type")?,
        lifetime_seconds: lifetime(find("expires_in")?.as_ref()),
    })
}

fn path(oauth2: &OAuth2, member: &str) -> Result<JsonPath, BadTokenAnswer> {
    let text = oauth2.answer.get(member).cloned().unwrap_or_else(|| format!("$.{member}"));
    JsonPath::parse(&text).map_err(|_| BadTokenAnswer::Path(text))
}

/// A number, or a text of digits as some servers send it.
fn lifetime(value: Option<&Json>) -> u64 {
    let seconds = match value {
        Some(Json::Number(number)) => number.to_u64(),
        Some(Json::String(text)) => text.trim().parse().ok(),
        None | Some(Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_)) => None,
    };
    seconds.filter(|seconds| *seconds > 0).unwrap_or(UNSTATED_SECONDS)
}
