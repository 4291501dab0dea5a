use std::fmt::Write as _;

use super::matrix::{Matrix, Stand};

impl Matrix {
    /// The matrix as JUnit XML: a testcase for each defect, and one for each scenario that noticed nothing. A defect that
    /// breaks no MUST and survived is skipped, with what there is to say of it.
    #[must_use]
    pub fn junit(&self) -> String {
        let fatal = self.defects.iter().filter(|row| row.is_fatal()).count();
        let failures = fatal + self.idle.len();
        let survived = self.defects.iter().filter(|row| !row.is_proven() && !row.is_fatal()).count();
        let skipped = self.totals.unnoticeable + survived;
        let name = escaped(&format!("prove {}", self.suite));
        let tests = self.defects.len() + self.idle.len();
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        // Writing to a String cannot fail.
        let _ = writeln!(xml, "<testsuites tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">");
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
        );
        for row in &self.defects {
            let _ = write!(xml, "    <testcase classname=\"prove.defects\" name=\"{}\"", escaped(&row.defect));
            let mut told: Vec<String> =
                row.astray.iter().map(|it| format!("{} {} ({})", it.case, it.outcome, it.why)).collect();
            if row.stand == Stand::NotNoticed {
                told.insert(0, format!("not noticed: {} It breaks {}.", row.text, row.breaks.join(", ")));
            }
            if row.stand == Stand::TimedOut {
                told.insert(0, format!("its cases did not end: {}", row.text));
            }
            let survived = told.first().filter(|_| !row.is_fatal());
            let _ = match (row.why.as_ref().or(survived), told.first().filter(|_| row.is_fatal())) {
                (_, Some(first)) => writeln!(
                    xml,
                    "><failure message=\"{}\">{}</failure></testcase>",
                    escaped(first),
                    escaped(&told.join("\n"))
                ),
                (Some(why), None) => writeln!(xml, "><skipped message=\"{}\"/></testcase>", escaped(why)),
                (None, None) => writeln!(xml, "/>"),
            };
        }
        for scenario in &self.idle {
            let _ = writeln!(
                xml,
                "    <testcase classname=\"prove.scenarios\" name=\"{}\"><failure message=\"noticed no defect\"/></testcase>",
                escaped(scenario)
            );
        }
        xml.push_str("  </testsuite>\n</testsuites>\n");
        xml
    }
}

/// A text within XML; what XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}
