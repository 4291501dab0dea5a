use std::fmt::Write as _;
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use serde_json::json;

use crate::sandbox::{Defect, Entropy, Host, HostOptions, OpenTenant, TenantOptions, operator_file};

use super::args::{Format, SandboxArgs};
use super::descriptors::raise_limit;
use super::failure::Failure;
use super::runtime::runtime;
use super::terminal::Terminal;
use super::{Exit, defects, signals};

/// With fewer open files than this, it is said how many clients find room: long polls keep a connection each.
const PLENTY: u64 = 10_000;

/// `assize sandbox`: serves a tenant until a signal comes.
pub(super) fn execute(args: &SandboxArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if args.defects.iter().any(|name| name == "list") {
        let text = match args.format {
            Format::Human => defects::listed(),
            Format::Json => defects::as_json(),
        };
        terminal.say(&text);
        return Ok(Exit::Pass);
    }
    let defects = defects::named(&args.defects)?;
    let entropy = Entropy::of_machine().ok_or_else(|| Failure::internal("the machine gives no random bytes"))?;
    let files = raise_limit();
    let runtime = runtime()?;
    let number = runtime.block_on(async {
        let options = if args.tls { HostOptions::tls(entropy) } else { HostOptions::plain(entropy) };
        let host = Host::start(options).await.map_err(|error| Failure::usage(chain(&error)))?;
        let options = TenantOptions { defects: defects.clone(), ..TenantOptions::standalone(args.listen) };
        let tenant = host.open(options).await.map_err(|error| Failure::usage(chain(&error)))?;
        if let Some(dir) = &args.dir {
            write(dir, &host, &tenant)?;
        }
        let stopped = signals::any();
        let text = match args.format {
            Format::Human => banner(&tenant, &defects, files, args.dir.as_deref()),
            Format::Json => line(&tenant, &defects, args.dir.as_deref()),
        };
        terminal.say(&text);
        let number = stopped.await;
        host.shutdown().await;
        Ok(number)
    })?;
    runtime.shutdown_background();
    // Being stopped is how it ends: whoever sends the signal gets what was asked for.
    let _ = number;
    Ok(Exit::Pass)
}

fn banner(tenant: &OpenTenant, defects: &[Defect], files: Option<u64>, dir: Option<&Path>) -> String {
    let mut text = format!(
        "A simulated CXone tenant for development. It is not NICE's service.\n\
         tenant   {}\ncontrol  {}\n",
        tenant.address, tenant.control
    );
    if let Some(files) = files.filter(|files| *files < PLENTY) {
        let _ =
            writeln!(text, "limit    fewer than {files} connections at once: `ulimit -n` allows no more open files");
    }
    for defect in defects {
        let _ = writeln!(text, "defect   {defect}: {}", defect.text());
    }
    if let Some(dir) = dir {
        let file = dir.join("assize.yaml");
        let _ = writeln!(text, "target   {}\n\nassize run --target-file {}", file.display(), file.display());
    }
    text
}

/// The addresses for a script, as one line: the format's version stands first, a member may be added.
fn line(tenant: &OpenTenant, defects: &[Defect], dir: Option<&Path>) -> String {
    let value = json!({
        "format": 1,
        "tenant": tenant.address,
        "control": tenant.control,
        "target_file": dir.map(|dir| dir.join("assize.yaml").display().to_string()),
        "control_secret": dir.map(|dir| dir.join("secrets/control").display().to_string()),
        "defects": defects.iter().map(|defect| defect.name()).collect::<Vec<_>>(),
    });
    format!("{value}\n")
}

fn write(dir: &Path, host: &Host, tenant: &OpenTenant) -> Result<(), Failure> {
    let refuse =
        |path: &Path, error: std::io::Error| Failure::io(format!("`{}` cannot be written: {error}", path.display()));
    let operator = operator_file(host, tenant);
    let files = operator.files.iter().map(|file| (file.path.as_str(), file.content.as_str()));
    for (path, content) in files.chain([("assize.yaml", operator.yaml.as_str())]) {
        let whole = dir.join(path);
        if let Some(parent) = whole.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(|error| refuse(parent, error))?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let written = options.open(&whole).and_then(|mut file| file.write_all(content.as_bytes()));
        written.map_err(|error| refuse(&whole, error))?;
    }
    Ok(())
}

fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
