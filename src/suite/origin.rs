use std::net::IpAddr;

use url::{Host, Url};

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::value::{Node, Part, Template};

use super::credential::user_info;
use super::fields::text;

/// What a URL of the tenant that this process serves begins with.
pub(crate) const EMBEDDED: &str = "embedded:";
/// What stands for the control address of an embedded tenant; only the request that moves its clock goes there.
pub(crate) const CONTROL: &str = "control:";

/// Who serves the target, and with that what its URLs may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Served {
    /// This process: they may begin with `embedded:`.
    Here,
    /// Somebody else.
    Elsewhere,
    /// Somebody else, for each case anew: they may hold `$(…)` that the target's `setup` gives.
    Afresh,
}

/// What a URL of a target may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UrlForm {
    /// Paths are put after it: no `/` at the end, no query.
    Base,
    /// It is requested as it is.
    Whole,
    /// Scheme, host and port only.
    Origin,
    /// It is only sent on, so that a scheme of an app is fine too.
    Redirect,
}

/// Reads a URL of a target.
pub(crate) fn url(node: &Node, form: UrlForm, served: Served, out: &mut Diagnostics) -> Option<String> {
    let written = text(node, out)?;
    let (read, made) = if served == Served::Afresh && form != UrlForm::Redirect && written.contains("$(") {
        (stand_in(node, written, out)?, true)
    } else {
        (written.to_owned(), false)
    };
    match check(&read, form, served) {
        Ok(()) => Some(written.to_owned()),
        Err(fault) => {
            // Where names were put in, the places of what is left are others.
            let span = if made { node.span } else { node.span_within(fault.offset, fault.len.max(1)) };
            let problem = Diagnostic::error(Code::BadUrl, fault.message).at(span, fault.label);
            // Advice that quotes the URL would quote what stands in for the names.
            out.push(match fault.help.filter(|_| !made) {
                Some(help) => problem.help(help),
                None => problem,
            });
            None
        }
    }
}

struct Fault {
    offset: usize,
    len: usize,
    message: String,
    label: &'static str,
    help: Option<String>,
}

impl Fault {
    fn new(offset: usize, len: usize, message: impl Into<String>, label: &'static str) -> Self {
        Self { offset, len, message: message.into(), label, help: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

fn check(written: &str, form: UrlForm, served: Served) -> Result<(), Fault> {
    let all = written.len();
    if let Some(at) = written.find("$(") {
        let fault = match served {
            Served::Afresh => Fault::new(at, 2, "names are put into URLs that requests go to", "is only sent on"),
            Served::Here | Served::Elsewhere => {
                let message = "names in the URLs of a target come from its `setup`, and it has none";
                Fault::new(at, 2, message, "no name is known here")
                    .help("`setup: FLOW` names a flow whose outputs are names here")
            }
        };
        return Err(fault);
    }
    if let Some((at, bad)) = written.char_indices().find(|(_, it)| it.is_whitespace() || it.is_control()) {
        return Err(Fault::new(at, bad.len_utf8(), "a URL holds no space", "expected no space here"));
    }
    if let Some(rest) = written.strip_prefix(EMBEDDED) {
        if served != Served::Here {
            let fault =
                Fault::new(0, EMBEDDED.len(), "only an embedded target has an address `embedded:`", "not embedded");
            return Err(fault.help("say `embedded: true`, or write where it is"));
        }
        if !rest.is_empty() && !rest.starts_with('/') {
            return Err(Fault::new(EMBEDDED.len(), rest.len(), "a path follows `embedded:`", "expected `/`"));
        }
    } else {
        parse(written, form)?;
    }
    if let Some(at) = written.find('#') {
        return Err(Fault::new(at, all - at, "a fragment is never sent", "expected none"));
    }
    if form != UrlForm::Base {
        return Ok(());
    }
    if let Some(at) = written.find('?') {
        return Err(Fault::new(at, all - at, "paths are put after this URL, so that it has no query", "expected none"));
    }
    if written.ends_with('/') {
        let fault = Fault::new(all - 1, 1, "paths that begin with `/` are put after this URL", "one `/` too many");
        return Err(fault.help(format!("write `{}`", written.trim_end_matches('/'))));
    }
    Ok(())
}

/// The URL with something in the place of each name, so that the rest of it can be looked at: a URL where it begins with
/// a name, a digit elsewhere.
fn stand_in(node: &Node, written: &str, out: &mut Diagnostics) -> Option<String> {
    let template = match Template::parse(written) {
        Ok(template) => template,
        Err(error) => {
            let span = node.span_within(error.offset, error.len);
            out.push(Diagnostic::error(Code::BadTemplate, error.to_string()).at(span, "not understood"));
            return None;
        }
    };
    let parts = template.parts().iter().enumerate().map(|(index, part)| match part {
        Part::Text(text) => text.as_str(),
        Part::Slot(_) if index == 0 => "http://setup.invalid",
        Part::Slot(_) => "1",
    });
    Some(parts.collect())
}

fn parse(written: &str, form: UrlForm) -> Result<(), Fault> {
    if let Some((at, len)) = user_info(written) {
        let message = "a name and a password in a URL would stand in every report";
        let fault = Fault::new(at, len, message, "expected none");
        return Err(fault.help("say who signs in under `identities`"));
    }
    let url = Url::parse(written);
    if form == UrlForm::Redirect && url.is_ok() {
        return Ok(());
    }
    if !url.as_ref().is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        let scheme = written.find("://").unwrap_or(written.len());
        if url.is_ok() || scheme == written.len() {
            let fault = Fault::new(0, scheme, "a URL begins with `http://` or `https://`", "has no such scheme");
            let with_scheme = format!("https://{written}");
            let is_host = scheme == written.len() && written.contains(['.', ':']) && Url::parse(&with_scheme).is_ok();
            return Err(if is_host { fault.help(format!("write `{with_scheme}`")) } else { fault });
        }
    }
    let url =
        url.map_err(|error| Fault::new(0, written.len(), format!("`{written}` is no URL: {error}"), "not understood"))?;
    if form == UrlForm::Origin && (!matches!(url.path(), "" | "/") || url.query().is_some()) {
        let origin = url.origin().ascii_serialization();
        let fault = Fault::new(0, written.len(), "a host is allowed as a whole: scheme, host and port", "has a path");
        return Err(fault.help(format!("write `{origin}`")));
    }
    Ok(())
}

/// Whether a URL leads to this machine: `embedded:`, `localhost`, or a loopback address.
pub(crate) fn is_local(written: &str) -> bool {
    if written.starts_with(EMBEDDED) {
        return true;
    }
    match Url::parse(written).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

/// Reports a secret in plain text that could leave this machine.
pub(crate) fn check_plain(span: Span, urls: &[&str], out: &mut Diagnostics) {
    let away = urls.iter().find(|url| !is_local(url));
    let problem = match away {
        None if !urls.is_empty() => return,
        None => {
            Diagnostic::error(Code::PlainSecret, "a secret stands in plain text, and nothing says where it is sent")
        }
        Some(url) => {
            Diagnostic::error(Code::PlainSecret, format!("a secret stands in plain text and would be sent to {url}"))
        }
    };
    out.push(
        problem
            .at(span, "only for this machine or an embedded target")
            .help("write `{ env: NAME }` or `{ file: PATH }`"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_names_and_addresses() {
        for url in [
            "embedded:",
            "embedded:/x",
            "http://localhost:80",
            "http://a.localhost",
            "http://127.9.9.9",
            "http://[::1]:1/x",
            "http://LOCALHOST./",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert!(is_local(url), "{url}");
        }
        for url in [
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "http://[::2]",
            "",
            "localhost",
            "http://0.0.0.0",
        ] {
            assert!(!is_local(url), "{url}");
        }
    }
}
