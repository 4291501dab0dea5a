use std::cmp::Ordering;

use crate::judge::{Compiler, Moment};
use crate::value::{Json, Node};

use super::bound::time;
use super::range::{compare, show};
use super::wanted::Wanted;
use super::{Context, Fit, Found, Test};

/// `before`: a time before this one.
#[derive(Debug)]
pub(super) struct Before(Wanted);

/// `after`: a time after this one.
#[derive(Debug)]
pub(super) struct After(Wanted);

impl Before {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        parse(node, compiler, moment).map(Self)
    }
}

impl After {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Self> {
        parse(node, compiler, moment).map(Self)
    }
}

impl Test for Before {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        compare(&self.0, found, context, Ordering::is_lt, || self.describe(context))
    }

    fn describe(&self, context: &Context<'_>) -> String {
        format!("a time before {}", show(&self.0, context))
    }
}

impl Test for After {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        compare(&self.0, found, context, Ordering::is_gt, || self.describe(context))
    }

    fn describe(&self, context: &Context<'_>) -> String {
        format!("a time after {}", show(&self.0, context))
    }
}

fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Option<Wanted> {
    let wanted = Wanted::parse(node, compiler, moment);
    let is_time = match wanted.as_fixed() {
        None | Some(Json::Number(_)) => true,
        Some(Json::String(text)) => time(text).is_some(),
        Some(Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_)) => false,
    };
    if !is_time {
        compiler.wrong_type(node, "a time such as `2026-11-22T18:00:00Z`, or seconds since 1970");
    }
    is_time.then_some(wanted)
}
