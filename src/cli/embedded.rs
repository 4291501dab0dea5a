use crate::suite::Embedded;

/// The suites that are part of the program, by name: the files of `specs/`. A test compares the list with the folder.
pub static EMBEDDED_SUITES: &[(&str, Embedded)] = &[("cxone", CXONE)];

const CXONE: Embedded = Embedded { origin: "embedded:cxone", files: &[] };
