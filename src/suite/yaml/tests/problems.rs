use super::drawn::{problems, read_with, short};
use crate::suite::yaml::Limits;

#[test]
fn a_duplicate_key_is_told_with_both_places_and_the_first_is_kept() {
    let text = "a: 1\nb: 2\n'a': { x: 3, x: 4 }\nc: 5\n";
    insta::assert_snapshot!(problems(text), @r"
    error[duplicate-key]: the key `a` is there twice
     --> a.yaml:3:1
      |
    1 | a: 1
      | - first here
    2 | b: 2
    3 | 'a': { x: 3, x: 4 }
      | ^^^ again here

    error[duplicate-key]: the key `x` is there twice
     --> a.yaml:3:14
      |
    3 | 'a': { x: 3, x: 4 }
      |        -     ^ again here
      |        |
      |        first here
    ");
    assert_eq!(short(&read_with(text, &Limits::default()).0[0]), "{a: 1, b: 2, c: 5}");
}

#[test]
fn tags_are_refused_and_their_values_kept() {
    let text = "a: !!str 1\nb: !env HOME\nc: !!python/object:os.system [x]\nd: !<tag:yaml.org,2002:int> 3\n";
    insta::assert_snapshot!(problems(text), @r"
    error[yaml-tag]: tags such as `!!str` are not supported
     --> a.yaml:1:4
      |
    1 | a: !!str 1
      |    ^^^^^
      |
      = help: a plain value has the type it shows, quotes make a text

    error[yaml-tag]: tags such as `!env` are not supported
     --> a.yaml:2:4
      |
    2 | b: !env HOME
      |    ^^^^
      |
      = help: remove the tag; a secret is written `{ env: NAME }`

    error[yaml-tag]: tags such as `!!python/object:os.system` are not supported
     --> a.yaml:3:4
      |
    3 | c: !!python/object:os.system [x]
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: remove the tag; a secret is written `{ env: NAME }`

    error[yaml-tag]: tags such as `!<tag:yaml.org,2002:int>` are not supported
     --> a.yaml:4:4
      |
    4 | d: !<tag:yaml.org,2002:int> 3
      |    ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: a plain value has the type it shows, quotes make a text
    ");
    assert_eq!(short(&read_with(text, &Limits::default()).0[0]), r#"{a: 1, b: "HOME", c: ["x"], d: 3}"#);
}

#[test]
fn merge_keys_are_refused() {
    let text = "base: &base { a: 1 }\nb:\n  <<: *base\n  c: 2\n'<<': text\n";
    insta::assert_snapshot!(problems(text), @r"
    error[yaml-merge-key]: the merge key `<<` is not supported
     --> a.yaml:3:3
      |
    3 |   <<: *base
      |   ^^
      |
      = help: write the keys out, or use an alias for a whole value
    ");
    assert_eq!(short(&read_with(text, &Limits::default()).0[0]), r#"{base: {a: 1}, b: {c: 2}, <<: "text"}"#);
}

#[test]
fn aliases_without_an_anchor_and_within_themselves_are_told() {
    insta::assert_snapshot!(problems("a: &session 1\nb: *sesion\nc: *x\n*d : 1\ne: &e [1, *e]\n"), @r"
    error[yaml-alias]: the alias `*sesion` has no anchor `&sesion` before it
     --> a.yaml:2:4
      |
    2 | b: *sesion
      |    ^^^^^^^
      |
      = help: the nearest is `&session`
      = help: a text that begins with `*` needs quotes

    error[yaml-alias]: the alias `*x` has no anchor `&x` before it
     --> a.yaml:3:4
      |
    3 | c: *x
      |    ^^
      |
      = help: a text that begins with `*` needs quotes

    error[yaml-alias]: the alias `*d` has no anchor `&d` before it
     --> a.yaml:4:1
      |
    4 | *d : 1
      | ^^
      |
      = help: a text that begins with `*` needs quotes

    error[yaml-alias]: an alias stands within the value that it stands for
     --> a.yaml:5:11
      |
    5 | e: &e [1, *e]
      |           ^^ would hold itself without end
    ");
}

#[test]
fn collections_as_keys_and_missing_keys_are_told() {
    let text = "url: {{ base }}\nok: 1\n";
    insta::assert_snapshot!(problems(text), @r"
    error[wrong-type]: expected a text as a key, found a map
     --> a.yaml:1:7
      |
    1 | url: {{ base }}
      |       ^^^^^^^^
      |
      = help: a text that begins with `{` or `[` needs quotes
    ");
    insta::assert_snapshot!(problems("? [a, b]\n: 1\n: 2\nok: 3\n"), @r"
    error[wrong-type]: expected a text as a key, found a list
     --> a.yaml:1:3
      |
    1 | ? [a, b]
      |   ^^^^^^
      |
      = help: a text that begins with `{` or `[` needs quotes

    error[yaml-syntax]: a key is missing
     --> a.yaml:3:2
      |
    3 | : 2
      |  ^ before this colon
    ");
    assert_eq!(short(&read_with("? [a, b]\n: 1\nok: 3\n", &Limits::default()).0[0]), "{ok: 3}");
}

#[test]
fn a_broken_document_does_not_hide_the_next() {
    let text = "a: [1\n---\nb: 2\n---\nc: 'x\n...\n---\nd: 4\n";
    insta::assert_snapshot!(problems(text), @r#"
    error[yaml-syntax]: `[` is not closed
     --> a.yaml:1:4
      |
    1 | a: [1
      |    ^ opened here

    error[yaml-syntax]: a quote is not closed
     --> a.yaml:5:4
      |
    5 | c: 'x
      |    ^ opened here
      |
      = help: within double quotes, write `\"` for a quote; within single ones, `''`
    "#);
    let trees: Vec<_> = read_with(text, &Limits::default()).0.iter().map(short).collect();
    assert_eq!(trees, ["{b: 2}", "{d: 4}"]);
}
