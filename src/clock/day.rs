use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A day of the calendar, in UTC, such as `2027-02-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

impl Day {
    /// Reads `2027-02-01`: a day that there is, and nothing around it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let day = text.parse::<Date>().ok().map(Self)?;
        // The parser takes other forms of ISO 8601 too; one day has one name here.
        (day.to_string() == text).then_some(day)
    }

    /// The day of this time, in UTC.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        let instant = jiff::Timestamp::from_millisecond(time.millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Self(instant.to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// How many days `later` is after this one; negative when it is before it.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        self.0.until(later.0).map_or(0, |span| span.get_days())
    }
}

impl TryFrom<String> for Day {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("expected a day, as in 2027-02-01")
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_name() {
        assert_eq!(Day::parse("2027-02-01").unwrap().to_string(), "2027-02-01");
        for text in ["", "2027-02-30", "20270201", "2027-2-1", "2027-02-01T00:00", "tomorrow", " 2027-02-01"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_over_months_and_backwards() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(day("2026-11-22").days_until(day("2027-05-21")), 180);
        assert_eq!(day("2026-11-22").days_until(day("2026-11-22")), 0);
        assert_eq!(day("2026-11-22").days_until(day("2026-11-21")), -1);
        assert_eq!(Day::of(Timestamp::from_millis(1_795_000_000_000)), day("2026-11-18"));
    }
}
