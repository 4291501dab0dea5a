use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Asked;
use super::dates::long_date;
use crate::sandbox::reports::{JobId, JobState, ReportJob, RunRequest, contents, mime};
use crate::sandbox::tenant::{Report, Tenant};
use crate::sandbox::wire::Reply;

/// `GET /reports`. The names of its members are [INF].
pub(crate) fn reports(tenant: &Tenant) -> Reply {
    let told = |report: &Report| json!({ "reportId": report.id, "reportName": report.name, "reportType": "Custom" });
    let reports: Vec<Value> = tenant.directory.reports().iter().map(told).collect();
    Reply::ok(json!({ "reports": reports }))
}

/// `POST /report-jobs/{reportId}`.
pub(crate) fn run(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let Some(report) = asked.id().parse().ok().and_then(|id| tenant.directory.report(id)) else {
        return Reply::refusal(StatusCode::NOT_FOUND, "Invalid or missing reportId.");
    };
    let request = match RunRequest::read(&asked.params) {
        Ok(request) => request,
        Err(refusal) => return Reply::refusal(StatusCode::BAD_REQUEST, refusal.to_string()),
    };
    let id = tenant.reports().run(report, request, tenant.now());
    Reply::json(StatusCode::ACCEPTED, "Report job has started", json!({ "jobId": id.0 }))
}

/// `GET /report-jobs`.
pub(crate) fn list(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let Ok(report) = asked.params.integer("reportId") else {
        return Reply::refusal(StatusCode::BAD_REQUEST, "Invalid reportId");
    };
    let status = asked.params.text("jobStatus").map(str::to_ascii_lowercase);
    let (with_running, with_completed) = match status.as_deref() {
        None => (true, true),
        Some("running") => (true, false),
        Some("completed") => (false, true),
        Some(_) => return Reply::refusal(StatusCode::BAD_REQUEST, "Invalid jobStatus. Use running or completed."),
    };
    let now = tenant.now();
    let (mut running, mut completed) = (Vec::new(), Vec::new());
    for job in tenant.reports().all() {
        if report.is_some_and(|report| report != i64::from(job.report.id)) {
            continue;
        }
        match job.state(now) {
            JobState::Finished if with_completed => completed.push(told(tenant, job)),
            JobState::Queued | JobState::Running if with_running => running.push(told(tenant, job)),
            JobState::Queued | JobState::Running | JobState::Finished => {}
        }
    }
    if running.is_empty() && completed.is_empty() {
        return Reply::empty(StatusCode::NO_CONTENT, "No Content");
    }
    Reply::ok(json!({ "runningJobs": running, "completedJobs": completed }))
}

/// `GET /report-jobs/{jobId}`.
pub(crate) fn one(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    match job(tenant, asked) {
        Some(job) if tenant.now() >= job.deleted() => {
            Reply::refusal(StatusCode::CONFLICT, "Result file not available. Run report again")
        }
        Some(job) => Reply::ok(told(tenant, &job)),
        None => Reply::refusal(StatusCode::NOT_FOUND, "Invalid or missing jobId"),
    }
}

/// The file of a job, at the address that `resultFileURL` gives.
pub(crate) fn file(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let now = tenant.now();
    match job(tenant, asked) {
        Some(job)
            if job.state(now) == JobState::Finished
                && now < job.deleted()
                && job.file_name().eq_ignore_ascii_case(asked.second()) =>
        {
            Reply::file(mime(&job), contents(&job, &tenant.directory))
        }
        Some(_) | None => Reply::refusal(StatusCode::NOT_FOUND, "File not found"),
    }
}

fn job(tenant: &Tenant, asked: &Asked<'_>) -> Option<ReportJob> {
    let id = asked.id().parse().ok()?;
    tenant.reports().job(JobId(id))
}

fn told(tenant: &Tenant, job: &ReportJob) -> Value {
    let state = job.state(tenant.now());
    let (end, url) = match state {
        JobState::Queued | JobState::Running => (Value::Null, String::new()),
        JobState::Finished => (json!(long_date(job.ends())), file_url(tenant, job)),
    };
    json!({
        "jobId": job.id.0,
        "reportId": job.report.id,
        "reportName": job.report.name,
        "jobStart": long_date(job.started),
        "jobEnd": end,
        "fileName": job.file_name(),
        "resultFileURL": url,
        "state": state.name(),
        "deleteTime": long_date(job.deleted()),
    })
}

fn file_url(tenant: &Tenant, job: &ReportJob) -> String {
    format!("{}/inContactAPI/services/v30.0/report-jobs/{}/file/{}", tenant.address, job.id.0, job.file_name())
}
