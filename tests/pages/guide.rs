use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::blocks::blocks_of;
use crate::flags::refuse_unknown;
use crate::stage::Stage;

/// Pages that have a test of their own.
const ELSEWHERE: [&str; 2] = ["language.md", "snapshots.md"];

/// Every page under `docs/`, in a folder of its own: what it shows is done, in its order.
#[test]
fn what_the_pages_of_the_guide_show_is_what_happens() {
    let mut told = Vec::new();
    let pages = pages();
    for page in pages.iter().filter(|page| !ELSEWHERE.contains(&page.as_str())) {
        // So that all that is wrong is told at once.
        let played = std::panic::catch_unwind(|| play(page));
        if let Err(panic) = played {
            let text = panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "it panicked".to_owned());
            told.push(format!("docs/{page}: {text}"));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}

#[test]
fn the_index_leads_to_every_page_and_every_link_to_a_file() {
    let root = root();
    let index = std::fs::read_to_string(root.join("README.md")).expect("docs has an index");
    for page in pages().iter().filter(|page| *page != "README.md" && !page.starts_with("examples/")) {
        assert!(index.contains(&format!("({page})")), "docs/README.md does not lead to {page}");
    }
    let mut broken = BTreeSet::new();
    for page in pages() {
        let path = root.join(&page);
        let text = std::fs::read_to_string(&path).expect("it is a page");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let file = link.split('#').next().unwrap_or_default();
            let is_ours = !file.is_empty() && !file.contains("://") && !file.contains(' ');
            if is_ours && !path.parent().expect("a page lies in a folder").join(file).exists() {
                broken.insert(format!("docs/{page}: {link}"));
            }
        }
    }
    assert_eq!(broken, BTreeSet::new());
}

fn play(page: &str) {
    let text = std::fs::read_to_string(root().join(page)).expect("it is a page");
    let mut stage = Stage::new();
    for block in blocks_of(&text) {
        let kind: Vec<&str> = block.kind.iter().map(String::as_str).collect();
        match kind.as_slice() {
            ["console"] => stage.play(&block.text),
            ["console", "background"] => stage.play_on(&block.text),
            ["json", "answer"] => stage.answer(&block.text),
            ["yaml" | "yml" | "json", file] if file.contains('.') => stage.write(file, &block.text),
            ["yaml" | "yml"] => Stage::load(&block.text),
            // Whatever is only shown names nothing that is not there.
            _ => refuse_unknown(&block.text),
        }
    }
    stage.check_suites();
}

/// The pages, relative to `docs/`.
fn pages() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).expect("a folder of docs").map_while(Result::ok) {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") && !path.starts_with("examples") {
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}
