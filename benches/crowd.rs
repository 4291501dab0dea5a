//! A crowd of agents' devices at `assize sandbox`, each on a connection of its own and held by a long poll. Prints what they
//! cost, how fast an event reaches the one that it is for, and everyone, and how the tenant closes with them connected.
//!
//! ```text
//! cargo bench --bench crowd                              5000 devices
//! cargo bench --bench crowd -- 12000                     or so many
//! cargo bench --profile dev --bench crowd -- 500         unoptimised
//! ```
//!
//! Exits with 1 when a device was not told, or the tenant did not close cleanly; with 2 when the machine allows too few open
//! files. Figures of memory and CPU are those of Linux; elsewhere they are left out.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints its figures")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::future::{join_all, try_join_all};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader as AsyncBufReader};
use tokio::net::TcpStream;

const USUAL_CROWD: usize = 5_000;
/// Open files that are no device's.
const SPARE_FILES: u64 = 64;
/// How long the crowd is left alone while its CPU time is counted.
const QUIET: Duration = Duration::from_secs(10);
/// How many connections are opened at once: the kernel's queue for new ones is not endless.
const AT_ONCE: usize = 100;

fn main() -> ExitCode {
    let crowd = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(USUAL_CROWD);
    let (needed, allowed) = (u64::try_from(crowd).unwrap_or(u64::MAX) + SPARE_FILES, open_files());
    if allowed.is_some_and(|allowed| allowed < needed) {
        eprintln!("{crowd} devices need {needed} open files, and `ulimit -n` allows {}", allowed.unwrap_or_default());
        return ExitCode::from(2);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.context("no runtime").and_then(|runtime| runtime.block_on(bench(crowd))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Raises the limit of open files to what the machine allows, and tells it.
fn open_files() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Where that is not possible, what there is counts.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    getrlimit(Resource::Nofile).current
}

async fn bench(crowd: usize) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut server = Server::start(dir.path())?;
    let (address, process) = (server.address.clone(), server.child.id());
    let empty = Usage::of(process);
    // The event is for the device of the first agent; all others are devices of the second.
    let alone = Device::sign_in(&address, dir.path(), 1).await?;
    let alone = alone.start().await?;
    let owner = Device::sign_in(&address, dir.path(), 2).await?.start().await?;
    let begun = Instant::now();
    let mut others = vec![owner];
    while others.len() < crowd - 1 {
        let count = AT_ONCE.min(crowd - 1 - others.len());
        others.extend(try_join_all((0..count).map(|_| others[0].join())).await?);
    }
    println!("{crowd} devices signed in, joined and greeted in {:.1?}", begun.elapsed());

    let mut control = Device::connect(&address, String::new()).await?;
    let begun = Instant::now();
    let mut held = Vec::with_capacity(others.len());
    for mut device in others {
        held.push(tokio::spawn(async move { device.polled().await.map(|told| (device, told)) }));
    }
    let mut waiting = alone;
    let first = waiting.session.clone();
    let token = waiting.token.clone();
    let first_poll = tokio::spawn(async move { waiting.polled().await.map(|told| (waiting, told, Instant::now())) });
    control.token = token;
    server.until_held(crowd).await?;
    println!("all held after {:.1?}", begun.elapsed());
    let full = Usage::of(process);
    tokio::time::sleep(QUIET).await;
    let rested = Usage::of(process);
    if let (Some(empty), Some(full), Some(rested)) = (empty, full, rested) {
        let each = full.memory_kib.saturating_sub(empty.memory_kib) / u64::try_from(crowd)?.max(1);
        println!(
            "memory {} MiB before, {} MiB with all held: {each} KiB for each",
            empty.memory_kib / 1024,
            full.memory_kib / 1024
        );
        println!(
            "CPU {} ms to get there, {} ms in {QUIET:?} while they are held",
            full.cpu_ms - empty.cpu_ms,
            rested.cpu_ms - full.cpu_ms
        );
    }

    let sent = Instant::now();
    control.session = first;
    control.set_state("Available").await?;
    let (alone, told, at) = first_poll.await??;
    ensure!(told == 1, "the one was told {told} events");
    println!(
        "an event for one is there after {:.1?}; {} others still held",
        at - sent,
        held.iter().filter(|one| !one.is_finished()).count()
    );

    // An event for all others: the second agent's state changes.
    control.token = Device::sign_in(&address, dir.path(), 2).await?.token;
    control.session = control.joined().await?;
    let sent = Instant::now();
    control.set_state("Available").await?;
    let mut others = Vec::with_capacity(crowd);
    for one in join_all(held).await {
        let (device, told) = one??;
        ensure!(told == 1, "a device was told {told} events");
        others.push(device);
    }
    println!("an event for {} is with all of them after {:.1?}", others.len(), sent.elapsed());

    let mut held: Vec<_> = others
        .into_iter()
        .chain([alone])
        .map(|mut device| tokio::spawn(async move { device.polled().await }))
        .collect();
    server.until_held(crowd).await?;
    let asked = Instant::now();
    let status = server.stop()?;
    println!("closed with {crowd} polls held in {:.1?}: {status}", asked.elapsed());
    ensure!(status.success(), "the tenant did not close cleanly");
    let refused = join_all(held.drain(..)).await.into_iter().filter(|ended| matches!(ended, Ok(Err(_)))).count();
    ensure!(refused == crowd, "{refused} of {crowd} polls were let go");
    println!("every poll was let go");
    Ok(())
}

/// `assize sandbox`, running. Ended when dropped.
struct Server {
    child: Child,
    address: String,
    control: String,
    authorization: String,
}

impl Server {
    fn start(dir: &Path) -> Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
        command.arg("sandbox").arg("--dir").arg(dir).stdout(Stdio::piped());
        let mut child = command.spawn().context("cannot start assize")?;
        let stdout = child.stdout.take().context("it has a stdout")?;
        let (mut address, mut control) = (String::new(), String::new());
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            match line.split_once(' ') {
                Some(("tenant", it)) => host(it).clone_into(&mut address),
                Some(("control", it)) => it.trim().clone_into(&mut control),
                _ if line.starts_with("assize run") => break,
                _ => {}
            }
        }
        let authorization = std::fs::read_to_string(dir.join("secrets/control"))?;
        Ok(Self { child, address, control, authorization })
    }

    /// Waits until so many polls are held.
    async fn until_held(&self, count: usize) -> Result<()> {
        let mut wire = Device::connect(host(&self.control), String::new()).await?;
        let path = self.control.split_once("//").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
        let path = format!("{}/sessions", path.context("a URL with a path")?);
        loop {
            let (_, body) = wire.ask("GET", &path, &format!("authorization: {}\r\n", self.authorization), "").await?;
            if body["held_polls"].as_u64() == u64::try_from(count).ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn stop(&mut self) -> Result<std::process::ExitStatus> {
        let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status()?;
        ensure!(told.success(), "it cannot be told to stop");
        Ok(self.child.wait()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn host(url: &str) -> &str {
    let rest = url.trim().split_once("//").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// A connection, and what its device knows.
struct Device {
    wire: AsyncBufReader<TcpStream>,
    address: String,
    token: String,
    session: String,
}

impl Device {
    async fn connect(address: &str, token: String) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("cannot connect")?;
        stream.set_nodelay(true)?;
        let wire = AsyncBufReader::with_capacity(1024, stream);
        Ok(Self { wire, address: address.to_owned(), token, session: String::new() })
    }

    /// A device of an agent, by access key.
    async fn sign_in(address: &str, dir: &Path, agent: u32) -> Result<Self> {
        let secret = std::fs::read_to_string(dir.join(format!("secrets/access-key-{agent}")))?;
        let mut device = Self::connect(address, String::new()).await?;
        let body = format!(r#"{{"accessKeyId":"AK-AGENT-{agent}","accessKeySecret":"{}"}}"#, secret.trim());
        let (status, answer) = device.ask("POST", "/authentication/v1/token/access-key", "", &body).await?;
        ensure!(status == 200, "sign-in: {status}");
        text(&answer, "access_token").clone_into(&mut device.token);
        Ok(device)
    }

    /// Starts a session, and reads what has happened so far.
    async fn start(mut self) -> Result<Self> {
        let (status, answer) = self.api("POST", "/agent-sessions", r#"{"stationPhoneNumber":"+15550100"}"#).await?;
        ensure!(status == 202, "start: {status}");
        text(&answer, "sessionId").clone_into(&mut self.session);
        self.poll(0).await?;
        Ok(self)
    }

    /// The session's next id, for whoever joins by this connection.
    async fn joined(&mut self) -> Result<String> {
        let (status, answer) = self.api("POST", "/agent-sessions/join", "{}").await?;
        ensure!(status == 202, "join: {status}");
        Ok(text(&answer, "sessionId").to_owned())
    }

    /// Another device of the same agent, on a connection of its own, that has read what is so.
    async fn join(&self) -> Result<Self> {
        let mut device = Self::connect(&self.address, self.token.clone()).await?;
        device.session = device.joined().await?;
        device.poll(0).await?;
        Ok(device)
    }

    async fn set_state(&mut self, state: &str) -> Result<()> {
        let path = format!("/agent-sessions/{}/state", self.session);
        let (status, _) = self.api("POST", &path, &format!("state={state}")).await?;
        ensure!(status == 202, "state: {status}");
        Ok(())
    }

    /// Polls until there are events; how many.
    async fn polled(&mut self) -> Result<usize> {
        loop {
            if let Some(told) = self.poll(60).await? {
                return Ok(told);
            }
        }
    }

    async fn poll(&mut self, timeout: u32) -> Result<Option<usize>> {
        let path = format!("/agent-sessions/{}/get-next-event?timeout={timeout}", self.session);
        let (status, answer) = self.api("GET", &path, "").await?;
        match status {
            304 => Ok(None),
            200 => {
                text(&answer, "sessionId").clone_into(&mut self.session);
                Ok(Some(answer["events"].as_array().map_or(0, Vec::len)))
            }
            other => bail!("poll: {other}"),
        }
    }

    async fn api(&mut self, method: &str, path: &str, body: &str) -> Result<(u16, Value)> {
        let headers = format!("authorization: bearer {}\r\n", self.token);
        self.ask(method, &format!("/inContactAPI/services/v30.0{path}"), &headers, body).await
    }

    async fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<(u16, Value)> {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{headers}content-length: {length}\r\n\r\n{body}",
            self.address
        );
        self.wire.write_all(request.as_bytes()).await?;
        let mut line = String::new();
        self.wire.read_line(&mut line).await?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status line")?;
        let mut length = 0;
        loop {
            line.clear();
            self.wire.read_line(&mut line).await?;
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse()?,
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.wire.read_exact(&mut body).await?;
        Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }
}

fn text<'a>(answer: &'a Value, member: &str) -> &'a str {
    answer[member].as_str().unwrap_or_default()
}

/// What a process has used.
#[derive(Clone, Copy)]
struct Usage {
    memory_kib: u64,
    cpu_ms: u64,
}

impl Usage {
    /// From `/proc`, whose clock ticks a hundred times a second; `None` where there is none.
    fn of(process: u32) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11).map(str::parse::<u64>);
        let ticks = fields.next()?.ok()? + fields.next()?.ok()?;
        Some(Self { memory_kib: resident.trim().trim_end_matches("kB").trim().parse().ok()?, cpu_ms: ticks * 10 })
    }
}
