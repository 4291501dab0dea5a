use std::time::Duration;

use super::tree::{Tree, operator, table};
use crate::suite::{ClientVia, Credential, Grant, HttpVersions, Scheme, SecretSource, TokenBody};

#[test]
fn what_is_wrong_with_targets_is_told() {
    let cases = [
        ("empty", ""),
        ("no targets", "target: {}\n"),
        ("unknown keys", "targets: { t: { base-url: http://x, identites: {}, feature: [] } }\n"),
        ("other settings", "targets: {}\ndefaults: {}\n"),
        (
            "urls",
            "targets:\n  t:\n    base_url: https://api.example.com/\n    endpoints: { a: api.example.com, b: ftp://x, c: https://x/?q=1, d: https://u:p@x, e: \"https://x/a b\", f: embedded:/x, g: https://x#y, h: 5, i: https://$(host) }\n    hosts: [https://x/path, https://y:99999]\n",
        ),
        (
            "an embedded tenant's urls",
            "targets: { t: { embedded: true, base_url: embedded:x, endpoints: { a: embedded:/x/ } } }\n",
        ),
        (
            "names without setup",
            "targets: { t: { teardown: remove, variables: { id: $(tenant), list: [{ a: x$(y) }] } } }\n",
        ),
        (
            "setup",
            "targets:\n  a: { setup: make, embedded: true }\n  b: { setup: make, base_url: $(tenant)/, endpoints: { a: \"https://$(host)/x?y\", b: ftp://$(host) }, hosts: [$(a b)], variables: { x: $( } }\n  c: { setup: { flow: make, by: agent }, teardown: [a] }\n  d: { setup: make, clock: { request: POST $(control)/clock, json: { at: $(now) } } }\n  e: { setup: make, identities: { u: { oauth2: { grant: client_credentials, token_url: $(tenant)/t, redirect_uri: $(tenant)/cb, client: { id: x, secret: { plain: y } } } } } }\n",
        ),
        (
            "secrets",
            "targets:\n  t:\n    base_url: https://x\n    identities:\n      a: { static: hush }\n      b: { static: { env: A, file: b } }\n      c: { static: { enf: A } }\n      d: { static: { env: A-B } }\n      e: { static: {} }\n      f: { headers: { x-key: text, b ad: { env: A } } }\n      g: { basic: { username: 5, password: { env: A } } }\n      h: { basic: { username: x } }\n",
        ),
        (
            "secrets in plain text",
            "targets:\n  t:\n    base_url: https://api.example.com\n    headers: { x-key: { plain: not-a-secret }, authorization: Bearer x }\n    identities:\n      here: { oauth2: { grant: client_credentials, token_url: http://127.0.0.1:8080/token, client: { id: x, secret: { plain: not-a-secret } } } }\n      away: { oauth2: { grant: client_credentials, token_url: https://auth.example.com/token, client: { id: x, secret: { plain: not-a-secret } } } }\n      there: { static: { plain: not-a-secret } }\n  nowhere: { identities: { a: { static: { plain: not-a-secret } } } }\n",
        ),
        (
            "identities",
            "targets:\n  t:\n    base_url: https://x\n    identities:\n      none: {}\n      both: { static: { env: A }, basic: {} }\n      nobody: { static: { env: A } }\n      people: { static: { env: A }, users: [{ username: x, password: { env: A } }] }\n      twins: { basic: {}, users: [{ username: x, password: { env: A } }, { username: x, password: { env: B } }] }\n      empty: { basic: {}, users: [] }\n      shy: { headers: {} }\n",
        ),
        (
            "oauth2",
            "targets:\n  t:\n    identities:\n      a: { oauth2: { grant: pasword, token_url: https://x/t } }\n      b: { oauth2: { grant: password, client: { id: x } } }\n      c: { oauth2: { grant: authorization_code, token_url: https://x/t, client: { id: x, via: none, secret: { env: A } } } }\n      d: { oauth2: { grant: client_credentials, issuer: https://x, client: { id: x, via: basic }, body: xml } }\n      e: { oauth2: { grant: client_credentials, issuer: https://x, client: { id: x }, params: { client_secret: x }, rename: { usrname: x }, answer: { acess_token: $.a, refresh_token: token, expires_in: '$[' }, page: { user: x } } }\n      f: { oauth2: { grant: client_credentials, issuer: https://x/, client: { secret: { env: A } } }, users: [{ username: x, password: { env: A } }] }\n",
        ),
        (
            "sign-in by refresh tokens and pages",
            "targets:\n  t:\n    identities:\n      a: { oauth2: { grant: refresh_token, token_url: https://x/t, client: { id: x } } }\n      b: { oauth2: { grant: refresh_token, token_url: https://x/t, client: { id: x }, refresh_token: hush } }\n      c: { oauth2: { grant: password, token_url: https://x/t, params: { refresh_token: hush } }, users: [{ username: x, password: { env: A } }] }\n      d: { oauth2: { grant: implicit, authorize_url: https://x/a, client: { id: x }, redirect_uri: https://c/cb, page: { confirm: 1, hosts: [https://y/login, z] } }, users: [{ username: x, password: { env: A } }] }\n      e: { oauth2: { grant: refresh_token, token_url: https://x/t, client: { id: x }, refresh_token: { env: R } }, users: [{ username: x, password: { env: A } }, { username: y, password: { env: B } }] }\n      f: { oauth2: { grant: implicit, authorize_url: http://127.0.0.1/a, client: { id: x }, redirect_uri: https://c/cb, page: { hosts: [https://away.example] } }, users: [{ username: x, password: { plain: not-a-secret } }] }\n",
        ),
        (
            "connections",
            "targets:\n  t:\n    tls: { ca: 5, client_cert: a.pem, cert: b }\n    insecure: maybe\n    proxy: http://u:p@proxy\n    http: 3\n    resolve: { a/b: 127.0.0.1, c: localhost }\n    connect_timeout: 0s\n    max_body: 0\n    pace: { requests_per_second: 0, concurrency: 0, burst: 1 }\n",
        ),
        (
            "clocks",
            "targets:\n  a: { clock: { request: /clock } }\n  b: { clock: { request: post https://x/$(milliseconds) } }\n  c: { clock: { request: POST https://x, json: { ms: $(seconds) } } }\n  d: { clock: { request: POST https://x } }\n  e: { clock: { request: POST embedded:/c, json: $(milliseconds) } }\n  f: { clock: { json: {} } }\n  g: { clock: { request: 'POST https://x/$(', json: 1 } }\n",
        ),
        (
            "secrets that problems must not show",
            "targets:\n  t: { proxy: 'http://u:not-a-secret@proxy', identities: { a: { static: not-a-secret, x: 1 }, b: { oauth2: { params: { password: not-a-secret } } }, c: { static: { env: not-a-secret } }, d: { headers: { x: not-a-secret } } } }\n",
        ),
        ("two defaults", "targets: { a: { default: true }, b: { default: true } }\n"),
        ("two documents", "targets: {}\n---\ntargets: {}\n"),
    ];
    let drawn = table(&cases, |text| operator(text).1);
    let (_, hidden) = drawn.split_once("must not show").expect("the table has this title");
    assert!(!hidden.contains("not-a-secret"), "{hidden}");
    insta::assert_snapshot!(drawn);
}

#[test]
fn a_file_that_is_not_utf_8_is_told_by_its_name() {
    let (mut sources, mut out) = (crate::diag::Sources::default(), crate::diag::Diagnostics::new());
    assert!(crate::suite::load_targets("assize.yaml", b"targets: \xff", &mut sources, &mut out).is_empty());
    let drawn = crate::diag::render(&out.into_sorted(), &sources, crate::diag::Colour::Never);
    assert_eq!(drawn, "error[not-utf8]: the file is not UTF-8\n--> assize.yaml\n\n");
}

#[test]
fn a_suite_gets_nothing_of_whoever_runs_it() {
    let targets = "targets:\n  t:\n    base_url: https://x\n    insecure: true\n    tls: { ca: /etc/passwd }\n    proxy: http://evil.example\n    resolve: { x: 127.0.0.1 }\n    features: [clok]\n    identities:\n      a: { static: { env: HOME } }\n      b: { static: { file: /etc/passwd } }\n    variants: { opnid: {} }\n";
    let suite = "suite: a\nvariants: { openid: x }\nprovides: { features: { clock: x } }\n";
    insta::assert_snapshot!(Tree::of(&[("suite.yaml", suite), ("targets.yaml", targets)]).problems());
}

#[test]
fn every_key_of_a_target_is_read() {
    let text = r#"
targets:
  tenant:
    default: true
    base_url: https://api.example.com/v30
    endpoints: { issuer: https://auth.example.com }
    hosts: ["https://files.example.com:8443"]
    features: [reports]
    pace: { requests_per_second: 0.5, concurrency: 2 }
    variables: { station: "+15550100", report: 1044, list: [1, { a: null }] }
    clock: { request: "POST https://api.example.com/clock?by=$(milliseconds)", headers: { X-Key: { env: CLOCK_KEY } } }
    tls: { ca: ca.pem, client_cert: c.pem, client_key: k.pem, server_name: api.internal }
    insecure: true
    proxy: http://proxy.example:3128
    http: [1.1, 2]
    resolve: { "api.example.com:443": "::1" }
    headers: { X-Team: blue }
    connect_timeout: 3s
    max_body: 1024
    identities:
      app: { headers: { X-Api-Key: { file: key.txt } } }
      robot: { basic: { username: robot, password: { env: ROBOT } } }
      fixed: { static: { env: TOKEN } }
    variants:
      openid:
        identities:
          agent:
            oauth2:
              grant: password
              token_url: https://auth.example.com/token
              client: { id: { env: ID }, secret: { env: SECRET }, via: post }
              scope: a b
              body: json
              params: { scope: "", extra: 1, grant_type: null }
              rename: { username: accessKeyId }
              answer: { access_token: $.token }
            users:
              - { username: { env: USER1 }, password: { env: PASS1 } }
              - { username: ben, password: { file: pass2 } }
          browser:
            oauth2:
              grant: authorization_code
              issuer: https://auth.example.com
              client: { id: ui }
              redirect_uri: "app.example:/callback"
              page: { username: user, password: pass, confirm: allow, hosts: ["https://login.example.com"] }
            users: [{ username: ulla, password: { env: ULLA } }]
"#;
    let (targets, drawn) = operator(text);
    assert_eq!(drawn, "");
    let [target] = targets.as_slice() else { panic!("{targets:?}") };
    assert!(target.default && !target.embedded);
    assert_eq!(target.common.base_url.as_deref(), Some("https://api.example.com/v30"));
    assert_eq!(target.common.hosts, ["https://files.example.com:8443"]);
    assert_eq!(target.common.variables["list"].to_string(), r#"[1,{"a":null}]"#);
    assert_eq!((target.pace.requests_per_second, target.pace.concurrency), (Some(0.5), Some(2)));
    let clock = target.clock.as_ref().expect("it has a clock");
    assert_eq!((clock.method.as_str(), clock.url.text()), ("POST", "https://api.example.com/clock?by=$(milliseconds)"));
    assert_eq!(secrets(clock.headers.values()), ["clock.x-key = env CLOCK_KEY"]);
    let connection = &target.connection;
    assert_eq!(connection.server_name.as_deref(), Some("api.internal"));
    assert_eq!((connection.insecure, connection.http), (true, HttpVersions::Any));
    assert_eq!((connection.connect_timeout, connection.max_body_bytes), (Duration::from_secs(3), 1024));
    assert_eq!(connection.resolve["api.example.com:443"], "::1");
    assert_eq!(connection.headers["x-team"], Credential::Open("blue".to_owned()));
    let Scheme::Headers(headers) = &target.common.identities["app"].scheme else { panic!("no headers") };
    assert_eq!(secrets(headers.values()), ["app.x-api-key = file key.txt"]);
    let agent = &target.variants["openid"].identities["agent"];
    let Scheme::OAuth2(oauth2) = &agent.scheme else { panic!("no oauth2") };
    assert_eq!((oauth2.grant, oauth2.via, oauth2.body), (Grant::Password, ClientVia::Post, TokenBody::Json));
    assert_eq!(
        secrets(oauth2.client_id.iter().chain(&oauth2.client_secret)),
        ["agent.client_id = env ID", "agent.client_secret = env SECRET"]
    );
    assert_eq!(
        secrets(agent.users.iter().flat_map(|user| [&user.username, &user.password])),
        ["agent.1.username = env USER1", "agent.1.password = env PASS1", "ben", "agent.2.password = file pass2"]
    );
    assert!(oauth2.params["grant_type"].is_null());
    assert_eq!(oauth2.rename["username"], "accessKeyId");
    let browser = &target.variants["openid"].identities["browser"];
    let Scheme::OAuth2(oauth2) = &browser.scheme else { panic!("no oauth2") };
    assert_eq!((oauth2.via, oauth2.page.username.as_deref()), (ClientVia::None, Some("user")));
    assert_eq!((oauth2.page.confirm.as_deref(), oauth2.page.hosts.len()), (Some("allow"), 1));
    assert_eq!(secrets(browser.users.iter().map(|user| &user.password)), ["browser.password = env ULLA"]);
}

fn secrets<'c>(credentials: impl IntoIterator<Item = &'c Credential>) -> Vec<String> {
    let shown = |credential: &Credential| match credential {
        Credential::Open(text) => text.clone(),
        Credential::Secret(secret) => match &secret.source {
            SecretSource::Env(name) => format!("{} = env {name}", secret.name),
            SecretSource::File(path) => format!("{} = file {path}", secret.name),
            SecretSource::Plain(text) => format!("{} = plain {text}", secret.name),
        },
    };
    credentials.into_iter().map(shown).collect()
}
