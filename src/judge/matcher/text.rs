use regex::{Regex, RegexBuilder};

use crate::diag::Code;
use crate::judge::opaque::{ask_whether, is_opaque};
use crate::judge::show::cut;
use crate::judge::{BreachCode, Compiler, Fixed, Moment};
use crate::value::{Json, Node, Question};

use super::wanted::Wanted;
use super::{Context, Doubt, Fit, Found, Miss, Test};

/// The largest compiled regular expression, in bytes.
const MAX_REGEX_BYTES: usize = 1 << 20;

/// `starts_with`: a text that begins with this one.
#[derive(Debug)]
pub(super) struct StartsWith(Wanted);

impl StartsWith {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        let start = Wanted::parse(node, compiler, moment);
        if start.as_fixed().is_some_and(|start| text_of(start).is_none()) {
            compiler.wrong_type(node, "a text");
            return None;
        }
        Some(Self(start))
    }
}

impl Test for StartsWith {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let wanted = match self.0.get(context) {
            Ok(wanted) => wanted,
            Err(doubt) => return doubt.into(),
        };
        let Some(start) = text_of(&wanted) else {
            let message = format!("`starts_with` needs a text, and its name stands for {}", self.0.show(context));
            return Doubt::new(BreachCode::BadOperand, message).into();
        };
        let Some(text) = found.value().and_then(Json::as_str) else {
            return Fit::Misses(Miss::of(found, self.describe(context)));
        };
        let fits = if text.starts_with(start) {
            Ok(true)
        } else if is_opaque(text) || is_opaque(start) {
            ask_whether(text, &Question::StartsWith { text: start.to_owned() }, context.facts)
        } else {
            Ok(false)
        };
        fits.map_or_else(Fit::from, |fits| Fit::when(fits, found, || self.describe(context)))
    }

    fn describe(&self, context: &Context<'_>) -> String {
        format!("a text that starts with {}", self.0.show(context))
    }

    fn vacuous(&self) -> Option<String> {
        let is_empty = self.0.as_fixed().and_then(Json::as_str).is_some_and(str::is_empty);
        is_empty.then(|| "every text starts with the empty one".to_owned())
    }
}

fn text_of(value: &Json) -> Option<&str> {
    match value {
        Json::String(text) => Some(text),
        Json::Number(number) => Some(number.text()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// `matches`: a text in which a regular expression matches.
#[derive(Debug)]
pub(super) struct Matches(Fixed<Regex>);

impl Matches {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        compile(node, compiler).map(Self)
    }
}

/// Compiles the regular expression that a node holds.
pub(in crate::judge) fn compile(node: &Node, compiler: &mut Compiler<'_>) -> Option<Fixed<Regex>> {
    let pattern = match compiler.fixed(node, regex::escape)? {
        Fixed::Later => return Some(Fixed::Later),
        Fixed::Now(pattern) => pattern,
    };
    match RegexBuilder::new(&pattern).size_limit(MAX_REGEX_BYTES).build() {
        Ok(regex) => Some(Fixed::Now(regex)),
        Err(regex::Error::CompiledTooBig(_)) => {
            compiler.problem(Code::BadRegex, node.span, "the regular expression is too large when it is compiled");
            None
        }
        Err(error) => {
            // The crate draws the expression with its own caret over several lines; the last tells what is wrong.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned();
            compiler.problem(Code::BadRegex, node.span, format!("not a regular expression: {reason}"));
            None
        }
    }
}

impl Test for Matches {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let Fixed::Now(regex) = &self.0 else { return not_compiled().into() };
        let Some(text) = found.value().and_then(Json::as_str) else {
            return Fit::Misses(Miss::of(found, self.describe(context)));
        };
        let fits = if is_opaque(text) {
            ask_whether(text, &Question::Matches { pattern: regex.as_str().to_owned() }, context.facts)
        } else {
            Ok(regex.is_match(text))
        };
        fits.map_or_else(Fit::from, |fits| Fit::when(fits, found, || self.describe(context)))
    }

    fn describe(&self, _: &Context<'_>) -> String {
        let pattern = self.0.as_now().map_or_else(String::new, |regex| cut(regex.as_str()));
        format!("a text that matches `{pattern}`")
    }

    fn vacuous(&self) -> Option<String> {
        let regex = self.0.as_now()?;
        let pattern = regex.as_str();
        // What has nothing in it but "anything" between anchors matches every text, too.
        let free = pattern.trim_start_matches("(?s)").trim_start_matches('^').trim_end_matches('$');
        let is_anything = matches!(free, "" | ".*" | "(.*)" | ".*?")
            && !(pattern.contains('^') && pattern.contains('$') && free.is_empty());
        let has_anchor = ["^", "$", "\\A", "\\z", "\\b", "\\B"].iter().any(|anchor| pattern.contains(anchor));
        (is_anything || (!has_anchor && regex.is_match(""))).then(|| format!("`{}` matches every text", cut(pattern)))
    }
}

/// That the place holds a name which only the target gives.
pub(in crate::judge) fn not_compiled() -> Doubt {
    Doubt::new(BreachCode::NotCompiled, "the check holds a name that is not known before the target is")
}
