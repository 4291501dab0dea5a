use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diag::{Code, Colour, Diagnostics, Sources, render};
use crate::suite::{Files, ListError, LoadOptions, Loaded, ReadError, Target, load, load_targets};

/// A suite in memory.
pub(super) struct Tree(BTreeMap<String, Vec<u8>>);

impl Tree {
    pub(super) fn of<B: AsRef<[u8]>>(files: &[(&str, B)]) -> Self {
        Self(files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.as_ref().to_vec())).collect())
    }

    /// Loads it; what is wrong with it is drawn.
    pub(super) fn load(&self) -> Result<Loaded, String> {
        load(self, &LoadOptions::default()).map_err(|error| render(&error.problems, &error.sources, Colour::Never))
    }

    /// Everything that is said of it, drawn.
    pub(super) fn problems(&self) -> String {
        match self.load() {
            Ok(loaded) => render(&loaded.warnings, &loaded.suite.sources, Colour::Never),
            Err(drawn) => drawn,
        }
    }

    /// The suite, of which nothing is said.
    pub(super) fn good(&self) -> crate::suite::Suite {
        let loaded = self.load().unwrap_or_else(|drawn| panic!("{drawn}"));
        // A suite of a test holds what the test is about; whether it uses it is not.
        let said: Vec<_> = loaded.warnings.into_iter().filter(|it| it.code != Code::Unused).collect();
        assert!(said.is_empty(), "{}", render(&said, &loaded.suite.sources, Colour::Never));
        loaded.suite
    }
}

impl Files for Tree {
    fn origin(&self) -> &'static str {
        ""
    }

    fn list(&self) -> Result<Vec<String>, ListError> {
        Ok(self.0.keys().cloned().collect())
    }

    fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, ReadError> {
        let bytes = self.0.get(path).ok_or(ReadError::NotThere)?;
        if bytes.len() as u64 > most { Err(ReadError::TooBig { most }) } else { Ok(bytes.clone()) }
    }
}

/// The targets of an operator's file, and what is said of it.
pub(super) fn operator(text: &str) -> (Vec<Target>, String) {
    let (mut sources, mut out) = (Sources::default(), Diagnostics::new());
    let targets = load_targets("assize.yaml", text.as_bytes(), &mut sources, &mut out);
    (targets, render(&out.into_sorted(), &sources, Colour::Never))
}

/// What is said of each of several texts, one after the other, under a title for each.
pub(super) fn table(cases: &[(&str, &str)], problems: impl Fn(&str) -> String) -> String {
    let mut drawn = String::new();
    for (title, text) in cases {
        writeln!(drawn, "## {title}\n\n{}", problems(text)).expect("a string takes everything");
    }
    drawn
}
