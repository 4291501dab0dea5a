use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{LazyLock, Mutex};

/// The help of each command, as it was asked for.
static HELP: LazyLock<Mutex<BTreeMap<String, Option<String>>>> = LazyLock::new(Mutex::default);

/// What stands in a block that nothing runs still names commands and options that there are.
pub(crate) fn refuse_unknown(text: &str) {
    for line in text.replace("\\\n", " ").lines() {
        for rest in line.split("assize ").skip(1) {
            let words: Vec<&str> = rest.split_whitespace().take_while(|word| !is_the_end(word)).collect();
            let Some(command) = words.first().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())) else {
                continue;
            };
            let Some(help) = help(command) else { continue };
            for flag in words.iter().filter(|word| word.starts_with("--")) {
                let flag: String =
                    flag.chars().take_while(|sign| sign.is_ascii_alphanumeric() || *sign == '-').collect();
                assert!(help.contains(&flag), "`assize {command}` has no `{flag}`: {line}");
            }
        }
    }
}

/// Where a shell, or a sentence, goes on with something else.
fn is_the_end(word: &str) -> bool {
    ["#", "|", "||", "&&", ";", ">", "--"].contains(&word) || word.starts_with('`')
}

fn help(command: &str) -> Option<String> {
    let mut known = HELP.lock().expect("nobody panicked");
    let asked = || {
        let output = Command::new(env!("CARGO_BIN_EXE_assize")).args([command, "--help"]).output();
        let output = output.expect("the program starts");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    known.entry(command.to_owned()).or_insert_with(asked).clone()
}
