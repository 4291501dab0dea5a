use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::blocks::blocks;
use crate::service::{SHOWN, serve};

const PAGE: &str = include_str!("../../docs/snapshots.md");

#[test]
fn what_the_page_of_snapshots_says_to_type_works_and_prints_what_it_shows() {
    let folder = tempfile::tempdir().expect("a folder of its own");
    let answer = Arc::new(Mutex::new(String::new()));
    let service = serve(Arc::clone(&answer));
    let mut printed = String::new();
    let (mut ran, mut compared) = (0, 0);
    for block in blocks(PAGE) {
        match block.kind.as_slice() {
            ["yaml", file] => std::fs::write(folder.path().join(file), &block.text).expect("it can be written"),
            ["json"] => block.text.clone_into(&mut answer.lock().expect("nobody panicked")),
            ["sh"] => {
                for line in block.text.lines() {
                    printed = run(line, &service, folder.path());
                    ran += 1;
                }
            }
            ["text"] => {
                assert!(printed.contains(&block.text), "the page shows\n{}\nand there was\n{printed}", block.text);
                compared += 1;
            }
            ["text", "no-run"] => {}
            kind => panic!("the page has a block of an unknown kind: {kind:?}"),
        }
    }
    assert!(ran >= 7 && compared >= 2, "the page has lost its commands");
}

/// Runs a line of the page: `assize …`, and at its end ` # exit N` where it does not end well.
fn run(line: &str, service: &str, folder: &Path) -> String {
    let (line, code) = line.split_once(" # exit ").unwrap_or((line, "0"));
    let arguments = line.strip_prefix("assize ").expect("the page runs nothing else").replace(SHOWN, service);
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.args(arguments.split_whitespace()).current_dir(folder).stdin(Stdio::null());
    let output = command.env_remove("CI").env("NO_COLOR", "1").output().expect("the program starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), code.parse().ok(), "{line}\n{out}{err}");
    out.replace(service, SHOWN)
}
