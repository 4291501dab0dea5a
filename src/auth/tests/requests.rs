use super::*;

use crate::auth::{Signer, authorize_request, token_request};
use crate::clock::Deadline;
use crate::http::{Authorization, Limits, OutgoingBody};
use crate::value::Json;

fn signer() -> Signer {
    Signer {
        client_id: Some("app".to_owned()),
        client_secret: Some("shh".to_owned()),
        username: Some("agent-1".to_owned()),
        password: Some("pw".to_owned()),
        refresh_token: Some("rt".to_owned()),
    }
}

/// The `Authorization` pair and the body, in one line.
fn written(oauth2: &OAuth2, with: &[(&str, Json)]) -> String {
    let with: Vec<_> = with.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let limits = Limits::until(Deadline::after(std::time::Duration::ZERO));
    let outgoing = token_request(oauth2, "https://auth.test/token", &signer(), &with, limits).outgoing;
    let who = match outgoing.authorization {
        Authorization::Basic { user, password } => format!("[{user}:{password}] "),
        Authorization::None | Authorization::Bearer(_) => String::new(),
    };
    match outgoing.body {
        OutgoingBody::Json(json) => format!("{who}{json}"),
        OutgoingBody::Form(pairs) => {
            let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{who}{}", pairs.join("&"))
        }
        other @ (OutgoingBody::None
        | OutgoingBody::Text { .. }
        | OutgoingBody::Bytes { .. }
        | OutgoingBody::Multipart(_)) => format!("{other:?}"),
    }
}

#[test]
fn every_grant_has_its_parameters() {
    let of = |grant| OAuth2 {
        scope: Some("api".to_owned()),
        redirect_uri: Some("https://app.test/cb".to_owned()),
        ..oauth2(grant, "https://auth.test/token")
    };
    for (grant, expected) in [
        (Grant::Password, "[app:shh] grant_type=password&username=agent-1&password=pw&scope=api"),
        (Grant::ClientCredentials, "[app:shh] grant_type=client_credentials&scope=api"),
        (Grant::RefreshToken, "[app:shh] grant_type=refresh_token&refresh_token=rt&scope=api"),
        (Grant::AuthorizationCode, "[app:shh] grant_type=authorization_code&redirect_uri=https://app.test/cb"),
        (Grant::AccessKey, "[app:shh] accessKeyId=agent-1&accessKeySecret=pw&scope=api"),
    ] {
        assert_eq!(written(&of(grant), &[]), expected);
    }
}

#[test]
fn a_client_identifies_itself_as_the_target_wants() {
    for (via, expected) in [
        (ClientVia::Basic, "[app:shh] grant_type=client_credentials"),
        (ClientVia::Post, "grant_type=client_credentials&client_id=app&client_secret=shh"),
        (ClientVia::None, "grant_type=client_credentials&client_id=app"),
    ] {
        let oauth2 = OAuth2 { via, ..oauth2(Grant::ClientCredentials, "") };
        assert_eq!(written(&oauth2, &[]), expected);
    }
}

#[test]
fn quirks_of_a_server_are_declared() {
    let oauth2 = OAuth2 {
        body: TokenBody::Json,
        params: [
            ("scope".to_owned(), Json::from("")),
            ("grant_type".to_owned(), Json::Null),
            ("strict".to_owned(), Json::Bool(true)),
        ]
        .into(),
        rename: [("username".to_owned(), "user".to_owned())].into(),
        ..oauth2(Grant::Password, "")
    };
    assert_eq!(
        written(&oauth2, &[]),
        "[app:shh] {\"user\":\"agent-1\",\"password\":\"pw\",\"scope\":\"\",\"strict\":true}"
    );
}

#[test]
fn a_step_replaces_adds_and_leaves_out_parameters() {
    let password = oauth2(Grant::Password, "");
    for (with, expected) in [
        (("password", Json::from("wrong")), "[app:shh] grant_type=password&username=agent-1&password=wrong"),
        (("username", Json::Null), "[app:shh] grant_type=password&password=pw"),
        (("client_id", Json::from("other")), "[other:shh] grant_type=password&username=agent-1&password=pw"),
        (("client_secret", Json::Null), "[app:] grant_type=password&username=agent-1&password=pw"),
        (("client_id", Json::Null), "grant_type=password&username=agent-1&password=pw"),
        (("code", Json::from("c1")), "[app:shh] grant_type=password&username=agent-1&password=pw&code=c1"),
    ] {
        assert_eq!(written(&password, &[with]), expected);
    }
}

/// The URL of an authorization request, after its beginning.
fn asked(oauth2: &OAuth2, with: &[(&str, Json)]) -> String {
    let with: Vec<_> = with.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let limits = Limits::until(Deadline::after(std::time::Duration::ZERO));
    let request = authorize_request(oauth2, "https://auth.test/a", &signer(), &with, limits);
    let login = [request.username, request.password].map(Option::unwrap_or_default);
    let url = request.outgoing.url.trim_start_matches("https://auth.test/a").to_owned();
    format!("{} {url} [{}]", request.outgoing.method, login.join(":"))
}

#[test]
fn an_authorization_request_holds_what_is_declared_and_given() {
    let code = OAuth2 {
        scope: Some("openid api".to_owned()),
        redirect_uri: Some("https://app.test/cb".to_owned()),
        ..oauth2(Grant::AuthorizationCode, "")
    };
    let rest = "client_id=app&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&scope=openid%20api";
    assert_eq!(asked(&code, &[]), format!("GET ?response_type=code&{rest} [agent-1:pw]"));
    let implicit = OAuth2 { grant: Grant::Implicit, ..code.clone() };
    assert_eq!(asked(&implicit, &[]), format!("GET ?response_type=token&{rest} [agent-1:pw]"));
    let quirks = OAuth2 {
        params: [
            ("prompt".to_owned(), Json::from("login")),
            ("client_secret".to_owned(), Json::from("x")),
            ("scope".to_owned(), Json::Null),
        ]
        .into(),
        rename: [("client_id".to_owned(), "app".to_owned())].into(),
        ..code.clone()
    };
    let expected = "GET ?response_type=code&app=app&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&prompt=login [agent-1:pw]";
    assert_eq!(asked(&quirks, &[]), expected);
    assert_eq!(
        written(&quirks, &[]),
        "[app:shh] grant_type=authorization_code&redirect_uri=https://app.test/cb&client_secret=x"
    );
}

#[test]
fn a_verifier_is_sent_as_its_challenge_and_a_login_is_for_the_page() {
    let code = oauth2(Grant::AuthorizationCode, "");
    let verifier = ("code_verifier", Json::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    let challenge = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    for (with, expected) in [
        (vec![verifier.clone()], format!("&{challenge}&code_challenge_method=S256 [agent-1:pw]")),
        (
            vec![verifier.clone(), ("code_challenge_method", Json::from("plain"))],
            format!("&{challenge}&code_challenge_method=plain [agent-1:pw]"),
        ),
        (vec![verifier, ("code_challenge", Json::Null)], "&code_challenge_method=S256 [agent-1:pw]".to_owned()),
        (vec![("code_verifier", Json::Null)], " [agent-1:pw]".to_owned()),
        (vec![("password", Json::from("wrong")), ("username", Json::Null)], " [:wrong]".to_owned()),
        (vec![("state", Json::from("a&b‹x#1›"))], "&state=a%26b‹x#1~percent› [agent-1:pw]".to_owned()),
    ] {
        assert_eq!(asked(&code, &with), format!("GET ?response_type=code&client_id=app{expected}"));
    }
}
