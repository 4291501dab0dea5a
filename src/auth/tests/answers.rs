use super::*;

use crate::auth::{BadTokenAnswer, TokenAnswer, read_token_answer};
use crate::event::{Answer, Body};

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        version: "HTTP/1.1".to_owned(),
        status,
        reason: None,
        headers: Vec::new(),
        body: Body::text(body.to_owned(), body.len() as u64),
    }
}

fn read(body: &str) -> Result<TokenAnswer, BadTokenAnswer> {
    read_token_answer(&oauth2(Grant::Password, ""), &answer(200, body))
}

#[test]
fn a_lifetime_is_read_however_it_is_written() {
    for (written, seconds) in [
        ("3600", 3600),
        ("\"3600\"", 3600),
        ("60.0", 60),
        ("0", 300),
        ("-5", 300),
        ("\"soon\"", 300),
        ("null", 300),
        ("[]", 300),
    ] {
        let answer = read(&format!("{{\"access_token\": \"t\", \"expires_in\": {written}}}"));
        assert_eq!(answer.map(|answer| answer.lifetime_seconds), Ok(seconds), "{written}");
    }
    assert_eq!(read("{\"access_token\": \"t\"}").map(|answer| answer.lifetime_seconds), Ok(300));
}

#[test]
fn members_are_found_where_the_target_says() {
    let oauth2 = OAuth2 {
        answer: [
            ("access_token".to_owned(), "$.token".to_owned()),
            ("expires_in".to_owned(), "$.meta.ttl".to_owned()),
            ("refresh_token".to_owned(), "$.refreshToken".to_owned()),
        ]
        .into(),
        ..oauth2(Grant::Password, "")
    };
    let body = "{\"token\": \"t\", \"refreshToken\": \"r\", \"meta\": {\"ttl\": 60}, \"token_type\": \"bearer\"}";
    let expected = TokenAnswer {
        access_token: "t".to_owned(),
        refresh_token: Some("r".to_owned()),
        token_type: Some("bearer".to_owned()),
        lifetime_seconds: 60,
    };
    assert_eq!(read_token_answer(&oauth2, &answer(200, body)), Ok(expected));
}

#[test]
fn an_answer_without_a_token_says_what_is_wrong() {
    for (status, body, expected) in [
        (302, "", "expected a 2xx answer of the token endpoint, got 302"),
        (401, "{\"access_token\": \"t\"}", "expected a 2xx answer of the token endpoint, got 401"),
        (200, "{\"access_token\": null}", "expected a token at `$.access_token` of the token answer, found none"),
        (200, "{\"access_token\": \"\"}", "expected a token at `$.access_token` of the token answer, found none"),
    ] {
        let error = read_token_answer(&oauth2(Grant::Password, ""), &answer(status, body)).expect_err("no token");
        assert_eq!(error.to_string(), expected);
    }
    assert!(matches!(read("<html>"), Err(BadTokenAnswer::Json(_))));
}
