//! What is wrong with documents, told at their own places.

use super::tree::{Tree, table};

/// What is said of a document with these lines after its head.
fn problems(rest: &str) -> String {
    let document = format!("openapi: 3.1.1\ninfo: {{ title: t, version: \"1\" }}\n{rest}");
    of_document(&document)
}

fn of_document(document: &str) -> String {
    beside(document, &[])
}

/// What is said of a document beside other files.
fn beside(document: &str, others: &[(&str, &str)]) -> String {
    let scenario = "scenario: x\nsteps: [{ request: GET /a, expect: 200 }]\n";
    let files = [
        ("suite.yaml", "suite: api\nopenapi: api/api.yaml\n"),
        ("api/api.yaml", document),
        ("scenarios/x.yaml", scenario),
    ];
    Tree::of(&[&files, others].concat()).problems()
}

fn with_schema(schema: &str) -> String {
    of_document(&document_with(schema))
}

fn document_with(schema: &str) -> String {
    let answer = format!("{{ content: {{ application/json: {{ schema: {schema} }} }} }}");
    format!("openapi: 3.1.1\npaths:\n  /a:\n    get: {{ responses: {{ \"200\": {answer} }} }}\n")
}

#[test]
fn what_is_wrong_with_a_document_is_told() {
    let documents = [
        ("another version", "swagger: \"2.0\"\npaths: {}\n"),
        ("a newer version", "openapi: 3.2.0\npaths: {}\n"),
        ("no paths", "openapi: 3.0.3\ninfo: { title: t, version: \"1\" }\n"),
        ("not a map", "- a\n"),
    ];
    let bodies = [
        ("no operation", "paths: { /a: {} }\n"),
        ("a path that is no template", "paths: { a: {}, \"/{a\": {}, /b: { get: { responses: { \"200\": {} } } } }\n"),
        (
            "two paths that are one",
            "paths:\n  /a/{x}: { get: { parameters: [{ name: x, in: path }], responses: { \"200\": {} } } }\n  /a/{y}: {}\n",
        ),
        (
            "two operations of a name",
            "paths:\n  /a:\n    get: { operationId: a, responses: { \"200\": {} } }\n    put: { operationId: a, responses: { \"200\": {} } }\n",
        ),
        ("no response", "paths: { /a: { get: { operationId: a } } }\n"),
        ("a status that is none", "paths: { /a: { get: { responses: { \"2X\": {} } } } }\n"),
        ("a parameter that is not told", "paths: { \"/a/{b}\": { get: { responses: { \"200\": {} } } } }\n"),
        (
            "a parameter in no place",
            "paths: { /a: { get: { parameters: [{ name: b, in: body }], responses: { \"200\": {} } } } }\n",
        ),
        (
            "a style of another place",
            "paths: { /a: { get: { parameters: [{ name: b, in: query, style: matrix }], responses: { \"200\": {} } } } }\n",
        ),
        (
            "a media type that is none",
            "paths: { /a: { get: { responses: { \"200\": { content: { json: {} } } } } } }\n",
        ),
    ];
    let schemas = [
        ("a reference that leads nowhere", "{ $ref: \"#/components/schemas/Nope\" }"),
        ("a reference to a file that is not there", "{ $ref: \"other.yaml#/a\" }"),
        ("a reference to the network", "{ $ref: \"https://example.com/a.yaml\" }"),
        ("a reference out of the suite", "{ $ref: \"../../secrets.yaml\" }"),
        ("a schema of the suite that is not there", "{ $ref: \"../schemas/eror.json\" }"),
        ("a keyword that is none", "{ type: object, propertys: {} }"),
        ("a type that is none", "{ type: text }"),
        ("no schema at all", "5"),
        (
            "a circle that does not go into the value",
            "{ allOf: [{ $ref: \"#/paths/~1a/get/responses/200/content/application~1json/schema\" }] }",
        ),
    ];
    let mut said = table(&documents, of_document);
    said.push_str(&table(&bodies, problems));
    said.push_str(&table(&schemas, with_schema));
    insta::assert_snapshot!(said);
}

#[test]
fn references_lead_to_other_files_of_the_suite() {
    let schema = "{ properties: { a: { $ref: \"parts.yaml#/a\" }, e: { $ref: \"../schemas/error.json\" } } }";
    let others = [("api/parts.yaml", "a: { type: string }\n"), ("schemas/error.json", r#"{ "type": "object" }"#)];
    assert_eq!(beside(&document_with(schema), &others), "");
}

#[test]
fn a_hostile_document_ends_in_a_problem() {
    let deep = format!("{}{{ type: string }}{}", "{ items: ".repeat(70), " }".repeat(70));
    assert!(with_schema(&deep).contains("yaml-too-deep"), "{}", with_schema(&deep));
    let hop = |at: usize| format!("    h{at}: {{ $ref: \"#/components/parameters/h{}\" }}\n", at + 1);
    let hops = (0..40).map(hop).collect::<Vec<_>>().concat();
    let text = format!(
        "paths: {{ /a: {{ get: {{ parameters: [{{ $ref: \"#/components/parameters/h0\" }}], responses: {{ \"200\": {{}} }} }} }} }}\ncomponents:\n  parameters:\n{hops}    h40: {{ name: a, in: query }}\n"
    );
    assert!(problems(&text).contains("leads back to itself"), "{}", problems(&text));
    let double = |at: usize| {
        let next = format!("{{ $ref: \"#/components/schemas/d{}\" }}", at + 1);
        format!("    d{at}: {{ properties: {{ a: {next}, b: {next} }} }}\n")
    };
    let doubles = (0..24).map(double).collect::<Vec<_>>().concat();
    let paths = "paths: { /a: { get: { responses: { \"200\": { content: { application/json: { schema: { $ref: \"#/components/schemas/d0\" } } } } } } } }\n";
    let text = format!("{paths}components:\n  schemas:\n{doubles}    d24: {{ type: string }}\n");
    // Each is written once, however often it is referred to.
    assert!(!problems(&text).contains("error["), "{}", problems(&text));
}

#[test]
fn an_operation_that_no_document_has_is_told_with_the_nearest() {
    let api = "openapi: 3.1.1\npaths: { /a: { get: { operationId: getA, responses: { \"200\": { description: x, content: { text/plain: {} } } } } } }\n";
    let of_step = |suite: &str, operation: &str| {
        let scenario = format!("scenario: x\nsteps: [{{ request: GET /a, expect: {{ operation: {operation} }} }}]\n");
        Tree::of(&[("suite.yaml", suite), ("api.yaml", api), ("scenarios/x.yaml", &scenario)]).problems()
    };
    let suite = "suite: api\nopenapi: { file: api.yaml, check: named }\n";
    assert_eq!(of_step(suite, "getA"), "");
    assert_eq!(of_step(suite, "GET /a"), "");
    let mut said = of_step(suite, "geta");
    said.push_str(&of_step(suite, "GET /b"));
    said.push_str(&of_step("suite: api\n", "getA"));
    said.push_str(&of_step(suite, "[getA]"));
    said.push_str(&of_step("suite: api\nopenapi: { file: ap.yaml, check: some }\n", "false"));
    insta::assert_snapshot!(said);
}
