use std::fmt::Write as _;
use std::path::Path;

use url::Url;

use crate::cli::Exit;
use crate::cli::args::InitArgs;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::cli::words::counted;
use crate::suite::{Folder, LoadOptions, load};

use super::{copy, probe, sprout};

/// `assize init`: writes a suite for a URL, or a copy of one that comes along.
pub(in crate::cli) fn execute(args: &InitArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match &args.suite {
        Some(name) => copied(args, name, terminal),
        None => sprouted(args, terminal),
    }
}

fn copied(args: &InitArgs, name: &str, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if args.dir.is_some() {
        return Err(Failure::usage("with `--suite` there is a folder to name, and no URL"));
    }
    let folder = Path::new(args.url.as_deref().unwrap_or(""));
    if args.url.as_ref().is_some_and(|text| text.contains("://")) {
        return Err(Failure::usage("with `--suite` a folder is named, and no URL"));
    }
    let files = copy::files(name)?;
    files.write(folder)?;
    let count = counted(files.files.len(), "file");
    let specs = folder.join("specs").join(name);
    terminal.say(&format!(
        "wrote {count}: {}, and what it compares with beside it\n\n{}",
        specs.display(),
        next(folder)
    ));
    Ok(Exit::Pass)
}

fn sprouted(args: &InitArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(given) = &args.url else {
        return Err(Failure::usage(
            "whose suite? `assize init URL` writes a small one for that URL, `assize init --suite cxone DIR` a copy of one \
             that comes along",
        ));
    };
    let url = read(given)?;
    let folder = args.dir.as_deref().unwrap_or(Path::new(""));
    // Before anything is sent.
    sprout::files(&url, None).1.refuse_existing(folder)?;
    let seen = if args.probe { Some(probe::probe(&url)?) } else { None };
    let (name, files) = sprout::files(&url, seen.as_ref());
    files.write(folder)?;
    let suite = folder.join("specs").join(&name);
    let opened = Folder::open(&suite).map_err(Failure::internal)?;
    if let Err(error) = load(&opened, &LoadOptions::default()) {
        return Err(Failure::problems(&error.problems, &error.sources, terminal.colour()));
    }
    let mut text = String::new();
    for (path, _) in &files.files {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "wrote {}", folder.join(path).display());
    }
    let sent = if args.probe {
        "one GET was sent"
    } else {
        "nothing was sent; `--probe` sends one GET and writes down what it sees"
    };
    terminal.say(&format!("{text}{sent}\n\n{}", next(folder)));
    Ok(Exit::Pass)
}

/// What to type next.
fn next(folder: &Path) -> String {
    let is_here = folder.as_os_str().is_empty() || folder == Path::new(".");
    let go = if is_here { String::new() } else { format!("cd {}\n", folder.display()) };
    format!(
        "{go}assize check          what is wrong with it, without sending anything\nassize run            put it to its target\nassize run --watch    the same, again whenever a file changes\n"
    )
}

fn read(given: &str) -> Result<Url, Failure> {
    let wrong =
        |why: &str| Failure::usage(format!("`{given}` {why}: expected a URL such as https://api.example.com/health"));
    let url = Url::parse(given).map_err(|error| wrong(&format!("is no URL ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("is no URL of http or https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Failure::usage(
            "a URL with a password in it would end up in a file: leave it out, and see docs/targets-and-sign-in.md",
        ));
    }
    Ok(url)
}
