use super::*;

use crate::auth::{BoundSecret, Keyring, KeyringError, UnknownSecret, allowed_origins, bound_secrets, target_origins};
use crate::suite::Surface;
use crate::value::{Origin, SecretRefused, Vault};

fn plain(name: &str, text: &str) -> SecretRef {
    SecretRef { name: name.to_owned(), source: SecretSource::Plain(text.to_owned()), span: span() }
}

fn keyring(secret: &SecretRef, value: &str) -> Result<Keyring, KeyringError<std::io::Error>> {
    let origins = vec![Origin::parse("https://auth.test").expect("a URL of the test")];
    Keyring::build([BoundSecret { secret: secret.clone(), origins }], |_| Ok(value.to_owned()))
}

fn env(name: &str) -> SecretRef {
    SecretRef { name: name.to_owned(), source: SecretSource::Env("NAME".to_owned()), span: span() }
}

#[test]
fn a_short_secret_is_refused_unless_it_is_written_openly() {
    let refused = keyring(&env("agent.password"), "4500").expect_err("it is too short");
    assert!(matches!(refused, KeyringError::Refused { why: SecretRefused::TooShort, .. }));
    let secret = plain("agent.client_secret", "4500");
    let keyring = keyring(&secret, "4500").expect("it is open");
    let vault = Vault::new(keyring.masker().clone());
    assert_eq!(keyring.text(&Credential::Secret(secret), &vault), Ok("4500".to_owned()));
}

#[test]
fn a_secret_that_cannot_be_read_is_named() {
    let result = Keyring::build([BoundSecret { secret: env("agent.password"), origins: Vec::new() }], |_| {
        Err(std::io::Error::other("it is not set"))
    });
    assert_eq!(result.expect_err("it is not there").to_string(), "the secret `agent.password` cannot be read");
}

#[test]
fn a_secret_that_was_not_read_is_unknown() {
    let keyring = Keyring::default();
    let vault = Vault::new(keyring.masker().clone());
    let unknown = keyring.text(&Credential::Secret(env("agent.password")), &vault);
    assert_eq!(unknown, Err(UnknownSecret("agent.password".to_owned())));
}

#[test]
fn secrets_of_a_sign_in_go_to_it_alone_and_tokens_to_the_target_alone() {
    let mut surface = Surface { base_url: Some("https://api.test/v1".to_owned()), ..Surface::default() };
    surface.hosts.push("https://files.test".to_owned());
    let scheme = Scheme::OAuth2(Box::new(oauth2(Grant::Password, "https://auth.test/token")));
    surface.identities.insert("agent".to_owned(), identity(scheme));
    surface.identities.insert("static".to_owned(), identity(Scheme::Static(secret("static.token"))));
    let texts = |origins: &[Origin]| origins.iter().map(ToString::to_string).collect::<Vec<_>>();
    let target = target_origins(&surface).expect("all are URLs");
    assert_eq!(texts(&target), ["https://api.test", "https://files.test"]);
    let allowed = allowed_origins(&surface).expect("all are URLs");
    assert_eq!(texts(&allowed), ["https://api.test", "https://files.test", "https://auth.test"]);
    let bound = bound_secrets(&surface).expect("all are URLs");
    let of = |name: &str| {
        bound.iter().find(|bound| bound.secret.name == name).map(|bound| texts(&bound.origins)).unwrap_or_default()
    };
    assert_eq!(of("agent.client_secret"), ["https://auth.test"]);
    assert_eq!(of("agent.password"), ["https://auth.test"]);
    assert_eq!(of("static.token"), ["https://api.test", "https://files.test"]);
}

#[test]
fn a_place_that_is_no_url_is_named() {
    let surface = Surface { base_url: Some("embedded".to_owned()), ..Surface::default() };
    let error = target_origins(&surface).expect_err("it is no URL");
    assert_eq!(error.to_string(), "expected an http or https URL, found `embedded`");
}
