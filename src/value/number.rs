use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::decimal::Decimal;

/// A JSON number: its text as it was written, compared by its exact decimal value.
///
/// `1`, `1.0` and `10e-1` are one number, `9007199254740993` and its neighbours are three. Nothing is ever rounded. Numbers
/// whose exponent has more than thirty digits are equal only when they are written alike.
#[derive(Clone)]
pub struct Number {
    text: Box<str>,
}

/// A text that is no JSON number (RFC 8259 §6).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a number")]
pub struct BadNumber {
    text: String,
}

impl Number {
    /// Reads a number; the whole text must be one.
    ///
    /// # Errors
    /// When the text does not follow the grammar of JSON numbers: no `+`, no leading zeros, no `.5`, no spaces.
    pub fn parse(text: &str) -> Result<Self, BadNumber> {
        if number_len(text.as_bytes()) == Some(text.len()) {
            Ok(Self::checked(text))
        } else {
            Err(BadNumber { text: text.to_owned() })
        }
    }

    /// A number from a text whose grammar the caller has checked.
    pub(super) fn checked(text: &str) -> Self {
        Self { text: text.into() }
    }

    /// The digits as they were written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the value has no fraction: `1.0` and `1e3` are integers.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        self.small().is_some() || Decimal::of(&self.text).is_integer()
    }

    /// The exact sum; `None` when the digits of the two lie more than about a thousand places apart.
    #[must_use]
    pub fn add(&self, other: &Self) -> Option<Self> {
        if let (Some(a), Some(b)) = (self.small(), other.small())
            && let Some(sum) = a.checked_add(b)
        {
            return Some(sum.into());
        }
        Decimal::of(&self.text).sum(&Decimal::of(&other.text)).map(|text| Self { text: text.into() })
    }

    /// The exact difference; `None` as in [`Number::add`].
    #[must_use]
    pub fn sub(&self, other: &Self) -> Option<Self> {
        if let (Some(a), Some(b)) = (self.small(), other.small())
            && let Some(rest) = a.checked_sub(b)
        {
            return Some(rest.into());
        }
        Decimal::of(&self.text).sum(&Decimal::of(&other.text).negated()).map(|text| Self { text: text.into() })
    }

    /// Whether the value is a whole multiple of `of`, exactly; nothing but zero is a multiple of zero.
    #[must_use]
    pub fn is_multiple_of(&self, of: &Self) -> bool {
        if let (Some(value), Some(of)) = (self.small(), of.small())
            && of != 0
        {
            return value % of == 0;
        }
        Decimal::of(&self.text).is_multiple_of(&Decimal::of(&of.text))
    }

    /// The value as an `i64`, if it is one exactly: `1e2` is 100, `1.5` is none.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        if let Some(small) = self.small() {
            return Some(small);
        }
        let plain = self.plain_integer(20)?;
        plain.parse().ok()
    }

    /// The value as a `u64`, if it is one exactly.
    #[must_use]
    pub fn to_u64(&self) -> Option<u64> {
        self.plain_integer(20)?.parse().ok()
    }

    /// The nearest `f64`; infinite when the value is beyond its range.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.text.parse().unwrap_or(f64::NAN)
    }

    /// The integer of at most `max_digits` digits without point and exponent.
    fn plain_integer(&self, max_digits: i128) -> Option<String> {
        match Decimal::of(&self.text) {
            Decimal::Zero => Some("0".to_owned()),
            value @ Decimal::Finite { exponent, .. } if value.is_integer() && exponent <= max_digits => {
                value.sum(&Decimal::Zero)
            }
            Decimal::Finite { .. } | Decimal::Absurd { .. } => None,
        }
    }

    /// The value of a number that is written as an integer of up to 18 digits: the common case, without allocation.
    fn small(&self) -> Option<i64> {
        if self.text.len() > 18 { None } else { self.text.parse().ok() }
    }
}

/// How many bytes of `bytes`, from the first, are a JSON number; `None` when there is none or it breaks off.
pub(super) fn number_len(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    at += match bytes.get(at)? {
        b'0' => 1,
        b'1'..=b'9' => digits(at),
        _ => return None,
    };
    if bytes.get(at) == Some(&b'.') {
        let count = digits(at + 1);
        if count == 0 {
            return None;
        }
        at += 1 + count;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let count = digits((at + 1 + sign).min(bytes.len()));
        if count == 0 {
            return None;
        }
        at += 1 + sign + count;
    }
    Some(at)
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self { text: value.to_string().into() }
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self { text: value.to_string().into() }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text || self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.small(), other.small()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => Decimal::of(&self.text).cmp(&Decimal::of(&other.text)),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Decimal::of(&self.text).hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).expect("the test's own number")
    }

    #[test]
    fn equal_values_are_equal_however_they_are_written() {
        let hasher = RandomState::new();
        for (a, b) in [
            ("1", "1.0"),
            ("1", "10e-1"),
            ("-0", "0"),
            ("0e999999999999999999999999999999999999999", "0.000"),
            ("1e400", "10e399"),
            ("1e999999999", "0.1e1000000000"),
            ("18446744073709551616", "1.8446744073709551616E+19"),
            ("9007199254740993.0", "9007199254740993"),
            ("-2.50", "-25e-1"),
        ] {
            assert_eq!(number(a), number(b), "{a} {b}");
            assert_eq!(hasher.hash_one(number(a)), hasher.hash_one(number(b)), "{a} {b}");
        }
    }

    #[test]
    fn order_is_that_of_the_exact_values() {
        let ascending = [
            "-1e99999999999999999999999999999999999999999",
            "-1e999999999",
            "-1e400",
            "-18446744073709551617",
            "-18446744073709551616",
            "-1.5",
            "-1",
            "-1e-999999999",
            "0",
            "1e-99999999999999999999999999999999999999999",
            "1e-400",
            "0.1",
            "0.10000000000000000000001",
            "1",
            "9007199254740992",
            "9007199254740993.0",
            "18446744073709551615",
            "18446744073709551616",
            "1e400",
            "1e999999999",
            "1e99999999999999999999999999999999999999998",
            "1e99999999999999999999999999999999999999999",
        ];
        for (at, a) in ascending.iter().enumerate() {
            for (other, b) in ascending.iter().enumerate() {
                assert_eq!(number(a).cmp(&number(b)), at.cmp(&other), "{a} {b}");
            }
        }
    }

    #[test]
    fn refuses_what_the_grammar_refuses() {
        for text in ["", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", " 1", "1 ", "NaN", "Infinity", "1.5.5", "--1"]
        {
            assert!(Number::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sums_are_exact() {
        for (a, b, sum, rest) in [
            ("1", "2", "3", "-1"),
            ("0.1", "0.2", "0.3", "-0.1"),
            ("9007199254740993", "1", "9007199254740994", "9007199254740992"),
            ("9223372036854775807", "1", "9223372036854775808", "9223372036854775806"),
            ("99.9", "0.1", "100", "99.8"),
            ("-1.5", "1.5", "0", "-3"),
            ("0", "1e999999999", "1e999999999", "-1e999999999"),
            ("1e999999999", "1e999999999", "2e999999999", "0"),
        ] {
            assert_eq!(number(a).add(&number(b)), Some(number(sum)), "{a} + {b}");
            assert_eq!(number(a).sub(&number(b)), Some(number(rest)), "{a} - {b}");
        }
        assert_eq!(number("1e2000").add(&number("1")), None);
        assert_eq!(number("1e999999999").sub(&number("1")), None);
    }

    #[test]
    fn conversions_are_exact_or_none() {
        assert_eq!(number("1e2").to_i64(), Some(100));
        assert_eq!(number("-0.0").to_i64(), Some(0));
        assert_eq!(number("1.5").to_i64(), None);
        assert_eq!(number("9223372036854775808").to_i64(), None);
        assert_eq!(number("-9223372036854775808").to_i64(), Some(i64::MIN));
        assert_eq!(number("18446744073709551615").to_u64(), Some(u64::MAX));
        assert_eq!(number("18446744073709551616").to_u64(), None);
        assert!(number("1e400").to_f64().is_infinite());
        for (text, integer) in [("1", true), ("1.0", true), ("1.5", false), ("15e-1", false), ("1e9999999999", true)] {
            assert_eq!(number(text).is_integer(), integer, "{text}");
        }
    }

    #[test]
    fn multiples_are_exact() {
        for (value, of, is) in [
            ("0", "0.7", true),
            ("1", "0", false),
            ("0.3", "0.1", true),
            ("-0.3", "0.1", true),
            ("19.99", "0.01", true),
            ("19.999", "0.01", false),
            ("1e308", "0.123456789", false),
            ("12391239123", "1e-8", true),
            ("9007199254740993", "2", false),
            ("123456789012345678901234567890123456789012345678901234567890", "7", true),
            ("123456789012345678901234567890123456789012345678901234567890", "17", false),
            ("123456789012345678901234567890123456789012345678901234567890", "10", true),
            ("123456789012345678901234567890123456789012345678901234567890", "100", false),
            ("1e999999999", "3e999999998", false),
            ("9e999999999", "3e999999998", true),
            ("98765432109876543210987654321", "12345678901234567890123456789", false),
            ("24691357802469135780246913578", "12345678901234567890123456789", true),
            ("1e-999999999", "1e999999999", false),
            ("1e99999999999999999999999999999999999999999", "1", false),
        ] {
            assert_eq!(number(value).is_multiple_of(&number(of)), is, "{value} {of}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn arithmetic_agrees_with_integers(a in any::<i64>(), b in any::<i64>(), scale in -40_i32..40) {
            let (a, b) = (i128::from(a), i128::from(b));
            let scaled = |value: i128| number(&format!("{value}e{scale}"));
            prop_assert_eq!(scaled(a).add(&scaled(b)), Some(scaled(a + b)));
            prop_assert_eq!(scaled(a).sub(&scaled(b)), Some(scaled(a - b)));
            prop_assert_eq!(scaled(a).cmp(&scaled(b)), a.cmp(&b));
        }

        #[test]
        fn multiples_agree_with_integers(
            of in 1_i64..1_000_000, times in any::<i32>(), rest in 0_i64..3, up in 0_u32..9, scale in -400_i32..400,
        ) {
            let value = (i128::from(of) * i128::from(times) + i128::from(rest)) * 10_i128.pow(up);
            let is = number(&format!("{value}e{scale}")).is_multiple_of(&number(&format!("{of}e{scale}")));
            prop_assert_eq!(is, value % i128::from(of) == 0);
            let finer = number(&format!("{value}e{scale}")).is_multiple_of(&number(&format!("{of}e{}", scale + 1)));
            prop_assert_eq!(finer, value % (i128::from(of) * 10) == 0);
        }
    }
}
