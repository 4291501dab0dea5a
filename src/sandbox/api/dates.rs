use crate::clock::Timestamp;

/// A date as the platform writes many of them: UTC, with seven fractional digits.
pub(crate) fn long_date(time: Timestamp) -> String {
    let iso = time.iso();
    format!("{}0000Z", iso.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_seven_fractional_digits() {
        assert_eq!(long_date(Timestamp::from_millis(1_574_111_699_034)), "2019-11-18T21:14:59.0340000Z");
    }
}
