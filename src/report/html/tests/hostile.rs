use base64::Engine as _;
use sha2::{Digest as _, Sha256};

use super::page::{Parsed, page};
use crate::report::tests::hostile::{NAUGHTY, assert_harmless, run_with};
use crate::report::tests::run::every_outcome;

/// What only this page's own templates bring: the elements, and the attributes that are the same whatever was written.
fn shape(page: &Parsed) -> Vec<String> {
    page.elements.iter().map(|element| element.name.clone()).collect()
}

/// Nothing in the page runs, loads, or leads anywhere but to the page itself.
fn assert_inert(page: &Parsed) {
    const ELEMENTS: [&str; 56] = [
        "a",
        "article",
        "b",
        "body",
        "br",
        "button",
        "caption",
        "circle",
        "code",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "head",
        "header",
        "html",
        "i",
        "input",
        "kbd",
        "label",
        "li",
        "line",
        "main",
        "mark",
        "meta",
        "nav",
        "noscript",
        "option",
        "output",
        "p",
        "path",
        "pre",
        "rect",
        "script",
        "section",
        "select",
        "small",
        "span",
        "style",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
    ];
    const MORE: [&str; 5] = ["th", "thead", "title", "tr", "ul"];
    for element in &page.elements {
        let name = element.name.as_str();
        assert!(ELEMENTS.contains(&name) || MORE.contains(&name), "<{name}>");
        for (attribute, value) in &element.attributes {
            assert!(!attribute.starts_with("on") && attribute != "style" && attribute != "src", "<{name} {attribute}>");
            if matches!(attribute.as_str(), "href" | "xlink:href" | "action" | "formaction") {
                assert!(value.starts_with('#'), "<{name} {attribute}={value}>");
            }
        }
    }
    assert_eq!((page.named("script").count(), page.named("style").count()), (1, 1));
}

#[test]
fn the_policy_lets_only_the_pages_own_style_and_script_run() {
    let page = Parsed::new(&page(&every_outcome()));
    let policy = page.named("meta").find(|meta| meta.attribute("http-equiv") == Some("Content-Security-Policy"));
    let policy = policy.and_then(|meta| meta.attribute("content")).expect("the page has a policy");
    let digest =
        |text: &str| format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text)));
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
            digest(&page.style),
            digest(&page.script)
        )
    );
    // It holds for what follows it.
    let before: Vec<&str> = page.elements.iter().map(|element| element.name.as_str()).take(4).collect();
    assert_eq!(before, ["html", "head", "meta", "meta"]);
    assert_inert(&page);
}

#[test]
fn naughty_text_in_every_place_stays_text() {
    let plain = shape(&Parsed::new(&page(&run_with("x"))));
    for text in NAUGHTY {
        let html = page(&run_with(text));
        assert_harmless(&html);
        let page = Parsed::new(&html);
        assert_inert(&page);
        // The same elements but for marks at what is no status: what was written changes no structure.
        if !text.is_empty() && !text.starts_with('$') && !text.contains(['\n', '{', '[', '/', '@']) {
            assert_eq!(shape(&page), plain, "{text}");
        }
    }
    assert_inert(&Parsed::new(&page(&run_with(&NAUGHTY.join("\n")))));
}

#[test]
fn every_character_of_the_basic_plane_is_shown_and_not_obeyed() {
    let all = (0..=0xffff_u32).filter_map(char::from_u32).collect::<Vec<_>>();
    for part in all.chunks(4000) {
        let html = page(&run_with(&part.iter().collect::<String>()));
        assert_harmless(&html);
        assert_inert(&Parsed::new(&html));
    }
}
