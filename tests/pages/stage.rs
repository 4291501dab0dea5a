use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex};

use assize::diag::{Colour, Diagnostics, Sources, render};
use assize::suite::load_targets;
use assize::suite::yaml::{Limits, read};
use regex::Regex;

use crate::service::{SHOWN, serve};

/// A folder in which what a page shows is done.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
    /// Where commands are run: `cd` moves it.
    here: PathBuf,
    answer: Arc<Mutex<String>>,
    service: String,
    servers: Vec<Child>,
    /// What was written, to be checked at the end.
    files: BTreeSet<PathBuf>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder of its own");
        let answer = Arc::new(Mutex::new("{}".to_owned()));
        let service = serve(Arc::clone(&answer));
        let here = folder.path().to_owned();
        Self { folder, here, answer, service, servers: Vec::new(), files: BTreeSet::new() }
    }

    /// From here on the service answers this.
    pub(crate) fn answer(&mut self, text: &str) {
        text.trim().clone_into(&mut self.answer.lock().expect("nobody panicked"));
    }

    pub(crate) fn write(&mut self, path: &str, text: &str) {
        let whole = self.here.join(path);
        std::fs::create_dir_all(whole.parent().expect("a file lies in a folder")).expect("it can be made");
        std::fs::write(&whole, text.replace(SHOWN, &self.service)).expect("it can be written");
        self.files.insert(whole);
    }

    /// Runs each line after `$ `, and compares what it prints with the lines below it.
    pub(crate) fn play(&mut self, text: &str) {
        for (command, wanted) in commands(text) {
            if let Some(folder) = command.strip_prefix("cd ") {
                self.here = self.here.join(folder.trim());
                continue;
            }
            let (line, code) = command.split_once("# exit ").unwrap_or((command, "0"));
            let (printed, ended) = self.run(line.trim());
            assert_eq!(ended, code.trim().parse().ok(), "`{line}` ended otherwise:\n{printed}");
            // A command without anything below it may print what it likes.
            assert!(
                wanted.is_empty() || is_shown(&wanted, &printed),
                "`{line}`: the page shows\n{wanted}\nand there was\n{printed}"
            );
        }
    }

    /// Starts a server, and waits until it says how it is used.
    pub(crate) fn play_on(&mut self, text: &str) {
        for (command, wanted) in commands(text) {
            let mut child = self.command(command).stdout(Stdio::piped()).spawn().expect("it starts");
            let out = child.stdout.take().expect("it is piped");
            self.servers.push(child);
            let mut printed = String::new();
            let mut lines = BufReader::new(out).lines().map_while(Result::ok);
            let is_ready = lines.any(|line| {
                printed.extend([line.as_str(), "\n"]);
                line.starts_with("assize run")
            });
            assert!(
                is_ready && is_shown(&wanted, &printed),
                "`{command}`: the page shows\n{wanted}\nand there was\n{printed}"
            );
        }
    }

    /// A part of a file: it can be read, and where it is one of ours, understood.
    pub(crate) fn load(text: &str) {
        let mut out = Diagnostics::new();
        let mut sources = Sources::default();
        if text.lines().any(|line| line == "targets:") {
            load_targets("page.yaml", text.as_bytes(), &mut sources, &mut out);
        } else {
            let source = sources.add("page.yaml", text);
            let _ = read(source, text, &Limits::default(), &mut out);
        }
        let is_sound = !out.has_errors();
        assert!(is_sound, "{}", render(&out.into_sorted(), &sources, Colour::Never));
        crate::flags::refuse_unknown(text);
    }

    /// Every suite and every target file that the page wrote is sound.
    pub(crate) fn check_suites(&self) {
        let mut suites = BTreeSet::new();
        for file in &self.files {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            let root = file.ancestors().find(|folder| folder.join("suite.yaml").is_file());
            if let Some(root) = root {
                suites.insert(root.to_owned());
            } else if text.starts_with("targets:") {
                let mut out = Diagnostics::new();
                load_targets("assize.yaml", text.as_bytes(), &mut Sources::default(), &mut out);
                assert!(!out.has_errors(), "{}", file.display());
            } else if text.contains("scenario:") {
                suites.insert(file.clone());
            }
        }
        for suite in suites {
            let shown = suite.strip_prefix(self.folder.path()).unwrap_or(&suite).display().to_string();
            let output = program(&["check".to_owned(), shown], self.folder.path()).output().expect("it starts");
            let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{text}");
        }
    }

    fn command(&self, line: &str) -> Command {
        let script = line.replace(SHOWN, &self.service);
        let mut command = Command::new("sh");
        let program = Path::new(env!("CARGO_BIN_EXE_assize")).parent().expect("a program lies in a folder");
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        command.args(["-c", &format!("exec 2>&1; {script}")]).env("PATH", path);
        surround(&mut command, &self.here);
        command
    }

    /// What a line prints, on stdout and stderr as they come, and its exit code.
    fn run(&self, line: &str) -> (String, Option<i32>) {
        let mut child = self.command(line).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut printed = String::new();
        child.stdout.take().expect("it is piped").read_to_string(&mut printed).expect("it prints UTF-8");
        let status = child.wait().expect("it ends");
        (printed.replace(&self.service, SHOWN), status.code())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for server in &mut self.servers {
            // It may have ended by itself, and then there is nothing to do.
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

fn program(arguments: &[String], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.args(arguments);
    surround(&mut command, folder);
    command
}

/// What surrounds whoever reads the page: secrets that targets name, and no CI.
fn surround(command: &mut Command, folder: &Path) {
    for name in ["DESK_ID", "DESK_SECRET", "AGENT1_KEY", "AGENT1_SECRET", "API_KEY"] {
        command.env(name, format!("not-a-secret-{name}"));
    }
    command.current_dir(folder).stdin(Stdio::null()).env("NO_COLOR", "1").env("COLUMNS", "100").env_remove("CI");
}

/// The lines after `$ `, each with what stands below it.
fn commands(text: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => found.push((command, String::new())),
            (None, Some((_, wanted))) => wanted.extend([line, "\n"]),
            (None, None) => panic!("a block of a console begins with `$ `: {line}"),
        }
    }
    found
}

/// Whether that was printed; `…` alone stands for any lines, within a line for anything.
fn is_shown(wanted: &str, printed: &str) -> bool {
    let (wanted, printed) = (plain(wanted), plain(printed));
    let mut pattern = String::from("(?s)^");
    for line in wanted.lines() {
        if line.trim() == "…" {
            pattern += "(?:[^\n]*\n)*?";
        } else {
            let parts: Vec<String> = line.split('…').map(regex::escape).collect();
            pattern += &parts.join("[^\n]*");
            pattern += "[ ]*\n";
        }
    }
    pattern += "$";
    Regex::new(&pattern).expect("it is made of escaped parts").is_match(&format!("{}\n", printed.trim_end()))
}

/// The text with what differs from run to run made the same.
fn plain(text: &str) -> String {
    static VOLATILE: LazyLock<[(Regex, &str); 6]> = LazyLock::new(|| {
        let rule = |pattern: &str, instead: &'static str| (Regex::new(pattern).expect("a sound pattern"), instead);
        [
            rule(r" *\b\d+(\.\d+)? (µs|ms|s)\b", " N ms"),
            rule(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
            rule(r"seed \d+", "seed N"),
            rule(r"assize[ /]\d+\.\d+\.\d+", "assize VERSION"),
            rule(r"\b[0-9a-f]{12}\b", "DIGEST"),
            rule(r"[ \t]+\n", "\n"),
        ]
    });
    let text = format!("{}\n", text.trim_end());
    VOLATILE.iter().fold(text, |text, (pattern, instead)| pattern.replace_all(&text, *instead).into_owned())
}
