//! A folder, the program run in it, and how it ended.

use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use crate::golden::golden;

/// How long the program may take before a test gives it up: far more than on a slow and busy machine, and less than after
/// what CI gives up the test.
const LIMIT: Duration = Duration::from_secs(150);

/// A folder of its own, removed at the end.
pub(crate) struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// With the contract that comes along, in `specs` and `snapshots`.
    pub(crate) fn contract() -> Self {
        let bench = Self::new();
        for folder in ["specs", "snapshots"] {
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &bench.path(folder));
        }
        bench
    }

    /// With a file.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    /// Writes a file, and the folders that it is in.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let whole = self.path(path);
        std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
        std::fs::write(whole, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// The program with these arguments, in this folder, and with nothing in its environment.
    pub(crate) fn assize<const N: usize>(&self, args: [&str; N]) -> Invocation {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
        command.args(args).current_dir(self.dir.path()).env_clear().env("HOME", self.dir.path()).env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Invocation { command }
    }

    /// Runs the program to its end.
    pub(crate) fn run<const N: usize>(&self, args: [&str; N]) -> Ran {
        self.assize(args).run()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The program, about to be run.
pub(crate) struct Invocation {
    command: Command,
}

impl Invocation {
    pub(crate) fn args<const N: usize>(mut self, args: [&str; N]) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Stdout goes to this file.
    pub(crate) fn stdout_to(mut self, path: &str) -> Self {
        self.command.stdout(std::fs::OpenOptions::new().write(true).open(path).unwrap());
        self
    }

    /// Whoever reads stdout has gone already.
    pub(crate) fn stdout_to_nobody(mut self) -> Self {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        self.command.stdout(writer);
        self
    }

    /// Runs it to its end.
    pub(crate) fn run(self) -> Ran {
        self.start().end()
    }

    pub(crate) fn start(mut self) -> Running {
        let started = Instant::now();
        let mut child = self.command.spawn().unwrap();
        let (sender, pieces) = channel();
        let streams = usize::from(child.stdout.is_some()) + 1;
        if let Some(stdout) = child.stdout.take() {
            listen(stdout, Piece::Out, sender.clone());
        }
        listen(child.stderr.take().unwrap(), Piece::Err, sender);
        Running { child, pieces, streams, started, out: String::new(), err: String::new() }
    }
}

enum Piece {
    Out(String),
    Err(String),
    Closed,
}

fn listen(stream: impl Read + Send + 'static, piece: fn(String) -> Piece, sender: Sender<Piece>) {
    std::thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while stream.read_until(b'\n', &mut line).unwrap_or(0) > 0 {
            let text = String::from_utf8(std::mem::take(&mut line)).unwrap();
            // Nobody listens any more once the test has ended.
            let _ = sender.send(piece(text));
        }
        let _ = sender.send(Piece::Closed);
    });
}

/// The program, running. Killed and awaited when the test ends.
pub(crate) struct Running {
    child: Child,
    pieces: Receiver<Piece>,
    streams: usize,
    started: Instant,
    out: String,
    err: String,
}

impl Running {
    /// Waits until a line with this text has been printed, and gives all that stdout has had.
    pub(crate) fn wait_for(&mut self, text: &str) -> &str {
        while !self.out.contains(text) && !self.err.contains(text) {
            assert!(self.listen_on(), "`{text}` never came\n{}{}", self.out, self.err);
        }
        &self.out
    }

    /// Waits until this holds of all that stdout and stderr have had.
    pub(crate) fn wait_until(&mut self, holds: impl Fn(&str, &str) -> bool) {
        while !holds(&self.out, &self.err) {
            assert!(self.listen_on(), "it ended before\n{}{}", self.out, self.err);
        }
    }

    /// Sends a signal, by its name, such as `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let told = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status().unwrap();
        assert!(told.success());
    }

    /// Waits until it has ended.
    pub(crate) fn end(mut self) -> Ran {
        while self.listen_on() {}
        let status = self.child.wait().unwrap();
        let (stdout, stderr) = (std::mem::take(&mut self.out), std::mem::take(&mut self.err));
        Ran { status, stdout, stderr, took: self.started.elapsed() }
    }

    /// Whether more may come.
    fn listen_on(&mut self) -> bool {
        if self.streams == 0 {
            return false;
        }
        match self.pieces.recv_timeout(LIMIT.saturating_sub(self.started.elapsed())) {
            Ok(Piece::Out(line)) => self.out.push_str(&line),
            Ok(Piece::Err(line)) => self.err.push_str(&line),
            Ok(Piece::Closed) => self.streams -= 1,
            Err(late) => panic!("it did not end: {late}\n{}{}", self.out, self.err),
        }
        true
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How the program ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl Ran {
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{self}");
        self
    }

    #[track_caller]
    pub(crate) fn dies_of(self, signal: i32) -> Self {
        assert_eq!(self.status.signal(), Some(signal), "{self}");
        self
    }

    /// The last line of stdout.
    pub(crate) fn verdict(&self) -> &str {
        self.stdout.lines().last().unwrap_or_default()
    }

    /// All of it: the exit code, stdout, stderr, with what differs by the run made the same.
    pub(crate) fn golden(&self) -> String {
        golden(&self.to_string())
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.status.code(), self.status.signal()) {
            (Some(code), _) => writeln!(f, "exit {code}")?,
            (None, signal) => writeln!(f, "signal {}", signal.unwrap_or_default())?,
        }
        write!(f, "─── stdout\n{}─── stderr\n{}", self.stdout, self.stderr)
    }
}
