use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use crate::plan::Plan;
use crate::run::{SecretError, SecretReader, secret_refs};
use crate::suite::{SecretRef, SecretSource, Surface};

use super::failure::Failure;

/// The most bytes of a secret in a file.
const MOST_BYTES: u64 = 64 * 1024;

/// Reads every secret of the plan's target, from where the target file says it is and from nowhere else.
pub(super) fn read(plan: &Plan, env_file: Option<&Path>) -> Result<SecretReader, Failure> {
    let given = env_file.map(read_env_file).transpose()?.unwrap_or_default();
    let surfaces: Vec<Surface> = plan.surfaces.iter().map(|surface| surface.surface()).collect();
    let folder = Path::new(&plan.target.file).parent().unwrap_or(Path::new("")).to_owned();
    let mut values: BTreeMap<SecretRef, String> = BTreeMap::new();
    let mut missing = Vec::new();
    for secret in secret_refs(&plan.target, &surfaces) {
        match read_one(&secret.source, &given, &folder) {
            Ok(value) => {
                values.insert(secret, value);
            }
            Err(why) => missing.push(format!("  {}: {why}", secret.name)),
        }
    }
    if !missing.is_empty() {
        return Err(Failure::usage(format!(
            "the target `{}` needs secrets that are not there:\n{}",
            plan.target.name,
            missing.join("\n")
        )));
    }
    Ok(Arc::new(move |secret| {
        values.get(secret).cloned().ok_or_else(|| SecretError(format!("`{}` was not read", secret.name)))
    }))
}

fn read_one(source: &SecretSource, given: &BTreeMap<String, String>, folder: &Path) -> Result<String, String> {
    match source {
        SecretSource::Plain(text) => Ok(text.clone()),
        SecretSource::Env(name) => match given.get(name) {
            Some(value) => Ok(value.clone()),
            None => std::env::var(name).map_err(|_| format!("the environment variable `{name}` is not set")),
        },
        SecretSource::File(path) => {
            let whole = folder.join(path);
            let mut text = String::new();
            std::fs::File::open(&whole)
                .and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text))
                .map_err(|error| format!("`{}` cannot be read: {error}", whole.display()))?;
            let cut = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
            Ok(cut.to_owned())
        }
    }
}

fn read_env_file(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
    let mut given = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
            let message = format!("{}:{}: expected NAME=VALUE", path.display(), index + 1);
            return Err(Failure::usage(message));
        };
        let value = value.trim();
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        given.insert(name.trim().to_owned(), quoted.unwrap_or(value).to_owned());
    }
    Ok(given)
}
