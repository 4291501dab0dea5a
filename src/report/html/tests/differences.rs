use super::page::{Parsed, page};
use crate::event::{Block, Finding, Outcome, SnapshotDifference, SnapshotMetadata, Verdict};
use crate::report::tests::run::{Run, exchange, finding, head};

/// The page of a run with a case that failed by this.
fn page_with(found: Finding, body: &str) -> String {
    let mut run = Run::begin(vec![head("one", "One", &[])], Vec::new());
    run.started("one", 1);
    run.step("one", "1", &[], vec![exchange(1, "GET", "http://a.example/x", 200, "OK", body)], vec![found]);
    run.ended("one", 1, Outcome::Failed, false);
    page(&run.finish(None, Vec::new()))
}

fn snapshot(accepted: Option<&str>, seen: &str) -> Finding {
    let mut found = finding(Block::Expect, Verdict::Fail, "snapshot", "snapshot-differs", "it is not as it was");
    found.snapshot = Some(Box::new(SnapshotDifference {
        name: "orders.read".to_owned(),
        accepted: accepted.map(str::to_owned),
        seen: seen.to_owned(),
        metadata: SnapshotMetadata {
            source: "all.yaml".to_owned(),
            line: 3,
            description: "An order".to_owned(),
            request: "GET /orders/1".to_owned(),
        },
    }));
    found
}

#[test]
fn trees_that_differ_stand_side_by_side() {
    let mut differs = finding(Block::Expect, Verdict::Fail, "json", "value-mismatch", "another tree");
    differs.expected = Some("{\"a\":1,\"b\":[1]}".to_owned());
    differs.actual = Some("{\"a\":2,\"b\":[1]}".to_owned());
    let page = Parsed::new(&page_with(differs, ""));
    assert_eq!((page.of_class("changed").count(), page.of_class("same").count()), (1, 4));
}

#[test]
fn an_answer_that_is_not_as_it_was_accepted_stands_beside_what_was() {
    let html = page_with(snapshot(Some("200\n\n{\n  \"a\": 1\n}"), "200\n\n{\n  \"a\": 12\n}"), "");
    assert!(html.contains("<td class=\"w\">  &quot;a&quot;: 1<b>2</b></td>"), "{html}");
    let text = Parsed::new(&html).text;
    for told in ["snapshot orders.read of GET /orders/1 An order", "accepted", "seen", "assize snapshots review"] {
        assert!(text.contains(told), "{told}");
    }
}

#[test]
fn an_answer_that_nobody_has_accepted_stands_there_whole() {
    let lines = (0..450).map(|at| format!("line {at}")).collect::<Vec<_>>().join("\n");
    let page = Parsed::new(&page_with(snapshot(None, &lines), ""));
    assert_eq!(page.of_class("diff").count(), 0);
    assert!(page.text.contains("line 0\nline 1\n") && page.text.contains("line 399\n"));
    assert!(page.text.contains("… 50 more lines, in the event log"));
}

#[test]
fn what_breaks_a_schema_stands_at_each_field_with_the_place_of_its_rule() {
    let message = "the body does not follow schema `order`: $.id: expected a text, got 5";
    let mut found = finding(Block::Expect, Verdict::Fail, "schema", "schema-violation", message);
    found.answer_at = Some("body".to_owned());
    found.details = [
        "$.id: expected a text, got 5",
        "  rule: `type` at schemas/order.json:5:15",
        "$.lines[0].sku: expected a text, got null",
        "  hint: null is a value; leave the member out",
    ]
    .map(str::to_owned)
    .to_vec();
    let html = page_with(found, "{\"id\":5,\"lines\":[{\"sku\":null}]}");
    let parsed = Parsed::new(&html);
    assert_eq!((parsed.of_class("d0").count(), parsed.of_class("d1").count()), (2, 2));
    assert!(parsed.text.contains("rule type at schemas/order.json:5:15"), "{}", parsed.text);
    assert_eq!(parsed.named("mark").count(), 2);
    let line = "<mark><i>      &quot;sku&quot;: </i><span class=\"w\">null</span></mark>\n<span class=\"remark bad\">";
    assert!(html.contains(line), "{html}");
}

#[test]
fn what_a_case_did_that_passed_is_drawn_when_it_is_opened_and_stands_in_the_page() {
    let mut run = Run::begin(vec![head("good", "Good", &[]), head("bad", "Bad", &[])], Vec::new());
    for (case, outcome) in [("good", Outcome::Passed), ("bad", Outcome::Failed)] {
        run.started(case, 1);
        run.step(case, "1", &[], vec![exchange(1, "GET", "http://a.example/x", 200, "OK", case)], Vec::new());
        run.ended(case, 1, outcome, false);
    }
    let html = page(&run.finish(None, Vec::new()));
    let folded: Vec<&str> = html.split("<noscript>").skip(1).filter_map(|it| it.split("</noscript>").next()).collect();
    assert_eq!(folded.len(), 1);
    assert!(folded[0].contains("id=\"c0-1-1\"") && !folded[0].contains("id=\"c1-1-1\""));
    assert!(Parsed::new(&html).elements.iter().any(|element| element.attribute("id") == Some("c0-1-1")));
}
