//! All mistakes of a suite come at once, each with its place.

use crate::bench::Bench;

#[test]
fn six_mistakes_in_six_files_are_six_carets() {
    let bench = Bench::new()
        .file(
            "specs/bad/suite.yaml",
            "suite: bad\nversion: 1.0.0\ntitle: Six mistakes in six files\ndefaults: { deadlin: 5s }\n",
        )
        .file(
            "specs/bad/scenarios/wrong-type.yaml",
            "scenario: A wrong type\nsteps:\n  - request: GET /version\n    expect: 200\n    deadline: [5s]\n",
        )
        .file(
            "specs/bad/scenarios/unknown-name.yaml",
            "scenario: An unknown name\nsteps:\n  - request: GET /version\n    capture: { session: $.id }\n    \
             expect: 200\n  - request: GET /sessions/$(sesion)\n    expect: 200\n",
        )
        .file(
            "specs/bad/scenarios/bad-path.yaml",
            "scenario: A bad JSONPath\nsteps:\n  - request: GET /version\n    expect: { json: { \"$.items[\": 1 } }\n",
        )
        .file(
            "specs/bad/scenarios/unclosed-quote.yaml",
            "scenario: \"An unclosed quote\nsteps:\n  - request: GET /version\n    expect: 200\n",
        )
        .file(
            "specs/bad/scenarios/duplicate-key.yaml",
            "scenario: A duplicate key\nsteps:\n  - request: GET /version\n    expect: 200\n    expect: 201\n",
        );
    insta::assert_snapshot!(bench.run(["check"]).golden());
}

#[test]
fn a_run_of_a_suite_with_a_mistake_sends_nothing_and_shows_the_same_caret() {
    let server = crate::server::Server::start(|_| crate::server::Reply::ok("{}"));
    let suite = "scenario: A duplicate key\nsteps:\n  - request: GET /version\n    expect: 200\n    expect: 201\n";
    let bench = Bench::new().file("twice.yaml", suite);
    insta::assert_snapshot!(bench.run(["run", "twice.yaml", "--base-url", &server.url()]).golden());
    assert_eq!(server.seen(), []);
}

#[test]
fn mistakes_in_steps_that_sign_in_are_carets() {
    let bench = Bench::new().file(
        "sign-in.yaml",
        "\
scenario: Mistakes in signing in
steps:
  - step: nobody
    authorize: nobody
    expect: { status: 302 }
  - step: more
    authorize: desk
    as: desk
    json: { a: 1 }
    expect: { status: 302 }
  - step: list
    authorize: desk
    with: [state]
    expect: { status: 302 }
  - step: unjudged
    authorize: desk
  - step: both
    authorize: desk
    token: desk
    expect: 200
devices: { desk: agent }
",
    );
    insta::assert_snapshot!(bench.run(["check", "sign-in.yaml"]).golden());
}
