use crate::clock::Timestamp;
use crate::sandbox::wire::Params;

/// The longest name of an entity, in bytes.
const LONGEST_NAME: usize = 100;

/// A request to extract data, checked.
///
/// Which entities and versions there are is not in the facts: any name will do. [INF]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExtractionRequest {
    pub(crate) entity: String,
    pub(crate) version: String,
    /// What changed from then on,
    pub(crate) from: Timestamp,
    /// and before then.
    pub(crate) to: Timestamp,
}

/// Why data is not extracted; all of them 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExtractionRefusal {
    #[error("Invalid {0}")]
    Missing(&'static str),
    #[error("startDate must not be after endDate")]
    Backwards,
}

impl ExtractionRequest {
    /// Reads the parameters of a request.
    pub(crate) fn read(params: &Params) -> Result<Self, ExtractionRefusal> {
        let name = |name| {
            let text = params.text(name).filter(|text| text.len() <= LONGEST_NAME);
            text.map(str::to_owned).ok_or(ExtractionRefusal::Missing(name))
        };
        let date = |name| params.text(name).and_then(read_date).ok_or(ExtractionRefusal::Missing(name));
        let request = Self {
            entity: name("entityName")?,
            version: name("version")?,
            from: date("startDate")?,
            to: date("endDate")?,
        };
        if request.from > request.to {
            return Err(ExtractionRefusal::Backwards);
        }
        Ok(request)
    }
}

/// A date with or without a time of day.
fn read_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    Timestamp::parse_iso(text).or_else(|| Timestamp::parse_iso(&format!("{text}T00:00:00Z")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bad_parameter_is_named() {
        let read = |text: &str| ExtractionRequest::read(&Params::from_form(text.as_bytes())).map(|one| one.entity);
        let good = "entityName=agents&version=1&startDate=2024-01-01&endDate=2024-01-02T00:00:00Z";
        assert_eq!(read(good), Ok("agents".to_owned()));
        assert_eq!(read("version=1"), Err(ExtractionRefusal::Missing("entityName")));
        assert_eq!(
            read("entityName=a&version=1&startDate=x&endDate=2024-01-01"),
            Err(ExtractionRefusal::Missing("startDate"))
        );
        assert_eq!(
            read("entityName=a&version=1&startDate=2024-01-02&endDate=2024-01-01"),
            Err(ExtractionRefusal::Backwards)
        );
    }
}
