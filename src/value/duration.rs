use std::time::Duration;

/// Reads `500ms`, `20s`, `5m` or `2h`, with a decimal point where one is wanted (`1.5s`).
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(digits);
    let millis_each: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || number.ends_with('.') || fraction.len() > 6 || whole.len() > 12 {
        return None;
    }
    let mut micros = whole.parse::<u64>().ok()?.checked_mul(millis_each)?.checked_mul(1000)?;
    if !fraction.is_empty() {
        let scale = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        micros = micros.checked_add(fraction.parse::<u64>().ok()? * millis_each * 1000 / scale)?;
    }
    Some(Duration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_read() {
        let read = ["500ms", "20s", "5m", "2h", "1.5s", "0s"].map(parse_duration);
        let millis = [500, 20_000, 300_000, 7_200_000, 1_500, 0];
        assert_eq!(read, millis.map(|millis| Some(Duration::from_millis(millis))));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "5", "s", "5 s", "-1s", "1.s", ".5s", "5d", "99999999999999h", "1e3s"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
