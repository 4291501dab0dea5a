use std::fmt;
use std::time::Duration;

/// One way in which an answer was broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mutation {
    /// Another status code.
    Status {
        /// The code.
        status: u16,
    },
    /// The body is not there.
    BodyGone,
    /// The body ends in the middle.
    BodyCut,
    /// There is a body where there was none.
    BodyAdded,
    /// The reason phrase is not there.
    ReasonGone,
    /// A member is not there.
    Dropped(Place),
    /// A value is null.
    Nulled(Place),
    /// A value is of another type: a number became a text, a text a number.
    Retyped(Place),
    /// A text, list or object has nothing in it.
    Emptied(Place),
    /// A member has another name.
    Renamed(Place),
    /// A number is one more.
    OffByOne(Place),
    /// A number is far from what it was.
    Far(Place),
    /// The letters of a text have another case.
    Case(Place),
    /// A text is another one.
    Other(Place),
    /// What was null is not.
    Filled(Place),
    /// A refusal holds a member that the same request is given where it is not refused.
    Added(Place),
    /// A value is one that an answer before gave.
    Repeated(Place, String),
    /// An element of a list is lost.
    Lost(Place),
    /// An element of a list comes twice.
    Doubled(Place),
    /// The elements of a list come in another order.
    Reordered(Place),
    /// Nothing is left but the status.
    Bare,
    /// A header field is not there.
    HeaderDropped(String),
    /// The answer sends its client away.
    LocationAdded,
    /// The answer sends its client somewhere else.
    LocationElsewhere,
    /// A parameter is not in the address to which the answer sends its client.
    LocationLost(String),
    /// The body says that it is something else.
    ContentType(String),
    /// The answer came so much later.
    Later(Duration),
    /// The answer came at once.
    AtOnce,
    /// The answers of two attempts of a poll that collects came in each other's place.
    Swapped,
}

/// Where in a body a value stands, as a JSONPath.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Index(usize),
    /// Any element.
    Any,
}

/// How grave it would be if an endpoint did so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Clients of the endpoint may well go on.
    Slight,
    /// Clients of the endpoint break.
    Grave,
}

impl Mutation {
    /// How grave it would be in an answer of this status. What is in the body of a redirect or a refusal is seldom more than
    /// words for a person.
    #[must_use]
    pub fn gravity(&self, status: u16) -> Gravity {
        match self {
            Self::Status { .. } => Gravity::Grave,
            Self::BodyGone
            | Self::BodyCut
            | Self::Dropped(_)
            | Self::Nulled(_)
            | Self::Retyped(_)
            | Self::Emptied(_)
            | Self::Renamed(_)
            | Self::Repeated(..)
                if (200..300).contains(&status) =>
            {
                Gravity::Grave
            }
            Self::BodyGone
            | Self::BodyCut
            | Self::Dropped(_)
            | Self::Nulled(_)
            | Self::Retyped(_)
            | Self::Emptied(_)
            | Self::Renamed(_)
            | Self::Repeated(..)
            | Self::OffByOne(_)
            | Self::Far(_)
            | Self::Case(_)
            | Self::Other(_)
            | Self::Filled(_)
            | Self::Added(_)
            | Self::Bare
            | Self::LocationAdded
            | Self::LocationElsewhere
            | Self::LocationLost(_)
            | Self::Lost(_)
            | Self::Doubled(_)
            | Self::Reordered(_)
            | Self::HeaderDropped(_)
            | Self::ContentType(_)
            | Self::Later(_)
            | Self::BodyAdded
            | Self::ReasonGone
            | Self::AtOnce
            | Self::Swapped => Gravity::Slight,
        }
    }

    /// Its kind, in kebab-case.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::BodyGone => "body-gone",
            Self::BodyCut => "body-cut",
            Self::Dropped(_) => "dropped",
            Self::Nulled(_) => "nulled",
            Self::Retyped(_) => "retyped",
            Self::Emptied(_) => "emptied",
            Self::Renamed(_) => "renamed",
            Self::OffByOne(_) => "off-by-one",
            Self::Far(_) => "far",
            Self::Other(_) => "other",
            Self::Filled(_) => "filled",
            Self::Added(_) => "added",
            Self::Bare => "bare",
            Self::LocationAdded => "location-added",
            Self::LocationElsewhere => "location-elsewhere",
            Self::LocationLost(_) => "location-lost",
            Self::Case(_) => "case",
            Self::Repeated(..) => "repeated",
            Self::Lost(_) => "lost",
            Self::Doubled(_) => "doubled",
            Self::Reordered(_) => "reordered",
            Self::HeaderDropped(_) => "header-dropped",
            Self::ContentType(_) => "content-type",
            Self::Later(_) => "later",
            Self::BodyAdded => "body-added",
            Self::ReasonGone => "reason-gone",
            Self::AtOnce => "at-once",
            Self::Swapped => "swapped",
        }
    }

    /// The place in the body that it changes, where it changes one.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Dropped(place)
            | Self::Nulled(place)
            | Self::Retyped(place)
            | Self::Emptied(place)
            | Self::Renamed(place)
            | Self::OffByOne(place)
            | Self::Far(place)
            | Self::Case(place)
            | Self::Other(place)
            | Self::Filled(place)
            | Self::Added(place)
            | Self::Repeated(place, _)
            | Self::Lost(place)
            | Self::Doubled(place)
            | Self::Reordered(place) => Some(place),
            Self::Status { .. }
            | Self::BodyGone
            | Self::BodyCut
            | Self::BodyAdded
            | Self::ReasonGone
            | Self::AtOnce
            | Self::Swapped
            | Self::Bare
            | Self::LocationAdded
            | Self::LocationElsewhere
            | Self::LocationLost(_)
            | Self::HeaderDropped(_)
            | Self::ContentType(_)
            | Self::Later(_) => None,
        }
    }

    /// The same of any element of the lists on the way.
    #[must_use]
    pub fn of_any_element(&self) -> Self {
        match self {
            Self::Dropped(place) => Self::Dropped(place.of_any_element()),
            Self::Nulled(place) => Self::Nulled(place.of_any_element()),
            Self::Retyped(place) => Self::Retyped(place.of_any_element()),
            Self::Emptied(place) => Self::Emptied(place.of_any_element()),
            Self::Renamed(place) => Self::Renamed(place.of_any_element()),
            Self::OffByOne(place) => Self::OffByOne(place.of_any_element()),
            Self::Far(place) => Self::Far(place.of_any_element()),
            Self::Case(place) => Self::Case(place.of_any_element()),
            Self::Other(place) => Self::Other(place.of_any_element()),
            Self::Filled(place) => Self::Filled(place.of_any_element()),
            Self::Added(place) => Self::Added(place.of_any_element()),
            Self::Repeated(place, name) => Self::Repeated(place.of_any_element(), name.clone()),
            Self::Lost(place) => Self::Lost(place.of_any_element()),
            Self::Doubled(place) => Self::Doubled(place.of_any_element()),
            Self::Reordered(place) => Self::Reordered(place.of_any_element()),
            Self::Status { .. }
            | Self::BodyGone
            | Self::BodyCut
            | Self::BodyAdded
            | Self::ReasonGone
            | Self::AtOnce
            | Self::Swapped
            | Self::Bare
            | Self::LocationAdded
            | Self::LocationElsewhere
            | Self::LocationLost(_)
            | Self::HeaderDropped(_)
            | Self::ContentType(_)
            | Self::Later(_) => self.clone(),
        }
    }

    /// Whether this is how somebody tells of it: in the words in which it is shown, or of a form, by the place at which
    /// nothing looks.
    #[must_use]
    pub fn is_told_as(&self, words: &str) -> bool {
        let place = self.place().filter(|_| self.is_of_form());
        words == self.to_string() || place.is_some_and(|place| words == nothing_looks_at(place))
    }

    /// Whether a schema that describes the place can allow it: it speaks of the form of a value, and neither of which one it
    /// is nor of what is missing in a list.
    #[must_use]
    pub fn is_of_form(&self) -> bool {
        matches!(self, Self::Dropped(_) | Self::Nulled(_) | Self::Retyped(_) | Self::Emptied(_) | Self::Renamed(_))
    }

    /// A check that would have noticed it, as it is written in a scenario.
    #[must_use]
    pub fn remedy(&self, status: u16) -> String {
        match self {
            Self::Status { .. } => format!("status: {status}"),
            Self::BodyGone | Self::BodyCut => "schema: NAME, or `size: { min: 1 }`".to_owned(),
            Self::Dropped(place) | Self::Renamed(place) => {
                format!("json: {{ {place}: {{ exists: true }} }}, or a schema that requires it")
            }
            Self::Nulled(place) | Self::Emptied(place) => format!("json: {{ {place}: {{ empty: false }} }}"),
            Self::Retyped(place) => format!("json: {{ {place}: {{ type: … }} }}, or a schema that says its type"),
            Self::OffByOne(place) | Self::Case(place) | Self::Other(place) => format!("json: {{ {place}: … }}"),
            Self::Far(place) => format!("json: {{ {place}: {{ min: …, max: … }} }}"),
            Self::Filled(place) => format!("json: {{ {place}: {{ empty: true }} }}"),
            Self::Added(place) => format!("json: {{ {place}: {{ exists: false }} }}"),
            Self::Bare => "any check of what else there is".to_owned(),
            Self::LocationAdded => "headers: { location: { exists: false } }".to_owned(),
            Self::LocationElsewhere => "location: { to: … }".to_owned(),
            Self::LocationLost(name) => format!("location: {{ query: {{ {name}: … }} }}"),
            Self::Repeated(place, name) => format!("json: {{ {place}: {{ not: $({name}) }} }}"),
            Self::Lost(place) | Self::Doubled(place) | Self::Reordered(place) => {
                format!("json: {{ {place}: {{ equals: […], unique: true, length: … }} }}")
            }
            Self::HeaderDropped(name) => format!("headers: {{ {name}: {{ exists: true }} }}"),
            Self::ContentType(_) => "content_type: application/json".to_owned(),
            Self::BodyAdded => "size: 0".to_owned(),
            Self::ReasonGone => "reason: …".to_owned(),
            Self::Later(_) => "within: 2s".to_owned(),
            Self::AtOnce => "within: { min: … }".to_owned(),
            Self::Swapped => {
                "a check of the order of what is collected, such as `values: { NAME: { equals: […] } }`".to_owned()
            }
        }
    }
}

impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { status } => write!(f, "status {status}"),
            Self::BodyGone => f.write_str("the body is gone"),
            Self::BodyCut => f.write_str("the body is cut in the middle"),
            Self::Dropped(place) => write!(f, "{place} is gone"),
            Self::Nulled(place) => write!(f, "{place} is null"),
            Self::Retyped(place) => write!(f, "{place} is of another type"),
            Self::Emptied(place) => write!(f, "{place} is empty"),
            Self::Renamed(place) => write!(f, "{place} has another name"),
            Self::OffByOne(place) => write!(f, "{place} is one more"),
            Self::Far(place) => write!(f, "{place} is far off"),
            Self::Case(place) => write!(f, "{place} is in other letters"),
            Self::Other(place) => write!(f, "{place} is another text"),
            Self::Filled(place) => write!(f, "{place} is not null"),
            Self::Added(place) => write!(f, "{place} is there"),
            Self::Bare => f.write_str("nothing is left but the status"),
            Self::LocationAdded => f.write_str("it sends elsewhere"),
            Self::LocationElsewhere => f.write_str("it sends to another place"),
            Self::LocationLost(name) => write!(f, "it sends without {name}"),
            Self::Repeated(place, name) => write!(f, "{place} is the one of `{name}`"),
            Self::Lost(place) => write!(f, "{place} lost its last element"),
            Self::Doubled(place) => write!(f, "{place} has its last element twice"),
            Self::Reordered(place) => write!(f, "{place} is in another order"),
            Self::HeaderDropped(name) => write!(f, "header {name} is gone"),
            Self::ContentType(value) => write!(f, "the body calls itself {value}"),
            Self::BodyAdded => f.write_str("there is a body"),
            Self::ReasonGone => f.write_str("the reason phrase is gone"),
            Self::Later(span) => write!(f, "{} s later", span.as_secs()),
            Self::AtOnce => f.write_str("at once"),
            Self::Swapped => f.write_str("two polls are answered in the other order"),
        }
    }
}

impl Place {
    /// The member `key` of what stands here.
    #[must_use]
    pub fn member(&self, key: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        Self(steps)
    }

    /// The element `index` of what stands here.
    #[must_use]
    pub fn element(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        Self(steps)
    }

    /// The same of any element of the lists on the way.
    #[must_use]
    pub fn of_any_element(&self) -> Self {
        let any = |step: &Step| match step {
            Step::Key(key) => Step::Key(key.clone()),
            Step::Index(_) | Step::Any => Step::Any,
        };
        Self(self.0.iter().map(any).collect())
    }

    /// The way to it: a key, or the index of an element, which is the first for any.
    pub fn way(&self) -> impl Iterator<Item = Result<&str, usize>> {
        self.0.iter().map(|step| match step {
            Step::Key(key) => Ok(key.as_str()),
            Step::Index(index) => Err(*index),
            Step::Any => Err(0),
        })
    }

    /// The member that it is, where it is one.
    #[must_use]
    pub fn last_key(&self) -> Option<&str> {
        match self.0.last() {
            Some(Step::Key(key)) => Some(key),
            Some(Step::Index(_) | Step::Any) | None => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.0 {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Any => f.write_str("[*]")?,
                Step::Key(key) if is_short(key) => write!(f, ".{key}")?,
                Step::Key(key) => write!(f, "['{}']", key.replace('\\', "\\\\").replace('\'', "\\'"))?,
            }
        }
        Ok(())
    }
}

/// How all changes of form of a place that nobody looks at are told, as one.
pub(super) fn nothing_looks_at(place: &Place) -> String {
    format!("nothing looks at {place}")
}

/// Whether a name may stand after a dot (RFC 9535 §2.5.1.1).
fn is_short(key: &str) -> bool {
    let begins = key.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    begins && key.chars().all(|it| it.is_alphanumeric() || it == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_a_jsonpath() {
        let place = Place::default().member("events").element(0).member("a b");
        assert_eq!(place.to_string(), "$.events[0]['a b']");
        assert_eq!(Place::default().to_string(), "$");
        assert_eq!(place.last_key(), Some("a b"));
    }

    #[test]
    fn a_remedy_names_the_place_and_the_status_that_came() {
        let id = Place::default().member("sessionId");
        assert_eq!(Mutation::Status { status: 500 }.remedy(202), "status: 202");
        assert_eq!(Mutation::Repeated(id, "s1".to_owned()).remedy(202), "json: { $.sessionId: { not: $(s1) } }");
    }
}
