use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use regex::Regex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Vault;
use crate::value::{Json, Jwt, JwtAlgorithm, JwtFault, JwtStanding};

/// What a check wants to know of a text that holds handles, and cannot see itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Question {
    /// Does this regular expression match anywhere in it?
    Matches {
        /// The expression.
        pattern: String,
    },
    /// Does it contain this text? The text may hold handles too.
    Contains {
        /// The text.
        text: String,
    },
    /// Does it begin with this text? The text may hold handles too.
    StartsWith {
        /// The text.
        text: String,
    },
    /// How many characters has it?
    Length,
    /// What does the header of this JSON Web Token say?
    JwtHeader,
    /// What does this JSON Web Token claim?
    JwtClaims,
    /// Does the signature of this JSON Web Token hold?
    JwtVerifies {
        /// The keys, a JSON Web Key Set as a text.
        keys: String,
        /// The algorithms that it may be signed by.
        algorithms: Vec<JwtAlgorithm>,
    },
}

/// The answer to a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Answer {
    /// Yes or no.
    Holds(bool),
    /// So many.
    Count(u64),
    /// This, with handles in the place of secrets.
    Json(Json),
    /// Whether a signature holds.
    Signature(JwtStanding),
    /// It is no token, and why.
    NoJwt(JwtFault),
}

/// An answer with what it is about; recorded with the exchange, so that replay needs no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// SHA-256 of the masked text, in hexadecimal digits.
    pub about: String,
    /// What was asked.
    pub question: Question,
    /// What was answered.
    pub answer: Answer,
}

/// Who can answer questions about masked texts.
pub trait Facts {
    /// The answer; `None` when it is not known.
    fn ask(&self, masked_text: &str, question: &Question) -> Option<Answer>;
}

/// Knows no answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFacts;

/// Answers from a record.
#[derive(Clone, Debug, Default)]
pub struct RecordedFacts {
    answers: HashMap<(String, Question), Answer>,
}

/// Answers from a vault and writes down what it was asked.
#[derive(Debug)]
pub struct Witness<'v> {
    vault: &'v Vault,
    facts: Mutex<Vec<Fact>>,
}

impl Fact {
    /// That the answer to a question about this text is `answer`.
    #[must_use]
    pub fn new(masked_text: &str, question: Question, answer: Answer) -> Self {
        Self { about: digest(masked_text), question, answer }
    }
}

impl Vault {
    /// Answers a question about a text whose handles are this vault's. An expression that cannot be compiled matches nothing.
    #[must_use]
    pub fn answer(&self, masked_text: &str, question: &Question) -> Answer {
        let text = self.reveal_locally(masked_text);
        match question {
            Question::Matches { pattern } => {
                Answer::Holds(Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(&text)))
            }
            Question::Contains { text: part } => Answer::Holds(text.contains(&self.reveal_locally(part))),
            Question::StartsWith { text: start } => Answer::Holds(text.starts_with(&self.reveal_locally(start))),
            Question::Length => Answer::Count(u64::try_from(text.chars().count()).unwrap_or(u64::MAX)),
            Question::JwtHeader => self.shown(Jwt::read(&text).map(|jwt| jwt.header().clone())),
            Question::JwtClaims => self.shown(Jwt::read(&text).map(|jwt| jwt.claims().clone())),
            Question::JwtVerifies { keys, algorithms } => match Jwt::read(&text) {
                Ok(jwt) => Answer::Signature(jwt.verify(&Json::parse(keys.as_bytes()).unwrap_or_default(), algorithms)),
                Err(fault) => Answer::NoJwt(fault),
            },
        }
    }
}

impl Vault {
    /// A part of a token: data that may be seen, but for the secrets in it.
    fn shown(&self, part: Result<Json, JwtFault>) -> Answer {
        let masked = part.map(|json| self.mask_json_text(&json.to_string()).into_owned());
        match masked.map(|masked| Json::parse(masked.as_bytes())) {
            Ok(Ok(json)) => Answer::Json(json),
            // Where a secret runs across several values, nothing can be shown.
            Ok(Err(_)) => Answer::NoJwt(JwtFault::Hidden),
            Err(fault) => Answer::NoJwt(fault),
        }
    }
}

impl<'v> Witness<'v> {
    /// A witness of this vault.
    #[must_use]
    pub fn new(vault: &'v Vault) -> Self {
        Self { vault, facts: Mutex::default() }
    }

    /// What it was asked, in the order of asking, each once.
    #[must_use]
    pub fn into_facts(self) -> Vec<Fact> {
        self.facts.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Vec<Fact>> for RecordedFacts {
    fn from(facts: Vec<Fact>) -> Self {
        Self { answers: facts.into_iter().map(|fact| ((fact.about, fact.question), fact.answer)).collect() }
    }
}

impl Facts for NoFacts {
    fn ask(&self, _: &str, _: &Question) -> Option<Answer> {
        None
    }
}

impl Facts for RecordedFacts {
    fn ask(&self, masked_text: &str, question: &Question) -> Option<Answer> {
        self.answers.get(&(digest(masked_text), question.clone())).cloned()
    }
}

impl Facts for Witness<'_> {
    fn ask(&self, masked_text: &str, question: &Question) -> Option<Answer> {
        let answer = self.vault.answer(masked_text, question);
        let fact = Fact::new(masked_text, question.clone(), answer.clone());
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        if !facts.contains(&fact) {
            facts.push(fact);
        }
        Some(answer)
    }
}

fn digest(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Masker, SecretName};

    #[test]
    fn a_recorded_answer_is_the_one_the_vault_gave() {
        let vault = Vault::new(Masker::empty().into());
        let name = SecretName::parse("agent.access_token").expect("a name");
        let handle = vault.learn(&name, "not-a-sécret-1", &[]).expect("long enough").to_string();
        let masked = format!("Bearer {handle}");
        let questions = [
            (Question::Matches { pattern: "^Bearer [a-zé]+-a".to_owned() }, Answer::Holds(true)),
            (Question::Matches { pattern: "(".to_owned() }, Answer::Holds(false)),
            (Question::Contains { text: "sécret".to_owned() }, Answer::Holds(true)),
            (Question::Contains { text: handle.clone() }, Answer::Holds(true)),
            (Question::StartsWith { text: "not".to_owned() }, Answer::Holds(false)),
            (Question::Length, Answer::Count(21)),
        ];
        let witness = Witness::new(&vault);
        for (question, answer) in &questions {
            assert_eq!(witness.ask(&masked, question), Some(answer.clone()), "{question:?}");
        }
        let facts = witness.into_facts();
        let text = serde_json::to_string(&facts).expect("plain data");
        assert!(!text.contains("not-a-sécret-1"), "{text}");
        let recorded = RecordedFacts::from(serde_json::from_str::<Vec<Fact>>(&text).expect("our own text"));
        for (question, answer) in &questions {
            assert_eq!(recorded.ask(&masked, question), Some(answer.clone()), "{question:?}");
        }
        assert_eq!(recorded.ask(&handle, &Question::Length), None);
    }
}
