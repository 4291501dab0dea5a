use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use assize::diag::{Diagnostics, Sources};
use assize::suite::yaml::{Limits, read};
use assize::value::{Node, NodeKind};
use serde_json::Value;
use tempfile::TempDir;

use crate::blocks::blocks;

const YAML: [(&str, &str); 3] = [
    ("github.yml", include_str!("../../docs/ci/github.yml")),
    ("gitlab.yml", include_str!("../../docs/ci/gitlab.yml")),
    ("azure-pipelines.yml", include_str!("../../docs/ci/azure-pipelines.yml")),
];
const JENKINS: &str = include_str!("../../docs/ci/Jenkinsfile");
const PAGE: &str = include_str!("../../docs/ci/README.md");
const CONTAINER: &str = include_str!("../../docs/container/Dockerfile");
const EDITOR: &str = include_str!("../../docs/editor.md");
const SETTINGS: &str = include_str!("../../docs/editor/settings.json");

#[test]
fn every_recipe_is_sound_and_its_commands_do_what_they_say() {
    let mut commands = Vec::new();
    for (name, text) in YAML {
        let found = commands_of(name, text);
        assert_eq!(found.len(), 1, "{name}");
        commands.extend(found);
    }
    let in_jenkins = JENKINS.lines().filter_map(|line| line.trim().strip_prefix("sh '")?.strip_suffix('\''));
    commands.extend(in_jenkins.map(str::to_owned));
    assert_eq!(commands.len(), 4, "Jenkins has its command");
    let count = |sign: char| JENKINS.matches(sign).count();
    assert_eq!((count('{'), count('(')), (count('}'), count(')')));

    for command in commands {
        let folder = project();
        let output = shell(&command, folder.path());
        assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
        // What the job keeps is there.
        for file in ["junit.xml", "report.html", "run.ndjson"] {
            assert!(folder.path().join(file).is_file(), "{command}: {file}");
        }
    }
}

#[test]
fn the_commands_of_the_page_of_ci_work_and_its_table_has_every_kind() {
    let folder = project();
    let first = shell("assize run --suite contract --target tenant --report log=run.ndjson", folder.path());
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let mut ran = 0;
    for block in blocks(PAGE).into_iter().filter(|block| block.kind == ["sh"]) {
        for line in block.text.lines() {
            let output = shell(line, folder.path());
            assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
            ran += 1;
        }
    }
    assert!(ran > 0);
    for kind in assize::report::Kind::ALL {
        assert!(PAGE.lines().any(|line| line.starts_with(&format!("| `{kind}` | "))), "{kind}");
    }
}

#[test]
fn the_container_is_not_run_as_root_and_takes_only_what_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = CONTAINER.replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect::<Vec<_>>();
    let known = ["FROM ", "WORKDIR ", "COPY ", "RUN ", "USER ", "ENTRYPOINT ", "CMD "];
    for line in &lines {
        assert!(known.iter().any(|word| line.starts_with(word)), "{line}");
    }
    let from = lines.iter().rposition(|line| line.starts_with("FROM ")).expect("a stage");
    assert!(lines[from..].iter().any(|line| line.starts_with("USER ") && !line.contains("root ")), "{CONTAINER}");
    assert!(lines[from].ends_with(":nonroot"), "{}", lines[from]);
    for line in lines.iter().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--from")) {
        let mut words = line.split_whitespace().collect::<Vec<_>>();
        words.pop();
        for word in words {
            assert!(root.join(word).exists(), "COPY {word}");
        }
    }
}

#[test]
fn the_editor_finds_the_schema_of_every_file_of_a_suite() {
    let folder = tempfile::tempdir().expect("a folder of its own");
    let commands = blocks(EDITOR).into_iter().find(|block| block.kind == ["sh"]).expect("the page has commands");
    let output = shell(&format!("set -e\n{}", commands.text), folder.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let settings: Value = serde_json::from_str(SETTINGS).expect("JSON");
    let schemas = settings["yaml.schemas"].as_object().expect("a map");
    let written = std::fs::read_dir(folder.path().join(".vscode/assize")).expect("it was made").count();
    assert_eq!(schemas.len(), written);
    for (schema, globs) in schemas {
        let text = std::fs::read_to_string(folder.path().join(schema)).expect("a command writes it");
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        assert!(jsonschema::validator_for(&schema).is_ok() && globs.as_array().is_some_and(|globs| !globs.is_empty()));
    }
}

/// A project as the recipes expect it: a suite, and a target that a small service answers.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder of its own");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it has one");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let head = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
            if head.count() > 0 {
                // A client that has gone has had what it wanted.
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            }
        }
    });
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("it can be made");
        std::fs::write(path, text).expect("it can be written");
    };
    write("contract/suite.yaml", "suite: contract\nversion: 1.0.0\ntitle: A contract\n");
    write(
        "contract/scenarios/hello.yaml",
        "scenario: The service answers\nid: hello\nsteps:\n  - request: GET /\n    expect: 200\n",
    );
    write("assize.yaml", &format!("targets:\n  tenant:\n    base_url: http://{address}\n"));
    folder
}

/// Runs a line as a job does, with the program on the path.
fn shell(line: &str, folder: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_assize"));
    let own = program.parent().expect("a program lies in a folder").to_string_lossy().into_owned();
    let path = format!("{own}:{}", std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder).stdin(Stdio::null()).env("PATH", path).env("CI", "true");
    command.env("NO_COLOR", "1").env_remove("GITHUB_STEP_SUMMARY").output().expect("a shell is there")
}

/// Every line that a recipe runs and that begins with the program's name.
fn commands_of(name: &str, text: &str) -> Vec<String> {
    let mut out = Diagnostics::new();
    let source = Sources::default().add(name, text);
    let nodes = read(source, text, &Limits::default(), &mut out);
    assert!(out.is_empty() && nodes.len() == 1, "{name} is no sound YAML");
    let mut texts = Vec::new();
    for node in &nodes {
        take_texts(node, &mut texts);
    }
    let lines = texts.iter().flat_map(|text| text.lines()).map(str::trim);
    lines.filter(|line| line.starts_with("assize ")).map(str::to_owned).collect()
}

fn take_texts(node: &Node, texts: &mut Vec<String>) {
    match &node.kind {
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => {}
        NodeKind::Text(text) => texts.push(text.value.to_string()),
        NodeKind::List(items) => items.iter().for_each(|item| take_texts(item, texts)),
        NodeKind::Map(entries) => entries.iter().for_each(|entry| take_texts(&entry.value, texts)),
    }
}
