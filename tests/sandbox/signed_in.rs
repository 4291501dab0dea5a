//! Who has filled in the sign-in page is not asked again, unless it is wanted.

use reqwest::Method;

use crate::bench::{Answer, Bench};
use crate::sign_in::{ULLA, filled_in, in_location, request};

/// The cookie that an answer sets, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    let set = answer.headers["set-cookie"].to_str().unwrap();
    assert!(set.contains("; Path=/auth; HttpOnly; SameSite=Lax"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

impl Bench {
    /// A browser in which Ulla has just signed in.
    async fn browser(&self) -> String {
        let page = self.authorize(&[]).await;
        assert!(page.headers.get("set-cookie").is_none());
        cookie(&self.submit(filled_in(&page, &ULLA)).await)
    }

    async fn authorize_by(&self, browser: &str, changes: &[(&str, &str)]) -> Answer {
        let path = format!("/auth/authorize?{}", request(changes));
        self.at(Method::GET, &path).header("cookie", browser).send().await
    }
}

#[tokio::test]
async fn who_is_signed_in_is_sent_back_without_the_page() {
    let bench = Bench::new().await;
    let browser = bench.browser().await;
    bench.advance(90_000).await;
    for changes in [&[][..], &[("prompt", "none")], &[("login_hint", ULLA[0].1)], &[("max_age", "600")]] {
        let back = bench.authorize_by(&browser, changes).await;
        assert_eq!((back.status, in_location(&back, "state").as_deref()), (302, Some("st-1")), "{changes:?}");
        let issued = bench.exchange(&in_location(&back, "code").unwrap(), &[]).await;
        let claims = bench.verified(&issued.get("id_token")).await;
        // The page was filled in before the clock moved.
        let age = claims["iat"].as_i64().unwrap() - claims["auth_time"].as_i64().unwrap();
        assert!(age >= 90, "{age}");
        assert_eq!(bench.time(&issued.get("access_token")).await, 200);
    }
}

#[tokio::test]
async fn the_page_is_shown_when_it_is_asked_for_or_the_sign_in_is_not_enough() {
    let bench = Bench::new().await;
    let browser = bench.browser().await;
    bench.advance(90_000).await;
    let not_enough: [&[(&str, &str)]; 4] =
        [&[("prompt", "login")], &[("login_hint", "anna@example.com")], &[("max_age", "60")], &[("max_age", "0")]];
    for changes in not_enough {
        let page = bench.authorize_by(&browser, changes).await;
        assert_eq!((page.status, page.text.contains("<form")), (200, true), "{changes:?}");
        let again = bench.submit(filled_in(&page, &ULLA)).await;
        assert_eq!(again.status, 302);
    }
    for changes in [[("prompt", "none"), ("max_age", "60")], [("prompt", "none"), ("login_hint", "anna@example.com")]] {
        let back = bench.authorize_by(&browser, &changes).await;
        assert_eq!(in_location(&back, "error").as_deref(), Some("login_required"));
    }
    for changes in [[("max_age", "soon"), ("prompt", "login")], [("max_age", "-1"), ("prompt", "none")]] {
        let back = bench.authorize_by(&browser, &changes).await;
        assert_eq!(in_location(&back, "error").as_deref(), Some("invalid_request"));
    }
}

#[tokio::test]
async fn a_browser_is_forgotten_by_signing_out_and_after_hours() {
    let bench = Bench::new().await;
    let (leaving, staying) = (bench.browser().await, bench.browser().await);
    let back = bench.authorize_by(&leaving, &[]).await;
    let token = bench.exchange(&in_location(&back, "code").unwrap(), &[]).await.get("access_token");
    let out = bench.at(Method::GET, "/auth/authorize/logout").header("cookie", &leaving).send().await;
    assert_eq!((out.status, &*cookie(&out)), (200, "assize-sign-in="));
    let asked = |browser: String| async { bench.authorize_by(&{ browser }, &[("prompt", "none")]).await };
    for (browser, error) in [
        (leaving, Some("login_required")),
        (staying.clone(), None),
        ("assize-sign-in=made-up".to_owned(), Some("login_required")),
    ] {
        assert_eq!(in_location(&asked(browser).await, "error").as_deref(), error);
    }
    // The tokens of somebody who has signed out work on: they are the application's.
    assert_eq!(bench.time(&token).await, 200);
    bench.advance(8 * 3_600_000).await;
    assert_eq!(in_location(&asked(staying).await, "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn being_signed_in_sends_nobody_to_an_address_that_is_not_registered() {
    let bench = Bench::new().await;
    let browser = bench.browser().await;
    for changes in [[("redirect_uri", "https://evil.example/")], [("client_id", "nobody")]] {
        let refused = bench.authorize_by(&browser, &changes).await;
        assert_eq!((refused.status, refused.headers.get("location")), (400, None));
    }
    // A wrong password ends nothing, and a right one is a sign-in of its own.
    let page = bench.authorize_by(&browser, &[("prompt", "login")]).await;
    let wrong = bench.submit(filled_in(&page, &[ULLA[0], ("password", "wrong")])).await;
    assert_eq!((wrong.status, wrong.headers.get("set-cookie")), (200, None));
    assert_ne!(cookie(&bench.submit(filled_in(&page, &ULLA)).await), browser);
    assert_eq!(bench.authorize_by(&browser, &[("prompt", "none")]).await.status, 302);
}
