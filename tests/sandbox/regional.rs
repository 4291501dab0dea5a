//! The tokens of the second generation, as the official SDK asks for them.

use reqwest::Method;

use crate::bench::{Answer, Bench};

/// `{clientId}@cxone`, without a secret, as the official SDK writes it.
const SDK: &str = "assize-ui@cxone";

impl Bench {
    async fn regional(&self, path: &str, application: &str, body: String) -> Answer {
        let header =
            format!("Basic {}", base64::Engine::encode(&base64::engine::general_purpose::STANDARD, application));
        let ask = self.at(Method::POST, &format!("/public/authentication/v1/{path}"));
        ask.header("authorization", &header).body(body).send().await
    }
}

#[tokio::test]
async fn a_token_of_the_current_sign_in_is_exchanged_for_one_that_renews() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let number = bench.agent_number(&token).await;
    let issued = bench.regional("token", SDK, format!("{{\"accessToken\":\"{token}\"}}")).await;
    assert_eq!((issued.status, issued.json()["tokenExpirationTimeSec"].as_u64()), (200, Some(3600)), "{}", issued.text);
    assert_eq!(issued.headers["cache-control"], "no-store");
    assert_eq!(bench.agent_number(&issued.get("token")).await, number);
    let renewed = bench.regional("refresh", SDK, format!("{{\"token\":\"{}\"}}", issued.get("refreshToken"))).await;
    assert_eq!(renewed.status, 200);
    assert_ne!(renewed.get("token"), issued.get("token"));
    assert_eq!(bench.agent_number(&renewed.get("token")).await, number);
    // It has been replaced, here and at the other address.
    let used = format!("{{\"token\":\"{}\"}}", issued.get("refreshToken"));
    assert_eq!(bench.regional("refresh", SDK, used.clone()).await.status, 401);
    assert_eq!(bench.at(Method::POST, "/public/user/refresh").body(used).send().await.status, 401);
}

#[tokio::test]
async fn nobody_else_is_given_a_regional_token() {
    let bench = Bench::new().await;
    let (token, application) = (bench.token(1).await, bench.application_token().await);
    let with = |token: &str| format!("{{\"accessToken\":\"{token}\"}}");
    for (status, who, body) in [
        (401, "assize-ui", with(&token)),
        (401, "nobody@cxone", with(&token)),
        (401, SDK, with("made-up")),
        (401, SDK, with(&application)),
        (400, SDK, "{}".to_owned()),
        (400, SDK, "{\"accessToken\":".to_owned()),
        (200, SDK, with(&token)),
    ] {
        let answer = bench.regional("token", who, body).await;
        assert_eq!((answer.status, answer.text.contains("refreshToken")), (status, status == 200), "{who}");
    }
    let bare = bench.at(Method::POST, "/public/authentication/v1/token").body(with(&token)).send().await;
    assert_eq!((bare.status, bare.headers.contains_key("www-authenticate")), (401, true));
    bench.advance(3_600_000).await;
    assert_eq!(bench.regional("token", SDK, with(&token)).await.status, 401);
}
