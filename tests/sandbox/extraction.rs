use reqwest::Method;

use crate::bench::Bench;

const JOBS: &str = "/data-extraction/v1/jobs";

#[tokio::test]
async fn data_is_extracted_by_a_job_and_read_from_its_file() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let call = bench.arrive(r#"{"media":"call"}"#).await;
    let body = r#"{"entityName":"contacts","version":"1","startDate":"2020-01-01","endDate":"2120-01-01"}"#;
    let accepted = bench.at(Method::POST, JOBS).token(&token).body(body).send().await;
    assert_eq!(accepted.status, 202);
    let id = accepted.json().as_str().unwrap().to_owned();
    let job = || bench.at(Method::GET, &format!("{JOBS}/{id}")).token(&token).send();
    assert_eq!(job().await.json()["jobStatus"]["status"], "RUNNING");
    bench.advance(1000).await;
    let done = job().await.json()["jobStatus"].clone();
    assert_eq!((&done["id"], &done["status"]), (&id.as_str().into(), &"SUCCEEDED".into()));
    let url = done["result"]["url"].as_str().unwrap();
    let file = bench.at(Method::GET, url.strip_prefix(&bench.tenant.address).unwrap()).token(&token).send().await;
    assert!(file.text.contains(&format!("\n{call},Phone Call,")), "{}", file.text);
    let listed = bench.at(Method::GET, JOBS).token(&token).send().await.json();
    assert_eq!(listed["jobs"][0]["status"], "SUCCEEDED");
    bench.advance(86_400_000).await;
    let fresh = bench.token(1).await;
    let expired = bench.at(Method::GET, &format!("{JOBS}/{id}")).token(&fresh).send().await;
    assert_eq!(expired.json()["jobStatus"]["status"], "EXPIRED");
}

#[tokio::test]
async fn a_job_that_makes_no_sense_is_refused() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    for body in ["{}", "entityName=a&version=1&startDate=2024-01-02&endDate=2024-01-01", "{"] {
        assert_eq!(bench.at(Method::POST, JOBS).token(&token).body(body).send().await.status, 400, "{body}");
    }
    assert_eq!(bench.at(Method::GET, &format!("{JOBS}/none")).token(&token).send().await.status, 404);
    assert_eq!(bench.at(Method::GET, JOBS).send().await.status, 401);
    let application = bench.application_token().await;
    assert_eq!(bench.at(Method::GET, JOBS).token(&application).send().await.status, 403);
}
