use std::fmt::Write as _;

use super::credentials::REDIRECT_URI;
use super::{Account, Host, OpenTenant};

/// A file to be written beside `assize.yaml`.
#[derive(Clone, PartialEq, Eq)]
pub struct SideFile {
    /// Its path, relative to the directory of `assize.yaml`, with `/` between its parts.
    pub path: String,
    /// What it holds; mostly a secret, which only its owner should be able to read.
    pub content: String,
}

impl std::fmt::Debug for SideFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SideFile({}, ***)", self.path)
    }
}

/// An operator's file that names a tenant, and everything it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorFile {
    /// The text of `assize.yaml`. It holds no secret.
    pub yaml: String,
    /// What is to be written beside it.
    pub files: Vec<SideFile>,
}

/// Describes `tenant` as the target `sandbox`, ready to be run against, and its host as the target `fresh`, which makes a
/// tenant for each case.
#[must_use]
pub fn operator_file(host: &Host, tenant: &OpenTenant) -> OperatorFile {
    let mut files = Vec::new();
    let mut secret = |name: &str, content: &str| {
        let path = format!("secrets/{name}");
        files.push(SideFile { path: path.clone(), content: content.to_owned() });
        format!("{{ file: {path} }}")
    };
    let who = &tenant.credentials;
    let control = secret("control", &host.control_authorization());
    let back_end = secret("backend", &who.back_end_secret);
    // The number of a business unit is known to everybody in it.
    let business_unit = format!("{{ open: {} }}", quoted(&who.business_unit));
    let application = secret("application", &who.application_id);
    let mut users = |kind: &str, accounts: &[Account]| {
        accounts.iter().enumerate().fold(String::new(), |mut lines, (index, account)| {
            let password = secret(&format!("{kind}-{}", index + 1), &account.password);
            // Writing to a String cannot fail.
            let _ =
                write!(lines, "\n              - {{ username: {}, password: {password} }}", quoted(&account.username));
            lines
        })
    };
    let access_keys = users("access-key", &who.access_keys);
    let logins = users("login", &who.logins);
    let page_user = users("page", std::slice::from_ref(&who.page_user));
    let implicit_user = users("implicit", std::slice::from_ref(&who.implicit_user));

    let mut tls = "";
    if let Some(pem) = host.certificate_authority() {
        files.push(SideFile { path: "ca.pem".to_owned(), content: pem.to_owned() });
        tls = "\n    tls: { ca: ca.pem }";
    }
    let (back_end_id, ui_id) = (quoted(&who.back_end_id), quoted(&who.user_interface_id));
    let central = quoted(&who.central_name);
    let (app, vendor) = who.central_name.split_once('@').unwrap_or((&who.central_name, ""));
    let (app, vendor) = (quoted(app), quoted(vendor));
    // What a target says of a tenant at `address`; the tenants of one host all have the same credentials.
    let variants = |address: &str| {
        format!(
            r#"    variables: {{ station: "+15550100", out_reason: Lunch, report: 501, point_of_contact: 9001 }}
    variants:
      openid:
        endpoints: {{ issuer: "{address}" }}
        identities:
          agent:
            oauth2:
              grant: password
              token_url: {address}/auth/token
              client: {{ id: {back_end_id}, secret: {back_end}, via: basic }}
            users:{access_keys}
          browser:
            oauth2:
              grant: authorization_code
              issuer: "{address}"
              client: {{ id: {ui_id}, via: none }}
              redirect_uri: {REDIRECT_URI}
              scope: openid
              page: {{ username: username, password: password }}
            users:{page_user}
      legacy:
        variables: {{ app: {app}, vendor: {vendor} }}
        identities:
          agent:
            oauth2:
              grant: password
              token_url: {address}/InContactAuthorizationServer/Token
              body: json
              client: {{ id: {central}, secret: {business_unit}, via: basic }}
              params: {{ scope: "" }}
            users:{logins}
          browser:
            oauth2:
              grant: implicit
              authorize_url: {address}/InContactAuthorizationServer/Authenticate
              client: {{ id: {central}, via: none }}
              redirect_uri: {REDIRECT_URI}
              scope: AgentApi RealTimeApi
              page: {{ username: username, password: password }}
            users:{implicit_user}
          application:
            oauth2:
              grant: client_credentials
              token_url: {address}/InContactAuthorizationServer/Token
              body: json
              client: {{ id: {central}, secret: {application}, via: basic }}
              scope: PatronApi"#
        )
    };
    let (address, clock, host_url) = (&tenant.address, &tenant.control, host.control_url());
    let (at_address, at_fresh) = (variants(address), variants("$(tenant)"));
    let yaml = format!(
        r#"# Written by `assize sandbox`. The tenant is simulated: it is not NICE CXone.
targets:
  sandbox:
    default: true
    base_url: {address}/inContactAPI/services/v30.0{tls}
    features: [clock, sign_in_page, reports, patron, accepted_answers]
    clock:
      request: POST {clock}/clock
      headers: {{ authorization: {control} }}
      json: {{ advance_ms: $(milliseconds) }}
{at_address}
  fresh:                                 # a tenant of its own for each case
    setup: {{ flow: fresh-tenant, as: host }}
    teardown: {{ flow: end-tenant, as: host }}
    endpoints: {{ tenant_host: "{host_url}" }}
    base_url: $(tenant)/inContactAPI/services/v30.0{tls}
    features: [clock, sign_in_page, reports, patron, accepted_answers, fresh_tenants]
    identities:
      host: {{ headers: {{ authorization: {control} }} }}
    clock:
      request: POST $(tenant_control)/clock
      headers: {{ authorization: {control} }}
      json: {{ advance_ms: $(milliseconds) }}
{at_fresh}
"#
    );
    OperatorFile { yaml, files }
}

/// A text as YAML: JSON's texts are YAML's too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
