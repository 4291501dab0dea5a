use crate::cli::embedded::EMBEDDED_SUITES;
use crate::cli::failure::Failure;
use crate::diag::nearest;

use super::written::Written;

/// The files of a suite that comes along, laid out as they are found again: `specs/NAME`, and its snapshots beside it.
pub(super) fn files(name: &str) -> Result<Written, Failure> {
    let Some((_, suite)) = EMBEDDED_SUITES.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = EMBEDDED_SUITES.iter().map(|(name, _)| *name).collect();
        let hint = nearest(name, &names)
            .map_or_else(|| format!("; there are {}", names.join(", ")), |near| format!("; there is `{near}`"));
        return Err(Failure::usage(format!("no suite that comes along is called `{name}`{hint}")));
    };
    let place = |path: &str| match path.strip_prefix("snapshots/") {
        Some(file) => format!("snapshots/{name}/{file}"),
        None => format!("specs/{name}/{path}"),
    };
    Ok(suite.files.iter().fold(Written::default(), |files, (path, bytes)| files.with(place(path), *bytes)))
}
