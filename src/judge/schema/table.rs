//! What is wrong with schemas, and what is said of bodies that do not follow them.

use std::fmt::Write as _;

use crate::judge::bench::{Bench, answer, load};

#[test]
fn a_schema_that_means_nothing_is_a_problem_with_its_place() {
    let deep = format!("{}{{}}{}", r#"{"items":"#.repeat(70), "}".repeat(70));
    let mut said = String::new();
    for files in [
        &[("typo", "{\n  \"requird\": [\"x\"]\n}")] as &[(&str, &str)],
        &[("nested", r#"{"properties":{"a":{"itmes":{}}}}"#)],
        &[("format", r#"{"properties":{"at":{"format":"datetime"}}}"#)],
        &[("draft", r#"{"$schema":"http://json-schema.org/draft-07/schema#"}"#)],
        &[("broken", "{\"type\": \"object\",}")],
        &[("twice", r#"{"type":"object","type":"array"}"#)],
        &[("type", r#"{"properties":{"a":{"type":"text"}}}"#)],
        &[("bound", r#"{"minLength":-1}"#)],
        &[("pattern", r#"{"properties":{"a":{"pattern":"("}}}"#)],
        &[("lookahead", r#"{"pattern":"(?=x)"}"#)],
        &[("large", r#"{"pattern":"(\\w{1000}){1000}"}"#)],
        &[("net", r#"{"$ref":"http://127.0.0.1:9/x"}"#)],
        &[("file", r#"{"$ref":"file:///etc/passwd"}"#)],
        &[("up", r#"{"$ref":"../../etc/passwd"}"#)],
        &[("unknown", r#"{"$ref":"erorr"}"#), ("error", "{}")],
        &[("pointer", r##"{"$ref":"#/$defs/nope"}"##)],
        &[("percent", r##"{"$defs":{"a b":{"$ref":"#/%24defs/a%20b"}}}"##)],
        &[("anchor", r##"{"$anchor":"x","$ref":"#x"}"##)],
        &[("itself", r##"{"$ref":"#"}"##)],
        &[("a", r#"{"allOf":[{"$ref":"b"}]}"#), ("b", r#"{"anyOf":[{"$ref":"a.json"}]}"#)],
        &[("dynamic", r##"{"$dynamicRef":"#x"}"##)],
        &[("id", r#"{"$defs":{"a":{"$id":"http://x/y"}}}"#)],
        &[("number", "5")],
        &[("deep", deep.as_str())],
        &[("remark", r#"{"$vocabulary":{}}"#)],
        &[("good", r#"{"$ref":"bad"}"#), ("bad", r#"{"typ":1}"#)],
    ] {
        let (schemas, problems) = load(files);
        assert!(!problems.is_empty(), "{files:?}");
        assert!(files.iter().all(|(name, _)| *name == "error" || schemas.is_broken(name)), "{files:?}");
        said.push_str(&problems);
        said.push('\n');
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_schema_that_is_probably_not_meant_is_told_with_its_place() {
    let mut said = String::new();
    for schema in [
        // Nothing follows these.
        r#"{"type":"string","enum":[1,2]}"#,
        r#"{"type":"integer","const":1.5}"#,
        r#"{"const":"c","enum":["a","b"]}"#,
        r#"{"enum":[]}"#,
        r#"{"enum":[1,5],"minimum":10}"#,
        r#"{"const":"long","maxLength":3}"#,
        r#"{"minimum":5,"maximum":3}"#,
        r#"{"type":"number","exclusiveMinimum":1,"maximum":1.0}"#,
        r#"{"type":["number","string"],"minimum":2,"exclusiveMaximum":2}"#,
        r#"{"minLength":5,"maxLength":3}"#,
        r#"{"type":"array","minItems":5,"maxItems":3}"#,
        r#"{"contains":{"const":1},"minContains":3,"maxContains":1}"#,
        r#"{"minProperties":5,"maxProperties":3}"#,
        r#"{"required":["id"],"properties":{"id":false}}"#,
        r#"{"type":"object","required":["agentId"],"properties":{"agentID":true},"additionalProperties":false}"#,
        r#"{"required":["a","b"],"maxProperties":1}"#,
        r#"{"properties":{"a":true},"additionalProperties":false,"minProperties":2}"#,
        r#"{"prefixItems":[true],"items":false,"minItems":2}"#,
        r#"{"not":{}}"#,
        r#"{"allOf":[{"minimum":1},false]}"#,
        r#"{"allOf":[{"type":"string"},{"type":["number","null"]}]}"#,
        r#"{"type":"object","anyOf":[{"type":"string"},{"type":"array"}]}"#,
        r#"{"properties":{"a":{"items":{"enum":[]}}}}"#,
        r#"{"minimum":9007199254740993.5}"#,
        // Everything follows these, or a part of them.
        "{}",
        r#"{"title":"nothing"}"#,
        r#"{"anyOf":[{"type":"string"},{}]}"#,
        r#"{"oneOf":[true,{"type":"string"}]}"#,
        // A keyword that cannot matter.
        r#"{"type":"string","minimum":5}"#,
        r#"{"type":["string","null"],"required":["a"]}"#,
        r#"{"enum":["a",1,null],"type":"string"}"#,
        r#"{"then":{"type":"string"}}"#,
        r#"{"if":{"type":"string"},"type":"string"}"#,
        r#"{"minContains":2,"type":"array"}"#,
        r#"{"contentEncoding":"base64","type":"string"}"#,
        // A pattern that is looked for anywhere.
        r#"{"pattern":"[0-9]+"}"#,
        r#"{"pattern":"^a|b$|c"}"#,
        r#"{"pattern":"[$^]\\$"}"#,
        r#"{"patternProperties":{"x-":{"type":"string"}}}"#,
    ] {
        let (_, problems) = load(&[("doubtful", schema)]);
        assert!(!problems.is_empty(), "{schema}");
        said.push_str(&problems);
        said.push('\n');
    }
    insta::assert_snapshot!(said);
    for sound in [
        r#"{"type":"integer","minimum":1,"maximum":1}"#,
        r#"{"enum":[1.0],"type":"integer"}"#,
        r#"{"required":["x-a"],"patternProperties":{"^x-":true},"additionalProperties":false}"#,
        r#"{"required":["a"],"additionalProperties":{"type":"string"}}"#,
        r#"{"type":"string","anyOf":[{"minLength":2},{"type":"string"}]}"#,
        r#"{"$defs":{"a":{"type":"string"}}}"#,
        r#"{"pattern":"^a|b$|(^c|d)$"}"#,
        r#"{"pattern":"\\Aa\\z"}"#,
        r#"{"properties":{"a":true,"b":{}},"required":["a"],"additionalProperties":false}"#,
        r#"{"minContains":0,"contains":{"type":"string"},"maxContains":0}"#,
        "false",
    ] {
        assert_eq!(load(&[("sound", sound)]).1, "", "{sound}");
    }
}

#[test]
fn schemas_refer_to_each_other_by_file_name() {
    let bench = Bench::new().with_schema(&[
        ("list", r#"{"$id":"https://example.com/list","items":{"$ref":"types.json#/$defs/id"},"x-note":1}"#),
        ("types", r##"{"$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{"id":{"$ref":"#/$defs/text"},"text":{"type":"string"}}}"##),
        ("tree", r##"{"type":"object","properties":{"child":{"$ref":"#"}},"additionalProperties":false}"##),
        ("below/inner", r#"{"$ref":"types#/$defs/id"}"#),
    ]);
    assert_eq!(bench.told(r#"{"schema":"list"}"#, &answer(r#"["a"]"#)), "schema holds\n");
    assert!(bench.told(r#"{"schema":"list.json"}"#, &answer("[1]")).contains("$[0]: expected a text, got 1"));
    assert_eq!(bench.told(r#"{"schema":"below/inner"}"#, &answer(r#""a""#)), "schema holds\n");
    assert_eq!(
        bench.told(r#"{"schema":{"contains":{"$ref":"types#/$defs/id"}}}"#, &answer(r#"[1,"a"]"#)),
        "schema holds\n"
    );
    let deep = format!("{}{{\"x\":1}}{}", r#"{"child":"#.repeat(100), "}".repeat(100));
    assert!(bench.told(r#"{"schema":"tree"}"#, &answer(&deep)).contains("\"x\" is not allowed here"));
}

#[test]
fn a_violation_names_the_place_and_the_nearest_branch() {
    let event = r#"{"properties":{"events":{"items":{"oneOf":[
        {"properties":{"Type":{"const":"AgentState"},"State":{"enum":["Ready","Busy"]}},"required":["Type","State"]},
        {"properties":{"Type":{"const":"Mute"},"On":{"type":"boolean"}},"required":["Type","On"]},
        {"type":"string"}]}},
        "id":{"type":["string","null"],"pattern":"^s-","maxLength":5},
        "at":{"format":"date-time"}, "n":{"multipleOf":5,"exclusiveMinimum":0}},
        "required":["id","at"],"additionalProperties":false}"#;
    let bench = Bench::new().with_schema(&[("event", event)]);
    let mut said = String::new();
    for body in [
        r#"{"id":5,"at":"2026-11-22"}"#,
        r#"{"id":"session-1","at":"2026-11-22T12:00:00Z","n":-3,"more":1,"and more":2}"#,
        r#"{"id":null,"at":"2026-11-22T12:00:00Z","events":[{"Type":"AgentState","State":"Idle"}]}"#,
        r#"{"id":null,"at":"2026-11-22T12:00:00Z","events":[{"Type":"Mute"},{"Type":"Mute"},{"Type":"Mute"},7]}"#,
        "[]",
        "null",
    ] {
        write!(said, "{body}\n{}", bench.told(r#"{"schema":"event"}"#, &answer(body))).unwrap();
    }
    let many = format!("[{}1]", r#"{"a":1},"#.repeat(20_000));
    said.push_str(&bench.told(r#"{"schema":{"items":{"type":"string"}}}"#, &answer(&many)));
    let wide: Vec<String> = (0..500).map(|n| format!("\"k{n}\":{n}")).collect();
    let wide = format!("{{{}}}", wide.join(","));
    said.push_str(&bench.told(r#"{"schema":{"additionalProperties":{"type":"string"}}}"#, &answer(&wide)));
    let large = format!("\"{}\"", "x".repeat(1_000_000));
    said.push_str(&bench.told(r#"{"schema":{"maxLength":5}}"#, &answer(&large)));
    insta::assert_snapshot!(said);
}

#[test]
fn a_pattern_takes_linear_time() {
    let text = format!("\"{}!\"", "a".repeat(200_000));
    let bench = Bench::new();
    assert!(bench.told(r#"{"schema":{"pattern":"^(a+)+$"}}"#, &answer(&text)).contains("breaks"));
    assert!(bench.told(r#"{"json":{"$":{"matches":"^(a+)+$"}}}"#, &answer(&text)).contains("breaks"));
}

/// Two thousand definitions that lead to each other, each by `step`.
fn chain(step: impl Fn(String) -> String) -> String {
    let links = (0..2_000).map(|n| format!(r#""d{n}":{},"#, step(format!(r##"{{"$ref":"#/$defs/d{}"}}"##, n + 1))));
    format!(r##"{{"$defs":{{{}"d2000":{{}}}},"$ref":"#/$defs/d0"}}"##, links.collect::<String>())
}

#[test]
fn a_long_chain_into_the_value_is_compiled() {
    let (_, problems) = load(&[("chain", &chain(|next| format!(r#"{{"properties":{{"a":{next}}}}}"#)))]);
    assert_eq!(problems, "");
}

#[test]
fn a_long_row_of_schemas_for_one_value_is_refused() {
    let (_, problems) = load(&[("row", &chain(|next| next))]);
    assert!(problems.contains("in a row"), "{problems}");
}

#[test]
fn the_deepest_body_and_the_longest_row_fit_on_the_stack() {
    let name = |n: usize| format!(r##"{{"$ref":"#/$defs/d{n}"}}"##);
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let links =
            (0..super::schemas::MAX_ROW / 2 - 2).map(|n| format!(r#""d{n}":{{"{keyword}":[{}]}},"#, name(n + 1)));
        let last = super::schemas::MAX_ROW / 2 - 2;
        let schema = format!(
            r##"{{"$defs":{{{}"d{last}":{{"properties":{{"a":{}}},"type":"object"}}}},"$ref":"#/$defs/d0"}}"##,
            links.collect::<String>(),
            name(0)
        );
        let bench = Bench::new().with_schema(&[("deep", &schema)]);
        let body = format!("{}1{}", r#"{"a":"#.repeat(127), "}".repeat(127));
        assert!(bench.told(r#"{"schema":"deep"}"#, &answer(&body)).contains("schema breaks"), "{keyword}");
    }
}
