use std::fmt::Write as _;

use crate::sandbox::tenant::BUSINESS_UNIT;
use crate::sandbox::wire::{Params, Reply};

/// Whether somebody has tried to sign in already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstLook {
    /// Nobody has.
    Yes,
    /// Somebody has, with a wrong user name or password.
    Failed,
}

/// The page on which people sign in: a form without a script, which a program can fill in as well.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignInPage<'a> {
    /// The path that the form goes to.
    pub(crate) action: &'a str,
    /// The application that people sign in to.
    pub(crate) client: &'a str,
    /// The names of the parameters that come back with the form.
    pub(crate) kept: &'a [&'a str],
}

impl SignInPage<'_> {
    /// The page for the request of `params`.
    pub(crate) fn shown(&self, params: &Params, look: FirstLook) -> Reply {
        let mut hidden = String::new();
        for name in self.kept {
            if let Some(value) = params.text(name) {
                // Writing to a String cannot fail.
                let _ = writeln!(hidden, r#"<input type="hidden" name="{name}" value="{}">"#, escaped(value));
            }
        }
        let message = match look {
            FirstLook::Yes => "",
            FirstLook::Failed => "<p role=\"alert\">The user name or the password is wrong.</p>\n",
        };
        let username = params.text("username").or_else(|| params.text("login_hint")).unwrap_or_default();
        let (action, client, username) = (escaped(self.action), escaped(self.client), escaped(username));
        page(
            "Sign in",
            &format!(
                r#"<p>Sign in to go on to <b>{client}</b>.</p>
{message}<form method="post" action="{action}">
{hidden}<p><label>User name <input name="username" value="{username}" autocomplete="username" required></label></p>
<p><label>Password <input type="password" name="password" autocomplete="current-password" required></label></p>
<p><button type="submit">Sign in</button></p>
</form>
"#
            ),
        )
    }
}

/// The page that says that nobody is signed in.
pub(crate) fn signed_out_page() -> Reply {
    page("Signed out", "<p>You are signed out.</p>\n")
}

fn page(title: &str, content: &str) -> Reply {
    let tenant = escaped(BUSINESS_UNIT.name);
    Reply::page(format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {tenant}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{tenant}. This is a simulation for tests, not a service of NICE: do not type real passwords here.</p>
{content}</main>
</body>
</html>
"#
    ))
    .not_stored()
}

/// A text as HTML, in content and in attributes: nothing in it ends either, and line ends stay what they are.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "&#{};", u32::from(c));
            }
            // HTML has no name for these.
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_an_attribute() {
        assert_eq!(escaped("\"><script>'&\r\0"), "&quot;&gt;&lt;script&gt;&#39;&amp;&#13;\u{fffd}");
    }
}
