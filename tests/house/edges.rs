use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{files, has_ending, text};

type Edges = BTreeMap<String, BTreeSet<String>>;

#[test]
fn rooms_use_only_what_the_architecture_page_grants() {
    let allowed = granted();
    let mut breaches = Vec::new();
    for (path, used) in used_by_file() {
        let room = room_of(&path);
        let Some(allowed) = allowed.get(room) else { continue };
        for other in used.iter().filter(|other| *other != room && !allowed.contains(*other)) {
            breaches.push(format!("src/{path}: `{room}` may not use `{other}`"));
        }
    }
    assert_eq!(breaches, Vec::<String>::new());
}

#[test]
fn the_architecture_page_lists_the_rooms_that_there_are() {
    let listed: BTreeSet<String> = granted().into_keys().collect();
    let there: BTreeSet<String> =
        files("src").iter().filter(|path| path.contains('/')).map(|path| room_of(path).to_owned()).collect();
    assert_eq!(listed, there);
}

#[test]
fn the_three_edges_that_matter_most_are_not_granted() {
    let granted = granted();
    assert!(!granted["run"].contains("report"));
    assert_eq!(granted["sandbox"], BTreeSet::from(["clock".to_owned()]));
    let of_the_sandbox: Vec<&String> =
        granted.iter().filter(|(_, used)| used.contains("sandbox")).map(|(room, _)| room).collect();
    assert_eq!(of_the_sandbox, ["cli"]);
}

#[test]
fn nothing_is_granted_in_a_circle() {
    let mut left = granted();
    while !left.is_empty() {
        let done: Vec<String> = left
            .iter()
            .filter(|(_, used)| used.iter().all(|it| !left.contains_key(it)))
            .map(|it| it.0.clone())
            .collect();
        assert!(!done.is_empty(), "these go round: {:?}", left.keys());
        for room in done {
            left.remove(&room);
        }
    }
}

#[test]
fn every_way_to_name_a_room_is_seen() {
    let source = r#"
        use crate::judge::{Checks, judge};
        use crate::{event::Outcome, value};
        use super::super::report;
        // use crate::comment::Nothing;
        fn f() -> &'static str { crate::clock::now(); "crate::text::Nothing" }
        #[cfg(test)]
        mod tests { use crate::sandbox::Host; }
    "#;
    let seen: Vec<String> = used("plan/build.rs", source).into_iter().collect();
    assert_eq!(seen, ["clock", "event", "judge", "report", "value"]);
}

/// What the table of the architecture page grants to each room.
fn granted() -> Edges {
    let page = text("src/lib.rs");
    page.lines()
        .filter_map(|line| line.strip_prefix("//! | [`"))
        .map(|line| {
            let (room, rest) = line.split_once("`]").expect("a room is a link");
            let used = rest.trim_end().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
            (room.to_owned(), used.split_whitespace().map(str::to_owned).collect())
        })
        .collect()
}

/// The rooms that each file under `src/` names, in code that is part of the program.
fn used_by_file() -> Edges {
    let paths: Vec<String> = files("src").into_iter().filter(|path| has_ending(path, "rs")).collect();
    let tests: BTreeSet<String> = paths.iter().flat_map(|path| test_modules(path)).collect();
    paths
        .into_iter()
        .filter(|path| path.contains('/'))
        .filter(|path| !tests.iter().any(|of| path == &format!("{of}.rs") || path.starts_with(&format!("{of}/"))))
        .map(|path| {
            let used = used(&path, &text(&format!("src/{path}")));
            (path, used)
        })
        .collect()
}

/// The modules that this file declares for tests only, as paths without an ending.
fn test_modules(path: &str) -> Vec<String> {
    let code = code_of(&text(&format!("src/{path}")));
    let folder = path.strip_suffix("mod.rs").map_or_else(|| path.replace(".rs", "/"), str::to_owned);
    code.split("#[cfg(test)]")
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix("mod ")?.split_once(';'))
        .filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
        .map(|(name, _)| format!("{folder}{name}"))
        .collect()
}

fn room_of(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// The rooms that a file names.
fn used(path: &str, source: &str) -> BTreeSet<String> {
    let code = without_tests(&code_of(source));
    let mut used = BTreeSet::new();
    // As many `super::` as the file lies deep lead to the root of the crate too.
    let depth = path.matches('/').count() + usize::from(!path.ends_with("/mod.rs"));
    for way in ["crate::".to_owned(), "super::".repeat(depth)] {
        for (at, _) in code.match_indices(&way) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || (c == ':' && way.starts_with("super"))) {
                continue;
            }
            let rest = &code[at + way.len()..];
            match rest.strip_prefix('{') {
                Some(group) => used.extend(heads(group)),
                None => used.extend(word(rest)),
            }
        }
    }
    used.retain(|name| name.starts_with(|c: char| c.is_ascii_lowercase()) && name != "super" && name != "self");
    used
}

/// The first word of each member of a group in braces.
fn heads(group: &str) -> Vec<String> {
    let mut depth = 0_i32;
    let mut found = Vec::new();
    let mut member = String::new();
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.extend(word(std::mem::take(&mut member).trim_start())),
            _ if depth == 0 => member.push(c),
            _ => {}
        }
    }
    found.extend(word(member.trim_start()));
    found
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// The code without comments and without what stands in texts.
fn code_of(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if let Some(after) = raw_text(rest).or_else(|| plain_text(rest)) {
            code.push_str("\"\"");
            rest = after;
        } else if let Some(after) = letter(rest) {
            rest = after;
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    code
}

fn raw_text(rest: &str) -> Option<&str> {
    let hashes = rest.strip_prefix('r')?;
    let text = hashes.trim_start_matches('#');
    let closing = format!("\"{}", &hashes[..hashes.len() - text.len()]);
    let text = text.strip_prefix('"')?;
    text.find(&closing).map(|at| &text[at + closing.len()..])
}

fn plain_text(rest: &str) -> Option<&str> {
    let text = rest.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => return Some(&text[at + 1..]),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// A quoted character, so that a quote within it opens no text.
fn letter(rest: &str) -> Option<&str> {
    let inner = rest.strip_prefix('\'')?;
    let mut chars = inner.char_indices();
    if chars.next()?.1 == '\\' {
        chars.next()?;
    }
    let (at, closing) = chars.next()?;
    (closing == '\'').then(|| &inner[at + 1..])
}

/// The code without its modules of tests.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..at]);
        rest = &rest[at + "#[cfg(test)]".len()..];
        let (opening, ending) = (rest.find('{'), rest.find(';'));
        rest = match (opening, ending) {
            (Some(opening), ending) if ending.is_none_or(|ending| opening < ending) => after_block(&rest[opening..]),
            (_, Some(ending)) => &rest[ending + 1..],
            (_, None) => "",
        };
    }
    kept.push_str(rest);
    kept
}

fn after_block(block: &str) -> &str {
    let mut depth = 0_i32;
    for (at, c) in block.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &block[at + 1..];
        }
    }
    ""
}
