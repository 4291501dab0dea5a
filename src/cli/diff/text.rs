use std::fmt::Write as _;

use crate::diag::visible;
use crate::event::OutcomeClass;
use crate::report::{Paint, Role};

use super::compare::{Case, Diff, Side};

/// How many cases of a kind are named.
const MOST: usize = 60;
/// How much of a reason stands in a line, in characters.
const MOST_REASON: usize = 160;

/// For people: everything but the last line.
pub(super) fn draw(diff: &Diff, paint: Paint) -> String {
    let mut out = String::new();
    for (word, side) in [("before", &diff.before), ("after ", &diff.after)] {
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(out, "{}  {}", paint.dress(Role::Strong, word), headline(side));
    }
    for changed in &diff.changed {
        let digest = changed.what == "suite digest";
        let shown = |text: &str| if digest { text.chars().take(12).collect() } else { short(text) };
        let (before, after) = (shown(&changed.before), shown(&changed.after));
        let _ = writeln!(out, "{} {before} → {after}", paint.dress(Role::Odd, &format!("other {}:", changed.what)));
    }
    for (title, cases, role) in [
        ("new", &diff.new, Role::Plain),
        ("no longer there", &diff.removed, Role::Odd),
        ("otherwise than before", &diff.otherwise, Role::Odd),
        ("flaky now", &diff.newly_flaky, Role::Odd),
        ("fixed", &diff.fixed, Role::Good),
    ] {
        list(&mut out, paint, title, cases, role);
    }
    slower(&mut out, diff, paint);
    // What matters most stands last, where a terminal stops.
    list(&mut out, paint, "regressions", &diff.regressions, Role::Bad);
    out.push('\n');
    out
}

/// `1 regression, 0 fixed, …`: what is none but these two is left out.
pub(super) fn count_line(diff: &Diff) -> String {
    let plural = if diff.regressions.len() == 1 { "" } else { "s" };
    let mut parts =
        vec![format!("{} regression{plural}", diff.regressions.len()), format!("{} fixed", diff.fixed.len())];
    for (count, word) in [
        (diff.newly_flaky.len(), "flaky now"),
        (diff.paces.slower.len(), "slower"),
        (diff.otherwise.len(), "otherwise"),
        (diff.new.len(), "new"),
        (diff.removed.len(), "gone"),
        (diff.same, "as before"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    parts.join(", ")
}

fn headline(side: &Side) -> String {
    let cut = if side.complete { "" } else { "; the record stops before the end of the run" };
    let cases = if side.cases == 1 { "1 case".to_owned() } else { format!("{} cases", side.cases) };
    short(&format!("{} against {} at {}, {cases}, seed {}{cut}", side.suite, side.target, side.base_url, side.seed))
}

fn list(out: &mut String, paint: Paint, title: &str, cases: &[Case], role: Role) {
    if cases.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", paint.dress(Role::Strong, title));
    let width = cases.iter().map(|case| case.id.chars().count()).max().unwrap_or(0).min(56);
    for case in cases.iter().take(MOST) {
        let classes = [case.before, case.after].into_iter().flatten();
        let mut words: Vec<&str> = classes.map(OutcomeClass::as_str).collect();
        words.dedup();
        let words = paint.dress(role, &words.join(" → "));
        let _ = writeln!(out, "  {:width$}  {words}", short(&case.id));
        if let Some(why) = &case.why {
            let _ = writeln!(out, "      {}", paint.dress(Role::Faint, &short(why)));
        }
    }
    if cases.len() > MOST {
        let _ = writeln!(out, "  … and {} more", cases.len() - MOST);
    }
}

fn slower(out: &mut String, diff: &Diff, paint: Paint) {
    let (rule, paces) = (&diff.rule, &diff.paces);
    if let Some(median) = paces.median.filter(|median| *median >= rule.factor) {
        let text = format!("all of it is slower: in the middle a step took {median} times as long");
        let _ = writeln!(out, "\n{}", paint.dress(Role::Odd, &text));
    }
    if paces.slower.is_empty() {
        return;
    }
    let title = format!("slower: {} times as long or more, and by {} or more", rule.factor, took(rule.by_us));
    let _ = writeln!(out, "\n{}", paint.dress(Role::Strong, &title));
    for step in paces.slower.iter().take(MOST) {
        let times = paint.dress(Role::Odd, &format!("{} → {}", took(step.before_us), took(step.after_us)));
        let _ = writeln!(out, "  {}#{}  {times}", short(&step.case), short(&step.step));
    }
    if paces.slower.len() > MOST {
        let _ = writeln!(out, "  … and {} more", paces.slower.len() - MOST);
    }
}

fn took(micros: u64) -> String {
    match micros / 1000 {
        0 => format!("{micros} µs"),
        millis @ 1..1000 => format!("{millis} ms"),
        millis => format!("{}.{} s", millis / 1000, millis % 1000 / 100),
    }
}

/// What a log holds may come from an endpoint: a terminal must not obey it.
fn short(text: &str) -> String {
    let text = visible(text).replace(['\n', '\t'], " ");
    match text.char_indices().nth(MOST_REASON) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
