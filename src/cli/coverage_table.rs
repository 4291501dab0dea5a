use std::fmt::Write as _;

use crate::diag::visible;
use crate::report::{Paint, Role};

use super::coverage::{Basis, Coverage, Covered, Touch, Undocumented};
use super::words::{counted, wrapped};

/// Text below a row begins here.
const INDENT: usize = 4;
/// A narrower terminal is written to as if it had so many columns.
const NARROWEST: usize = 24;
/// Lines of text longer than this are hard to read.
const LONGEST_TEXT: usize = 110;

/// Coverage as text of at most `width` columns.
pub(super) fn draw(coverage: &Coverage, paint: Paint, width: usize) -> String {
    let page = Page { paint, width: width.clamp(NARROWEST, LONGEST_TEXT), basis: coverage.basis };
    let mut out = String::new();
    for covered in &coverage.operations {
        page.operation(&mut out, covered);
    }
    if !coverage.undocumented_requests.is_empty() {
        let _ = writeln!(out, "\n{}", paint.dress(Role::Strong, "requests that no document describes"));
        for request in &coverage.undocumented_requests {
            page.text(&mut out, Role::Odd, "", request);
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    // The last line is for machines too, so that it is one line at any width.
    let totals = &coverage.totals;
    let of = |[touched, all]: [usize; 2], things: &str| format!("{touched} of {all} {things}");
    let mut parts =
        vec![of(totals.operations, "operations"), of(totals.statuses, "statuses"), of(totals.parameters, "parameters")];
    if coverage.basis == Basis::Recorded {
        parts.push(of(totals.content_types, "content types"));
        let _ = writeln!(out, "{} touched; {} undocumented", parts.join(", "), totals.undocumented);
    } else {
        let _ = writeln!(out, "{} touched by what is written", parts.join(", "));
    }
    out
}

struct Page {
    paint: Paint,
    width: usize,
    basis: Basis,
}

impl Page {
    fn operation(&self, out: &mut String, covered: &Covered) {
        let thing = if self.basis == Basis::Recorded { "exchange" } else { "step" };
        let (role, count) = match covered.requests {
            0 => (Role::Bad, "untouched".to_owned()),
            count => (Role::Good, counted(count, thing)),
        };
        let name = visible(&covered.operation);
        let request =
            if covered.operation == covered.request { String::new() } else { format!("  {}", covered.request) };
        let _ = writeln!(
            out,
            "{}{}  {}",
            self.paint.dress(Role::Strong, &name),
            visible(&request),
            self.paint.dress(role, &count)
        );
        if covered.requests > 0 {
            self.parts(out, "statuses", &covered.statuses);
            self.parts(out, "parameters", &covered.parameters);
            self.parts(out, "content types", &covered.content_types);
        }
        for stranger in &covered.undocumented {
            self.text(out, Role::Odd, "undocumented: ", &told(stranger));
        }
    }

    /// What is touched, and below it what is not.
    fn parts(&self, out: &mut String, what: &str, parts: &[Touch]) {
        if parts.is_empty() {
            return;
        }
        let names = |touched: bool| {
            let of = parts.iter().filter(|part| part.touched == touched);
            of.map(|part| part.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let (touched, untouched) = (names(true), names(false));
        let count = parts.iter().filter(|part| part.touched).count();
        let label = format!("{what} {count}/{}", parts.len());
        match (touched.is_empty(), untouched.is_empty()) {
            (_, true) => self.text(out, Role::Good, &format!("{label}: "), &touched),
            (true, false) => self.text(out, Role::Bad, &format!("{label}: not "), &untouched),
            (false, false) => {
                self.text(out, Role::Plain, &format!("{label}: "), &format!("{touched}; not {untouched}"));
            }
        }
    }

    fn text(&self, out: &mut String, role: Role, label: &str, text: &str) {
        let hanging = INDENT + 2 * usize::from(!label.is_empty());
        for line in wrapped(&format!("{label}{}", visible(text)), self.width, INDENT, hanging) {
            let blank = line.len() - line.trim_start().len();
            let _ = writeln!(out, "{}{}", &line[..blank], self.paint.dress(role, &line[blank..]));
        }
    }
}

fn told(it: &Undocumented) -> String {
    let count = counted(it.answers, "answer");
    match &it.name {
        None => format!("status {} ({count})", it.status),
        Some(name) => format!("{} {name} of {} ({count})", it.what.replace('-', " "), it.status),
    }
}
