use super::page::{Parsed, page};
use crate::event::{Block, Outcome, Verdict};
use crate::report::tests::run::{Run, exchange, finding, head};

#[test]
fn a_huge_answer_is_cut_and_says_how_much() {
    let mut run = Run::begin(vec![head("huge", "Huge", &[])], Vec::new());
    run.started("huge", 1);
    let body = format!("[{}0]", "\"]]>\",".repeat(2_000_000));
    let huge = exchange(1, "GET", "http://a.example/", 200, "OK", &body);
    let mut failed = finding(Block::Expect, Verdict::Fail, "json", "value-mismatch", &body[..100_000]);
    failed.details = vec![body[..10_000].to_owned(); 100];
    (failed.expected, failed.actual) = (Some(body[..100_000].to_owned()), Some(body[..90_000].to_owned()));
    run.step("huge", "1", &[], vec![huge], vec![failed; 25]);
    run.ended("huge", 1, Outcome::Failed, false);
    let page = page(&run.finish(None, Vec::new()));
    assert!(page.len() < 6 * 1024 * 1024, "{}", page.len());
    assert!(Parsed::new(&page).text.contains("more, in the event log"));
}

#[test]
fn a_run_of_many_cases_gives_a_page_that_can_be_opened() {
    let ids: Vec<String> = (0..1500).map(|number| format!("case.{number}")).collect();
    let mut run = Run::begin(ids.iter().map(|id| head(id, "A case", &["CX-SES-001"])).collect(), Vec::new());
    let body = format!("[{}0]", "\"some text\",".repeat(900));
    for id in &ids {
        run.started(id, 1);
        let exchanges =
            (1..=4).map(|number| exchange(number, "POST", "http://a.example/x", 200, "OK", &body)).collect();
        let held = crate::event::Finding::pass("expect.status".into(), Block::Expect);
        run.step(id, "1", &["CX-SES-001"], exchanges, vec![held]);
        run.ended(id, 1, Outcome::Passed, false);
    }
    let page = page(&run.finish(None, Vec::new()));
    assert!(page.len() < 9 * 1024 * 1024, "{}", page.len());
    let parsed = Parsed::new(&page);
    assert_eq!(parsed.named("article").count(), ids.len());
    assert!(parsed.text.contains("To keep this page small, what was sent and received is left out"));
}
