use proptest::prelude::*;

use super::tree::{Tree, operator};

/// A word: mostly one that some file knows, so that decoders are entered.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(WORDS).prop_map(str::to_owned),
        1 => "[a-z$(){}.:/ é\u{202e}-]{0,12}",
    ]
}

const WORDS: &[&str] = &[
    "suite",
    "version",
    "title",
    "variants",
    "provides",
    "identities",
    "endpoints",
    "variables",
    "features",
    "text",
    "users",
    "needs",
    "defaults",
    "headers",
    "deadline",
    "checks",
    "volatile",
    "secret",
    "assize",
    "catalogue",
    "source",
    "document",
    "sha256",
    "questions",
    "requirements",
    "id",
    "level",
    "actor",
    "basis",
    "section",
    "question",
    "targets",
    "default",
    "embedded",
    "base_url",
    "hosts",
    "pace",
    "clock",
    "request",
    "json",
    "tls",
    "http",
    "resolve",
    "oauth2",
    "grant",
    "client",
    "env",
    "file",
    "plain",
    "basic",
    "static",
    "username",
    "password",
    "params",
    "answer",
    "page",
    "rename",
    "scenario",
    "steps",
    "step",
    "expect",
    "given",
    "capture",
    "poll",
    "until",
    "undo",
    "rows",
    "vars",
    "devices",
    "as",
    "flow",
    "inputs",
    "outputs",
    "use",
    "with",
    "MUST",
    "server",
    "stated",
    "embedded:",
    "https://x.example",
    "$.a",
    "$(x)",
    "15s",
    "GET /",
    "openid",
    "faq.txt",
];

/// YAML in flow form, so that any tree is a well-formed file.
fn tree() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        word().prop_map(quoted),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            3 => prop::collection::btree_map(word(), inner, 0..6).prop_map(|entries| {
                let entries = entries.into_iter().map(|(key, value)| format!("{}: {value}", quoted(key)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }),
        ]
    })
}

fn quoted(text: String) -> String {
    serde_json::Value::from(text).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_tree_makes_a_load_panic(
        suite in tree(), requirements in tree(), targets in tree(), flow in tree(), scenario in tree(),
    ) {
        let suite = if let Some(rest) = suite.strip_prefix('{') { format!("{{suite: a, {rest}") } else { suite };
        let _ = Tree::of(&[
            ("suite.yaml", suite.as_str()),
            ("requirements.yaml", &requirements),
            ("targets.yaml", &targets),
            ("flows/a.yaml", &flow),
            ("scenarios/a.yaml", &scenario),
            ("faq.txt", "Why?\n"),
        ]).problems();
        let _ = Tree::of(&[("a.yaml", scenario.as_str())]).problems();
    }

    #[test]
    fn no_tree_makes_targets_panic(targets in tree(), target in tree()) {
        let _ = operator(&targets);
        let _ = operator(&format!("targets: {{ t: {target} }}"));
    }

    #[test]
    fn no_bytes_make_a_load_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Tree::of(&[("suite.yaml", bytes.as_slice()), ("scenarios/a.yaml", bytes.as_slice())]).problems();
    }
}
