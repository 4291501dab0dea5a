use std::fmt;

use super::name::BadNameKind;
use super::scope::{Missing, MissingKind, Scope};
use super::slot::Slot;

/// A text in which `$(…)` stand for values.
///
/// A lone `$` is a dollar and `$$(` is the text `$(`. Values are put in once: what they hold is never read as a template.
#[derive(Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

/// A piece of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that stands for itself.
    Text(String),
    /// A value to be put in.
    Slot(Slot),
}

/// A `$(…)` that cannot be read, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct TemplateError {
    /// Bytes before the fault.
    pub offset: usize,
    /// Bytes that are at fault, at least one.
    pub len: usize,
    /// What is wrong with them.
    pub kind: TemplateErrorKind,
}

/// What can be wrong with a `$(…)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateErrorKind {
    /// `$(` without `)`.
    #[error("expected `)` after `$(`; the text `$(` itself is written `$$(`")]
    Unterminated,
    /// `$()`.
    #[error("expected a name between `$(` and `)`")]
    Empty,
    /// The name in it is none.
    #[error("{0}")]
    Name(BadNameKind),
    /// Something after the name that is no operator with spaces around it.
    #[error(
        "expected `)`, `.member`, `[0]`, ` + number` or ` - number`; the spaces are needed, for names may hold `-`"
    )]
    Operator,
    /// No number after the operator.
    #[error("expected a number such as `5` or `0.5`")]
    Number,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// At the first `$(…)` that cannot be read.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while let Some(dollar) = text[at..].find('$').map(|offset| at + offset) {
            plain.push_str(&text[at..dollar]);
            let rest = &text[dollar..];
            if rest.starts_with("$$(") {
                plain.push_str("$(");
                at = dollar + 3;
            } else if let Some(inner) = rest.strip_prefix("$(") {
                let unterminated =
                    TemplateError { offset: dollar, len: rest.len(), kind: TemplateErrorKind::Unterminated };
                let length = inner.find(')').ok_or(unterminated)?;
                at = dollar + length + 3;
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(Part::Slot(Slot::parse(&inner[..length], dollar..at)?));
            } else {
                plain.push('$');
                at = dollar + 1;
            }
        }
        plain.push_str(&text[at..]);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// A template that stands for exactly this text, `$(` and all.
    #[must_use]
    pub fn fixed(text: &str) -> Self {
        let parts = if text.is_empty() { Vec::new() } else { vec![Part::Text(text.to_owned())] };
        Self { text: text.replace("$(", "$$("), parts }
    }

    /// The text as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its pieces in their order; no text is empty and no two stand side by side.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Its slots in their order.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Slot(slot) => Some(slot),
        })
    }

    /// The one slot that is the whole text; its value keeps its type.
    #[must_use]
    pub fn as_whole(&self) -> Option<&Slot> {
        if let [Part::Slot(slot)] = self.parts.as_slice() { Some(slot) } else { None }
    }

    /// Whether there is nothing to put in.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.slots().next().is_none()
    }

    /// The text it stands for, when there is nothing to put in.
    #[must_use]
    pub fn as_fixed(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text with all values put in.
    ///
    /// # Errors
    /// At the first name that has no value.
    pub fn render(&self, scope: &dyn Scope) -> Result<String, Missing> {
        self.render_with(scope, &mut str::to_owned)
    }

    /// The text with all values put in, each as `encode` writes it; the text around them stays as it is.
    ///
    /// # Errors
    /// At the first name that has no value.
    pub fn render_with(&self, scope: &dyn Scope, encode: &mut dyn FnMut(&str) -> String) -> Result<String, Missing> {
        let mut rendered = String::with_capacity(self.text.len());
        for part in &self.parts {
            match part {
                Part::Text(text) => rendered.push_str(text),
                Part::Slot(slot) => rendered.push_str(&encode(&slot.render(scope)?)),
            }
        }
        Ok(rendered)
    }

    /// Puts in what `scope` knows and leaves the other slots: for names that are known at plan time.
    ///
    /// # Errors
    /// At the first name that is known and has no value.
    pub fn settle(&self, scope: &dyn Scope) -> Result<Self, Missing> {
        let mut parts: Vec<Part> = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let text = match part {
                Part::Text(text) => text.clone(),
                Part::Slot(slot) => match slot.render(scope) {
                    Ok(text) => text,
                    Err(Missing { kind: MissingKind::Unknown, .. }) => {
                        parts.push(Part::Slot(slot.clone()));
                        continue;
                    }
                    Err(missing) => return Err(missing),
                },
            };
            match parts.last_mut() {
                Some(Part::Text(before)) => before.push_str(&text),
                _ if text.is_empty() => {}
                _ => parts.push(Part::Text(text)),
            }
        }
        Ok(Self { text: self.text.clone(), parts })
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Template({:?})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::value::Json;

    fn scope() -> BTreeMap<String, Json> {
        let json = r#"{"n":5,"big":9007199254740993,"digits":"007","text":"a b","tricky":"$(n)","null":null,"t":true,
            "list":[1,"x",{"id":1.50}],"steps":{"x":{"headers":{"retry-after":"30"}}},"access-token":"not-a-secret"}"#;
        match Json::parse(json.as_bytes()) {
            Ok(Json::Object(members)) => members.into_iter().collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn values_are_put_in_once() {
        for (template, rendered) in [
            ("", ""),
            ("plain $ and $x and $$ and $.a[?@.b]", "plain $ and $x and $$ and $.a[?@.b]"),
            ("$$(n) is $(n)", "$(n) is 5"),
            ("$$$(n)", "$$(n)"),
            ("$(tricky)", "$(n)"),
            ("/a/$(text)/$(list[2].id)", "/a/a b/1.50"),
            ("$(list)", r#"[1,"x",{"id":1.50}]"#),
            ("$(t)", "true"),
            ("$(n - 5)s", "0s"),
            ("$(n + 0.5)", "5.5"),
            ("$(big + 1)", "9007199254740994"),
            ("$(digits + 1)", "8"),
            ("$(steps.x.headers.retry-after - 1)", "29"),
            ("$(access-token)", "not-a-secret"),
        ] {
            let parsed = Template::parse(template).unwrap_or_else(|error| panic!("{template}: {error}"));
            assert_eq!(parsed.render(&scope()).as_deref(), Ok(rendered), "{template}");
        }
    }

    #[test]
    fn a_name_without_a_value_is_said() {
        for (template, kind, text) in [
            ("a $(nothing)", MissingKind::Unknown, "`$(nothing)` is not known here"),
            ("a $(null)", MissingKind::NoValue, "`$(null)` has no value"),
            ("$(list[3])", MissingKind::NoSuchMember, "`$(list[3])` is not a member of its value"),
            ("$(n.x)", MissingKind::NoSuchMember, "`$(n.x)` is not a member of its value"),
            ("$(text + 1)", MissingKind::NotANumber, "`$(text)` is not a number"),
            ("$(t - 1)", MissingKind::NotANumber, "`$(t)` is not a number"),
        ] {
            let missing = Template::parse(template).expect(template).render(&scope()).expect_err(template);
            assert_eq!((missing.kind, missing.to_string().as_str()), (kind, text), "{template}");
        }
    }

    #[test]
    fn a_bad_slot_is_refused_at_its_place() {
        for (template, offset, len, kind) in [
            ("ab$(c", 2, 3, TemplateErrorKind::Unterminated),
            ("$()", 0, 3, TemplateErrorKind::Empty),
            ("é$(1)", 4, 1, TemplateErrorKind::Name(BadNameKind::Name)),
            ("$( a)", 2, 2, TemplateErrorKind::Name(BadNameKind::Name)),
            ("$(a.)", 4, 1, TemplateErrorKind::Name(BadNameKind::Key)),
            ("$(a[x])", 4, 2, TemplateErrorKind::Name(BadNameKind::Index)),
            ("$(a+1)", 3, 2, TemplateErrorKind::Operator),
            ("$(a -1)", 3, 3, TemplateErrorKind::Operator),
            ("$(a * 2)", 3, 4, TemplateErrorKind::Operator),
            ("$(a + b)", 6, 1, TemplateErrorKind::Number),
            ("$(a + -1)", 6, 2, TemplateErrorKind::Number),
            ("$(a + 1 + 2)", 6, 5, TemplateErrorKind::Number),
        ] {
            assert_eq!(Template::parse(template), Err(TemplateError { offset, len, kind }), "{template}");
        }
    }

    #[test]
    fn slots_know_their_place_and_whether_they_are_all() {
        let template = Template::parse("é$(a) $(b.c + 1)").expect("a template");
        let places: Vec<&str> = template.slots().map(|slot| &template.text()[slot.span.clone()]).collect();
        assert_eq!(places, ["$(a)", "$(b.c + 1)"]);
        assert!(template.as_whole().is_none() && !template.is_fixed());
        assert!(Template::parse("$(a)").expect("a template").as_whole().is_some());
        assert_eq!(Template::parse("$$(a)").expect("a template").as_fixed(), Some("$(a)"));
    }

    #[test]
    fn only_the_slots_are_encoded() {
        let template = Template::parse("/a b/$(text)?x=$(n)").expect("a template");
        let encoded = template.render_with(&scope(), &mut |text| text.replace(' ', "%20"));
        assert_eq!(encoded.as_deref(), Ok("/a b/a%20b?x=5"));
    }

    #[test]
    fn settling_leaves_what_is_not_yet_known() {
        let template = Template::parse("$(tricky)/$(later)/$(n)").expect("a template");
        let settled = template.settle(&scope()).expect("what is known has values");
        let later = BTreeMap::from([("later".to_owned(), Json::from("x")), ("n".to_owned(), Json::from("never"))]);
        assert_eq!(settled.render(&later).as_deref(), Ok("$(n)/x/5"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read_or_refused_within_itself(text in "[$()a.\\[\\]0 +é-]{0,16}") {
            match Template::parse(&text) {
                Ok(template) => prop_assert_eq!(template.text(), text),
                Err(error) => {
                    prop_assert!(text.get(error.offset..error.offset + error.len).is_some() || error.offset + error.len > text.len());
                    prop_assert!(error.len > 0 && error.offset <= text.len());
                }
            }
        }

        #[test]
        fn a_fixed_template_stands_for_its_text(text in any::<String>()) {
            let template = Template::fixed(&text);
            prop_assert_eq!(template.as_fixed(), Some(text.as_str()));
        }
    }
}
