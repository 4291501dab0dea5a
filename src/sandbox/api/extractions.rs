use std::fmt::Write as _;

use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Asked;
use crate::sandbox::extraction::{ExtractionJob, ExtractionRequest, JobStatus};
use crate::sandbox::interaction::Contact;
use crate::sandbox::tenant::Tenant;
use crate::sandbox::wire::Reply;

/// `POST /data-extraction/v1/jobs`: its answer is a bare JSON text, the id of the job.
pub(crate) fn run(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    match ExtractionRequest::read(&asked.params) {
        Ok(request) => {
            let id = tenant.extractions().run(request, tenant.now());
            Reply::json(StatusCode::ACCEPTED, "Accepted", Value::String(id))
        }
        Err(refusal) => Reply::refusal(StatusCode::BAD_REQUEST, refusal.to_string()),
    }
}

/// `GET /data-extraction/v1/jobs`.
pub(crate) fn list(tenant: &Tenant) -> Reply {
    let now = tenant.now();
    let extractions = tenant.extractions();
    let jobs: Vec<Value> =
        extractions.all().map(|job| json!({ "id": job.id, "status": job.status(now).name() })).collect();
    Reply::ok(json!({ "jobs": jobs }))
}

/// `GET /data-extraction/v1/jobs/{jobId}`.
pub(crate) fn one(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let now = tenant.now();
    let Some(job) = job(tenant, asked) else { return unknown() };
    let status = job.status(now);
    let url = match status {
        JobStatus::Succeeded => json!(format!("{}/data-extraction/v1/jobs/{}/file", tenant.address, job.id)),
        JobStatus::Running | JobStatus::Expired => Value::Null,
    };
    Reply::ok(json!({
        "jobStatus": {
            "id": job.id,
            "status": status.name(),
            "result": { "url": url, "errorMessage": null },
        },
    }))
}

/// The file of a job, at the address that its result gives: a line for each contact of the span. [INF]
pub(crate) fn file(tenant: &Tenant, asked: &Asked<'_>) -> Reply {
    let now = tenant.now();
    match job(tenant, asked) {
        Some(job) if job.status(now) == JobStatus::Succeeded => {
            let mut lines = String::from("contactId,mediaTypeName,skillName,agentId,contactStart,state\r\n");
            let mut desk = tenant.desk();
            desk.settle(now);
            let span = job.request.from..=job.request.to;
            for contact in desk.contacts().all().filter(|contact| span.contains(&contact.began)) {
                line(&mut lines, contact);
            }
            Reply::file("text/csv; charset=utf-8", lines)
        }
        Some(_) | None => unknown(),
    }
}

fn line(lines: &mut String, contact: &Contact) {
    let agent = contact.agent().map_or_else(String::new, |agent| agent.to_string());
    let (id, media, skill) = (contact.id, contact.media.name(), contact.skill.name);
    // Writing to a String cannot fail.
    let _ = write!(lines, "{id},{media},{skill},{agent},{},{}\r\n", contact.began.iso(), contact.stage().status());
}

fn job(tenant: &Tenant, asked: &Asked<'_>) -> Option<ExtractionJob> {
    tenant.extractions().job(asked.id()).cloned()
}

fn unknown() -> Reply {
    Reply::refusal(StatusCode::NOT_FOUND, "Invalid or missing jobId")
}
