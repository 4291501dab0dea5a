use std::borrow::Cow;

use crate::diag::{Code, nearest};
use crate::judge::matcher::{Context, Found, Matcher, Miss, Texts};
use crate::judge::opaque::{is_opaque, unanswered};
use crate::judge::show::{listed, preview, quoted};
use crate::judge::subject::NoDocument;
use crate::judge::{Breach, BreachCode, Check, Compiler, Fixed, Moment, Reading, Rule, Subject};
use crate::value::{
    Answer, Facts, Field, Json, JsonPath, Jwt, JwtAlgorithm, JwtFault, JwtStanding, Node, NodeKind, Operand, Question,
    Record, Selected, Shape, has_handle,
};

use super::json::{compile_path, duplicate_key, entries, fit_at, not_json};
use super::registry::{check, no_answer};

const FIELDS: [Field; 3] = [
    Field::optional(
        "keys",
        Shape::Any,
        "the keys of the issuer, a JSON Web Key Set; left out, the signature is not judged",
    ),
    Field::optional("alg", Shape::List(&Shape::Text), "the algorithms that it may be signed by; `none` never is one"),
    Field::optional("claims", Shape::Map(&Shape::Any), "its claims, by JSONPath"),
];

/// What may stand under a path of `jwt`.
pub(super) const JWT: Record = Record { name: "jwt", doc: "What is promised of a JSON Web Token.", fields: &FIELDS };

/// `jwt`: that a value is a token, its algorithm and its signature.
#[derive(Debug)]
struct Signed {
    path: Fixed<JsonPath>,
    keys: Option<Operand>,
    algorithms: Option<Fixed<Vec<JwtAlgorithm>>>,
}

/// `jwt: { $.path: { claims } }`: one claim.
#[derive(Debug)]
struct Claim {
    path: Fixed<JsonPath>,
    within: Fixed<JsonPath>,
    matcher: Matcher,
}

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let mut checks = Vec::new();
    let mut sound = true;
    for entry in entries(node, compiler, "JSONPaths and what the tokens there are")? {
        let Some(path) = compile_path(&entry.key, compiler) else {
            sound = false;
            continue;
        };
        if path.as_now().is_some_and(|path| !path.is_singular()) {
            let help = "name the one place where the token stands, as in `$.id_token`";
            compiler.problem_with_help(Code::BadJsonPath, entry.key.span, "the path may find several tokens", help);
            sound = false;
            continue;
        }
        let text = path.as_now().map_or(&*entry.key.text, JsonPath::text);
        match token(text, &path, &entry.value, compiler) {
            Some(of_token) => checks.extend(of_token),
            None => sound = false,
        }
    }
    sound.then_some(checks)
}

fn token(text: &str, path: &Fixed<JsonPath>, node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let mut signed = Signed { path: path.clone(), keys: None, algorithms: None };
    let mut claims = Vec::new();
    let mut sound = true;
    for entry in entries(node, compiler, "`keys`, `alg` and `claims`")? {
        match &*entry.key.text {
            "keys" => match &entry.value.kind {
                NodeKind::Text(_) | NodeKind::Map(_) | NodeKind::List(_) => {
                    signed.keys = Some(compiler.exact_operand(&entry.value, Moment::Sent));
                }
                NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => {
                    compiler.wrong_type(&entry.value, "a JSON Web Key Set, or the name of one");
                    sound = false;
                }
            },
            "alg" => {
                signed.algorithms = algorithms(&entry.value, compiler);
                sound &= signed.algorithms.is_some();
            }
            "claims" => {
                for claim in entries(&entry.value, compiler, "JSONPaths and what the claims there are")? {
                    let place = compile_path(&claim.key, compiler);
                    match (place, Matcher::parse(&claim.value, compiler, Moment::Sent)) {
                        (Some(place), Some(matcher)) => {
                            let name = place.as_now().map_or(&*claim.key.text, JsonPath::text);
                            let id = format!("jwt[{text}].claims[{name}]");
                            claims.push(check(id, &claim.value, Claim { path: path.clone(), within: place, matcher }));
                        }
                        (None, _) | (_, None) => sound = false,
                    }
                }
            }
            _ => {
                let help = "known are `keys`, `alg` and `claims`";
                compiler.unknown_key(&entry.key, "a key of `jwt`", &FIELDS.map(|field| field.key), help);
                sound = false;
            }
        }
    }
    claims.insert(0, check(format!("jwt[{text}]"), node, signed));
    sound.then_some(claims)
}

fn algorithms(node: &Node, compiler: &mut Compiler<'_>) -> Option<Fixed<Vec<JwtAlgorithm>>> {
    let items = node.as_list().unwrap_or(std::slice::from_ref(node));
    if items.is_empty() {
        compiler.wrong_type(node, "one algorithm, or a list of which one is taken");
        return None;
    }
    let mut known = Vec::with_capacity(items.len());
    let mut is_late = false;
    for item in items {
        let name = match compiler.fixed(item, str::to_owned)? {
            Fixed::Now(name) => name,
            Fixed::Later => {
                is_late = true;
                continue;
            }
        };
        let Some(algorithm) = JwtAlgorithm::named(&name) else {
            let words = JwtAlgorithm::ALL.map(JwtAlgorithm::as_str);
            let message = format!("{} is no algorithm that a signature is judged by", quoted(&name));
            let near = nearest(&name, words).map(|word| format!("is `{word}` meant? "));
            let help = format!("{}known are {}", near.unwrap_or_default(), listed(&words.map(str::to_owned), "and"));
            compiler.problem_with_help(Code::UnknownValue, item.span, message, help);
            return None;
        };
        known.push(algorithm);
    }
    Some(if is_late { Fixed::Later } else { Fixed::Now(known) })
}

/// The text of the token, and where it stands.
struct Token<'a> {
    text: Cow<'a, str>,
    place: &'a str,
}

/// What stands at the path, or what a check says where that is no text.
fn find<'a>(path: &'a Fixed<JsonPath>, subject: &Subject<'a>) -> Result<Token<'a>, Box<Reading>> {
    let Fixed::Now(path) = path else {
        return Err(Box::new(Reading::Undecided(Breach::new(
            BreachCode::NotCompiled,
            "the path holds a name of the target",
        ))));
    };
    let document = subject.body.document().map_err(|reason| match reason {
        NoDocument::NoAnswer => Box::new(no_answer()),
        NoDocument::Blank | NoDocument::Other { .. } | NoDocument::Invalid { .. } => {
            Box::new(not_json(&reason.to_string()))
        }
    })?;
    if let Some(key) = subject.body.duplicate_key() {
        return Err(Box::new(Reading::Breaks(duplicate_key(key))));
    }
    let place = path.text();
    let found = match path.select(document) {
        Ok(Selected::One(node)) => node.map(|node| node.value),
        // Such a path is a problem when it is compiled.
        Ok(Selected::Many(_)) => None,
        Err(too_many) => {
            return Err(Box::new(Reading::Undecided(
                Breach::new(BreachCode::TooManyNodes, too_many.to_string()).at(place),
            )));
        }
    };
    match found {
        Some(Json::String(text)) => Ok(Token { text: Cow::Borrowed(text), place }),
        other => {
            let code = if other.is_none() { BreachCode::JsonMissing } else { BreachCode::JwtMalformed };
            let actual = Miss::of(Found::from(other), "").actual;
            Err(told(Breach::mismatch(code, "a JSON Web Token", actual), place))
        }
    }
}

/// A breach at a place that its sentence names, too.
fn told(breach: Breach, place: &str) -> Box<Reading> {
    let message = format!("{place}: {}", breach.message);
    Box::new(Reading::Breaks(Breach { message, ..breach }.at(place)))
}

impl Token<'_> {
    /// Reads the token, or asks the door: for a secret, and where what is in it only looks like one.
    fn ask(&self, question: &Question, facts: &dyn Facts) -> Result<Answer, Box<Reading>> {
        if !is_opaque(&self.text) {
            match Jwt::read(&self.text) {
                Err(fault) => return Ok(Answer::NoJwt(fault)),
                Ok(jwt) => {
                    let is_plain = |part: &Json| !has_handle(&shown(part));
                    match question {
                        Question::JwtHeader if is_plain(jwt.header()) => return Ok(Answer::Json(jwt.header().clone())),
                        Question::JwtClaims if is_plain(jwt.claims()) => return Ok(Answer::Json(jwt.claims().clone())),
                        Question::JwtVerifies { keys, algorithms } => {
                            let keys = Json::parse(keys.as_bytes()).unwrap_or_default();
                            return Ok(Answer::Signature(jwt.verify(&keys, algorithms)));
                        }
                        Question::JwtHeader
                        | Question::JwtClaims
                        | Question::Matches { .. }
                        | Question::Contains { .. }
                        | Question::StartsWith { .. }
                        | Question::Length => {}
                    }
                }
            }
        }
        facts.ask(&self.text, question).ok_or_else(|| self.undecided())
    }

    /// The header or the claims.
    fn part(&self, question: &Question, facts: &dyn Facts) -> Result<Json, Box<Reading>> {
        match self.ask(question, facts)? {
            Answer::Json(json) => Ok(json),
            Answer::NoJwt(fault) => Err(self.malformed(fault)),
            Answer::Holds(_) | Answer::Count(_) | Answer::Signature(_) => Err(self.undecided()),
        }
    }

    fn malformed(&self, fault: JwtFault) -> Box<Reading> {
        if fault == JwtFault::Hidden {
            return Box::new(Reading::Undecided(
                Breach::new(BreachCode::OpaqueValue, fault.to_string()).at(self.place),
            ));
        }
        let actual = preview(&Json::from(&*self.text));
        let breach = Breach::mismatch(BreachCode::JwtMalformed, "a JSON Web Token", format!("{actual}: {fault}"));
        told(breach, self.place)
    }

    fn undecided(&self) -> Box<Reading> {
        let doubt = unanswered();
        Box::new(Reading::Undecided(
            Breach::new(doubt.code, format!("{}: {}", self.place, doubt.message)).at(self.place),
        ))
    }
}

/// All texts of a value as they mean, keys too: written JSON would hide a handle behind escapes.
fn shown(json: &Json) -> String {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(" "),
        Json::Object(members) => {
            members.iter().map(|(key, value)| format!("{key} {}", shown(value))).collect::<Vec<_>>().join(" ")
        }
    }
}

impl Signed {
    fn read(&self, subject: &Subject<'_>) -> Result<(), Box<Reading>> {
        let token = find(&self.path, subject)?;
        let header = token.part(&Question::JwtHeader, subject.facts)?;
        let allowed = match &self.algorithms {
            None => JwtAlgorithm::ALL.to_vec(),
            Some(Fixed::Now(algorithms)) => algorithms.clone(),
            Some(Fixed::Later) => {
                let message = "`alg` holds a name of the target";
                return Err(Box::new(Reading::Undecided(Breach::new(BreachCode::NotCompiled, message))));
            }
        };
        let named = header.get("alg").and_then(Json::as_str).unwrap_or_default();
        let is_judged = self.algorithms.is_some() || self.keys.is_some();
        if is_judged && JwtAlgorithm::named(named).is_none_or(|algorithm| !allowed.contains(&algorithm)) {
            let words: Vec<String> = allowed.iter().map(ToString::to_string).collect();
            let expected = format!("a token signed by {}", listed(&words, "or"));
            let breach = Breach::mismatch(BreachCode::JwtAlgorithm, expected, format!("one by {}", quoted(named)));
            return Err(told(breach, token.place));
        }
        let Some(keys) = &self.keys else { return Ok(()) };
        let keys = keys.resolve(subject.sent).map_err(|missing| {
            Box::new(Reading::Undecided(Breach::new(BreachCode::MissingName, missing.to_string()).at(token.place)))
        })?;
        if keys.as_object().is_none() && keys.as_array().is_none() {
            let message = format!("`keys` needs a JSON Web Key Set, and its name stands for {}", preview(&keys));
            return Err(Box::new(Reading::Undecided(Breach::new(BreachCode::BadOperand, message).at(token.place))));
        }
        let question = Question::JwtVerifies { keys: keys.to_string(), algorithms: allowed };
        let standing = match token.ask(&question, subject.facts)? {
            Answer::Signature(standing) => standing,
            Answer::NoJwt(fault) => return Err(token.malformed(fault)),
            Answer::Holds(_) | Answer::Count(_) | Answer::Json(_) => return Err(token.undecided()),
        };
        let kid = header.get("kid").map_or_else(|| "no `kid`".to_owned(), |kid| format!("`kid` {}", preview(kid)));
        let actual = match standing {
            JwtStanding::Verified => return Ok(()),
            JwtStanding::AlgorithmRefused => format!("one by {}", quoted(named)),
            JwtStanding::Critical => "one whose header has `crit`, which nobody understands here".to_owned(),
            JwtStanding::NoKeys => "one for which there are no keys at all".to_owned(),
            JwtStanding::NoKeyFits => format!("one by {named} with {kid}, for which there is no key"),
            JwtStanding::Forged => format!("one by {named} with {kid}, which no key verifies"),
        };
        let expected = "a signature by one of the keys";
        Err(told(Breach::mismatch(BreachCode::JwtSignature, expected, actual), token.place))
    }
}

impl Rule for Signed {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        self.read(subject).err().map_or(Reading::Holds, |reading| *reading)
    }
}

impl Claim {
    fn read(&self, subject: &Subject<'_>) -> Result<Reading, Box<Reading>> {
        let token = find(&self.path, subject)?;
        let Fixed::Now(claim) = &self.within else {
            let message = "the path of the claim holds a name of the target";
            return Err(Box::new(Reading::Undecided(Breach::new(BreachCode::NotCompiled, message))));
        };
        let claims = token.part(&Question::JwtClaims, subject.facts)?;
        let context = Context { scope: subject.sent, facts: subject.facts, texts: Texts::Plain };
        let codes = (BreachCode::JwtClaim, BreachCode::JwtClaimMissing);
        let place = |claim: &str| format!("{}, claim {claim}", token.place);
        Ok(fit_at(claim, &self.matcher, &claims, &context, codes, place))
    }
}

impl Rule for Claim {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        self.read(subject).unwrap_or_else(|reading| *reading)
    }

    fn vacuous(&self) -> Option<String> {
        self.matcher.vacuous()
    }
}
