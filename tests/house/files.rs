use crate::tree::{files, has_ending, root, text};

/// The most lines of a file of Rust.
const MOST_LINES: usize = 500;

#[test]
fn no_file_of_the_program_is_too_long_to_walk_through() {
    let long: Vec<String> = rust()
        .into_iter()
        .map(|path| (text(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn nothing_is_left_undone_or_silenced() {
    // Put together from parts, so that this file does not hold them.
    let unwanted =
        [["TO", "DO"], ["FIX", "ME"], ["XX", "X:"], ["#[al", "low("], ["#![al", "low("]].map(|parts| parts.concat());
    let found: Vec<String> = rust()
        .into_iter()
        .flat_map(|path| {
            let text = text(&path);
            unwanted
                .iter()
                .filter(|word| text.contains(*word))
                .map(|word| format!("{path}: {word}"))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_page_of_a_room_holds_words_and_names_only() {
    // `cli` is entered by its `main`, which stands on its page; a room's tests may keep there what they share.
    let with_code: Vec<String> = files("src")
        .into_iter()
        .filter(|path| path.ends_with("/mod.rs") && path != "cli/mod.rs" && !path.ends_with("/tests/mod.rs"))
        .filter(|path| text(&format!("src/{path}")).lines().any(|line| line.contains("fn ") && !line.starts_with("//")))
        .collect();
    assert_eq!(with_code, Vec::<String>::new());
}

#[test]
fn the_top_of_the_house_holds_what_belongs_there() {
    const KNOWN: [&str; 11] = [
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "benches",
        "docs",
        "snapshots",
        "specs",
        "src",
        "tests",
    ];
    let strangers: Vec<String> = std::fs::read_dir(root())
        .expect("the crate's folder can be listed")
        .map(|entry| entry.expect("an entry can be read").file_name().to_string_lossy().into_owned())
        // What a build leaves behind is no part of the house.
        .filter(|name| !name.starts_with('.') && name != "target" && !KNOWN.contains(&name.as_str()))
        .collect();
    assert_eq!(strangers, Vec::<String>::new());
}

fn rust() -> Vec<String> {
    ["src", "tests"]
        .into_iter()
        .flat_map(|folder| files(folder).into_iter().map(move |path| format!("{folder}/{path}")))
        .filter(|path| has_ending(path, "rs"))
        .collect()
}
