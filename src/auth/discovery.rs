use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::event::Exchange;
use crate::http::Outgoing;
use crate::suite::OAuth2;
use crate::value::Json;

use super::sign_in::{Means, SignInReason};

/// What issuers say of themselves, asked once for a run.
///
/// # Source
/// OpenID Connect Discovery 1.0 §4.
#[derive(Debug, Default)]
pub(super) struct Discovery {
    issuers: Mutex<HashMap<String, Arc<OnceCell<String>>>>,
}

impl Discovery {
    /// The token endpoint of an identity: the configured one, else the one that its issuer names.
    pub(super) async fn token_url(
        &self,
        oauth2: &OAuth2,
        device: &str,
        means: &Means<'_>,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<String, SignInReason> {
        if let Some(url) = &oauth2.token_url {
            return Ok(url.clone());
        }
        let issuer = oauth2.issuer.as_ref().ok_or(SignInReason::Missing("token_url"))?;
        let cell = {
            let mut issuers = self.issuers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(issuers.entry(issuer.clone()).or_default())
        };
        cell.get_or_try_init(|| ask(issuer, device, means, exchanges)).await.cloned()
    }
}

async fn ask(
    issuer: &str,
    device: &str,
    means: &Means<'_>,
    exchanges: &mut Vec<Exchange>,
) -> Result<String, SignInReason> {
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let exchange = means.send(device, &Outgoing::new("GET", &url, means.limits), &[]).await;
    let endpoint = match (exchange.complete(), &exchange.fault) {
        (Some(answer), _) => Json::parse(&answer.body.to_bytes())
            .ok()
            .filter(|_| answer.status == 200)
            .and_then(|json| json.get("token_endpoint")?.as_str().map(str::to_owned))
            .ok_or_else(|| SignInReason::Configuration(issuer.to_owned())),
        (None, Some(fault)) => Err(SignInReason::Fault(fault.clone())),
        (None, None) => Err(SignInReason::Configuration(issuer.to_owned())),
    };
    exchanges.push(exchange);
    endpoint
}
