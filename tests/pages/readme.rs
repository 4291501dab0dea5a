use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::blocks::blocks;

const README: &str = include_str!("../../README.md");

#[test]
fn what_readme_says_to_type_works() {
    let folder = tempfile::tempdir().expect("a folder of its own");
    // Where cargo is run, it has made this.
    std::fs::create_dir(folder.path().join("target")).expect("a new folder");
    let mut servers = Vec::new();
    let mut printed = String::new();
    let mut ran = 0;
    for block in blocks(README) {
        match block.kind.as_slice() {
            ["yaml", file] => std::fs::write(folder.path().join(file), &block.text).expect("it can be written"),
            ["sh"] => {
                for line in block.text.lines() {
                    printed = run(line, folder.path());
                    ran += 1;
                }
            }
            ["sh", "background"] => servers.push(Server::start(block.text.trim(), folder.path())),
            ["text"] => assert_eq!(printed.lines().last(), block.text.lines().last(), "README shows another verdict"),
            ["sh", "no-run"] | ["yaml"] => {}
            _ => panic!("README has a block of an unknown kind: {:?}", block.kind),
        }
    }
    assert!(ran >= 4 && servers.len() == 1, "README has lost its commands");
}

#[test]
fn readme_lists_the_exit_codes_of_the_program() {
    for name in ["PASS", "FAIL", "USAGE", "ERROR", "NOTHING", "INCOMPLETE", "DIRTY", "INTERNAL", "IOERR", "SIGNAL"] {
        assert!(README.lines().any(|line| line.starts_with("| ") && line.contains(name)), "{name}");
    }
}

/// The program, for either way to call it: it is built already, and cargo is not started within its own test.
fn command(line: &str, folder: &Path) -> Command {
    let arguments = ["cargo run --locked -- ", "assize "].into_iter().find_map(|way| line.strip_prefix(way));
    let arguments = arguments.unwrap_or_else(|| panic!("README runs something else: {line}"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.args(arguments.split_whitespace()).current_dir(folder).stdin(Stdio::null()).env("NO_COLOR", "1");
    command
}

fn run(line: &str, folder: &Path) -> String {
    let output = command(line, folder).output().expect("the program starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{line}\n{out}{err}");
    out.into_owned()
}

/// A program that serves until the test ends.
struct Server(Child);

impl Server {
    /// Starts it, and waits until it says how it is used.
    fn start(line: &str, folder: &Path) -> Self {
        let mut child = command(line, folder).stdout(Stdio::piped()).spawn().expect("the program starts");
        let out = child.stdout.take().expect("it is piped");
        let server = Self(child);
        let is_ready = BufReader::new(out).lines().map_while(Result::ok).any(|line| line.starts_with("assize run"));
        assert!(is_ready, "`{line}` ended before it was ready");
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
