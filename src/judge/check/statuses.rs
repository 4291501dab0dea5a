use crate::diag::Code;
use crate::judge::show::listed;
use crate::judge::{Aim, Breach, BreachCode, Check, Compiler, Reading, Rule, StatusSet, Subject};
use crate::value::Node;

use super::registry::{no_answer, one};

/// `statuses`: the statuses of steps that are sent together, in any order.
#[derive(Debug)]
struct Statuses(Vec<StatusSet>);

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    if compiler.aim() != Aim::Together {
        let help = "a step with one answer is judged by `status`";
        compiler.problem_with_help(Code::UnknownKey, node.span, "`statuses` stands beside `together` only", help);
        return None;
    }
    let Some(items) = node.as_list().filter(|items| !items.is_empty()) else {
        compiler.wrong_type(node, "a list of statuses, one for each step of `together`");
        return None;
    };
    let sets: Vec<_> = items.iter().map(|item| StatusSet::parse(item, compiler)).collect();
    Some(one("statuses", node, Statuses(sets.into_iter().collect::<Option<_>>()?)))
}

impl Rule for Statuses {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let actual: Vec<u16> = subject.members.iter().map(|answer| answer.status).collect();
        if actual.is_empty() {
            return no_answer();
        }
        if actual.len() != self.0.len() {
            // No endpoint could answer so that this holds.
            let message = format!("statuses promised: {}, answers there: {}", self.0.len(), actual.len());
            return Reading::Undecided(Breach::new(BreachCode::BadOperand, message).at("statuses"));
        }
        let unmet = self.unmet(&actual);
        if unmet.is_empty() {
            return Reading::Holds;
        }
        let expected: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        let given: Vec<String> = actual.iter().map(ToString::to_string).collect();
        let expected = format!("{}, in any order", listed(&expected, "and"));
        let details = unmet.iter().map(|at| format!("no answer is left for {}", self.0[*at]));
        let breach = Breach::mismatch(BreachCode::StatusesMismatch, expected, listed(&given, "and"));
        Reading::Breaks(breach.at("statuses").with_details(details))
    }

    fn vacuous(&self) -> Option<String> {
        self.0.iter().all(StatusSet::is_everything).then(|| "every answer has one of these statuses".to_owned())
    }

    /// It needs those of the members, not one of its own.
    fn needs_answer(&self) -> bool {
        false
    }

    fn judges_members(&self) -> bool {
        true
    }

    fn names_status(&self, status: u16) -> bool {
        self.0.iter().any(|set| set.names(status))
    }
}

impl Statuses {
    /// The sets for which no answer is left when as many as possible have one of their own: with `[2xx, 202]`, the first
    /// answer that fits is not always the one to take, so that takers give way along augmenting paths.
    fn unmet(&self, actual: &[u16]) -> Vec<usize> {
        let mut taker = vec![None; actual.len()];
        (0..self.0.len()).filter(|at| !self.find(*at, actual, &mut taker, &mut vec![false; actual.len()])).collect()
    }

    fn find(&self, at: usize, actual: &[u16], taker: &mut [Option<usize>], seen: &mut [bool]) -> bool {
        for (number, status) in actual.iter().enumerate() {
            if seen[number] || !self.0[at].has(*status) {
                continue;
            }
            seen[number] = true;
            let gives_way = match taker[number] {
                None => true,
                Some(other) => self.find(other, actual, taker, seen),
            };
            if gives_way {
                taker[number] = Some(at);
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::event::{Answer, Body};
    use crate::judge::AnswerBody;
    use crate::judge::bench::{Bench, line, plain};

    fn read(block: &str, statuses: &[u16]) -> (bool, String) {
        let bench = Bench { aim: Aim::Together, ..Bench::new() };
        let checks = bench.compile(block).unwrap_or_else(|error| panic!("{block}: {error}"));
        assert!(!checks.needs_answer(), "{block}");
        let answers: Vec<Answer> = statuses.iter().map(|status| plain(*status, &[], Body::default())).collect();
        let members: Vec<&Answer> = answers.iter().collect();
        let body = AnswerBody::new(None);
        let reading = checks.list[0].rule.judge(&Subject { members: &members, ..bench.subject(&body) });
        (reading.holds(), line(&checks.list[0].id, &reading))
    }

    #[test]
    fn each_status_stands_for_one_answer_in_any_order() {
        for (block, statuses) in [
            (r#"{"statuses":[202,409]}"#, &[409, 202][..]),
            (r#"{"statuses":["2xx",202]}"#, &[202, 200]),
            (r#"{"statuses":["2xx",202]}"#, &[200, 202]),
            (r#"{"statuses":["2xx",[200,409],202]}"#, &[202, 200, 202]),
            (r#"{"statuses":["2xx",["2xx",409],[202,"4xx"],{"not":202}]}"#, &[200, 202, 409, 404]),
            (r#"{"any_of":[{"statuses":[202,409]},{"statuses":[202,202]}]}"#, &[202, 202]),
        ] {
            assert_eq!(read(block, statuses), (true, format!("{} holds\n", &block[2..block.find(':').unwrap() - 1])));
        }
        let mut said = String::new();
        for (block, statuses) in [
            (r#"{"statuses":[202,409]}"#, &[202, 202][..]),
            (r#"{"statuses":[202,409]}"#, &[500, 503]),
            (r#"{"statuses":["2xx",202]}"#, &[200, 201]),
            (r#"{"statuses":["2xx",[200,409],202]}"#, &[202, 202, 202]),
            (r#"{"statuses":[202,409]}"#, &[202]),
            (r#"{"statuses":[202,409]}"#, &[]),
            (r#"{"any_of":[{"statuses":[202,409]},{"statuses":[202,404]}]}"#, &[202, 202]),
        ] {
            let (holds, told) = read(block, statuses);
            assert!(!holds, "{block}");
            write!(said, "{block}  ←  {statuses:?}\n    {}\n", told.trim_end().replace('\n', "\n    ")).unwrap();
        }
        insta::assert_snapshot!(said);
    }

    #[test]
    fn statuses_are_refused_where_nothing_is_sent_together() {
        let mut said = String::new();
        let alone = Bench::new();
        let together = Bench { aim: Aim::Together, ..Bench::new() };
        let blocks = [r#"{"statuses":[202]}"#, r#"{"any_of":[{"statuses":[202]},200]}"#];
        for block in blocks {
            write!(said, "{block}\n    {}", alone.compile(block).map(|_| ()).expect_err(block)).unwrap();
        }
        for block in [r#"{"statuses":202}"#, r#"{"statuses":[]}"#, r#"{"statuses":[202,"2x"]}"#] {
            write!(said, "{block}\n    {}", together.compile(block).map(|_| ()).expect_err(block)).unwrap();
        }
        let everything = r#"{"statuses":[["1xx","2xx","3xx","4xx","5xx"],{"not":[]}]}"#;
        write!(said, "{everything}\n    {}", together.lint(everything)).unwrap();
        insta::assert_snapshot!(said);
        assert!(together.compile(r#"{"statuses":[202,429]}"#).expect("sound").names_status(429));
    }
}
