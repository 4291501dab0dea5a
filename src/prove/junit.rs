use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::report::junit_attribute as attribute;

/// A testcase of a proof.
pub(super) struct Testcase {
    class: &'static str,
    name: String,
    came: Came,
}

/// What a testcase came to.
pub(super) enum Came {
    Passed,
    /// With what there is to say, the message first.
    Failed(Vec<String>),
    /// With the reason.
    Skipped(String),
}

impl Testcase {
    pub(super) fn new(class: &'static str, name: &str, came: Came) -> Self {
        Self { class, name: name.to_owned(), came }
    }
}

/// The one testsuite of a proof of this suite, as JUnit XML.
pub(super) fn testsuite(suite: &str, cases: &[Testcase]) -> String {
    let tests = cases.len();
    let failures = cases.iter().filter(|case| matches!(case.came, Came::Failed(_))).count();
    let skipped = cases.iter().filter(|case| matches!(case.came, Came::Skipped(_))).count();
    let name = escaped(&format!("prove {suite}"));
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = writeln!(xml, "<testsuites tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">");
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
    );
    for Testcase { class, name, came } in cases {
        // Readers want a time of each; what defects share cannot be told apart by one.
        let _ = write!(xml, "    <testcase classname=\"{class}\" name=\"{}\" time=\"0\"", escaped(name));
        let _ = match came {
            Came::Passed => writeln!(xml, "/>"),
            Came::Failed(told) => writeln!(
                xml,
                "><failure message=\"{}\">{}</failure></testcase>",
                escaped(told.first().map_or("", String::as_str)),
                told.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\n")
            ),
            Came::Skipped(why) => writeln!(xml, "><skipped message=\"{}\"/></testcase>", escaped(why)),
        };
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

/// What others sent or wrote, as all reports write it: nothing that XML has not, nothing that a CI system obeys.
fn escaped(text: &str) -> String {
    escape(attribute(text)).into_owned()
}
