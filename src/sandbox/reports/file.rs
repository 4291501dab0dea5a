use super::{FileType, ReportJob};
use crate::sandbox::tenant::{Directory, TEAM};

const COLUMNS: [&str; 5] = ["AgentId", "FirstName", "LastName", "UserName", "TeamName"];

/// The text of a job's file: a line for each agent.
///
/// Whatever the type, the lines are text: with tabs for `TAB`, with commas for every other.
pub(crate) fn contents(job: &ReportJob, directory: &Directory) -> String {
    let separator = match job.request.file_type {
        FileType::Tab => "\t",
        FileType::Csv | FileType::Xml | FileType::Excel | FileType::Pdf => ",",
    };
    let mut lines = String::new();
    let mut line = |cells: [&str; 5]| {
        lines.push_str(&cells.join(separator));
        lines.push_str("\r\n");
    };
    if job.request.headers {
        line(COLUMNS);
    }
    for person in directory.people() {
        line([&person.id.to_string(), &person.first_name, person.last_name, &person.username, TEAM.1]);
    }
    lines
}

/// The media type of a job's file.
pub(crate) fn mime(job: &ReportJob) -> &'static str {
    match job.request.file_type {
        FileType::Tab => "text/tab-separated-values; charset=utf-8",
        FileType::Csv | FileType::Xml | FileType::Excel | FileType::Pdf => "text/csv; charset=utf-8",
    }
}
