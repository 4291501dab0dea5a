use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::suite::{ClockControl, Credential, Identity, Scheme, Surface, Target};
use crate::value::Json;

use super::Addresses;

/// What stands for the address of an embedded tenant in its target's URLs.
pub const EMBEDDED: &str = "embedded:";
/// What stands for its control address.
const CONTROL: &str = "control:";

/// A target as the cases of one variant see it.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The variant; none where the suite has none.
    pub variant: Option<String>,
    /// Where paths go.
    pub base_url: String,
    /// Other places, by name.
    pub endpoints: BTreeMap<String, String>,
    /// Origins besides those.
    pub hosts: Vec<String>,
    /// What it can do.
    pub features: BTreeSet<String>,
    /// Values with a name.
    pub variables: BTreeMap<String, Json>,
    /// Those it knows.
    pub identities: BTreeMap<String, Identity>,
    /// How it moves its clock, where it can.
    pub clock: Option<ClockControl>,
}

impl Resolved {
    /// What `target` is in `variant`: what it says of the variant goes before what it says of all.
    #[must_use]
    pub fn of(target: &Target, variant: Option<&str>) -> Self {
        let mut surface = target.common.clone();
        if let Some(over) = variant.and_then(|variant| target.variants.get(variant)) {
            overlay(&mut surface, over);
        }
        Self {
            variant: variant.map(str::to_owned),
            base_url: surface.base_url.unwrap_or_default(),
            endpoints: surface.endpoints,
            hosts: surface.hosts,
            features: surface.features.into_iter().collect(),
            variables: surface.variables,
            identities: surface.identities,
            clock: target.clock.clone(),
        }
    }

    /// The same as a surface.
    #[must_use]
    pub fn surface(&self) -> Surface {
        Surface {
            base_url: (!self.base_url.is_empty()).then(|| self.base_url.clone()),
            endpoints: self.endpoints.clone(),
            hosts: self.hosts.clone(),
            features: self.features.iter().cloned().collect(),
            variables: self.variables.clone(),
            identities: self.identities.clone(),
        }
    }

    /// The same with the tenant's addresses put in.
    #[must_use]
    pub fn at(&self, addresses: &Addresses) -> Self {
        let mut resolved = self.clone();
        let put = |text: &mut String| *text = addresses.put_in(text);
        put(&mut resolved.base_url);
        resolved.endpoints.values_mut().for_each(put);
        resolved.hosts.iter_mut().for_each(put);
        for identity in resolved.identities.values_mut() {
            if let Scheme::OAuth2(oauth2) = &mut identity.scheme {
                let urls = [&mut oauth2.issuer, &mut oauth2.token_url, &mut oauth2.authorize_url];
                urls.into_iter().flatten().chain(&mut oauth2.page.hosts).for_each(put);
            }
        }
        resolved
    }

    /// The names that it gives to scenarios.
    #[must_use]
    pub fn names(&self, target: &str, run_id: &str, run_nonce: &str) -> Arc<BTreeMap<String, Json>> {
        let mut names: BTreeMap<String, Json> = self.variables.clone();
        names.extend(self.endpoints.iter().map(|(name, url)| (name.clone(), Json::from(url.as_str()))));
        names.insert("base_url".to_owned(), Json::from(self.base_url.as_str()));
        let object = |members: Vec<(&str, Json)>| {
            Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
        };
        names.insert("target".to_owned(), object(vec![("name", Json::from(target))]));
        names.insert("run".to_owned(), object(vec![("id", Json::from(run_id)), ("nonce", Json::from(run_nonce))]));
        if let Some(variant) = &self.variant {
            names.insert("variant".to_owned(), Json::from(variant.as_str()));
        }
        let identities = self.identities.iter().map(|(name, identity)| (name.clone(), public_face(identity))).collect();
        names.insert("identities".to_owned(), Json::Object(identities));
        Arc::new(names)
    }

    /// Every URL that tokens and requests may go to: sign-in is not among them.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.base_url.as_str())
            .chain(self.endpoints.values().map(String::as_str))
            .chain(self.hosts.iter().map(String::as_str))
    }

    /// The URLs that sign-in goes to.
    pub fn sign_in_urls(&self) -> impl Iterator<Item = &str> {
        self.identities
            .values()
            .filter_map(|identity| match &identity.scheme {
                Scheme::OAuth2(oauth2) => Some(oauth2),
                Scheme::Basic { .. } | Scheme::Headers(_) | Scheme::Static(_) => None,
            })
            .flat_map(|oauth2| oauth2.sign_in_urls())
    }
}

impl Addresses {
    /// Puts the addresses into a URL of a target.
    #[must_use]
    pub fn put_in(&self, url: &str) -> String {
        if let Some(rest) = url.strip_prefix(EMBEDDED) {
            format!("{}{rest}", self.tenant)
        } else if let Some(rest) = url.strip_prefix(CONTROL) {
            format!("{}{rest}", self.control)
        } else {
            url.to_owned()
        }
    }
}

fn overlay(surface: &mut Surface, over: &Surface) {
    if over.base_url.is_some() {
        surface.base_url.clone_from(&over.base_url);
    }
    surface.endpoints.extend(over.endpoints.clone());
    surface.hosts.extend(over.hosts.iter().cloned());
    surface.features.extend(over.features.iter().cloned());
    surface.variables.extend(over.variables.clone());
    surface.identities.extend(over.identities.clone());
}

/// What scenarios may know of an identity: never a secret.
fn public_face(identity: &Identity) -> Json {
    let mut members = Vec::new();
    if let Scheme::OAuth2(oauth2) = &identity.scheme {
        if let Some(Credential::Open(client_id)) = &oauth2.client_id {
            members.push(("client_id".to_owned(), Json::from(client_id.as_str())));
        }
        let texts = [
            ("redirect_uri", &oauth2.redirect_uri),
            ("scope", &oauth2.scope),
            ("issuer", &oauth2.issuer),
            ("token_url", &oauth2.token_url),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                members.push((name.to_owned(), Json::from(value.as_str())));
            }
        }
    }
    Json::Object(members)
}
