//! What the program says of its own language.

use crate::bench::Bench;

#[test]
fn explain_alone_lists_blocks_checks_and_matchers() {
    insta::assert_snapshot!(Bench::new().run(["explain"]).golden());
}

#[test]
fn a_block_is_explained_by_its_name() {
    let ran = Bench::new().run(["explain", "should"]).exits(0);
    assert!(ran.stdout.starts_with("block `should`: advice beyond the promise"), "{ran}");
}

#[test]
fn the_kinds_of_files_are_told_by_help_and_by_a_refusal() {
    for (args, code) in [(["schema", "--help"], 0), (["schema", "tests"], 2)] {
        let ran = Bench::new().run(args).exits(code);
        for kind in ["suite", "requirements", "targets", "scenario", "flow"] {
            assert!(ran.stdout.contains(kind) || ran.stderr.contains(kind), "{kind}: {ran}");
        }
    }
}
