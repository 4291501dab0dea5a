pub(super) const CHECK: &str = "\
Examples:
  assize check                                    all suites under `specs`, or those that come along
  assize check hello.yaml
  assize check specs/rooms --format json          problems with file, line, column, code, message and help

What a suite may say: `docs/language.md` of the repository has the whole language on one page,
`assize explain` lists checks and matchers, `assize explain CODE` tells what a code means.";

pub(super) const LIST: &str = "\
Examples:
  assize list                                     the cases
  assize list 'session.*' --variant legacy        those of some scenarios in one variant
  assize list --requirements                      what each scenario is evidence for, and what nothing tests
  assize list --coverage --suite cxone            which documented operations are touched
  assize list --format json";

pub(super) const EXPLAIN: &str = "\
Examples:
  assize explain                                  all blocks, checks and matchers
  assize explain status-mismatch                  a code of a message: what, why, how to mend it, an example
  assize explain CX-SES-002                       a requirement: its source, and what tests it
  assize explain session.end-twice                a scenario: what it is evidence for, and its text
  assize explain vacuous-check --format json";

pub(super) const REPLAY: &str = "\
Examples:
  assize run --report log=run.ndjson              record a run
  assize replay run.ndjson                        judge its answers again; nothing is sent
  assize replay run.ndjson --report html=run.html
  assize replay run.ndjson -vv --render-only      everything that was sent and came
  assize replay shard-*.ndjson --report junit=junit.xml   one record of a run that was split by `--shard`

Shards must be of one suite, one target and one plan, each there once: a case of a shard that is not there is
unfinished, and the exit is 5. Exit codes are those of `assize run`; 3 also where what is judged now is better than
what was recorded, or the record contradicts itself.";

pub(super) const DIFF: &str = "\
Examples:
  assize diff yesterday.ndjson today.ndjson
  assize diff main.ndjson branch.ndjson --format json
  assize diff main.ndjson branch.ndjson --slower 1.5 --slower-by 20ms

A regression is a case that fails, or can no longer be judged, and did not before. A step is slower when it took
`--slower` times as long as is to be expected, and `--slower-by` longer; what slowed down all steps, by the median, is
expected.

Exit codes: 0 no regression, 1 a regression, 2 a log cannot be read. A case that is new or gone, a step that is slower,
a case that is flaky now are told, and are no regressions.";

pub(super) const INIT: &str = "\
Examples:
  assize init https://api.example.com/health      a target and a suite of one scenario, in this folder
  assize init https://api.example.com/health desk --probe
  assize init --suite cxone contract              a copy of the contract that comes along, to be changed

Nothing is overwritten. Without `--probe` nothing is sent.";

pub(super) const SANDBOX: &str = "\
Examples:
  assize sandbox --dir tenant                     serve a tenant, and write a target file for it
  assize sandbox --defect event-lost              one that breaks a promise
  assize sandbox --defect list                    all that can be broken
  assize sandbox --format json                    the addresses as one line of JSON";

pub(super) const SCHEMA: &str = "\
Examples:
  assize schema scenario                          what a file of scenarios may hold
  assize schema output/check                      what `assize check --format json` prints

What a suite may say: `docs/language.md` of the repository has the whole language on one page,
`assize explain` lists checks and matchers, `assize explain CODE` tells what a code means.";

pub(super) const COMPLETIONS: &str = "\
Examples:
  assize completions bash                         for bash: write it to ~/.local/share/bash-completion/completions/assize
  assize completions zsh                          for zsh: write it to a folder of $fpath, as _assize
  assize completions fish                         for fish: write it to ~/.config/fish/completions/assize.fish";

pub(super) const MAN: &str = "\
Examples:
  assize man                                      the page of the program, to be read by `man -l -`
  assize man share/man/man1                       a page for each command";

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use crate::cli::args::Arguments;

    /// The words of a line, as a shell has them: what stands between quotes is one.
    fn words(line: &str) -> Vec<String> {
        let parts = line.split('\'').enumerate();
        parts
            .flat_map(|(at, part)| match at % 2 {
                1 => vec![part.to_owned()],
                _ => part.split_whitespace().map(str::to_owned).collect(),
            })
            .collect()
    }

    #[test]
    fn every_command_has_examples_and_the_parser_takes_each() {
        let mut program = Arguments::command();
        program.build();
        let commands: Vec<&clap::Command> =
            std::iter::once(&program).chain(program.get_subcommands().filter(|it| it.get_name() != "help")).collect();
        assert!(commands.len() > 10);
        for command in commands {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let lines: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  assize")).collect();
            assert!(!lines.is_empty(), "`assize {}` has no example", command.get_name());
            for line in lines {
                // Two blanks part an example from what is said of it.
                let example = line.trim_start().split("  ").next().unwrap_or_default();
                let words = std::iter::once("assize".to_owned()).chain(words(example));
                if let Err(error) = Arguments::try_parse_from(words) {
                    panic!("`assize {example}`: {error}");
                }
            }
        }
    }
}
