use crate::diag::{Code, Diagnostic};
use crate::judge::opaque::is_opaque;
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
        Fit::Misses(match (difference, value, &*wanted) {
            (_, Json::String(text), Json::String(promised)) => match odd_character(text, promised) {
                Some(note) => miss.note(note),
                None => miss,
            },
            (Some(difference), _, _) if !way.is_empty() => {
                miss.note(format!("first difference at {}: {difference}", place("", &way)))
            }
            (_, Json::String(text), Json::Number(_) | Json::Bool(_) | Json::Null) if *text == wanted.to_string() => {
                miss.note("the one is a text, the other is not: in YAML, quotes make a text")
            }
            (_, Json::Number(_) | Json::Bool(_) | Json::Null, Json::String(text)) if *text == value.to_string() => {
                miss.note("the one is a text, the other is not: in YAML, quotes make a text")
            }
            (Some(_) | None, _, _) => miss,
        })
    }

    fn describe(&self, context: &Context<'_>) -> String {
        self.0.show(context)
    }

    fn as_fixed(&self) -> Option<&Json> {
        self.0.as_fixed()
    }
}

/// `not`: there, and something else.
#[derive(Debug)]
pub(super) enum Not {
    /// A value.
    Value(Matcher),
    /// Whatever fits.
    Fitting(Matcher),
}

impl Not {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        let wrap = if node.as_map().is_some() { Self::Fitting } else { Self::Value };
        if node.as_list().is_some_and(|items| !items.is_empty()) {
            let problem = Diagnostic::warning(Code::ListUnderNot, "`not` with a list leaves out nothing but this list")
                .at(node.span, "each of its elements passes")
                .help("write `not: { one_of: […] }` for none of them")
                .help("write `not: { equals: […] }` where another list is meant");
            compiler.out.push(problem);
        }
        Matcher::parse(node, compiler, moment).map(wrap)
    }
}

impl Test for Not {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let miss = || Fit::Misses(Miss::of(found, self.describe(context)));
        if found.value().is_none() {
            return miss();
        }
        let (Self::Value(matcher) | Self::Fitting(matcher)) = self;
        match matcher.fit(found, context) {
            Fit::Fits => miss(),
            Fit::Misses(_) => Fit::Fits,
            Fit::Unsure(doubt) => Fit::Unsure(doubt),
        }
    }

    fn describe(&self, context: &Context<'_>) -> String {
        match self {
            Self::Value(matcher) => format!("something other than {}", matcher.describe(context)),
            Self::Fitting(matcher) => format!("anything but {}", matcher.describe(context)),
        }
    }

    fn vacuous_for_texts(&self) -> Option<String> {
        let (Self::Value(matcher) | Self::Fitting(matcher)) = self;
        let fixed = matcher.as_fixed().filter(|fixed| fixed.as_str().is_none())?;
        Some(format!("it is judged as a text, and no text is {}", preview(fixed)))
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
                let shown: Vec<String> = items.iter().take(20).map(preview).collect();
                let more = items.len() - shown.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("one of {}{more}", shown.join(", "))
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
            values.len() == wanted.len()
                && values.iter().zip(wanted).all(|(value, wanted)| same(value, wanted, context))
        }
        _ => value == wanted,
    }
}

/// Where two texts differ, when the eye would not find it: in a long text, or in characters that look alike.
fn odd_character(text: &str, wanted: &str) -> Option<String> {
    const SHORT: usize = 60;
    if is_opaque(text) != is_opaque(wanted) {
        let one = "‹…› stands for a secret, which equals nothing but itself";
        return Some(format!("{one}: compare it with a name that holds it, or say what it `matches`"));
    }
    let at = text.chars().zip(wanted.chars()).take_while(|(left, right)| left == right).count();
    let (got, expected) = (text.chars().nth(at), wanted.chars().nth(at));
    let is_plain = |character: Option<char>| character.is_none_or(|character| character.is_ascii_graphic());
    if text.len().max(wanted.len()) <= SHORT && is_plain(got) && is_plain(expected) {
        return None;
    }
    let name = |character: Option<char>| match character {
        Some(character) => format!("U+{:04X}", u32::from(character)),
        None => "the end".to_owned(),
    };
    Some(format!("first difference at character {}: expected {}, got {}", at + 1, name(expected), name(got)))
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
