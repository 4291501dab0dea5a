use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::diag::nearest;
use crate::sandbox::Defect;

use super::failure::Failure;

/// The defects of these names.
pub(super) fn named(names: &[String]) -> Result<Vec<Defect>, Failure> {
    let find = |name: &String| {
        Defect::named(name).ok_or_else(|| {
            let known = Defect::ALL.iter().map(|defect| defect.name());
            let near = nearest(name, known).map(|near| format!("; there is `{near}`")).unwrap_or_default();
            Failure::usage(format!("there is no defect `{name}`{near}; `--defect list` shows all"))
        })
    };
    names.iter().map(find).collect()
}

/// Every defect for a script.
pub(super) fn as_json() -> String {
    let one = |defect: &Defect| json!({ "name": defect.name(), "seat": defect.seat().as_str(), "text": defect.text() });
    let all: Vec<Value> = Defect::ALL.iter().map(one).collect();
    format!("{:#}\n", json!({ "format": 1, "defects": all }))
}

/// Every defect with what it does, by where it acts.
pub(super) fn listed() -> String {
    let mut text = String::new();
    let mut seat = None;
    let mut all = Defect::ALL.to_vec();
    all.sort_by_key(|defect| defect.seat());
    for defect in all {
        if seat != Some(defect.seat()) {
            seat = Some(defect.seat());
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", defect.seat().as_str());
        }
        let _ = writeln!(text, "  {:<30} {}", defect.name(), defect.text());
    }
    text
}
