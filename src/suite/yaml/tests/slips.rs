use std::fmt::Write as _;

use super::drawn::problems;

#[test]
fn classic_slips_are_told_in_plain_words() {
    let slips = [
        "a:\n\tb: 1\n",
        "a:\n  b: 1\n\tc: 2\n",
        "a: \"open\nb: 1\n",
        "a: 'open\n",
        "a: 1\nkey:value\nb: 2\n",
        "key:value\nb: 2\n",
        "title: Note: more\n",
        "a:\n  - text: say \"x\": y\n",
        "a: [1, 2\nb: 3\n",
        "a: {x: 1\n",
        "a: [1}\n",
        "a: 1]\n",
        "a:\n  b: 1\n c: 2\n",
        "a: @x\n",
        "a: `x`\n",
        "a: \"\\q\"\n",
        "a: \"x\" y\n",
        "- a\nb: 1\n",
        "a: - b\n",
        "a: %x\n",
        "a: b\n  c: d\n",
    ];
    let mut all = String::new();
    for text in slips {
        let found = problems(text);
        writeln!(all, "{text:?}").unwrap();
        all.push_str(&found);
    }
    insta::assert_snapshot!(all, @r#"
    "a:\n\tb: 1\n"
    error[yaml-syntax]: a tab indents this line
     --> a.yaml:2:1
      |
    2 |     b: 1
      | ^^^^
      |
      = help: indent by spaces; YAML takes no tabs

    "a:\n  b: 1\n\tc: 2\n"
    error[yaml-syntax]: a tab indents this line
     --> a.yaml:3:1
      |
    3 |     c: 2
      | ^^^^
      |
      = help: indent by spaces; YAML takes no tabs

    "a: \"open\nb: 1\n"
    error[yaml-syntax]: a quote is not closed
     --> a.yaml:1:4
      |
    1 | a: "open
      |    ^ opened here
      |
      = help: within double quotes, write `\"` for a quote; within single ones, `''`

    "a: 'open\n"
    error[yaml-syntax]: a quote is not closed
     --> a.yaml:1:4
      |
    1 | a: 'open
      |    ^ opened here
      |
      = help: within double quotes, write `\"` for a quote; within single ones, `''`

    "a: 1\nkey:value\nb: 2\n"
    error[yaml-syntax]: a space is missing after `key:`
     --> a.yaml:2:4
      |
    2 | key:value
      |    ^^ between these

    "key:value\nb: 2\n"
    error[yaml-syntax]: a space is missing after `key:`
     --> a.yaml:1:4
      |
    1 | key:value
      |    ^^ between these

    "title: Note: more\n"
    error[yaml-syntax]: a second colon in one line
     --> a.yaml:1:12
      |
    1 | title: Note: more
      |            ^
      |
      = help: a text that holds `: ` needs quotes: `"Note: more"`

    "a:\n  - text: say \"x\": y\n"
    error[yaml-syntax]: a second colon in one line
     --> a.yaml:2:18
      |
    2 |   - text: say "x": y
      |                  ^
      |
      = help: a text that holds `: ` needs quotes

    "a: [1, 2\nb: 3\n"
    error[yaml-syntax]: the file is not valid YAML: illegal placement of ':' indicator
     --> a.yaml:2:2
      |
    1 | a: [1, 2
      |    - opened here, perhaps not closed
    2 | b: 3
      |  ^

    "a: {x: 1\n"
    error[yaml-syntax]: `{` is not closed
     --> a.yaml:1:4
      |
    1 | a: {x: 1
      |    ^ opened here

    "a: [1}\n"
    error[yaml-syntax]: the file is not valid YAML: mismatched bracket '[' closed by '}'
     --> a.yaml:1:4
      |
    1 | a: [1}
      |    ^

    "a: 1]\n"
    "a:\n  b: 1\n c: 2\n"
    error[yaml-syntax]: the file is not valid YAML: while parsing a block mapping, did not find expected key
     --> a.yaml:3:2
      |
    3 |  c: 2
      |  ^
      |
      = help: look at the indentation: the keys of a map, and the dashes of a list, stand in one column

    "a: @x\n"
    error[yaml-syntax]: the file is not valid YAML: unexpected character: `@'
     --> a.yaml:1:4
      |
    1 | a: @x
      |    ^
      |
      = help: a text that begins with `@` needs quotes

    "a: `x`\n"
    error[yaml-syntax]: the file is not valid YAML: unexpected character: ``'
     --> a.yaml:1:4
      |
    1 | a: `x`
      |    ^
      |
      = help: a text that begins with a backtick needs quotes

    "a: \"\\q\"\n"
    error[yaml-syntax]: the file is not valid YAML: while parsing a quoted scalar, found unknown escape character
     --> a.yaml:1:4
      |
    1 | a: "\q"
      |    ^
      |
      = help: within double quotes, write `\\` for a backslash; within single ones it stands for itself

    "a: \"x\" y\n"
    error[yaml-syntax]: the file is not valid YAML: invalid trailing content after double-quoted scalar
     --> a.yaml:1:8
      |
    1 | a: "x" y
      |        ^

    "- a\nb: 1\n"
    error[yaml-syntax]: the file is not valid YAML: while parsing a block collection, did not find expected '-' indicator
     --> a.yaml:2:1
      |
    2 | b: 1
      | ^
      |
      = help: look at the indentation: the keys of a map, and the dashes of a list, stand in one column

    "a: - b\n"
    error[yaml-syntax]: the file is not valid YAML: block sequence entries are not allowed in this context
     --> a.yaml:1:4
      |
    1 | a: - b
      |    ^

    "a: %x\n"
    error[yaml-syntax]: the file is not valid YAML: unexpected character: `%'
     --> a.yaml:1:4
      |
    1 | a: %x
      |    ^
      |
      = help: a text that begins with `%` needs quotes

    "a: b\n  c: d\n"
    error[yaml-syntax]: the file is not valid YAML: mapping values are not allowed in this context
     --> a.yaml:2:4
      |
    2 |   c: d
      |    ^
      |
      = help: look at the indentation: the keys of a map, and the dashes of a list, stand in one column
    "#);
}
