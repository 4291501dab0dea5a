use std::collections::HashMap;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{State, Token, Tokenizer, naive_next_state};

use super::control::{Choice, Control, ControlKind, Override};
use super::form::Form;
use super::veil::Veil;

/// A page, as far as its forms go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// What its addresses are relative to, where it says so.
    pub(super) base: Option<String>,
    /// Its forms.
    pub(super) forms: Vec<Form>,
}

impl Page {
    /// Reads a page. There is no page that cannot be read: what is broken is read as browsers read it.
    ///
    /// # Source
    /// HTML, "parsing HTML documents": a form within a form is none, and one that is never closed goes on to the end.
    pub(super) fn read(html: &str) -> Self {
        let (veil, html) = Veil::over(html);
        let mut reader = Reader::new(veil);
        let mut tokens = Tokenizer::new_with_emitter(&*html, DefaultEmitter::default());
        while let Some(Ok(token)) = tokens.next() {
            match token {
                Token::StartTag(tag) => {
                    // Scripts are not run, so that what is there for whoever runs none is part of the page.
                    if let Some(state) = naive_next_state(&tag.name).filter(|_| *tag.name != b"noscript") {
                        tokens.set_state(state);
                    } else if *tag.name == b"noframes" {
                        tokens.set_state(State::RawText);
                    }
                    reader.start(&tag);
                }
                Token::EndTag(tag) => reader.end(&tag.name),
                Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        reader.finish()
    }
}

type StartTag = html5gum::StartTag<()>;

struct Reader {
    veil: Veil,
    page: Page,
    /// Whether a form is open: it is the last of the page.
    is_in_form: bool,
    /// Controls that belong to a form by its id.
    elsewhere: Vec<(String, Control)>,
    /// The control whose content is being read.
    open: Option<Open>,
    /// For each open group of fields, whether it is disabled.
    groups: Vec<bool>,
    /// How many of them are disabled.
    disabled_groups: usize,
    /// How many templates are open: what is in them is no part of the page.
    templates: usize,
}

/// A control with content, and the form that it names.
struct Open {
    tag: &'static str,
    control: Control,
    form: Option<String>,
}

impl Reader {
    fn new(veil: Veil) -> Self {
        Self {
            veil,
            page: Page::default(),
            is_in_form: false,
            elsewhere: Vec::new(),
            open: None,
            groups: Vec::new(),
            disabled_groups: 0,
            templates: 0,
        }
    }

    fn start(&mut self, tag: &StartTag) {
        let name = &*tag.name;
        if name == b"template" {
            self.templates += 1;
        }
        if self.templates > 0 {
            return;
        }
        match name.as_slice() {
            b"base" if self.page.base.is_none() => self.page.base = self.attribute(tag, "href"),
            b"form" if !self.is_in_form => {
                self.is_in_form = true;
                self.page.forms.push(Form {
                    id: self.attribute(tag, "id"),
                    action: self.attribute(tag, "action"),
                    method: self.attribute(tag, "method"),
                    enctype: self.attribute(tag, "enctype"),
                    controls: Vec::new(),
                });
            }
            b"fieldset" => {
                self.groups.push(has(tag, "disabled"));
                self.disabled_groups += usize::from(has(tag, "disabled"));
            }
            b"input" => {
                // HTML, "in select": an input ends a list that was not closed.
                self.close();
                let kind = self.input_kind(tag);
                // HTML, "default/on": a box without a value of its own.
                let unsaid = if matches!(kind, ControlKind::Box { .. }) { "on" } else { "" };
                let value = self.attribute(tag, "value").unwrap_or_else(|| unsaid.to_owned());
                let control = self.control(tag, kind, value);
                self.place(control, self.attribute(tag, "form"));
            }
            b"button" => {
                let kind = match self.word(tag, "type").as_str() {
                    "button" | "reset" => ControlKind::Never,
                    _ => ControlKind::Submit(self.own(tag)),
                };
                let control = self.control(tag, kind, self.attribute(tag, "value").unwrap_or_default());
                self.place(control, self.attribute(tag, "form"));
            }
            b"select" => {
                let kind = ControlKind::Select { is_multiple: has(tag, "multiple"), options: Vec::new() };
                self.open(tag, "select", kind);
            }
            b"textarea" => self.open(tag, "textarea", ControlKind::Plain),
            b"option" => {
                let choice = Choice {
                    value: self.attribute(tag, "value"),
                    text: String::new(),
                    is_selected: has(tag, "selected"),
                    is_disabled: has(tag, "disabled"),
                };
                if let Some(open) = &mut self.open
                    && let ControlKind::Select { options, .. } = &mut open.control.kind
                {
                    options.push(choice);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &[u8]) {
        if name == b"template" {
            self.templates = self.templates.saturating_sub(1);
        }
        if self.templates > 0 {
            return;
        }
        match name {
            b"form" => {
                self.close();
                self.is_in_form = false;
            }
            b"fieldset" => self.disabled_groups -= usize::from(self.groups.pop() == Some(true)),
            b"select" | b"textarea" if self.open.as_ref().is_some_and(|open| open.tag.as_bytes() == name) => {
                self.close();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let Some(Open { control, .. }) = &mut self.open else { return };
        if let ControlKind::Select { options, .. } = &mut control.kind {
            if let Some(option) = options.last_mut() {
                option.text.push_str(&self.veil.lift(text));
            }
        } else {
            control.value.push_str(&self.veil.lift(text));
        }
    }

    fn finish(mut self) -> Page {
        self.close();
        let mut by_id: HashMap<String, usize> = HashMap::new();
        for (at, form) in self.page.forms.iter().enumerate() {
            if let Some(id) = &form.id {
                by_id.entry(id.clone()).or_insert(at);
            }
        }
        for (id, control) in self.elsewhere {
            if let Some(at) = by_id.get(&id) {
                self.page.forms[*at].controls.push(control);
            }
        }
        self.page
    }

    fn open(&mut self, tag: &StartTag, name: &'static str, kind: ControlKind) {
        self.close();
        let control = self.control(tag, kind, String::new());
        self.open = Some(Open { tag: name, control, form: self.attribute(tag, "form") });
    }

    /// Ends the control whose content is being read.
    fn close(&mut self) {
        if let Some(Open { tag, mut control, form }) = self.open.take() {
            // HTML, "in body": a line break right after `<textarea>` is for whoever reads the page's source.
            if let Some(rest) = control.value.strip_prefix('\n').filter(|_| tag == "textarea") {
                control.value = String::from(rest);
            }
            self.place(control, form);
        }
    }

    fn control(&self, tag: &StartTag, kind: ControlKind, value: String) -> Control {
        Control {
            name: self.attribute(tag, "name").unwrap_or_default(),
            kind,
            value,
            is_disabled: has(tag, "disabled") || self.disabled_groups > 0,
        }
    }

    /// Gives a control to its form: the one that it names, else the one that is open.
    fn place(&mut self, control: Control, form: Option<String>) {
        match (form, self.page.forms.last_mut()) {
            (Some(id), _) => self.elsewhere.push((id, control)),
            (None, Some(open)) if self.is_in_form => open.controls.push(control),
            (None, _) => {}
        }
    }

    fn input_kind(&self, tag: &StartTag) -> ControlKind {
        match self.word(tag, "type").as_str() {
            "password" => ControlKind::Password,
            "hidden" | "date" | "datetime-local" | "month" | "week" | "time" | "color" | "range" => ControlKind::Plain,
            "checkbox" | "radio" => ControlKind::Box { is_checked: has(tag, "checked") },
            "submit" => ControlKind::Submit(self.own(tag)),
            "image" => ControlKind::Image(self.own(tag)),
            "button" | "reset" | "file" => ControlKind::Never,
            // Whatever is not known is a line of text.
            _ => ControlKind::Text,
        }
    }

    fn own(&self, tag: &StartTag) -> Override {
        Override {
            action: self.attribute(tag, "formaction"),
            method: self.attribute(tag, "formmethod"),
            enctype: self.attribute(tag, "formenctype"),
        }
    }

    /// An attribute, its entities decoded.
    fn attribute(&self, tag: &StartTag, name: &str) -> Option<String> {
        let value = tag.attributes.get(name.as_bytes())?;
        Some(self.veil.lift(&String::from_utf8_lossy(value)))
    }

    /// An attribute that is one of a few words, in lower case.
    fn word(&self, tag: &StartTag, name: &str) -> String {
        self.attribute(tag, name).unwrap_or_default().to_ascii_lowercase()
    }
}

fn has(tag: &StartTag, name: &str) -> bool {
    tag.attributes.contains_key(name.as_bytes())
}
