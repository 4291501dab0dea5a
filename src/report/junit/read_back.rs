use std::io::{self, BufRead};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::testsuite::Counts;

/// Whether the file is well-formed XML whose elements are as many as they should be, and as its own attributes say.
pub(super) fn read_back(file: impl BufRead, expected: Counts) -> io::Result<()> {
    let broken = |what: String| io::Error::new(io::ErrorKind::InvalidData, format!("it does not read back: {what}"));
    let mut reader = Reader::from_reader(file);
    let mut buffer = Vec::new();
    let mut depth = 0_u32;
    let mut found = Counts::default();
    let mut told = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| broken(error.to_string()))? {
            Event::Eof => break,
            Event::Start(element) => {
                depth += 1;
                count(&element, &mut found, &mut told).map_err(broken)?;
            }
            Event::Empty(element) => count(&element, &mut found, &mut told).map_err(broken)?,
            Event::End(_) => depth -= 1,
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
    if depth > 0 {
        return Err(broken("it ends too early".to_owned()));
    }
    if found != expected || told.len() != 2 || told.iter().any(|told| *told != expected) {
        return Err(broken(format!("it holds {found:?}, its attributes say {told:?}, the run had {expected:?}")));
    }
    Ok(())
}

fn count(element: &BytesStart<'_>, found: &mut Counts, told: &mut Vec<Counts>) -> Result<(), String> {
    match element.name().as_ref() {
        b"testsuites" | b"testsuite" => {
            let number = |name: &str| {
                let attribute = element.try_get_attribute(name).map_err(|error| error.to_string())?;
                let digits = attribute.map(|attribute| String::from_utf8_lossy(&attribute.value).into_owned());
                digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| format!("no number `{name}`"))
            };
            told.push(Counts {
                tests: number("tests")?,
                failures: number("failures")?,
                errors: number("errors")?,
                skipped: number("skipped")?,
            });
        }
        b"testcase" => found.tests += 1,
        b"failure" => found.failures += 1,
        b"error" => found.errors += 1,
        b"skipped" => found.skipped += 1,
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Counts = Counts { tests: 1, failures: 0, errors: 0, skipped: 0 };

    fn said(xml: &str) -> String {
        read_back(xml.as_bytes(), ONE).map_or_else(|error| error.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn a_file_that_is_cut_or_counts_wrongly_is_noticed() {
        let attributes = "tests='1' failures='0' errors='0' skipped='0'";
        let whole = format!("<testsuites {attributes}><testsuite {attributes}><testcase/></testsuite></testsuites>");
        assert_eq!(said(&whole), "ok");
        assert_eq!(said(whole.trim_end_matches("</testsuites>")), "it does not read back: it ends too early");
        assert!(said(&whole.replace("<testcase/>", "")).contains("it holds Counts { tests: 0,"));
        assert!(said(&whole.replace("<testcase/>", "<testcase><failure/></testcase>")).contains("failures: 1"));
        assert!(said(&whole.replacen("'1'", "'2'", 1)).contains("its attributes say [Counts { tests: 2,"));
        assert_eq!(said("<testsuites/>"), "it does not read back: no number `tests`");
        assert_ne!(said("<a></b>"), "ok");
    }
}
