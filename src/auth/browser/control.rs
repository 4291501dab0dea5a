/// A control of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Control {
    /// The name that it is sent under; empty when it has none.
    pub(super) name: String,
    /// What it is.
    pub(super) kind: ControlKind,
    /// Its value.
    pub(super) value: String,
    /// Whether it takes no part.
    pub(super) is_disabled: bool,
}

/// Kinds of controls, as far as sending a form tells them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ControlKind {
    /// A line of text that a person writes, such as a name or an address of mail.
    Text,
    /// A password.
    Password,
    /// A value that is sent as it is: hidden, a text area, a date.
    Plain,
    /// A box or a choice that is ticked, or is not.
    Box {
        /// Whether it is.
        is_checked: bool,
    },
    /// A list to choose from.
    Select {
        /// Whether several may be chosen.
        is_multiple: bool,
        /// What there is to choose.
        options: Vec<Choice>,
    },
    /// A button that sends the form.
    Submit(Override),
    /// A picture that sends the form, with the place that was pressed.
    Image(Override),
    /// What is never sent: other buttons, files.
    Never,
}

/// An option of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Choice {
    /// What is sent for it; its text, where it has no value of its own.
    pub(super) value: Option<String>,
    /// Its text.
    pub(super) text: String,
    /// Whether it is chosen.
    pub(super) is_selected: bool,
    /// Whether it cannot be chosen.
    pub(super) is_disabled: bool,
}

/// What a button says otherwise than its form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Override {
    /// Where the form goes.
    pub(super) action: Option<String>,
    /// How.
    pub(super) method: Option<String>,
    /// How it is written.
    pub(super) enctype: Option<String>,
}

impl Control {
    /// Whether pressing it sends the form; its own words on where to.
    pub(super) fn submits(&self) -> Option<&Override> {
        match &self.kind {
            ControlKind::Submit(own) | ControlKind::Image(own) => Some(own),
            ControlKind::Text
            | ControlKind::Password
            | ControlKind::Plain
            | ControlKind::Box { .. }
            | ControlKind::Select { .. }
            | ControlKind::Never => None,
        }
    }

    /// The pairs that are sent for it; `is_pressed` only for the button that sends the form.
    ///
    /// # Source
    /// HTML, "constructing the entry list".
    pub(super) fn pairs(&self, is_pressed: Pressed) -> Vec<(String, String)> {
        let one = |value: &str| vec![(self.name.clone(), value.to_owned())];
        match &self.kind {
            _ if self.is_disabled => Vec::new(),
            ControlKind::Image(_) if is_pressed == Pressed::Yes => {
                let prefix = if self.name.is_empty() { String::new() } else { format!("{}.", self.name) };
                ["x", "y"].into_iter().map(|axis| (format!("{prefix}{axis}"), "0".to_owned())).collect()
            }
            _ if self.name.is_empty() => Vec::new(),
            ControlKind::Plain if self.name == "_charset_" => one("UTF-8"),
            ControlKind::Submit(_) if is_pressed == Pressed::No => Vec::new(),
            ControlKind::Text
            | ControlKind::Password
            | ControlKind::Plain
            | ControlKind::Box { is_checked: true }
            | ControlKind::Submit(_) => one(&self.value),
            ControlKind::Select { is_multiple, options } => {
                chosen(*is_multiple, options).into_iter().map(|value| (self.name.clone(), value)).collect()
            }
            ControlKind::Box { is_checked: false } | ControlKind::Image(_) | ControlKind::Never => Vec::new(),
        }
    }
}

/// Whether a control is the button that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pressed {
    Yes,
    No,
}

/// The values that are chosen: of a list of which one must be, the last that is, else the first that can be.
fn chosen(is_multiple: bool, options: &[Choice]) -> Vec<String> {
    let selected: Vec<&Choice> = options.iter().filter(|option| option.is_selected).collect();
    let chosen = match (is_multiple, selected.last()) {
        (true, _) => selected,
        (false, Some(last)) => vec![*last],
        (false, None) => options.iter().find(|option| !option.is_disabled).into_iter().collect(),
    };
    let open = chosen.into_iter().filter(|option| !option.is_disabled);
    open.map(|option| option.value.clone().unwrap_or_else(|| collapsed(&option.text))).collect()
}

/// A text with one space where there are several.
fn collapsed(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}
