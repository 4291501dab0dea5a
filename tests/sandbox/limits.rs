use reqwest::Method;

use crate::bench::Bench;

#[tokio::test]
async fn calls_beyond_a_budget_are_refused_until_its_time_is_over() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let agents = || bench.api(Method::GET, "/agents?top=1").token(&token).send();
    let set = bench.control(Method::PUT, "/limits").body(r#"{"path":"agents","calls":1,"per_ms":2500}"#).send().await;
    assert_eq!((set.status, &set.json()["limits"][0]["calls"]), (200, &1.into()));
    assert_eq!(agents().await.status, 200);
    let refused = agents().await;
    assert_eq!((refused.status, &*refused.reason), (429, "Api Rate Exceeded"));
    assert!(["1", "2", "3"].contains(&refused.headers["retry-after"].to_str().unwrap()));
    assert_eq!(bench.api(Method::GET, "/skills").token(&token).send().await.status, 200);
    // Nobody is kept from signing in.
    bench.control(Method::PUT, "/limits").body(r#"{"calls":0,"per_ms":60000}"#).send().await;
    assert_eq!(bench.sign_in(1).await.status, 200);
    assert_eq!(bench.api(Method::GET, "/skills").token(&token).send().await.status, 429);
    bench.control(Method::DELETE, "/limits").send().await;
    assert_eq!(agents().await.status, 200);
    for body in ["{}", r#"{"calls":-1,"per_ms":1}"#, r#"{"calls":1,"per_ms":0}"#] {
        assert_eq!(bench.control(Method::PUT, "/limits").body(body).send().await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn a_budget_comes_back_by_the_tenants_clock() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    bench.control(Method::PUT, "/limits").body(r#"{"calls":1,"per_ms":60000}"#).send().await;
    let time = || bench.api(Method::GET, "/server-time").token(&token).send();
    let statuses = [time().await.status, time().await.status];
    bench.advance(60_000).await;
    assert_eq!((statuses, time().await.status), ([200, 429], 200));
}
