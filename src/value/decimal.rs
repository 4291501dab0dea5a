use std::cmp::Ordering;

/// More digits than this in a result, or in the way there, are no honest arithmetic.
const MAX_SPREAD: i128 = 1000;
/// Exponents of more digits than this are compared as texts.
const MAX_EXPONENT_DIGITS: usize = 30;

/// The value of a JSON number in a form in which equal values are equal.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Decimal {
    /// Zero, however it is written.
    Zero,
    /// `± 0.d₁d₂… × 10^exponent`, the first and the last digit not zero.
    Finite { negative: bool, digits: Vec<u8>, exponent: i128 },
    /// An exponent too long to reckon with: equal only to the very same text.
    Absurd { negative: bool, tiny: bool, exponent: String, text: String },
}

impl Decimal {
    /// Reads a text that follows the grammar of JSON numbers.
    pub(super) fn of(text: &str) -> Self {
        let negative = text.starts_with('-');
        let unsigned = text.trim_start_matches('-');
        let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, ""));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        let leading = all().take_while(|digit| *digit == b'0').count();
        let mut digits: Vec<u8> = all().skip(leading).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        if digits.is_empty() {
            return Self::Zero;
        }
        let tiny = power.starts_with('-');
        let power = power.trim_start_matches(['+', '-']).trim_start_matches('0');
        if power.len() > MAX_EXPONENT_DIGITS {
            return Self::Absurd { negative, tiny, exponent: power.to_owned(), text: text.to_owned() };
        }
        let power: i128 = power.bytes().fold(0, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        let shift = length(whole.len()) - length(leading);
        Self::Finite { negative, digits, exponent: if tiny { -power } else { power } + shift }
    }

    /// Whether the value has no fraction.
    pub(super) fn is_integer(&self) -> bool {
        match self {
            Self::Zero => true,
            Self::Finite { digits, exponent, .. } => *exponent >= length(digits.len()),
            Self::Absurd { tiny, .. } => !tiny,
        }
    }

    /// The exact sum, as a JSON number; `None` when it would take more than about a thousand digits.
    pub(super) fn sum(&self, other: &Self) -> Option<String> {
        let (left, right) = match (self, other) {
            (Self::Absurd { .. }, _) | (_, Self::Absurd { .. }) => return None,
            (Self::Zero, value) | (value, Self::Zero) => return value.text(),
            (left @ Self::Finite { .. }, right @ Self::Finite { .. }) => (left, right),
        };
        let low = left.lowest().min(right.lowest());
        let high = left.highest().max(right.highest());
        if high - low > MAX_SPREAD {
            return None;
        }
        let width = usize::try_from(high - low).ok()? + 1;
        let (a, b) = (left.at(low, width), right.at(low, width));
        let (negative, sum) = if left.is_negative() == right.is_negative() {
            (left.is_negative(), added(&a, &b))
        } else if a >= b {
            (left.is_negative(), subtracted(&a, &b))
        } else {
            (right.is_negative(), subtracted(&b, &a))
        };
        Self::normal(negative, sum, low).text()
    }

    /// Whether the value is a whole multiple of `of`: exact where the digits of `of` are at most eighteen, and where they are
    /// more, as long as the two lie within about a thousand places; beyond that nothing counts as a multiple.
    pub(super) fn is_multiple_of(&self, of: &Self) -> bool {
        let (value, of) = match (self, of) {
            (Self::Zero, _) => return true,
            (Self::Finite { .. }, Self::Finite { .. }) => (self, of),
            (Self::Absurd { .. }, _) | (_, Self::Zero | Self::Absurd { .. }) => return false,
        };
        let (Self::Finite { digits, .. }, Self::Finite { digits: divisor, .. }) = (value, of) else { return false };
        // value = digits × 10^v, of = divisor × 10^o, neither with a zero at its end.
        let shift = value.lowest() - of.lowest();
        if shift < 0 {
            // The divisor ends in zeros that the digits do not have.
            return false;
        }
        if let Some(divisor) = small(divisor) {
            let rest = digits.iter().fold(0, |rest, digit| (rest * 10 + u128::from(digit - b'0')) % divisor);
            return (rest * power_of_ten(shift, divisor)).is_multiple_of(divisor);
        }
        if shift > MAX_SPREAD {
            return false;
        }
        let zeros = usize::try_from(shift).unwrap_or(0);
        let padded = digits.iter().copied().chain(std::iter::repeat_n(b'0', zeros));
        divides(divisor, padded)
    }

    /// The negative of the value.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Zero => Self::Zero,
            Self::Finite { negative, digits, exponent } => Self::Finite { negative: !negative, digits, exponent },
            Self::Absurd { negative, tiny, exponent, text } => {
                Self::Absurd { negative: !negative, tiny, exponent, text }
            }
        }
    }

    fn normal(negative: bool, digits: Vec<u8>, low: i128) -> Self {
        let exponent = low + length(digits.len());
        let leading = digits.iter().take_while(|digit| **digit == b'0').count();
        let mut digits = digits;
        digits.drain(..leading);
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        if digits.is_empty() {
            return Self::Zero;
        }
        Self::Finite { negative, digits, exponent: exponent - length(leading) }
    }

    fn is_negative(&self) -> bool {
        match self {
            Self::Zero => false,
            Self::Finite { negative, .. } | Self::Absurd { negative, .. } => *negative,
        }
    }

    fn lowest(&self) -> i128 {
        if let Self::Finite { digits, exponent, .. } = self { exponent - length(digits.len()) } else { 0 }
    }

    fn highest(&self) -> i128 {
        if let Self::Finite { exponent, .. } = self { *exponent } else { 0 }
    }

    /// The digits as an integer of `width` digits, counted in units of `10^low`.
    fn at(&self, low: i128, width: usize) -> Vec<u8> {
        let Self::Finite { digits, .. } = self else { return vec![b'0'; width] };
        let zeros = usize::try_from(self.lowest() - low).unwrap_or(0).min(width);
        let mut padded = vec![b'0'; width.saturating_sub(zeros + digits.len())];
        padded.extend_from_slice(digits);
        padded.extend(std::iter::repeat_n(b'0', zeros));
        padded
    }

    fn text(&self) -> Option<String> {
        let Self::Finite { negative, digits, exponent } = self else {
            return if matches!(self, Self::Zero) { Some("0".to_owned()) } else { None };
        };
        let mut text = String::from(if *negative { "-" } else { "" });
        let digits: String = digits.iter().copied().map(char::from).collect();
        let count = length(digits.len());
        if *exponent > MAX_SPREAD || *exponent < -MAX_SPREAD {
            text.extend([digits, format!("e{}", exponent - count)]);
        } else if *exponent >= count {
            text.push_str(&digits);
            text.extend(std::iter::repeat_n('0', usize::try_from(exponent - count).ok()?));
        } else if *exponent > 0 {
            let (whole, fraction) = digits.split_at(usize::try_from(*exponent).ok()?);
            text.extend([whole, ".", fraction]);
        } else {
            text.push_str("0.");
            text.extend(std::iter::repeat_n('0', usize::try_from(-exponent).ok()?));
            text.push_str(&digits);
        }
        Some(text)
    }

    fn magnitude_cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Zero, Self::Zero) => Ordering::Equal,
            (Self::Zero, _) => Ordering::Less,
            (_, Self::Zero) => Ordering::Greater,
            (Self::Finite { digits: a, exponent: x, .. }, Self::Finite { digits: b, exponent: y, .. }) => {
                x.cmp(y).then_with(|| a.cmp(b))
            }
            (Self::Absurd { tiny, .. }, Self::Finite { .. }) => {
                if *tiny {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (Self::Finite { .. }, Self::Absurd { tiny, .. }) => {
                if *tiny {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (
                Self::Absurd { tiny: a, exponent: x, text: left, .. },
                Self::Absurd { tiny: b, exponent: y, text: right, .. },
            ) => {
                let longer = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
                let by_exponent = if *a { longer.reverse() } else { longer };
                b.cmp(a).then(by_exponent).then_with(|| left.cmp(right))
            }
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |value: &Self| match value {
            Self::Zero => 0,
            Self::Finite { negative, .. } | Self::Absurd { negative, .. } => 1 - 2 * i32::from(*negative),
        };
        sign(self).cmp(&sign(other)).then_with(|| {
            let order = self.magnitude_cmp(other);
            if self.is_negative() { order.reverse() } else { order }
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A length as an exponent; no text in memory is too long for it.
fn length(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(i128::MAX)
}

/// A digit string as a number, where two of its kind can be multiplied.
fn small(digits: &[u8]) -> Option<u128> {
    const MOST: usize = 18;
    (digits.len() <= MOST).then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u128::from(digit - b'0')))
}

/// `10^exponent` modulo a number of at most eighteen digits.
fn power_of_ten(exponent: i128, modulus: u128) -> u128 {
    let (mut power, mut base, mut left) = (1 % modulus, 10 % modulus, exponent);
    while left > 0 {
        if left & 1 == 1 {
            power = power * base % modulus;
        }
        base = base * base % modulus;
        left >>= 1;
    }
    power
}

/// Whether a long digit string divides another, by long division.
fn divides(divisor: &[u8], digits: impl Iterator<Item = u8>) -> bool {
    let width = divisor.len() + 1;
    let mut padded = vec![b'0'];
    padded.extend_from_slice(divisor);
    let mut rest = vec![b'0'; width];
    for digit in digits {
        rest.remove(0);
        rest.push(digit);
        while rest >= padded {
            rest = subtracted(&rest, &padded);
        }
    }
    rest.iter().all(|digit| *digit == b'0')
}

/// The sum of two digit strings of one width; the caller left room for the carry.
fn added(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let mut sum: Vec<u8> = a
        .iter()
        .zip(b)
        .rev()
        .map(|(x, y)| {
            let digit = (x - b'0') + (y - b'0') + carry;
            carry = digit / 10;
            digit % 10 + b'0'
        })
        .collect();
    sum.reverse();
    sum
}

/// `a - b` of two digit strings of one width, `a` not the smaller one.
fn subtracted(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut rest: Vec<u8> = a
        .iter()
        .zip(b)
        .rev()
        .map(|(x, y)| {
            let digit = 10 + x - y - borrow;
            borrow = u8::from(digit < 10);
            digit % 10 + b'0'
        })
        .collect();
    rest.reverse();
    rest
}
