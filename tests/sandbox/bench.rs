//! A host with a tenant, and a client that speaks to it.

use assize::sandbox::{Entropy, Host, HostOptions, OpenTenant, TenantOptions};
use hyper::ext::ReasonPhrase;
use reqwest::Method;
use serde_json::Value;

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) reason: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub(crate) fn get(&self, member: &str) -> String {
        match &self.json()[member] {
            Value::String(text) => text.clone(),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                other.to_string()
            }
        }
    }

    /// The events, each as its type and whatever of `members` it has.
    pub(crate) fn events(&self, members: &[&str]) -> Vec<String> {
        let json = self.json();
        let told = |event: &Value| {
            let found = ["Type"].iter().chain(members).filter_map(|name| event[*name].as_str());
            found.collect::<Vec<_>>().join(" ")
        };
        json["events"].as_array().into_iter().flatten().map(told).collect()
    }

    pub(crate) fn types(&self) -> Vec<String> {
        let json = self.json();
        let events = json["events"].as_array().cloned().unwrap_or_default();
        events.iter().map(|event| event["Type"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// Whatever a test needs.
pub(crate) struct Bench {
    pub(crate) host: Host,
    pub(crate) tenant: OpenTenant,
    pub(crate) client: reqwest::Client,
}

/// A request under way.
pub(crate) struct Ask(reqwest::RequestBuilder);

impl Ask {
    pub(crate) fn token(self, token: &str) -> Self {
        Self(self.0.header("authorization", format!("bearer {token}")))
    }

    pub(crate) fn basic(self, id: &str, secret: &str) -> Self {
        Self(self.0.basic_auth(id, Some(secret)))
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    pub(crate) fn body(self, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.body(body))
    }

    pub(crate) async fn send(self) -> Answer {
        let response = self.0.send().await.unwrap();
        let reason = response.extensions().get::<ReasonPhrase>();
        let reason = reason.map_or_else(
            || response.status().canonical_reason().unwrap_or_default().to_owned(),
            |phrase| String::from_utf8_lossy(phrase.as_bytes()).into_owned(),
        );
        Answer {
            status: response.status().as_u16(),
            reason,
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let host = Host::start(HostOptions::plain(Entropy::from_seed(1))).await.unwrap();
        let tenant = host.open(TenantOptions::embedded(1)).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { host, tenant, client }
    }

    /// A request to a path of the API, below its version.
    pub(crate) fn api(&self, method: Method, path: &str) -> Ask {
        self.at(method, &format!("/inContactAPI/services/v30.0{path}"))
    }

    /// A request to a path of the tenant.
    pub(crate) fn at(&self, method: Method, path: &str) -> Ask {
        Ask(self.client.request(method, format!("{}{path}", self.tenant.address)))
    }

    /// A request to a path of the tenant's resource in the control API.
    pub(crate) fn control(&self, method: Method, path: &str) -> Ask {
        let url = format!("{}{path}", self.tenant.control);
        Ask(self.client.request(method, url)).header("authorization", &self.host.control_authorization())
    }

    pub(crate) async fn advance(&self, millis: u64) {
        let moved = self.control(Method::POST, "/clock").body(format!("{{\"advance_ms\":{millis}}}")).send().await;
        assert_eq!(moved.status, 200, "{}", moved.text);
    }

    /// The token answer of the back end for access key `n`, from 1.
    pub(crate) async fn sign_in(&self, n: usize) -> Answer {
        let form = format!("grant_type=password&username=AK-AGENT-{n}&password=not-a-secret-agent-{n}");
        self.at(Method::POST, "/auth/token").basic("assize-backend", "not-a-secret-backend").body(form).send().await
    }

    /// A token of agent `n`, from 1.
    pub(crate) async fn token(&self, n: usize) -> String {
        self.sign_in(n).await.get("access_token")
    }

    /// A request to the token service of the first generation.
    pub(crate) fn legacy(&self, body: &str) -> Ask {
        self.at(Method::POST, "/InContactAuthorizationServer/Token").body(body.to_owned())
    }

    /// A token of the application without a user.
    pub(crate) async fn application_token(&self) -> String {
        let ask = self.legacy(r#"{"grant_type":"client_credentials","scope":"PatronApi"}"#);
        ask.basic("AssizeDesk@Example", "app-id-77").send().await.get("access_token")
    }

    pub(crate) async fn start(&self, token: &str) -> String {
        let body = r#"{"stationPhoneNumber":"+15550100"}"#;
        let started = self.api(Method::POST, "/agent-sessions").token(token).body(body).send().await;
        assert_eq!(started.status, 202, "{}", started.text);
        started.get("sessionId")
    }

    pub(crate) async fn poll(&self, token: &str, id: &str, timeout: &str) -> Answer {
        let path = format!("/agent-sessions/{id}/get-next-event?timeout={timeout}");
        self.api(Method::GET, &path).token(token).send().await
    }

    /// A session whose events have all been read, by its newest id.
    pub(crate) async fn quiet_session(&self, token: &str) -> String {
        let id = self.start(token).await;
        self.poll(token, &id, "0").await.get("sessionId")
    }

    pub(crate) async fn set_state(&self, token: &str, id: &str, body: &str) -> Answer {
        let path = format!("/agent-sessions/{id}/state");
        self.api(Method::POST, &path).token(token).body(body.to_owned()).send().await
    }

    pub(crate) async fn end(&self, token: &str, id: &str) -> Answer {
        self.api(Method::DELETE, &format!("/agent-sessions/{id}")).token(token).send().await
    }

    /// A command to a session: `state`, `interactions/7/hold`.
    pub(crate) async fn command(&self, token: &str, id: &str, path: &str, body: &str) -> Answer {
        let path = format!("/agent-sessions/{id}/{path}");
        self.api(Method::POST, &path).token(token).body(body.to_owned()).send().await
    }

    /// A session of an available agent, whose events have all been read, by its newest id.
    pub(crate) async fn ready(&self, token: &str) -> String {
        let id = self.quiet_session(token).await;
        assert_eq!(self.set_state(token, &id, "state=Available").await.status, 202);
        self.poll(token, &id, "0").await.get("sessionId")
    }

    /// A patron calls, or begins a chat; the number of the contact.
    pub(crate) async fn arrive(&self, body: &str) -> String {
        let queued = self.control(Method::POST, "/contacts").body(body.to_owned()).send().await;
        assert_eq!(queued.status, 201, "{}", queued.text);
        queued.get("contact")
    }

    /// The number of agent `n`, from 1, as the API tells it.
    pub(crate) async fn agent_number(&self, token: &str) -> String {
        let whoami = self.at(Method::POST, "/incontactauthorizationserver/token/whoami");
        whoami.body(format!("{{\"token\":\"{token}\"}}")).send().await.get("agent_id")
    }

    /// How many sessions have not ended.
    pub(crate) async fn live_sessions(&self) -> Value {
        self.control(Method::GET, "/sessions").send().await.json()["live"].clone()
    }
}
