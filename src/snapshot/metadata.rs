use std::collections::BTreeMap;

/// What a file of a snapshot says besides its text: nothing of it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Metadata {
    /// The file of the scenario or flow, as a path within the suite.
    pub source: Option<String>,
    /// Its line, from 1. Only files that wait to be accepted hold it: otherwise every line that is added above a step
    /// would change accepted files.
    pub line: Option<u32>,
    /// One sentence for whoever reviews it.
    pub description: Option<String>,
    /// Anything else worth knowing, such as the request: a name and a short text each.
    pub info: BTreeMap<String, String>,
}
