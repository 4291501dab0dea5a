use std::io;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// The page's own style and script, and what the policy of the page allows besides: nothing.
#[derive(Debug, Serialize)]
pub(super) struct Assets {
    style: Safe,
    script: Safe,
    policy: String,
}

/// Text that is part of this program and stands in the page as it is.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Safe(&'static str);

/// The page's assets, with their digests.
///
/// # Source
/// Content Security Policy Level 3, §2.3.1: a style or script element runs when its content has the digest.
pub(super) static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let (style, script) = (include_str!("style.css"), include_str!("script.js"));
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(style),
        digest(script)
    );
    Assets { style: Safe(style), script: Safe(script), policy }
});

static ENVIRONMENT: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in [
        ("head.html", include_str!("head.html")),
        ("gaps.html", include_str!("gaps.html")),
        ("matrix.html", include_str!("matrix.html")),
        ("foot.html", include_str!("foot.html")),
        ("case.html", include_str!("case.html")),
        ("exchange.html", include_str!("exchange.html")),
        ("finding.html", include_str!("finding.html")),
        ("sequence.html", include_str!("sequence.html")),
        ("prose.html", include_str!("prose.html")),
    ] {
        environment.add_template(name, source)?;
    }
    Ok(environment)
});

/// A template of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// From the beginning to the list of cases.
    Head,
    /// A case.
    Case,
    /// What follows the cases.
    Foot,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Head => "head.html",
            Self::Case => "case.html",
            Self::Foot => "foot.html",
        }
    }

    /// The part with these values.
    ///
    /// # Errors
    /// A template is wrong, which a test of each of them would have shown.
    pub(super) fn render(self, view: &impl Serialize) -> io::Result<String> {
        let environment = ENVIRONMENT.as_ref().map_err(|error| io::Error::other(error.to_string()))?;
        let template = environment.get_template(self.name()).map_err(io::Error::other)?;
        template.render(Value::from(Serde(view))).map_err(io::Error::other)
    }
}
