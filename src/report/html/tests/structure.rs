use super::page::{Parsed, page};
use crate::event::{Event, RequirementState};
use crate::event::{ExchangeId, Outcome, OutcomeClass, RunRecord, SkippedCase, WaiverFault, WaiverId, WaiverProblem};
use crate::report::tests::run::{Run, every_outcome, exchange, head};

fn folded(events: &[crate::event::Stamped]) -> RunRecord {
    let mut record = RunRecord::default();
    for event in events {
        record.fold(event);
    }
    record
}

#[test]
fn the_page_holds_as_many_cases_of_each_outcome_as_the_record_and_says_so() {
    let events = every_outcome();
    let (page, totals) = (Parsed::new(&page(&events)), folded(&events).totals());
    for class in OutcomeClass::ALL {
        let articles =
            page.named("article").filter(|article| article.attribute("data-outcome") == Some(class.as_str())).count();
        assert_eq!(articles, totals.of(class) as usize, "{class}");
        assert_eq!(articles, 1, "{class}");
    }
    assert!(page.text.contains(&totals.to_string()), "the totals stand on top as every report has them");
}

#[test]
fn cases_stand_in_the_order_of_the_plan() {
    let events = every_outcome();
    let page = page(&events);
    let record = folded(&events);
    let ids: Vec<&str> = record.cases.iter().map(|case| case.head.id.as_str()).collect();
    let places: Vec<usize> = (0..ids.len()).map(|at| page.find(&format!("id=\"c{at}\"")).unwrap()).collect();
    assert!(places.is_sorted());
    for (at, id) in ids.iter().enumerate() {
        let end = places.get(at + 1).copied().unwrap_or(page.len());
        assert!(
            page[places[at]..end].contains(&format!("<span class=\"i\">{}</span>", id.replace('/', "&#x2f;"))),
            "{id}"
        );
    }
}

#[test]
fn the_counts_of_requirements_are_those_of_the_record() {
    let events = every_outcome();
    let record = folded(&events);
    let text = Parsed::new(&page(&events)).text;
    for counts in record.levels().iter().filter(|counts| counts.tested() > 0) {
        let told = format!("{} {}/{}", counts.level, counts.kept, counts.tested());
        assert!(text.contains(&told), "{told}");
    }
    for (requirement, state) in record.requirements() {
        assert!(text.contains(requirement.id.as_str()) && text.contains(&requirement.text));
        if state == RequirementState::Untested
            && let Some(why) = &requirement.untestable
        {
            assert!(text.contains(why.as_str()));
        }
    }
}

#[test]
fn what_was_not_tested_and_what_was_forgiven_stands_with_its_reason() {
    let mut events = every_outcome();
    if let Some(Event::RunFinished(end)) = events.last_mut().map(|event| &mut event.body) {
        end.waivers = vec![WaiverProblem { waiver: WaiverId::new("W-12"), fault: WaiverFault::Passed }];
    }
    let text = Parsed::new(&page(&events)).text;
    for told in [
        "the target has no feature digital",
        "stopped by SIGINT",
        "api-team",
        "41 days left",
        "the tenant follows the reference here",
        "what it waives does not fail any more: remove it",
        "the endpoint answered 503",
        "Judged on: embedded tenant",
        "Judged on: insecure TLS",
    ] {
        assert!(text.contains(told), "{told}");
    }
}

#[test]
fn a_finding_stands_at_the_line_that_it_speaks_of() {
    let page = page(&every_outcome());
    let line = "<mark><i>  &quot;sessionId&quot;: </i><span class=\"s\">&quot;‹session#2›&quot;,</span></mark>\n<span class=\"remark bad\">";
    assert!(page.contains(line), "{page}");
    assert!(page.contains(
        "<p class=\"start marked\">HTTP&#x2f;1.1 <b class=\"good\">202 Accepted</b><span class=\"remark bad\">"
    ));
    let parsed = Parsed::new(&page);
    assert!(parsed.text.contains("curl -sS -i -X POST") && parsed.text.contains("$SESSION_1"));
}

#[test]
fn every_link_leads_to_a_place_of_the_page() {
    let page = Parsed::new(&page(&every_outcome()));
    let ids: Vec<&str> = page.elements.iter().filter_map(|element| element.attribute("id")).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(ids.len(), unique.len(), "each id stands once");
    for link in page.named("a") {
        let to = link.attribute("href").and_then(|to| to.strip_prefix('#')).expect("links stay on the page");
        assert!(ids.contains(&to), "{to}");
    }
}

#[test]
fn polls_are_folded_and_what_was_sent_together_is_framed() {
    let mut run = Run::begin(vec![head("poll", "Polls", &[])], Vec::new());
    run.started("poll", 1);
    let polls: Vec<_> = (1..=14).map(|id| exchange(id, "GET", "http://a.example/x", 200, "OK", "{}")).collect();
    run.step("poll", "wait", &[], polls, Vec::new());
    for (id, member) in [(15, "both/left"), (16, "both/right")] {
        run.step("poll", member, &[], vec![exchange(id, "GET", "http://a.example/x", 200, "OK", "{}")], Vec::new());
    }
    run.ended("poll", 1, Outcome::Passed, false);
    let mut events = run.finish(None, Vec::new());
    for event in &mut events {
        if let Event::ExchangeDone { purpose, exchange, .. } = &mut event.body {
            let is_poll = exchange.id <= ExchangeId(14);
            *purpose = if is_poll { crate::event::Purpose::Attempt } else { crate::event::Purpose::Member };
        }
    }
    let page = Parsed::new(&page(&events));
    assert!(page.text.contains("14 polls, step wait") && page.text.contains("16 exchanges in"));
    assert_eq!(page.of_class("dot").count(), 3);
    assert_eq!(page.of_class("set").count(), 1);
}

#[test]
fn a_run_that_broke_off_is_never_told_as_passed() {
    let mut run = Run::begin(vec![head("first", "The first", &[]), head("second", "The second", &[])], Vec::new());
    run.started("first", 1);
    run.ended("first", 1, Outcome::Passed, false);
    let page = Parsed::new(&page(&run.cut()));
    assert!(page.text.contains("Incomplete") && page.text.contains("1 passed, 0 failed, 1 unfinished"));
}

#[test]
fn a_run_of_nothing_says_that_nothing_is_known() {
    let skipped = SkippedCase { case: head("only", "The only one", &[]), why: "the target has none".to_owned() };
    let page = Parsed::new(&page(&Run::begin(Vec::new(), vec![skipped]).finish(None, Vec::new())));
    assert!(page.text.contains("Nothing ran") && page.text.contains("the target has none"));
}
