//! Numbers as people say them: durations, sizes, plurals.

use std::time::Duration;

/// A duration in two figures or so: `850 µs`, `12 ms`, `1.2 s`, `2 min 5 s`, `1 h 3 min`.
pub(super) fn duration(span: Duration) -> String {
    let micros = span.as_micros();
    if micros < 1_000 {
        return format!("{micros} µs");
    }
    let millis = span.as_millis();
    if millis < 1_000 {
        return format!("{millis} ms");
    }
    if millis < 59_950 {
        let tenths = (millis + 50) / 100;
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let seconds = (millis + 500) / 1_000;
    if seconds < 3_600 {
        return format!("{} min {} s", seconds / 60, seconds % 60);
    }
    format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60)
}

/// A size: `1 byte`, `130 bytes`, `1.2 KiB`, `3.0 MiB`.
pub(super) fn bytes(size: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    let tenths = |unit: u64| {
        let tenths = u128::from(size) * 10 / u128::from(unit);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match size {
        0..KIB => count(size, "byte"),
        KIB..MIB => format!("{} KiB", tenths(KIB)),
        MIB.. => format!("{} MiB", tenths(MIB)),
    }
}

/// `1 case`, `2 cases`: the noun takes an `s`.
pub(super) fn count(number: impl TryInto<u64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Items in lines of at most about `width` characters, separated by commas; lines after the first begin with `indent`
/// spaces.
pub(super) fn wrapped<T: AsRef<str>>(items: impl IntoIterator<Item = T>, indent: usize, width: usize) -> String {
    let mut text = String::new();
    let mut column = indent;
    for item in items {
        let item = item.as_ref();
        let length = item.chars().count();
        if text.is_empty() {
            column += length;
        } else if column + 2 + length > width {
            text.push_str(",\n");
            text.extend(std::iter::repeat_n(' ', indent));
            column = indent + length;
        } else {
            text.push_str(", ");
            column += 2 + length;
        }
        text.push_str(item);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_the_unit_that_fits() {
        for (micros, said) in [
            (0, "0 µs"),
            (850, "850 µs"),
            (12_400, "12 ms"),
            (999_999, "999 ms"),
            (1_234_000, "1.2 s"),
            (59_949_000, "59.9 s"),
            (59_960_000, "1 min 0 s"),
            (125_000_000, "2 min 5 s"),
            (3_780_000_000, "1 h 3 min"),
        ] {
            assert_eq!(duration(Duration::from_micros(micros)), said);
        }
    }

    #[test]
    fn sizes_and_counts_have_their_plural() {
        assert_eq!(
            [bytes(1), bytes(130), bytes(1259), bytes(u64::MAX)],
            ["1 byte", "130 bytes", "1.2 KiB", "17592186044415.9 MiB"]
        );
        assert_eq!(
            [count(0_u32, "case"), count(1_u32, "case"), count(2_usize, "case")],
            ["0 cases", "1 case", "2 cases"]
        );
    }

    #[test]
    fn lists_are_wrapped_between_items() {
        assert_eq!(wrapped(["aaaa", "bbbb", "cccc"], 2, 12), "aaaa, bbbb,\n  cccc");
        assert_eq!(wrapped(Vec::<String>::new(), 2, 12), "");
    }
}
