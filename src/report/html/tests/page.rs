use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use crate::event::Stamped;
use crate::report::{Destination, Kind, ReportSpec};

/// The page of these events.
pub(super) fn page(events: &[Stamped]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out.html");
    let (_, mut reporter) = ReportSpec { kind: Kind::Html, to: Destination::File(path.clone()) }.open().unwrap();
    for event in events {
        reporter.on_event(event).unwrap();
    }
    reporter.finish().unwrap();
    let names: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["out.html"], "nothing is left beside it");
    std::fs::read_to_string(&path).unwrap()
}

/// An element as it begins: its name and attributes.
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A page taken apart by a parser: its elements, its text without style and script, and what stands in those two.
pub(super) struct Parsed {
    pub(super) elements: Vec<Element>,
    pub(super) text: String,
    pub(super) style: String,
    pub(super) script: String,
}

impl Parsed {
    pub(super) fn new(html: &str) -> Self {
        let mut emitter = DefaultEmitter::<()>::default();
        emitter.naively_switch_states(true);
        let mut parsed =
            Self { elements: Vec::new(), text: String::new(), style: String::new(), script: String::new() };
        let mut open = String::new();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the page is UTF-8");
        for token in Tokenizer::new_with_emitter(html, emitter) {
            match token.expect("a text cannot fail to be read") {
                Token::StartTag(tag) => {
                    open = text(&tag.name);
                    let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(value))).collect();
                    parsed.elements.push(Element { name: open.clone(), attributes });
                }
                Token::EndTag(_) => open.clear(),
                Token::String(found) => match open.as_str() {
                    "style" => parsed.style.push_str(&text(&found)),
                    "script" => parsed.script.push_str(&text(&found)),
                    // The script, or a browser without scripts, reads it like everything else.
                    "noscript" => {
                        let within = Self::new(&text(&found));
                        parsed.elements.extend(within.elements);
                        parsed.text.push_str(&within.text);
                    }
                    _ => parsed.text.push_str(&text(&found)),
                },
                Token::Error(error) => panic!("the page is no proper HTML: {error:?}"),
                Token::Comment(_) | Token::Doctype(_) => {}
            }
        }
        parsed
    }

    pub(super) fn named<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// Elements whose attribute `class` holds this word.
    pub(super) fn of_class<'p>(&'p self, word: &'p str) -> impl Iterator<Item = &'p Element> {
        self.elements.iter().filter(move |element| {
            element.attribute("class").is_some_and(|class| class.split(' ').any(|known| known == word))
        })
    }
}
