use std::io::{self, Write as _};
use std::time::Duration;

use quick_xml::events::{BytesEnd, BytesStart, Event};
use quick_xml::{Reader, Writer};

use super::testsuite::Counts;

/// What `junit-report` does not write.
#[derive(Debug)]
pub(super) struct Extras {
    /// The name of the whole.
    pub(super) name: String,
    /// How many of each there are.
    pub(super) counts: Counts,
    /// How long the run took.
    pub(super) took: Duration,
    /// Properties of the suite.
    pub(super) properties: Vec<(&'static str, String)>,
    /// For each testcase, in order.
    pub(super) cases: Vec<CaseExtras>,
}

/// What `junit-report` does not write of a testcase.
#[derive(Debug)]
pub(super) struct CaseExtras {
    /// The line where the scenario stands; 0 where it is unknown.
    pub(super) line: u32,
    /// Properties.
    pub(super) properties: Vec<(&'static str, String)>,
}

/// The crate's XML with the extras put in, and indented. All texts are safe already; attributes are escaped here.
pub(super) fn complete(xml: &[u8], extras: &Extras) -> io::Result<Vec<u8>> {
    let mut reader = Reader::from_reader(xml);
    let mut writer = Writer::new_with_indent(Vec::with_capacity(xml.len() * 2), b' ', 2);
    let mut cases = extras.cases.iter();
    loop {
        let event = reader.read_event().map_err(io::Error::other)?;
        match event {
            Event::Eof => break,
            Event::Start(element) => open(&mut writer, element, extras, &mut cases)?,
            Event::Empty(element) => {
                let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
                // A suite without a case is empty for the crate, and has its properties all the same.
                if ["testsuites", "testsuite", "testcase"].contains(&name.as_str()) {
                    open(&mut writer, element, extras, &mut cases)?;
                    writer.write_event(Event::End(BytesEnd::new(name)))?;
                } else {
                    writer.write_event(Event::Empty(element))?;
                }
            }
            Event::End(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => writer.write_event(event)?,
        }
    }
    let mut out = writer.into_inner();
    out.write_all(b"\n")?;
    Ok(out)
}

type Xml = Writer<Vec<u8>>;

fn open<'e>(
    writer: &mut Xml,
    mut element: BytesStart<'_>,
    extras: &'e Extras,
    cases: &mut impl Iterator<Item = &'e CaseExtras>,
) -> io::Result<()> {
    let counts = &extras.counts;
    match element.name().as_ref() {
        b"testsuites" => {
            element.push_attribute(("name", extras.name.as_str()));
            element.push_attribute(("tests", counts.tests.to_string().as_str()));
            element.push_attribute(("failures", counts.failures.to_string().as_str()));
            element.push_attribute(("errors", counts.errors.to_string().as_str()));
            element.push_attribute(("skipped", counts.skipped.to_string().as_str()));
            element.push_attribute(("time", extras.took.as_secs_f64().to_string().as_str()));
            writer.write_event(Event::Start(element))
        }
        b"testsuite" => {
            element.push_attribute(("skipped", counts.skipped.to_string().as_str()));
            writer.write_event(Event::Start(element))?;
            properties(writer, &extras.properties)
        }
        b"testcase" => {
            let case = cases.next();
            if let Some(case) = case.filter(|case| case.line > 0) {
                element.push_attribute(("line", case.line.to_string().as_str()));
            }
            writer.write_event(Event::Start(element))?;
            properties(writer, case.map_or(&[], |case| &case.properties))
        }
        _ => writer.write_event(Event::Start(element)),
    }
}

fn properties(writer: &mut Xml, properties: &[(&'static str, String)]) -> io::Result<()> {
    if properties.is_empty() {
        return Ok(());
    }
    writer.write_event(Event::Start(BytesStart::new("properties")))?;
    for (name, value) in properties {
        let property = BytesStart::new("property").with_attributes([("name", *name), ("value", value.as_str())]);
        writer.write_event(Event::Empty(property))?;
    }
    writer.write_event(Event::End(BytesEnd::new("properties")))
}
