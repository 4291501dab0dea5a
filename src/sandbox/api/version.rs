/// A version of the API, as its paths name it: `v30.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ApiVersion(u8);

impl ApiVersion {
    /// The last one that nests some lists in a `resultSet`; whether later ones still do is [INF].
    pub(crate) const LAST_NESTED: Self = Self(23);

    /// Reads a segment of a path; every version from 1 to 34 is served alike, or nearly so.
    pub(crate) fn read(segment: &str) -> Option<Self> {
        let number = segment.strip_prefix(['v', 'V'])?.strip_suffix(".0")?;
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.parse().ok().filter(|number| is_number && (1..=34).contains(number))?;
        Some(Self(number))
    }
}
