use crate::judge::matcher::{Context, Found, Matcher, Texts};
use crate::judge::show::{listed, preview};
use crate::judge::{Breach, BreachCode, Check, Compiler, Moment, Reading, Rule, Subject};
use crate::value::{Json, Node, NodeKind, Template};

use super::registry::{no_answer, of_fit, one, under};

/// `content_type`: the media type of the body.
#[derive(Debug)]
enum ContentType {
    /// One of these, names put in.
    OneOf(Vec<Template>),
    /// Whatever fits.
    Fits(Matcher),
}

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    let rule = match &node.kind {
        NodeKind::Map(_) => ContentType::Fits(Matcher::parse(node, compiler, Moment::Sent)?),
        NodeKind::List(items) if !items.is_empty() => {
            let types: Vec<_> = items.iter().map(|item| compiler.template(item, Moment::Sent)).collect();
            ContentType::OneOf(types.into_iter().collect::<Option<_>>()?)
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::List(_) => {
            ContentType::OneOf(vec![compiler.template(node, Moment::Sent)?])
        }
    };
    Some(one("content_type", node, rule))
}

impl Rule for ContentType {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        const CODE: BreachCode = BreachCode::ContentTypeMismatch;
        let Some(answer) = subject.answer() else { return no_answer() };
        let actual = answer.media_type();
        match self {
            Self::Fits(matcher) => {
                let context = Context { scope: subject.sent, facts: subject.facts, texts: Texts::Plain };
                let value = actual.map(Json::from);
                of_fit(matcher.fit(Found::from(value.as_ref()), &context), CODE, CODE, under("header content-type"))
            }
            Self::OneOf(types) => {
                let mut wanted = Vec::with_capacity(types.len());
                for template in types {
                    match template.render(subject.sent) {
                        Ok(text) => wanted.push(without_parameters(&text)),
                        Err(missing) => {
                            return Reading::Undecided(Breach::new(BreachCode::MissingName, missing.to_string()));
                        }
                    }
                }
                if actual.as_ref().is_some_and(|actual| wanted.contains(actual)) {
                    return Reading::Holds;
                }
                let actual = actual.map_or_else(|| "nothing".to_owned(), |actual| preview(&actual.into()));
                let wanted: Vec<String> = wanted.into_iter().map(|wanted| preview(&wanted.into())).collect();
                let mut breach = Breach::mismatch(CODE, listed(&wanted, "or"), actual).at("header content-type");
                breach.message = format!("header content-type: {}", breach.message);
                Reading::Breaks(breach)
            }
        }
    }

    fn vacuous(&self) -> Option<String> {
        match self {
            Self::Fits(matcher) => matcher.vacuous_for_texts(),
            Self::OneOf(_) => None,
        }
    }
}

fn without_parameters(text: &str) -> String {
    text.split(';').next().unwrap_or(text).trim().to_ascii_lowercase()
}
