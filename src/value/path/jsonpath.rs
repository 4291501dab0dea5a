use std::fmt;

use super::evaluate::{Doubles, evaluate};
use super::lost::{Lost, lost};
use super::parser;
use super::query::Query;
use super::selected::{Located, Selected, TooMany};
use crate::value::{Document, Json};

/// A longer path than this is refused.
const MAX_LEN: usize = 4096;
/// Brackets and parentheses within each other in one path.
const MAX_NESTING: usize = 16;

/// A JSONPath (RFC 9535), compiled once.
///
/// `serde_json_path` judges its grammar and types; our own evaluation runs on the exact tree, so that numbers compare
/// exactly, members come in the order of the document, and an endless search ends.
#[derive(Clone)]
pub struct JsonPath {
    text: String,
    query: Query,
}

/// A text that is no JSONPath.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JsonPathError {
    /// Bytes before the fault.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
}

impl JsonPath {
    /// Compiles a path.
    ///
    /// # Errors
    /// When the text does not follow RFC 9535, or is absurdly long or nested.
    pub fn parse(text: &str) -> Result<Self, JsonPathError> {
        let refuse = |offset, message: &str| JsonPathError { offset, message: message.to_owned() };
        if !text.starts_with('$') {
            return Err(refuse(0, "a JSONPath begins with `$`"));
        }
        if text.len() > MAX_LEN {
            return Err(refuse(MAX_LEN, "the path is too long"));
        }
        if let Some(offset) = too_nested(text) {
            return Err(refuse(offset, "the path is nested too deeply"));
        }
        serde_json_path::JsonPath::parse(text).map_err(|error| {
            let offset = text.floor_char_boundary(error.position().min(text.len()));
            // The grammar says nothing but that it does not know what stands there.
            let is_name = text[offset..].starts_with('-');
            let in_brackets = "a name with anything but letters, digits and `_` in it stands in brackets: `['…']`";
            let message = match error.message() {
                _ if is_name => in_brackets,
                "parser error" => "what begins here is not understood",
                message => message,
            };
            refuse(offset, message)
        })?;
        let query = parser::parse(text).ok_or_else(|| refuse(0, "the path is not understood"))?;
        Ok(Self { text: text.to_owned(), query })
    }

    /// The path as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it can name one node only: names and indexes, nothing else.
    #[must_use]
    pub fn is_singular(&self) -> bool {
        self.query.is_singular()
    }

    /// What it finds in a document.
    ///
    /// # Errors
    /// When it would visit more than [`MAX_NODES`](super::MAX_NODES) nodes.
    pub fn select<'a>(&self, document: &'a Document) -> Result<Selected<'a>, TooMany> {
        self.select_in(document.json())
    }

    /// What it finds in a value.
    ///
    /// # Errors
    /// When it would visit more than [`MAX_NODES`](super::MAX_NODES) nodes.
    pub fn select_in<'a>(&self, json: &'a Json) -> Result<Selected<'a>, TooMany> {
        let mut nodes = evaluate(&self.query, json, Doubles::Last)?;
        Ok(if self.is_singular() { Selected::One(nodes.pop()) } else { Selected::Many(nodes) })
    }

    /// Where its way ends before its time; nothing where it leads to its end, or may lead to several nodes.
    #[must_use]
    pub fn lost<'a>(&'a self, json: &'a Json) -> Option<Lost<'a>> {
        if self.is_singular() { lost(&self.query, json) } else { None }
    }

    /// What it finds when the earlier ones of doubled keys are looked at too.
    pub(in crate::value) fn select_doubles<'a>(&self, json: &'a Json) -> Result<Vec<Located<'a>>, TooMany> {
        evaluate(&self.query, json, Doubles::All)
    }
}

/// Where brackets are nested too deeply, quoted texts left out. The grammar's parser recurses, and backtracks, on each.
fn too_nested(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    text.bytes().position(|byte| {
        match (quote, byte) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(open), _) if open == byte => quote = None,
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(' | b'[') => depth += 1,
            (None, b')' | b']') => depth = depth.saturating_sub(1),
            (Some(_) | None, _) => {}
        }
        depth > MAX_NESTING
    })
}

impl PartialEq for JsonPath {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for JsonPath {}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonPath({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STORE: &str = r#"{"store":{"book":[
        {"category":"reference","author":"Nigel Rees","title":"Sayings","price":8.95},
        {"category":"fiction","author":"Evelyn Waugh","title":"Sword","price":12.99},
        {"category":"fiction","author":"Herman Melville","title":"Moby","isbn":"0-553-21311-3","price":8.99},
        {"category":"fiction","author":"J. R. R. Tolkien","title":"Lord","isbn":"0-395-19395-8","price":22.99}],
        "bicycle":{"color":"red","price":399}},"a b":{"it's":[1]},"big":[9007199254740993,9007199254740992],
        "o":{"z":1,"a":2},"n":null}"#;

    fn document(text: &str) -> Document {
        Document::new(Json::parse(text.as_bytes()).expect("the test's own JSON"))
    }

    fn path(text: &str) -> JsonPath {
        JsonPath::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn found(text: &str, document: &Document) -> String {
        let selected = path(text).select(document).expect("a small document");
        selected.to_json().map_or("nothing".to_owned(), |json| json.to_string())
    }

    #[test]
    fn selects_by_the_book() {
        let store = document(STORE);
        for (text, expected) in [
            ("$.store.bicycle.color", r#""red""#),
            ("$['store']['bicycle'].price", "399"),
            ("$.store.book[-1].title", r#""Lord""#),
            ("$.store.book[4]", "nothing"),
            ("$.store.book.title", "nothing"),
            ("$.n", "null"),
            ("$.o", r#"{"z":1,"a":2}"#),
            ("$.o.*", "[1,2]"),
            ("$['a b']['it\\'s'][0]", "1"),
            ("$[\"a b\"][\"it's\"][0]", "1"),
            ("$..author", r#"["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]"#),
            ("$..book[0,1].title", r#"["Sayings","Sword"]"#),
            ("$..book[:2].title", r#"["Sayings","Sword"]"#),
            ("$.store.book[::-2].title", r#"["Lord","Sword"]"#),
            ("$.store.book[ 1 : 3 ].title", r#"["Sword","Moby"]"#),
            ("$..book[?@.isbn].title", r#"["Moby","Lord"]"#),
            ("$..book[?!@.isbn].title", r#"["Sayings","Sword"]"#),
            ("$..book[?@.price < 10].title", r#"["Sayings","Moby"]"#),
            ("$..book[?@.price<10 && (@.isbn || @.title == 'x')].title", r#"["Moby"]"#),
            ("$..book[?match(@.author, '.*R.*')].title", r#"["Sayings","Lord"]"#),
            ("$..book[?search(@.author, 'Mel') || length(@.title) == 7].title", r#"["Sayings","Moby"]"#),
            ("$.store[?count(@[*]) == 4][0].title", r#"["Sayings"]"#),
            ("$..book[?value(@..isbn) == '0-553-21311-3'].title", r#"["Moby"]"#),
            ("$..book[?@.price > $.store.book[1].price].title", r#"["Lord"]"#),
            ("$.big[?@ == 9007199254740993]", "[9007199254740993]"),
            ("$.big[?@ > 9007199254740992.5]", "[9007199254740993]"),
            ("$.o[?@.nothing <= @.nowhere]", "[1,2]"),
            ("$.store.book[?@.nothing == @.nowhere].title", r#"["Sayings","Sword","Moby","Lord"]"#),
        ] {
            assert_eq!(found(text, &store), expected, "{text}");
        }
    }

    #[test]
    fn tells_where_a_node_stands() {
        let store = document(STORE);
        let selected = path("$..['it\\'s'][-1]").select(&store).expect("a small document");
        let places: Vec<_> =
            selected.nodes().iter().map(|node| (node.location.to_string(), node.location.to_pointer())).collect();
        assert_eq!(places, [("$['a b']['it\\'s'][0]".to_owned(), "/a b/it's/0".to_owned())]);
    }

    #[test]
    fn knows_which_paths_are_singular() {
        for text in ["$", "$.a", "$.a.b[0]", "$['a'][-1]"] {
            assert!(path(text).is_singular(), "{text}");
        }
        for text in ["$.*", "$..a", "$.a[0,1]", "$.a[0:1]", "$.a[?@.b]", "$['a','b']"] {
            assert!(!path(text).is_singular(), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_path() {
        for text in
            ["", "a", "$.", "$[", "$[a]", "$['a]", "$ ", "$[?@.a ==]", "$[?length(@.*) == 1]", "$[?count(1)==1]"]
        {
            let error = JsonPath::parse(text).expect_err(text);
            assert!(error.offset <= text.len() && !error.message.is_empty(), "{text}: {error:?}");
        }
        let nested = format!("$[?{}@{}]", "(".repeat(50), ")".repeat(50));
        assert_eq!(
            JsonPath::parse(&nested).map_err(|error| error.message),
            Err("the path is nested too deeply".to_owned())
        );
        assert!(JsonPath::parse(&format!("$[?{}@{}]", "(".repeat(15), ")".repeat(15))).is_ok());
    }

    #[test]
    fn an_endless_search_ends() {
        let wide = document(&format!("[{}1]", "[1,2,3,4],".repeat(2_500)));
        assert_eq!(path("$..*..*..*").select(&wide).map(|_| ()), Ok(()));
        let deep = document(&format!("{}{}{}", "[".repeat(120), "1,".repeat(5_000) + "1", "]".repeat(120)));
        assert_eq!(path("$..*..*..*").select(&deep), Err(TooMany));
        assert_eq!(path("$[*][?$..*..*]").select(&wide), Err(TooMany));
    }

    #[test]
    fn of_doubled_keys_the_last_is_found_unless_all_are_asked_for() {
        let doubled = document(r#"{"a":"x","b":0,"a":"y"}"#);
        assert_eq!(found("$.a", &doubled), r#""y""#);
        assert_eq!(found("$.*", &doubled), r#"[0,"y"]"#);
        let all = path("$.a").select_doubles(doubled.json()).expect("a small document");
        assert_eq!(all.iter().filter_map(|node| node.value.as_str()).collect::<Vec<_>>(), ["x", "y"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        // It differs from RFC 9535 in one thing: two absent nodes are not `<=` to each other there.
        fn agrees_with_serde_json_path(
            text in "\\$((\\.|\\.\\.)[ab*]|\\[('a'|-?[1-3]|\\*|[0-2]?:(-?[1-3])?(:-?[1-2])?|0,1|\\?@\\.a|\\?@ *(==|<|>=|!=) *[0-2]|\\?@\\.a *(==|<|>) *@\\.b|\\?length\\(@\\) *> *1|\\?!\\(@\\.b \\|\\| @\\[0\\]\\))\\]){0,3}",
            json in "\\[(\\{\"a\":[0-3],\"b\":\\[[0-2],\"x\"\\]\\},|[0-3],|\"a\",|\\[\\{\"a\":\\{\"b\":1\\}\\},2\\],){0,5}null\\]",
        ) {
            let document = document(&json);
            let ours = path(&text).select(&document).expect("a small document");
            let theirs = serde_json_path::JsonPath::parse(&text).expect("the pattern is the grammar");
            let theirs: Vec<String> =
                theirs.query_located(&document.view().value).locations().map(ToString::to_string).collect();
            let ours: Vec<String> = ours.nodes().iter().map(|node| node.location.to_string()).collect();
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\$[\\[\\]().?@*'\"a0:,!=<>&| \\\\-]{0,20}", any in any::<String>()) {
            let store = document(STORE);
            for text in [text, any] {
                if let Ok(path) = JsonPath::parse(&text) {
                    let _ = path.select(&store);
                }
            }
        }
    }
}
