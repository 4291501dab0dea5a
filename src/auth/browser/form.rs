use super::control::{Control, Override};

/// A form of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    /// Its id, by which controls elsewhere on the page belong to it.
    pub(super) id: Option<String>,
    /// Where it goes, relative to the page.
    pub(super) action: Option<String>,
    /// How it is sent, as written.
    pub(super) method: Option<String>,
    /// How it is written, as written.
    pub(super) enctype: Option<String>,
    /// Its controls, in the order of the page.
    pub(super) controls: Vec<Control>,
}

/// How a form is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// In the query of its address; whatever is not known is sent so.
    Get,
    /// In a body.
    Post,
    /// Not at all: it closes a part of the page.
    Dialog,
}

/// How the body of a form is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Enctype {
    /// `application/x-www-form-urlencoded`; whatever is not known is written so.
    UrlEncoded,
    /// `multipart/form-data`.
    Multipart,
}

impl Form {
    /// The controls that take part.
    pub(super) fn open(&self) -> impl Iterator<Item = &Control> {
        self.controls.iter().filter(|control| !control.is_disabled)
    }

    /// Whether a control of this name takes part.
    pub(super) fn has(&self, name: &str) -> bool {
        self.open().any(|control| control.name == name)
    }

    /// Where it goes when a button with words of its own is pressed.
    pub(super) fn action<'a>(&'a self, own: Option<&'a Override>) -> Option<&'a str> {
        let action = own.and_then(|own| own.action.as_deref()).or(self.action.as_deref());
        // HTML, "form submission": without an action it goes to the page's own address.
        action.map(|action| action.trim_matches([' ', '\t', '\n', '\r', '\x0c'])).filter(|action| !action.is_empty())
    }

    /// How it is sent.
    pub(super) fn method(&self, own: Option<&Override>) -> Method {
        let word = own.and_then(|own| own.method.as_deref()).or(self.method.as_deref()).unwrap_or_default();
        if word.eq_ignore_ascii_case("post") {
            Method::Post
        } else if word.eq_ignore_ascii_case("dialog") {
            Method::Dialog
        } else {
            Method::Get
        }
    }

    /// How its body is written.
    pub(super) fn enctype(&self, own: Option<&Override>) -> Enctype {
        let word = own.and_then(|own| own.enctype.as_deref()).or(self.enctype.as_deref()).unwrap_or_default();
        if word.eq_ignore_ascii_case("multipart/form-data") { Enctype::Multipart } else { Enctype::UrlEncoded }
    }
}
