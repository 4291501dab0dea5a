use crate::value::Json;

use super::mould::Mould;
use super::parameter::In;

/// How the value of a parameter becomes text (OpenAPI 3.1.1 section 4.8.12.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

impl Style {
    /// The style of this name, where it may stand in such a parameter.
    pub(super) fn parse(text: &str, place: In) -> Option<Self> {
        let (style, places): (Self, &[In]) = match text {
            "simple" => (Self::Simple, &[In::Path, In::Header]),
            "label" => (Self::Label, &[In::Path]),
            "matrix" => (Self::Matrix, &[In::Path]),
            "form" => (Self::Form, &[In::Query, In::Cookie]),
            "spaceDelimited" => (Self::SpaceDelimited, &[In::Query]),
            "pipeDelimited" => (Self::PipeDelimited, &[In::Query]),
            "deepObject" => (Self::DeepObject, &[In::Query]),
            _ => return None,
        };
        places.contains(&place).then_some(style)
    }

    /// The style of such a parameter that names none.
    pub(super) const fn of(place: In) -> Self {
        match place {
            In::Path | In::Header => Self::Simple,
            In::Query | In::Cookie => Self::Form,
        }
    }
}

/// What the pairs of a query or of cookies hold for a parameter; nothing where it is not there.
pub(super) fn of_pairs(
    pairs: &[(String, String)],
    name: &str,
    (style, explode): (Style, bool),
    mould: &Mould,
) -> Option<Json> {
    let own: Vec<&str> = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect();
    match (mould, style) {
        (Mould::Record(_, _), Style::DeepObject) => {
            let member = |key: &str| Some(key.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?.to_owned());
            let members = pairs.iter().filter_map(|(key, value)| Some((member(key)?, value.as_str())));
            filled(members.map(|(key, value)| (key.clone(), mould.member(&key).cast(value))).collect())
        }
        (Mould::Record(names, _), _) if explode => {
            let is_own = |key: &str| names.iter().any(|(name, _)| name == key);
            let members = pairs.iter().filter(|(key, _)| is_own(key));
            filled(members.map(|(key, value)| (key.clone(), mould.member(key).cast(value))).collect())
        }
        (Mould::List(item), _) if explode && !own.is_empty() => {
            Some(Json::Array(own.iter().map(|value| item.cast(value)).collect()))
        }
        (Mould::Scalar(_) | Mould::List(_) | Mould::Record(_, _), _) => {
            let delimiter = match style {
                Style::SpaceDelimited => ' ',
                Style::PipeDelimited => '|',
                Style::Simple | Style::Label | Style::Matrix | Style::Form | Style::DeepObject => ',',
            };
            own.first().map(|text| split(text, delimiter, false, mould))
        }
    }
}

/// What the text of a path's parameter, or of a header field, holds; nothing where it is not in its style.
pub(super) fn of_text(text: &str, name: &str, (style, explode): (Style, bool), mould: &Mould) -> Option<Json> {
    match style {
        Style::Label => {
            let delimiter = if explode { '.' } else { ',' };
            Some(split(text.strip_prefix('.')?, delimiter, explode, mould))
        }
        Style::Matrix if explode && !matches!(mould, Mould::Scalar(_)) => {
            let pairs: Vec<(String, String)> = text
                .strip_prefix(';')?
                .split(';')
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect();
            of_pairs(&pairs, name, (Style::Form, true), mould)
        }
        Style::Matrix => {
            let rest = text.strip_prefix(';')?.strip_prefix(name)?;
            Some(split(rest.strip_prefix('=').unwrap_or(rest), ',', false, mould))
        }
        Style::Simple | Style::Form | Style::SpaceDelimited | Style::PipeDelimited | Style::DeepObject => {
            Some(split(text, ',', explode, mould))
        }
    }
}

fn split(text: &str, delimiter: char, explode: bool, mould: &Mould) -> Json {
    match mould {
        Mould::Scalar(_) => mould.cast(text),
        Mould::List(_) if text.is_empty() => Json::Array(Vec::new()),
        Mould::List(item) => Json::Array(text.split(delimiter).map(|part| item.cast(part.trim())).collect()),
        Mould::Record(_, _) if explode => {
            let members = text.split(delimiter).map(|part| part.split_once('=').unwrap_or((part, "")));
            Json::Object(members.map(|(key, value)| (key.to_owned(), mould.member(key).cast(value))).collect())
        }
        Mould::Record(_, _) => {
            let parts: Vec<&str> = text.split(delimiter).collect();
            let members = parts.chunks(2).filter_map(|pair| Some((*pair.first()?, pair.get(1).copied().unwrap_or(""))));
            Json::Object(members.map(|(key, value)| (key.to_owned(), mould.member(key).cast(value))).collect())
        }
    }
}

fn filled(members: Vec<(String, Json)>) -> Option<Json> {
    (!members.is_empty()).then_some(Json::Object(members))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::openapi::mould::Kinds;

    fn mould(kind: &str) -> Mould {
        let number = Mould::Scalar(Kinds { number: true, ..Kinds::default() });
        match kind {
            "number" => number,
            "list" => Mould::List(Box::new(number)),
            _ => Mould::Record(vec![("R".to_owned(), number.clone()), ("G".to_owned(), number)], Box::new(Mould::ANY)),
        }
    }

    fn told(value: Option<Json>) -> String {
        value.map_or("nothing".to_owned(), |value| value.preview(100))
    }

    #[test]
    fn texts_are_read_by_their_style() {
        for (text, style, explode, kind, expected) in [
            ("5", Style::Simple, false, "number", "5"),
            ("3,4,5", Style::Simple, false, "list", "[3,4,5]"),
            ("R,100,G,200", Style::Simple, false, "record", r#"{"R":100,"G":200}"#),
            ("R=100,G=200", Style::Simple, true, "record", r#"{"R":100,"G":200}"#),
            (".5", Style::Label, false, "number", "5"),
            (".3,4", Style::Label, false, "list", "[3,4]"),
            (".3.4", Style::Label, true, "list", "[3,4]"),
            (".R=100.G=200", Style::Label, true, "record", r#"{"R":100,"G":200}"#),
            ("5", Style::Label, false, "number", "nothing"),
            (";color=5", Style::Matrix, true, "number", "5"),
            (";color=3,4", Style::Matrix, false, "list", "[3,4]"),
            (";color=3;color=4", Style::Matrix, true, "list", "[3,4]"),
            (";R=100;G=200", Style::Matrix, true, "record", r#"{"R":100,"G":200}"#),
            (";color=R,100,G,200", Style::Matrix, false, "record", r#"{"R":100,"G":200}"#),
        ] {
            assert_eq!(told(of_text(text, "color", (style, explode), &mould(kind))), expected, "{text} {style:?}");
        }
    }

    #[test]
    fn pairs_are_read_by_their_style() {
        for (query, style, explode, kind, expected) in [
            ("color=5", Style::Form, true, "number", "5"),
            ("color=3&color=4", Style::Form, true, "list", "[3,4]"),
            ("color=3,4", Style::Form, false, "list", "[3,4]"),
            ("R=100&G=200&x=1", Style::Form, true, "record", r#"{"R":100,"G":200}"#),
            ("color=R,100,G,200", Style::Form, false, "record", r#"{"R":100,"G":200}"#),
            ("color=3%204", Style::SpaceDelimited, false, "list", "[3,4]"),
            ("color=3|4", Style::PipeDelimited, false, "list", "[3,4]"),
            ("color[R]=100&color[G]=200", Style::DeepObject, true, "record", r#"{"R":100,"G":200}"#),
            ("other=1", Style::Form, true, "list", "nothing"),
            ("color=red", Style::Form, true, "number", r#""red""#),
        ] {
            let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            assert_eq!(told(of_pairs(&pairs, "color", (style, explode), &mould(kind))), expected, "{query} {style:?}");
        }
    }
}
