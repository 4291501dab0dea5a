use crate::suite::SignInPages;

use super::control::{Control, ControlKind, Pressed};
use super::form::Form;
use super::page::Page;
use super::submission::Submission;

/// What is filled in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Login<'a> {
    /// The name; the page's own value stays where there is none.
    pub(super) username: Option<&'a str>,
    /// The password.
    pub(super) password: Option<&'a str>,
}

/// Kinds of forms that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormKind {
    /// It asks for a password, and perhaps for a name.
    Password,
    /// It asks for a name alone; the password comes on a page of its own.
    Name,
    /// It asks whether the user consents.
    Consent,
}

impl FormKind {
    /// All, those before that say more.
    const ALL: [Self; 3] = [Self::Password, Self::Name, Self::Consent];

    /// Whether the form is of this kind.
    fn is_of(self, form: &Form, pages: &SignInPages) -> bool {
        let named = |name: &Option<String>| name.as_deref().is_some_and(|name| form.has(name));
        match self {
            Self::Password => password(form, pages).is_some(),
            Self::Name => named(&pages.username),
            Self::Consent => named(&pages.confirm),
        }
    }

    /// Whether a name or a password goes out with it.
    pub(super) fn is_login(self) -> bool {
        match self {
            Self::Password | Self::Name => true,
            Self::Consent => false,
        }
    }
}

/// What is to be done with a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filled {
    /// This form is to be sent.
    Form(FormKind, Submission),
    /// A form is there again that was sent before: it was refused.
    Again,
    /// There is no form that is known.
    Nothing,
}

/// Fills in the first form of the page that is known and was not sent before; `sent` are the kinds that were.
pub(super) fn fill(page: &Page, pages: &SignInPages, login: Login<'_>, sent: &[FormKind]) -> Filled {
    let known = FormKind::ALL.into_iter().find_map(|kind| {
        let form = page.forms.iter().find(|form| kind.is_of(form, pages))?;
        Some((kind, form))
    });
    let Some((kind, form)) = known else { return Filled::Nothing };
    if sent.contains(&kind) {
        return Filled::Again;
    }
    match filled(form, kind, pages, login) {
        Some(submission) => Filled::Form(kind, submission),
        None => Filled::Nothing,
    }
}

/// The position of the password's field.
fn password(form: &Form, pages: &SignInPages) -> Option<usize> {
    let is_it = |control: &Control| match &pages.password {
        Some(name) => control.name == *name,
        None => control.kind == ControlKind::Password,
    };
    form.controls.iter().position(|control| !control.is_disabled && is_it(control))
}

/// The position of the name's field: the one that is declared, else the last text before the password.
fn username(form: &Form, pages: &SignInPages, password: Option<usize>) -> Option<usize> {
    let open = |control: &Control| !control.is_disabled;
    match &pages.username {
        Some(name) => form.controls.iter().position(|control| open(control) && control.name == *name),
        None => form.controls[..password?]
            .iter()
            .rposition(|control| open(control) && control.kind == ControlKind::Text && !control.name.is_empty()),
    }
}

fn filled(form: &Form, kind: FormKind, pages: &SignInPages, login: Login<'_>) -> Option<Submission> {
    let mut form = form.clone();
    let mut pressed = None;
    match kind {
        FormKind::Password | FormKind::Name => {
            let at = if kind == FormKind::Password { password(&form, pages) } else { None };
            let name = username(&form, pages, at);
            for (at, value) in [(name, login.username), (at, login.password)] {
                if let (Some(at), Some(value)) = (at, value) {
                    value.clone_into(&mut form.controls[at].value);
                }
            }
        }
        FormKind::Consent => {
            let confirms = |control: &Control| Some(&control.name) == pages.confirm.as_ref() && !control.is_disabled;
            pressed = form.controls.iter().position(|control| confirms(control) && control.submits().is_some());
            for control in form.controls.iter_mut().filter(|control| confirms(control)) {
                if let ControlKind::Box { is_checked } = &mut control.kind {
                    *is_checked = true;
                }
            }
        }
    }
    // HTML, "implicit submission": the first button is the one that the enter key presses.
    let first = || form.controls.iter().position(|control| !control.is_disabled && control.submits().is_some());
    let pressed = pressed.or_else(first);
    let pairs = form
        .controls
        .iter()
        .enumerate()
        .flat_map(|(at, control)| control.pairs(if pressed == Some(at) { Pressed::Yes } else { Pressed::No }));
    let pairs = pairs.collect();
    let own = pressed.and_then(|at| form.controls[at].submits());
    Submission::of(&form, own, pairs)
}
