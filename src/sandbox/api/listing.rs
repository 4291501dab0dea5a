use http::StatusCode;
use serde_json::{Map, Value, json};

use super::dates::long_date;
use crate::clock::Timestamp;
use crate::sandbox::tenant::BUSINESS_UNIT;
use crate::sandbox::wire::{Params, Reply};

/// When everything that was set up before the first request last changed: 2024-01-15T09:30:00Z.
pub(crate) const SET_UP: Timestamp = Timestamp::from_millis(1_705_311_000_000);

/// The most rows of a page; the reference gives no number, one client saw this one.
const LARGEST_PAGE: usize = 100;

/// Why a list cannot be told; all of them 400.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ListRefusal {
    #[error("Invalid parameter 'top', must be an integer greater than 0")]
    Top,
    #[error("Invalid parameter 'skip', must be an integer not less than 0")]
    Skip,
    #[error("Invalid fields - '{0}'")]
    Fields(String),
    #[error("Invalid orderBy - '{0}'")]
    Order(String),
    #[error("Invalid parameter 'updatedSince', must be a date")]
    Since,
}

impl From<ListRefusal> for Reply {
    fn from(refusal: ListRefusal) -> Self {
        Reply::refusal(StatusCode::BAD_REQUEST, refusal.to_string())
    }
}

/// One row of a list, and when it last changed.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) changed: Timestamp,
    pub(crate) value: Value,
}

/// What a request wants of a list: which rows, in which order, with which members.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    skip: usize,
    top: usize,
    fields: Option<Vec<String>>,
    order: Vec<(String, Order)>,
    since: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Ascending,
    Descending,
}

/// The rows that are told of a list.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// How many there are in all.
    pub(crate) total: usize,
    /// Those of the page.
    pub(crate) rows: Vec<Value>,
}

impl Listing {
    /// Reads `skip`, `top`, `fields`, `orderBy` and `updatedSince`.
    pub(crate) fn read(params: &Params) -> Result<Self, ListRefusal> {
        let skip = params.integer("skip").map_err(|_| ListRefusal::Skip)?.unwrap_or(0);
        let top = params.integer("top").map_err(|_| ListRefusal::Top)?;
        let top = top.map_or(Ok(LARGEST_PAGE), usize::try_from).map_err(|_| ListRefusal::Top)?;
        if top == 0 {
            return Err(ListRefusal::Top);
        }
        let list = |name| params.text(name).map(|text| text.split(',').map(str::trim).filter(|one| !one.is_empty()));
        let order = list("orderBy").into_iter().flatten().map(|term| {
            let (field, direction) = term.split_once(char::is_whitespace).unwrap_or((term, "asc"));
            match direction.trim().to_ascii_lowercase().as_str() {
                "asc" => Ok((field.to_owned(), Order::Ascending)),
                "desc" => Ok((field.to_owned(), Order::Descending)),
                _ => Err(ListRefusal::Order(term.to_owned())),
            }
        });
        let since = params.text("updatedSince").map(|text| Timestamp::parse_iso(text.trim()).ok_or(ListRefusal::Since));
        Ok(Self {
            skip: usize::try_from(skip).map_err(|_| ListRefusal::Skip)?,
            top: top.min(LARGEST_PAGE),
            fields: list("fields").map(|fields| fields.map(str::to_owned).collect()),
            order: order.collect::<Result<_, _>>()?,
            since: since.transpose()?,
        })
    }

    /// Reads `fields` alone, for an answer that is not a list.
    pub(crate) fn only_fields(params: &Params) -> Self {
        let fields = params.text("fields").map(|text| text.split(',').map(|one| one.trim().to_owned()).collect());
        Self { skip: 0, top: 1, fields, order: Vec::new(), since: None }
    }

    /// Whether a row of that age is wanted.
    pub(crate) fn wants(&self, changed: Timestamp) -> bool {
        self.since.is_none_or(|since| changed >= since)
    }

    /// The page of `rows`. Names of members are checked against the first row: every row has the same ones.
    pub(crate) fn of(&self, rows: Vec<Row>) -> Result<Listed, ListRefusal> {
        let named = rows.first().and_then(|row| row.value.as_object().cloned());
        let name = |wanted: &str, refuse: fn(String) -> ListRefusal| match &named {
            None => Ok(wanted.to_owned()),
            Some(known) => {
                let known = known.keys().find(|known| known.eq_ignore_ascii_case(wanted));
                known.cloned().ok_or_else(|| refuse(wanted.to_owned()))
            }
        };
        let fields = self.fields.iter().flatten().map(|field| name(field, ListRefusal::Fields));
        let fields = fields.collect::<Result<Vec<_>, _>>()?;
        let order = self.order.iter().map(|(field, order)| Ok((name(field, ListRefusal::Order)?, *order)));
        let order = order.collect::<Result<Vec<_>, _>>()?;

        let mut values: Vec<Value> =
            rows.into_iter().filter(|row| self.wants(row.changed)).map(|row| row.value).collect();
        for (field, order) in order.iter().rev() {
            values.sort_by(|one, other| {
                let ordering = compare(&one[field], &other[field]);
                if *order == Order::Ascending { ordering } else { ordering.reverse() }
            });
        }
        let total = values.len();
        let page = values.into_iter().skip(self.skip).take(self.top);
        let rows = if self.fields.is_some() { page.map(|row| only(row, &fields)).collect() } else { page.collect() };
        Ok(Listed { total, rows })
    }
}

impl Listed {
    /// The envelope of a list.
    pub(crate) fn envelope(self, plural: &str, now: Timestamp) -> Value {
        let mut envelope = json!({
            "_links": {},
            "businessUnitId": BUSINESS_UNIT.number,
            "lastPollTime": long_date(now),
            "totalRecords": self.total,
        });
        envelope[plural] = Value::Array(self.rows);
        envelope
    }

    /// The same, or 204 when there is nothing.
    pub(crate) fn or_no_content(self, plural: &str, now: Timestamp) -> Reply {
        if self.rows.is_empty() {
            return Reply::empty(StatusCode::NO_CONTENT, "No Content");
        }
        Reply::ok(self.envelope(plural, now))
    }
}

fn only(row: Value, fields: &[String]) -> Value {
    let Value::Object(mut members) = row else { return row };
    let kept: Map<String, Value> =
        fields.iter().filter_map(|field| Some((field.clone(), members.remove(field)?))).collect();
    Value::Object(kept)
}

fn compare(one: &Value, other: &Value) -> std::cmp::Ordering {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => text(one).cmp(&text(other)),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(query: &str) -> Result<Vec<Value>, ListRefusal> {
        let row = |id: i32, name: &str| Row {
            changed: Timestamp::from_millis(i64::from(id) * 1000),
            value: json!({ "id": id, "name": name, "isOk": true }),
        };
        let rows = vec![row(1, "b"), row(2, "A"), row(10, "c")];
        Listing::read(&Params::from_form(query.as_bytes()))?.of(rows).map(|listed| listed.rows)
    }

    #[test]
    fn rows_are_chosen_ordered_and_cut() {
        assert_eq!(listed("fields=ID&orderBy=name desc&top=2"), Ok(vec![json!({ "id": 10 }), json!({ "id": 1 })]));
        assert_eq!(listed("fields=name&skip=2"), Ok(vec![json!({ "name": "c" })]));
        assert_eq!(listed("fields=id&orderBy=id desc&skip=2"), Ok(vec![json!({ "id": 1 })]));
        assert_eq!(listed("updatedSince=1970-01-01T00:00:02Z&fields=id").map(|rows| rows.len()), Ok(2));
    }

    #[test]
    fn each_bad_parameter_is_named() {
        assert_eq!(listed("fields=id,nope"), Err(ListRefusal::Fields("nope".into())));
        assert_eq!(listed("orderBy=nope"), Err(ListRefusal::Order("nope".into())));
        assert_eq!(listed("orderBy=id sideways"), Err(ListRefusal::Order("id sideways".into())));
        assert_eq!(listed("updatedSince=yesterday"), Err(ListRefusal::Since));
        assert_eq!((listed("top=0"), listed("skip=x")), (Err(ListRefusal::Top), Err(ListRefusal::Skip)));
    }
}
