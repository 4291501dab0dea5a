use crate::judge::show::{Step, quoted};
use crate::judge::{Compiler, Fixed, Moment};
use crate::value::{Json, Node};

use super::{Context, Fit, Found, Matcher, Miss, Test};

/// `has`: an object whose members fit.
#[derive(Debug)]
pub(super) struct Has(Vec<(String, Matcher)>);

impl Has {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        let Some(entries) = node.as_map().filter(|entries| !entries.is_empty()) else {
            compiler.wrong_type(node, "a map from members to values or matchers");
            return None;
        };
        let members: Vec<_> = entries
            .iter()
            .map(|entry| {
                let name = match compiler.fixed_key(&entry.key)? {
                    Fixed::Now(name) => name,
                    Fixed::Later => entry.key.text.to_string(),
                };
                Some((name, Matcher::parse(&entry.value, compiler, moment)?))
            })
            .collect();
        members.into_iter().collect::<Option<_>>().map(Self)
    }
}

impl Test for Has {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let Some(value @ Json::Object(_)) = found.value() else {
            return Fit::Misses(Miss::of(found, self.describe(context)));
        };
        Fit::all(self.0.iter().map(|(name, matcher)| {
            matcher.fit(Found::from(value.get(name)), context).below(Step::Key(name.clone()))
        }))
    }

    fn describe(&self, context: &Context<'_>) -> String {
        let member = |(name, matcher): &(String, Matcher)| format!("{}: {}", quoted(name), matcher.describe(context));
        format!("an object with {{{}}}", self.0.iter().map(member).collect::<Vec<_>>().join(", "))
    }
}
