//! Whatever an endpoint or a suite writes, no report obeys it or breaks on it.

use quick_junit::Report;

use super::golden::{console, junit, rendered};
use super::run::{Run, exchange, finding, head, place};
use super::schemas::problems;
use crate::event::{Block, Body, ExchangeId, Header, Left, LogReader, Outcome, SkippedCase, Stamped, Verdict};
use crate::report::{EventStream, Kind, Reporter};

/// Lines in the manner of the Big List of Naughty Strings, and what CI systems and viewers obey.
pub(in crate::report) const NAUGHTY: [&str; 24] = [
    "",
    "undefined",
    "-1.7976931348623157E+308",
    "<script>alert(0)</script>",
    "\"><img src=x onerror=alert(1)>",
    "&#0; &lt; &bogus; <!ENTITY x SYSTEM \"file:///etc/passwd\">",
    "]]>",
    "<![CDATA[ ]]>]]>",
    "[[ATTACHMENT|/etc/passwd]]",
    "[[Attachment|/etc/passwd]]",
    "::set-env name=PATH::/tmp",
    "\n::stop-commands::x",
    "x\r::error::y",
    "x\u{2028}::error::y",
    "  ::add-mask::z",
    "##[error]x",
    "##vso[task.setvariable variable=x]y",
    "a\n##teamcity[testFailed name='x']",
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m",
    "\u{202e}dlrow\u{202c} \u{2066}x\u{2069} \u{200b}\u{feff}\u{ad}",
    "a\u{8}\u{8}\u{0}b\u{7f}\u{fffe}\u{ffff}",
    "$(touch owned) `id` '; id; \" \\",
    "Ω≈ç√ 部落格 👾 ̡͓̞ͅI̗̘",
    "%s%n %x {0} ${HOME} {{7*7}}",
];

/// A run that has `text` in every place that a suite or an endpoint fills.
pub(in crate::report) fn run_with(text: &str) -> Vec<Stamped> {
    let id = format!("case {text}");
    let mut case = head(&id, text, &[text, "CX-SES-001"]);
    case.scenario = text.to_owned();
    (case.row, case.variant, case.tags) = (Some(text.to_owned()), Some(text.to_owned()), vec![text.to_owned()]);
    let mut at = place(14, "x 409", "409");
    (at.file, at.text) = (text.into(), text.to_owned());
    case.at = at.clone();
    let skipped = SkippedCase { case: head(&format!("skipped {text}"), text, &[]), why: text.to_owned() };
    let silent = format!("silent {text}");
    let mut run = Run::begin(vec![case, head(&silent, text, &[])], vec![skipped]);

    run.started(&id, 1);
    let mut broken = exchange(1, text, text, 200, text, text);
    broken.device = Some(text.to_owned());
    broken.request.headers.push(Header { name: text.to_owned(), value: text.to_owned() });
    broken.request.body = Body::text(text.to_owned(), text.len() as u64);
    if let Some(answer) = &mut broken.answer {
        answer.headers.push(Header { name: text.to_owned(), value: text.to_owned() });
    }
    let mut failed = finding(Block::Expect, Verdict::Fail, text, text, text);
    (failed.expected, failed.actual, failed.answer_at) =
        (Some(text.to_owned()), Some(format!("{text} ")), Some(text.to_owned()));
    failed.details = vec![text.to_owned(); 3];
    (failed.suite_at, failed.used_at) = (Some(at.clone()), vec![at]);
    failed.exchange = Some(ExchangeId(1));
    run.step(&id, text, &[text], vec![broken], vec![failed]);
    run.ended(&id, 1, Outcome::Failed, false);
    run.started(&silent, 1);
    run.ended(&silent, 1, Outcome::Inconclusive { why: text.to_owned() }, false);
    run.finish(None, vec![Left { request: format!("DELETE {text}"), why: text.to_owned() }])
}

pub(in crate::report) fn assert_harmless(out: &str) {
    for character in out.chars() {
        let number = u32::from(character);
        assert!(number >= 0x20 || matches!(character, '\n' | '\t'), "U+{number:04X}");
        assert!(!(0x7f..=0x9f).contains(&number), "U+{number:04X}");
        assert!(
            !matches!(number, 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfffe | 0xffff),
            "U+{number:04X}"
        );
    }
    for line in out.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
        for command in ["##[", "##vso[", "##teamcity["] {
            assert!(!line.to_lowercase().contains(command), "{line}");
        }
    }
}

/// Puts the text through every report.
fn put_through(text: &str) {
    let events = run_with(text);
    assert_harmless(&console(&events));

    let xml = junit(&events);
    assert_harmless(&xml);
    assert!(!xml.to_lowercase().contains("[[attachment|"));
    let report = Report::deserialize_from_str(&xml).expect("another reader takes it");
    assert_eq!((report.tests, report.failures, report.errors), (4, 1, 2));

    for kind in [Kind::Markdown, Kind::Tap, Kind::Ctrf, Kind::Har, Kind::Json] {
        assert_harmless(&rendered(kind, &events));
    }
    for kind in [Kind::Ctrf, Kind::Har, Kind::Json] {
        let mut problems = problems(kind, &events);
        // No request is ever sent to what is no URL.
        problems.retain(|problem| !problem.ends_with("is not a \"uri\""));
        assert_eq!(problems, Vec::<String>::new(), "{kind}");
    }
    let page = rendered(Kind::Markdown, &events);
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('`'), "{page}");
    let tap = rendered(Kind::Tap, &events);
    assert_eq!(tap.lines().filter(|line| line.starts_with("not ok ") || line.starts_with("ok ")).count(), 4);

    // What is left when its own commands are taken out holds none, and of its own there are no more than it gave.
    let job = rendered(Kind::Github, &events);
    let own = ["::group::", "::endgroup::", "::error ", "::notice "];
    let (own, rest): (Vec<&str>, Vec<&str>) =
        job.lines().partition(|line| own.iter().any(|command| line.starts_with(command)));
    assert_eq!(own.len(), 2 + 2 + 3 + 1, "{job}");
    assert_harmless(&rest.join("\n"));
    let properties = own.iter().filter_map(|line| line.strip_prefix("::error ")?.split_once("::"));
    assert!(properties.clone().all(|(properties, _)| properties.split(',').count() <= 5), "{job}");

    let mut log = Vec::new();
    let mut stream = Box::new(EventStream::new(&mut log));
    for event in &events {
        stream.on_event(event).unwrap();
    }
    stream.finish().unwrap();
    assert!(log.iter().all(|byte| *byte >= 0x20 || *byte == b'\n'));
    assert!(log.split(|byte| *byte == b'\n').all(|line| line.is_empty() || line.starts_with(b"{")));
    assert_eq!(LogReader::new(log.as_slice()).collect::<Result<Vec<_>, _>>().unwrap(), events);
}

#[test]
fn naughty_text_is_shown_and_not_obeyed() {
    for text in NAUGHTY {
        put_through(text);
    }
    put_through(&NAUGHTY.join("\n"));
    put_through(&NAUGHTY.join("\r"));
}

#[test]
fn every_character_of_the_basic_plane_is_shown_and_not_obeyed() {
    let all = (0..=0xffff_u32).filter_map(char::from_u32).collect::<Vec<_>>();
    for part in all.chunks(1500) {
        put_through(&part.iter().collect::<String>());
    }
}

#[test]
fn bytes_that_are_no_text_are_shown_by_their_numbers() {
    let mut run = Run::begin(vec![head("bytes", "Bytes", &[])], Vec::new());
    run.started("bytes", 1);
    let mut odd = exchange(1, "GET", "http://a.example/", 200, "OK", "");
    if let Some(answer) = &mut odd.answer {
        answer.body = Body::bytes(&(0..=255).collect::<Vec<u8>>());
    }
    odd.request.body = Body::bytes(&[0xff, 0]);
    run.step(
        "bytes",
        "1",
        &[],
        vec![odd],
        vec![finding(Block::Expect, Verdict::Fail, "text", "not-utf-8", "the body is not UTF-8")],
    );
    run.ended("bytes", 1, Outcome::Failed, false);
    let events = run.finish(None, Vec::new());
    let out = console(&events);
    assert_harmless(&out);
    assert_harmless(&junit(&events));
    assert!(out.contains("(not UTF-8) \\u{0}\\u{1}") && out.contains("\\xfe\\xff"), "{out}");
    assert!(out.contains("printf %s /wA= | base64 -d | curl"), "{out}");
}

#[test]
fn a_huge_answer_is_cut_and_says_how_much() {
    let mut run = Run::begin(vec![head("huge", "Huge", &[])], Vec::new());
    run.started("huge", 1);
    let body = format!("[{}0]", "\"]]>\",".repeat(2_000_000));
    let huge = exchange(1, "GET", "http://a.example/", 200, "OK", &body);
    let mut failed = finding(Block::Expect, Verdict::Fail, "json", "value-mismatch", &body[..100_000]);
    failed.details = vec![body[..10_000].to_owned(); 100];
    run.step("huge", "1", &[], vec![huge], vec![failed; 25]);
    run.ended("huge", 1, Outcome::Failed, false);
    let events = run.finish(None, Vec::new());
    let (out, xml) = (console(&events), junit(&events));
    assert!(out.len() < 1024 * 1024 && out.contains("11.4 MiB more"), "{}", out.len());
    assert!(xml.len() < 256 * 1024 && xml.contains("were cut off"), "{}", xml.len());
    assert!(Report::deserialize_from_str(&xml).is_ok());
    for kind in [Kind::Github, Kind::Markdown, Kind::Tap, Kind::Ctrf] {
        let length = rendered(kind, &events).len();
        assert!(length < 256 * 1024, "{kind}: {length}");
    }
}

#[test]
fn reports_for_people_stay_small_whatever_a_run_holds() {
    let ids = (0..600).map(|number| format!("case-{number}")).collect::<Vec<_>>();
    let mut run = Run::begin(ids.iter().map(|id| head(id, "A case", &["CX-SES-001"])).collect(), Vec::new());
    let body = "x".repeat(6_000);
    for id in &ids {
        run.started(id, 1);
        let sent = exchange(1, "GET", "http://a.example/", 200, "OK", &body);
        let failed = finding(Block::Expect, Verdict::Fail, "text", "value-mismatch", &body);
        run.step(id, "1", &["CX-SES-001"], vec![sent], vec![failed]);
        run.ended(id, 1, Outcome::Failed, false);
    }
    let events = run.finish(None, Vec::new());
    let page = rendered(Kind::Markdown, &events);
    assert!(page.len() <= 1000 * 1024 + 200, "{}", page.len());
    assert!(page.contains("… and 400 cases more.") && page.contains("more are left out"));
    let log = rendered(Kind::Github, &events);
    assert!(log.len() < 2 * 1024 * 1024 && log.contains("more are not told here"), "{}", log.len());
    assert_eq!(log.lines().filter(|line| line.starts_with("::error ")).count(), 10);
}
