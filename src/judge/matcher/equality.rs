use crate::judge::show::{Step, listed, place, preview};
use crate::judge::{BreachCode, Compiler, Moment};
use crate::value::{Json, Node};

use super::registry::parse_list;
use super::wanted::Wanted;
use super::{Context, Doubt, Fit, Found, Matcher, Miss, Test, Texts};

/// `equals`: the same value.
#[derive(Debug)]
pub(super) struct Equals(Wanted);

impl Equals {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Self {
        Self(Wanted::parse(node, compiler, moment))
    }
}

impl Test for Equals {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let wanted = match self.0.get(context) {
            Ok(wanted) => wanted,
            Err(doubt) => return doubt.into(),
        };
        let Some(value) = found.value() else { return Fit::Misses(Miss::of(found, preview(&wanted))) };
        if same(value, &wanted, context) {
            return Fit::Fits;
        }
        let miss = Miss::of(found, preview(&wanted));
        let mut way = Vec::new();
        let difference = difference(value, &wanted, &mut way);
        Fit::Misses(match difference {
            Some(difference) if !way.is_empty() => {
                miss.note(format!("first difference at {}: {difference}", place("$", &way)))
            }
            Some(_) | None => miss,
        })
    }

    fn describe(&self, context: &Context<'_>) -> String {
        self.0.show(context)
    }
}

/// `not`: there, and something else.
#[derive(Debug)]
pub(super) struct Not(Matcher);

impl Not {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        Matcher::parse(node, compiler, moment).map(Self)
    }
}

impl Test for Not {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let miss = || Fit::Misses(Miss::of(found, self.describe(context)));
        if found.value().is_none() {
            return miss();
        }
        match self.0.fit(found, context) {
            Fit::Fits => miss(),
            Fit::Misses(_) => Fit::Fits,
            Fit::Unsure(doubt) => Fit::Unsure(doubt),
        }
    }

    fn describe(&self, context: &Context<'_>) -> String {
        format!("something other than {}", self.0.describe(context))
    }
}

/// `one_of`: one of some values.
#[derive(Debug)]
pub(super) struct OneOf(Wanted);

impl OneOf {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        let values = Wanted::parse(node, compiler, moment);
        match values.as_fixed() {
            None => {}
            Some(Json::Array(items)) if !items.is_empty() => {}
            Some(_) => {
                compiler.wrong_type(node, "a list of values, or a name that stands for one");
                return None;
            }
        }
        Some(Self(values))
    }
}

impl Test for OneOf {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let values = match self.0.get(context) {
            Ok(values) => values,
            Err(doubt) => return doubt.into(),
        };
        let Some(values) = values.as_array() else {
            let message = format!("`one_of` needs a list, and its name stands for {}", preview(&values));
            return Doubt::new(BreachCode::BadOperand, message).into();
        };
        let fits = found.value().is_some_and(|value| values.iter().any(|wanted| same(value, wanted, context)));
        Fit::when(fits, found, || self.describe(context))
    }

    fn describe(&self, context: &Context<'_>) -> String {
        match self.0.get(context).as_deref() {
            Ok(Json::Array(items)) => {
                let mut shown: Vec<String> = items.iter().take(20).map(preview).collect();
                if items.len() > shown.len() {
                    shown.push(format!("{} more", items.len() - shown.len()));
                }
                format!("one of {}", shown.join(", "))
            }
            Ok(_) | Err(_) => format!("one of {}", self.0.show(context)),
        }
    }
}

/// `any_of`: fits one of some matchers.
#[derive(Debug)]
pub(super) struct AnyOf(Vec<Matcher>);

impl AnyOf {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        parse_list(node, "any_of", compiler, moment).map(Self)
    }
}

impl Test for AnyOf {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let (mut unsure, mut nearest) = (None, None::<Miss>);
        for matcher in &self.0 {
            match matcher.fit(found, context) {
                Fit::Fits => return Fit::Fits,
                Fit::Misses(miss) => {
                    if nearest.as_ref().is_none_or(|nearest| miss.near > nearest.near) {
                        nearest = Some(miss);
                    }
                }
                Fit::Unsure(doubt) => unsure = unsure.or(Some(doubt)),
            }
        }
        if let Some(doubt) = unsure {
            return Fit::Unsure(doubt);
        }
        let miss = Miss::of(found, self.describe(context));
        Fit::Misses(match nearest {
            Some(nearest) if nearest.near > 0 => miss.note(nearest.line()),
            Some(_) | None => miss,
        })
    }

    fn describe(&self, context: &Context<'_>) -> String {
        listed(&self.0.iter().map(|matcher| matcher.describe(context)).collect::<Vec<_>>(), "or")
    }

    fn vacuous(&self) -> Option<String> {
        let reason = self.0.iter().find_map(Matcher::vacuous)?;
        Some(format!("a branch of `any_of` cannot fail: {reason}"))
    }
}

/// Whether the two are the same; where all values are texts, `5` is the text `5`.
pub(super) fn same(value: &Json, wanted: &Json, context: &Context<'_>) -> bool {
    match (context.texts, value, wanted) {
        (Texts::MayBeNumbers, Json::String(text), Json::Number(number)) => {
            crate::value::Number::parse(text).is_ok_and(|value| value == *number)
        }
        (Texts::MayBeNumbers, Json::String(text), Json::Bool(truth)) => *text == truth.to_string(),
        (Texts::MayBeNumbers, Json::Array(values), Json::Array(wanted)) => {
            values.len() == wanted.len() && values.iter().zip(wanted).all(|(value, wanted)| same(value, wanted, context))
        }
        _ => value == wanted,
    }
}

/// The first place where the two differ, and how.
fn difference(value: &Json, wanted: &Json, way: &mut Vec<Step>) -> Option<String> {
    match (value, wanted) {
        (Json::Object(members), Json::Object(promised)) => {
            for (key, inner) in promised {
                way.push(Step::Key(key.clone()));
                match value.get(key) {
                    None => return Some(format!("expected {}, got nothing", preview(inner))),
                    Some(member) if member != inner => return difference(member, inner, way),
                    Some(_) => way.pop(),
                };
            }
            let (key, extra) = members.iter().find(|(key, _)| wanted.get(key).is_none())?;
            way.push(Step::Key(key.clone()));
            Some(format!("expected nothing, got {}", preview(extra)))
        }
        (Json::Array(values), Json::Array(promised)) => {
            let at = values.iter().zip(promised).position(|(value, wanted)| value != wanted);
            let Some(at) = at else {
                return Some(format!("expected {} elements, got {}", promised.len(), values.len())).filter(|_| {
                    way.push(Step::Index(values.len().min(promised.len())));
                    true
                });
            };
            way.push(Step::Index(at));
            difference(&values[at], &promised[at], way)
        }
        _ => Some(format!("expected {}, got {}", preview(wanted), preview(value))),
    }
}
