use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::event::Exchange;
use crate::http::Outgoing;
use crate::suite::OAuth2;
use crate::value::{Json, Origin};

use super::binding::sign_in_origins;
use super::sign_in::{Means, SignInReason};

/// What issuers say of themselves, asked once for a run.
///
/// # Source
/// OpenID Connect Discovery 1.0 §4.
#[derive(Debug, Default)]
pub(super) struct Discovery {
    issuers: Mutex<HashMap<String, Arc<OnceCell<Endpoints>>>>,
}

/// The endpoints that an issuer names.
#[derive(Clone, Debug, Default)]
struct Endpoints {
    token: Option<String>,
    authorization: Option<String>,
}

/// An endpoint of sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// Where tokens are given.
    Token,
    /// Where a browser goes.
    Authorization,
}

impl Endpoint {
    /// Its key in a target file.
    fn key(self) -> &'static str {
        match self {
            Self::Token => "token_url",
            Self::Authorization => "authorize_url",
        }
    }

    /// Its member of an issuer's configuration.
    fn member(self) -> &'static str {
        match self {
            Self::Token => "token_endpoint",
            Self::Authorization => "authorization_endpoint",
        }
    }
}

impl Discovery {
    /// An endpoint of an identity: the configured one, else the one that its issuer names.
    pub(super) async fn url(
        &self,
        endpoint: Endpoint,
        oauth2: &OAuth2,
        device: &str,
        means: &Means<'_>,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<String, SignInReason> {
        let configured = match endpoint {
            Endpoint::Token => &oauth2.token_url,
            Endpoint::Authorization => &oauth2.authorize_url,
        };
        if let Some(url) = configured {
            return Ok(url.clone());
        }
        let issuer = oauth2.issuer.as_ref().ok_or(SignInReason::Missing(endpoint.key()))?;
        let cell = {
            let mut issuers = self.issuers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(issuers.entry(issuer.clone()).or_default())
        };
        let silent = || SignInReason::Configuration { issuer: issuer.clone(), member: endpoint.member() };
        let endpoints = cell
            .get_or_try_init(|| async {
                let exchange = ask(issuer, device, means).await;
                let endpoints = read(&exchange);
                let fault = exchange.fault.clone();
                exchanges.push(exchange);
                endpoints.ok_or_else(|| fault.map_or_else(silent, SignInReason::Fault))
            })
            .await?;
        let found = match endpoint {
            Endpoint::Token => &endpoints.token,
            Endpoint::Authorization => &endpoints.authorization,
        };
        let url = found.clone().ok_or_else(silent)?;
        let origin = Origin::parse(&url);
        if origin.is_some_and(|origin| sign_in_origins(oauth2).is_ok_and(|known| known.contains(&origin))) {
            return Ok(url);
        }
        Err(SignInReason::EndpointElsewhere { issuer: issuer.clone(), member: endpoint.member(), url })
    }
}

async fn ask(issuer: &str, device: &str, means: &Means<'_>) -> Exchange {
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    means.send(device, &Outgoing::new("GET", &url, means.limits), &[]).await
}

/// What a configuration names; none where it is none.
fn read(exchange: &Exchange) -> Option<Endpoints> {
    let answer = exchange.complete().filter(|answer| answer.status == 200)?;
    let json = Json::parse(&answer.body.to_bytes()).ok()?;
    let url = |endpoint: Endpoint| json.get(endpoint.member()).and_then(Json::as_str).map(str::to_owned);
    Some(Endpoints { token: url(Endpoint::Token), authorization: url(Endpoint::Authorization) })
}
