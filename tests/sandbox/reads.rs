use reqwest::Method;

use crate::bench::Bench;

#[tokio::test]
async fn lists_are_told_page_by_page() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let agents = |query: &str| bench.api(Method::GET, &format!("/agents{query}")).token(&token);
    let page = agents("?top=5&skip=1").send().await.json();
    assert_eq!((page["agents"].as_array().map(Vec::len), &page["totalRecords"]), (Some(5), &18.into()));
    assert_eq!(page["agents"][0]["firstName"], "Ben");
    let id = page["agents"][0]["agentId"].to_string();
    assert_eq!(agents(&format!("/{id}")).send().await.json()["agents"][0]["firstName"], "Ben");
    assert_eq!(agents("?skip=1000").send().await.status, 204);
    assert_eq!(agents("?isActive=false").send().await.status, 204);
    assert_eq!(agents("?top=0").send().await.status, 400);
    assert_eq!(agents("?skip=x").send().await.status, 400);
    let nobody = agents("/207932").send().await;
    assert_eq!((nobody.status, &*nobody.reason), (404, "Invalid agentId - '207932'"));
}

#[tokio::test]
async fn the_rest_is_read() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let read = |path: &str| bench.at(Method::GET, path).token(&token);
    let time = read("//incontactApi//services//V4.0/SERVER-TIME").send().await;
    assert_eq!((time.status, &*time.reason, time.get("ServerTime").len()), (200, "Success", 28));
    assert_eq!(time.headers["server"], "assize-sandbox (not NICE CXone)");
    let base = "/inContactAPI/services/v30.0";
    assert_eq!(read(&format!("{base}/skills")).send().await.json()["totalRecords"], 3);
    assert_eq!(read(&format!("{base}/unavailable-codes")).send().await.json()[1]["OutStateName"], "Lunch");
    assert_eq!(read(&format!("{base}/business-unit")).send().await.json()["businessUnits"][0]["businessUnitId"], 4500);
}

#[tokio::test]
async fn a_report_job_runs_by_the_clock_and_leaves_a_file() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let jobs = |method, path: &str| bench.api(method, &format!("/report-jobs{path}")).token(&token);
    assert_eq!(jobs(Method::GET, "").send().await.status, 204);
    let accepted = jobs(Method::POST, "/501?fileType=CSV&deleteAfter=7&includeHeaders=true").send().await;
    assert_eq!((accepted.status, &*accepted.reason), (202, "Report job has started"));
    let path = format!("/{}", accepted.get("jobId"));
    let queued = jobs(Method::GET, &path).send().await.json();
    assert_eq!((&queued["resultFileURL"], &queued["reportId"]), (&"".into(), &501.into()));
    assert_eq!(jobs(Method::GET, "?jobStatus=completed").send().await.status, 204);
    bench.advance(1000).await;
    let finished = jobs(Method::GET, &path).send().await;
    assert_eq!(finished.get("state"), "Finished");
    let url = finished.get("resultFileURL");
    let file_path = url.strip_prefix(&bench.tenant.address).unwrap();
    let file = bench.at(Method::GET, file_path).token(&token).send().await;
    assert!(file.text.starts_with("AgentId,FirstName,"), "{}", file.text);
    assert_eq!(bench.at(Method::GET, file_path).send().await.status, 401);
    assert_eq!(
        jobs(Method::GET, "?reportId=501").send().await.json()["completedJobs"].as_array().map(Vec::len),
        Some(1)
    );
    bench.advance(8 * 86_400_000).await;
    let fresh = bench.token(1).await;
    assert_eq!(bench.api(Method::GET, &format!("/report-jobs{path}")).token(&fresh).send().await.status, 409);
}

#[tokio::test]
async fn reports_and_jobs_that_do_not_exist_are_not_found() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    for (method, path, status) in [
        (Method::GET, "/report-jobs/99999999", 404),
        (Method::POST, "/report-jobs/99999999", 404),
        (Method::POST, "/report-jobs/-1", 404),
        (Method::POST, "/report-jobs/501?fileType=DOC", 400),
        (Method::GET, "/report-jobs?jobStatus=lost", 400),
        (Method::GET, "/no-such-thing", 404),
        (Method::PUT, "/agent-sessions", 405),
    ] {
        let answer = bench.api(method, path).token(&token).send().await;
        assert_eq!((path, answer.status), (path, status));
        assert!(answer.json()["error"].is_string() && answer.json()["error_description"].is_string());
    }
}
