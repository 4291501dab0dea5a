use std::cmp::Ordering;
use std::time::Duration;

use crate::judge::opaque::{is_opaque, unreadable};
use crate::value::{Json, Number, parse_duration};

use super::{Context, Doubt, Texts};

/// Something that has an order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bound {
    Number(Number),
    Duration(Duration),
    Time(jiff::Timestamp),
}

impl Bound {
    /// What an operand stands for: a number, a duration such as `2s`, or a time by RFC 3339.
    pub(super) fn of_operand(operand: &Json) -> Option<Self> {
        match operand {
            Json::Number(number) => Some(Self::Number(number.clone())),
            Json::String(text) => parse_duration(text)
                .map(Self::Duration)
                .or_else(|| time(text).map(Self::Time))
                .or_else(|| Number::parse(text).ok().map(Self::Number)),
            Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
        }
    }

    /// How a value stands to this bound; `None` when it is of another kind.
    ///
    /// A number beside a duration counts seconds, beside a time seconds since 1970.
    pub(super) fn order(&self, value: &Json, context: &Context<'_>) -> Result<Option<Ordering>, Doubt> {
        let value = match value {
            Json::String(text) if is_opaque(text) => return Err(unreadable()),
            Json::String(text) if context.texts == Texts::MayBeNumbers => match Number::parse(text) {
                Ok(number) => &Json::Number(number),
                Err(_) => value,
            },
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => value,
        };
        Ok(match (self, value) {
            (Self::Number(bound), Json::Number(number)) => Some(number.cmp(bound)),
            (Self::Number(bound), Json::String(text)) => time(text).map(|time| seconds(time).cmp(bound)),
            (Self::Duration(bound), Json::Number(number)) => Some(number.cmp(&span_seconds(*bound))),
            (Self::Duration(bound), Json::String(text)) => parse_duration(text).map(|span| span.cmp(bound)),
            (Self::Time(bound), Json::Number(number)) => Some(number.cmp(&seconds(*bound))),
            (Self::Time(bound), Json::String(text)) => time(text).map(|time| time.cmp(bound)),
            (_, Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_)) => None,
        })
    }
}

/// A time by RFC 3339, with whatever offset.
pub(super) fn time(text: &str) -> Option<jiff::Timestamp> {
    // The shortest is `1970-01-01T00:00:00Z`; jiff reads more than RFC 3339 has.
    (text.len() >= 20 && text.as_bytes().get(4) == Some(&b'-')).then(|| text.parse().ok()).flatten()
}

/// Seconds since 1970, exactly.
fn seconds(time: jiff::Timestamp) -> Number {
    exact_seconds(time.as_nanosecond())
}

fn span_seconds(span: Duration) -> Number {
    exact_seconds(i128::try_from(span.as_nanos()).unwrap_or(i128::MAX))
}

fn exact_seconds(nanos: i128) -> Number {
    const GIGA: u128 = 1_000_000_000;
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let text = format!("{sign}{}.{:09}", nanos / GIGA, nanos % GIGA);
    Number::parse(&text).unwrap_or_else(|_| 0_i64.into())
}
