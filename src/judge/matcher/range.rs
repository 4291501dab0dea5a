use std::cmp::Ordering;

use crate::judge::{BreachCode, Compiler, Moment};
use crate::value::{Json, Node};

use super::bound::Bound;
use super::wanted::Wanted;
use super::{Context, Doubt, Fit, Found, Miss, Test};

/// `min`: not less.
#[derive(Debug)]
pub(super) struct Min(Wanted);

/// `max`: not more.
#[derive(Debug)]
pub(super) struct Max(Wanted);

impl Min {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        parse(node, compiler, moment).map(Self)
    }
}

impl Max {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        parse(node, compiler, moment).map(Self)
    }
}

impl Test for Min {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        compare(&self.0, found, context, Ordering::is_ge, || self.describe(context))
    }

    fn describe(&self, context: &Context<'_>) -> String {
        let least = if is_time(&self.0, context) { "a time not before" } else { "at least" };
        format!("{least} {}", show(&self.0, context))
    }
}

impl Test for Max {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        compare(&self.0, found, context, Ordering::is_le, || self.describe(context))
    }

    fn describe(&self, context: &Context<'_>) -> String {
        let most = if is_time(&self.0, context) { "a time not after" } else { "at most" };
        format!("{most} {}", show(&self.0, context))
    }
}

/// Reads an operand that has an order.
pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Wanted> {
    let wanted = Wanted::parse(node, compiler, moment);
    if wanted.as_fixed().is_some_and(|fixed| Bound::of_operand(fixed).is_none()) {
        compiler.wrong_type(node, "a number, a duration such as `2s`, or a time such as `2026-11-22T18:00:00Z`");
        return None;
    }
    Some(wanted)
}

/// Puts the value beside the bound.
pub(super) fn compare(
    wanted: &Wanted,
    found: Found<'_>,
    context: &Context<'_>,
    fits: fn(Ordering) -> bool,
    describe: impl FnOnce() -> String,
) -> Fit {
    let operand = match wanted.get(context) {
        Ok(operand) => operand,
        Err(doubt) => return doubt.into(),
    };
    let Some(bound) = Bound::of_operand(&operand) else {
        let message =
            format!("{} is neither a number nor a duration nor a time", crate::judge::show::preview(&operand));
        return Doubt::new(BreachCode::BadOperand, message).into();
    };
    let Some(value) = found.value() else { return Fit::Misses(Miss::of(found, describe())) };
    match bound.order(value, context) {
        Err(doubt) => doubt.into(),
        Ok(Some(order)) => Fit::when(fits(order), found, describe),
        Ok(None) => {
            let described = describe();
            // A time says of itself that it is one.
            let kind = if described.starts_with("a time") { "" } else { kind(&bound) };
            let miss = Miss::of(found, format!("{kind}{described}"));
            Fit::Misses(match value {
                Json::String(_) if described.starts_with("a time") => miss
                    .note("a text is a time where RFC 3339 says so, with an offset: `2026-11-22T18:00:00Z`, `…+01:00`"),
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
                    miss
                }
            })
        }
    }
}

fn is_time(wanted: &Wanted, context: &Context<'_>) -> bool {
    wanted.get(context).is_ok_and(|operand| matches!(Bound::of_operand(&operand), Some(Bound::Time(_))))
}

fn kind(bound: &Bound) -> &'static str {
    match bound {
        Bound::Number(_) => "a number of ",
        Bound::Duration(_) => "a duration of ",
        Bound::Time(_) => "a time of ",
    }
}

/// The operand as it stands in a message: durations and times without quotes.
pub(super) fn show(wanted: &Wanted, context: &Context<'_>) -> String {
    match wanted.get(context).as_deref() {
        Ok(Json::String(text)) => crate::judge::show::cut(text),
        Ok(_) | Err(_) => wanted.show(context),
    }
}
