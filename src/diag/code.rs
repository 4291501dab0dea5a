use std::fmt;

use serde::{Deserialize, Serialize};

/// Writes the enum and its tables from one entry for each code: `Variant "its-name": "title", "why it matters", "how to mend it";`.
macro_rules! codes {
    ($($variant:ident $name:literal: $title:literal, $why:literal, $fix:literal;)+) => {
        /// What kind of problem a diagnostic tells of. Names are public and stay; `assize explain NAME` tells what they mean.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $(
                #[doc = concat!("`", $name, "`: ", $title, ".")]
                #[serde(rename = $name)]
                $variant,
            )+
        }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name, in kebab case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it is, in half a line.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// Why it matters, in a sentence or two.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self { $(Self::$variant => $why),+ }
            }

            /// How to mend it.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$variant => $fix),+ }
            }
        }
    };
}

codes! {
    YamlSyntax "yaml-syntax": "the file is not valid YAML",
        "A file that cannot be read as YAML says nothing; guessing at what was meant could drop a check in silence.",
        "Mend the place under the caret; the documents after it were read, so their problems are told too.";
    YamlTag "yaml-tag": "a YAML tag such as `!!python/object` or `!env`",
        "Tags make a value mean something else than it shows. The language has none.",
        "Remove the tag. Quotes make a number a text: `\"42\"`.";
    YamlMergeKey "yaml-merge-key": "the YAML merge key `<<`",
        "A merge key puts keys in that stand elsewhere, so neither a reader nor a caret sees where a check comes from. It is no part of YAML 1.2.",
        "Write the keys out, use an alias for a whole value, or name a set of checks under `checks:` and use it with `meets`.";
    YamlTooBig "yaml-too-big": "a file over the limit of size or of values",
        "A suite comes from others; reading it must take little time and memory, whatever it holds.",
        "Split the file, or put large bodies into files of their own.";
    YamlTooDeep "yaml-too-deep": "values nested over the limit",
        "A suite comes from others; reading it must take little time and memory, whatever it holds.",
        "Take levels of nesting out; a scenario needs fewer than ten.";
    YamlAliasLimit "yaml-alias-limit": "aliases that grow into too many values",
        "Aliases of aliases double at every level: a few lines can stand for billions of values.",
        "Write the values out, or use fewer aliases.";
    YamlAlias "yaml-alias": "an alias without its anchor, or within itself",
        "`*name` stands for what an earlier `&name` of the same document marks; a value cannot hold itself.",
        "Mark the value with `&name` before it is used.";
    NotUtf8 "not-utf8": "a file that is not UTF-8",
        "Only UTF-8 is read; any other encoding would have to be guessed.",
        "Save the file as UTF-8.";
    UnreadableFile "unreadable-file": "a file that cannot be read",
        "What a suite names must be there, or a check would be left out in silence.",
        "Look at the path, which is relative to the suite, and at the rights of the file.";
    TooManyProblems "too-many-problems": "more problems than are shown",
        "After a few hundred the list is of no more use.",
        "Mend those that are shown and load again.";
    DuplicateKey "duplicate-key": "a key that is there twice in one map",
        "Most readers of YAML keep the last value and drop the first in silence: a check would be gone.",
        "Remove one of the two.";
    BadSnapshot "bad-snapshot": "a snapshot that cannot be read",
        "What an answer is compared with is a part of the suite: without it a difference would go unseen.",
        "Restore the file, or remove it and accept what a run sees by `assize snapshots review`.";
    UnknownKey "unknown-key": "a key that means nothing here",
        "A mistyped key would be a check that is never judged.",
        "Look for the nearest key in the help, or at the schema printed by `assize schema`.";
    MissingKey "missing-key": "a key that must be there is not",
        "Without it the entry has no meaning.",
        "Add the key.";
    WrongType "wrong-type": "a value of another type than expected",
        "The value cannot be understood; YAML 1.2 takes `no` and `012` as texts and `12` as a number.",
        "Write what the message asks for; quotes make a text.";
    UnknownValue "unknown-value": "a word that is none of those allowed",
        "A mistyped word would mean nothing.",
        "Take one of the words listed.";
    BadName "bad-name": "a name that is not well formed",
        "Names stand in case ids, reports, file names and selectors, so few characters are allowed.",
        "Use lower-case letters, digits and `-`, a letter first.";
    UnknownName "unknown-name": "`$(…)` with a name that nothing sets",
        "The request could not be sent as it was meant.",
        "Capture it in an earlier step, give it under `vars:`, or let the target provide it.";
    NameNotSetYet "name-not-set-yet": "`$(…)` with a name that only a later step sets",
        "Names mean what they meant when the step was sent.",
        "Move the step that captures it before this one.";
    NameShadows "name-shadows": "a name that hides another",
        "A reader could not tell which of the two is meant.",
        "Take another name.";
    BadTemplate "bad-template": "`$(…)` that is not well formed",
        "What it stands for could not be put in.",
        "Close the parenthesis; write `$$(` for the characters `$(`.";
    BadJsonPath "bad-json-path": "a JSONPath that is not well formed (RFC 9535)",
        "A path that cannot be read selects nothing, and a check on nothing proves nothing.",
        "Mend the path at the caret.";
    BadRegex "bad-regex": "a regular expression that is not well formed",
        "A pattern that cannot be read matches nothing.",
        "Mend it at the caret. Look-around and back-references are not supported, so that matching takes linear time.";
    BadDuration "bad-duration": "a duration that is not well formed",
        "A wait without a unit is a guess.",
        "Write a number and a unit: `500ms`, `15s`, `2m`, `1h`.";
    BadUrl "bad-url": "a URL that is not well formed",
        "Requests go to origins that were allowed by name, so each must be read beyond doubt.",
        "Write an absolute `http` or `https` URL.";
    BadRequestLine "bad-request-line": "a request that is not `METHOD /path`",
        "What is to be sent must be beyond doubt.",
        "Write it as `GET /path?query`, the method in capitals.";
    BadSchema "bad-schema": "a JSON Schema that is not valid",
        "A schema that cannot be compiled judges nothing.",
        "Mend the schema at the place named.";
    ImpossibleSchema "impossible-schema": "a JSON Schema that no value can follow",
        "Its parts exclude each other. Every answer would break it, and under `not` or `if` every answer would pass.",
        "Take out the part that is not meant: the message names the two.";
    EmptySchema "empty-schema": "a JSON Schema that every value follows",
        "A schema that asks for nothing judges nothing.",
        "Say what is asked for. Write `true` where any value is really meant.";
    IdleKeyword "idle-keyword": "a keyword of JSON Schema that can never matter here",
        "It reads as if it asked for something, and no value is ever refused by it.",
        "Take it out, or mend the keyword beside it that keeps it from mattering.";
    UnanchoredPattern "unanchored-pattern": "a pattern in a JSON Schema that may match anywhere in a text",
        "`[0-9]+` matches `x1y`: a pattern is looked for in the text and need not cover it.",
        "Write `^` at its beginning, `$` at its end, or both. Write `^.*` at its beginning where anywhere is meant.";
    UnknownSchema "unknown-schema": "a schema that no file holds",
        "The check would judge nothing.",
        "Put the file under `schemas/`, or take the nearest name.";
    UnknownFlow "unknown-flow": "a flow that no file holds",
        "The steps it stands for are not known.",
        "Put the file under `flows/`, or take the nearest name.";
    FlowCycle "flow-cycle": "flows that use each other in a circle",
        "It would never end.",
        "Take one of the uses out.";
    FlowInput "flow-input": "inputs that are not those of the flow",
        "A flow takes all of its inputs and no others.",
        "Give each input under `with:`.";
    FlowOutput "flow-output": "an output that the flow does not have",
        "Nothing would be captured.",
        "Take one of the outputs that the flow lists.";
    UnknownRequirement "unknown-requirement": "a requirement that is not in `requirements.yaml`",
        "Evidence for a promise that nobody made counts for nothing.",
        "Take the nearest id, or add the requirement.";
    UncoveredRequirement "uncovered-requirement": "a requirement that no step is evidence for",
        "The promise is listed, but nothing would notice if it were broken.",
        "Add a scenario that verifies it, or say why it cannot be checked.";
    UnknownQuestion "unknown-question": "a question that is not asked",
        "What a requirement is taken from must be found again, word for word, by whoever doubts it.",
        "Take a question of the list under `source: questions:`, and write each as the document has it, in its order.";
    MissingQuestion "missing-question": "a question of the document that is left out",
        "A promise that was never taken down would never be tested, and nobody would notice.",
        "Add the question to the list, and an entry for it; one of level INFO where it promises nothing.";
    ChangedSource "changed-source": "a document that has changed since requirements were taken from it",
        "The requirements may no longer be what the document promises.",
        "Read what has changed, mend the requirements, then write the new digest.";
    StrayFile "stray-file": "a YAML file of a suite that nothing reads",
        "Its scenarios would never run, and the run would be green.",
        "Move scenarios to `scenarios/` and flows to `flows/`.";
    DuplicateId "duplicate-id": "an id that is there twice",
        "Reports, snapshots and selectors could not tell the two apart.",
        "Change one of the two.";
    UnknownIdentity "unknown-identity": "an identity that the suite does not ask for",
        "Nobody would be there to sign in.",
        "Take the nearest name, or add it under `provides:`.";
    UnknownDevice "unknown-device": "a device that the scenario does not have",
        "Nobody would be there to send the request.",
        "Take the nearest name, or add it under `devices:`.";
    UnknownVariant "unknown-variant": "a variant that the suite does not have",
        "The scenario would never run.",
        "Take the nearest name, or add it under `variants:`.";
    UnknownFeature "unknown-feature": "a feature that the suite does not know",
        "The scenario would always be skipped.",
        "Take the nearest name, or add it under `provides: features:`.";
    UnknownCheckSet "unknown-check-set": "a set of checks that the suite does not have",
        "`meets` would judge nothing.",
        "Take the nearest name, or add it under `checks:`.";
    VacuousCheck "vacuous-check": "a check that every answer passes",
        "A check that cannot fail proves nothing.",
        "Make it say what must hold.";
    IdleExcuse "idle-excuse": "a `vacuous` that excuses nothing",
        "It tells a reader that a check cannot fail, and every check beside it can.",
        "Take it out.";
    ListUnderNot "list-under-not": "a `not` with a list",
        "It holds for everything but this very list, so that each of its elements passes: `not: [a, b]` allows `a`.",
        "Write `not: { one_of: [a, b] }` for neither of them, or `not: { equals: [a, b] }` where another list is meant.";
    Unused "unused": "something that nothing refers to",
        "It was written to judge something, or to be judged, and does neither.",
        "Refer to it, or take it out.";
    UnjudgedAnswer "unjudged-answer": "an answer that nothing judges",
        "A step that is sent and not judged can break without notice.",
        "Add `expect`, `given` or `should`.";
    WeakEvidence "weak-evidence": "a check that says little for the requirement it stands for",
        "A requirement marked as covered would be covered in name only.",
        "Judge what the requirement promises: the value, not only the status.";
    BadOpenapi "bad-openapi": "an OpenAPI document that is not sound",
        "What cannot be read of it would judge nothing, in silence.",
        "Mend the place under the caret; OpenAPI 3.0 and 3.1 are read.";
    UnresolvedReference "unresolved-reference": "a `$ref` of an OpenAPI document that leads nowhere",
        "What it stands for would judge nothing. Only files of the suite are read, and nothing is ever fetched.",
        "Mend the way, or put the file into the suite.";
    UnknownOperation "unknown-operation": "an operation that no OpenAPI document of the suite has",
        "There is nothing to judge the answer by.",
        "Take the nearest name; `assize list --coverage` shows all.";
    NewerLanguage "newer-language": "a file of a newer language than this version reads",
        "Its keys could mean something that is not known here.",
        "Take a newer version of `assize`.";
    BadSecret "bad-secret": "a secret that is not `{ env: NAME }` or `{ file: PATH }`",
        "Where a secret comes from must be plain, and its value must never stand in a suite.",
        "Name the variable or the file that holds it.";
    PlainSecret "plain-secret": "a secret in plain text for an origin that is not local",
        "It would be in the repository, and sent to others.",
        "Put it in the environment and write `{ env: NAME }`.";
    SecretInSnapshot "secret-in-snapshot": "a snapshot with something that looks like a secret",
        "Snapshots are committed and shown in reviews; a secret in one of them is given away for good.",
        "List the path under `secret:` where it is one. Where it is none, leave it out: `ignore` on the step, or `volatile:` in the suite.";
    OrphanSnapshot "orphan-snapshot": "a snapshot that no step refers to",
        "It was accepted to hold an answer to, and nothing is compared with it: its step was renamed or is gone.",
        "`assize snapshots prune` removes it; or give the step its name again.";
    UnknownTarget "unknown-target": "a target that no file holds",
        "There is nothing to run against.",
        "Take the nearest name, or add it to `assize.yaml`.";
    MissingFromTarget "missing-from-target": "what the suite asks for and the target does not give",
        "Cases would fail for want of a user or an address, not for a broken promise.",
        "Add what is listed to the target.";
    SelectorMatchesNothing "selector-matches-nothing": "a selector that matches no case",
        "A gate that selects nothing would be green for ever.",
        "Take the nearest id; `assize list` shows all.";
    UnmatchedWaiver "unmatched-waiver": "a waiver for something that the suite does not have",
        "It would wait for a failure that never comes, and look like one that was dealt with.",
        "Take the id, or the code, as a report names it; or remove the waiver.";
    BadWaiver "bad-waiver": "a waiver that forgives too much or for too long",
        "A waiver stands for one known failure, somebody who answers for it, and a day on which it is looked at again.",
        "Name the check and the finding that fail, an owner, a reason, and a day at most 180 days ahead.";
}

impl Code {
    /// The code of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn the_list_of_codes_is_the_accepted_one() {
        let mut list = String::new();
        for code in Code::ALL {
            writeln!(list, "{code}: {}", code.title()).unwrap();
        }
        insta::assert_snapshot!("codes", list);
    }

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for name in names {
            assert!(
                name.split('-')
                    .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())),
                "{name}"
            );
        }
    }

    #[test]
    fn a_code_has_the_same_name_in_json_and_is_found_by_it() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert_eq!(Code::named(code.as_str()), Some(*code));
        }
        assert_eq!(Code::named("no-such-code"), None);
    }

    #[test]
    fn explains_in_whole_sentences() {
        for code in Code::ALL {
            assert!(code.why().ends_with('.') && code.fix().ends_with('.') && !code.title().ends_with('.'), "{code}");
        }
    }
}
