/// What becomes of a keyword of a schema on the way to draft 2020-12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Becomes {
    /// It stays as it is.
    Itself,
    /// A schema, rewritten.
    Part,
    /// A list of schemas.
    PartList,
    /// A map of schemas.
    PartMap,
    /// Something of its own.
    Special,
    /// Nothing: it judges no value.
    Nothing,
}

/// The keywords of schemas in OpenAPI 3.0 and 3.1, besides those of other people (`x-…`).
const KEYWORDS: &[(&str, Becomes)] = &[
    ("type", Becomes::Itself),
    ("enum", Becomes::Special),
    ("const", Becomes::Itself),
    ("multipleOf", Becomes::Itself),
    ("maximum", Becomes::Special),
    ("minimum", Becomes::Special),
    ("exclusiveMaximum", Becomes::Special),
    ("exclusiveMinimum", Becomes::Special),
    ("maxLength", Becomes::Itself),
    ("minLength", Becomes::Itself),
    ("pattern", Becomes::Itself),
    ("format", Becomes::Special),
    ("maxItems", Becomes::Itself),
    ("minItems", Becomes::Itself),
    ("uniqueItems", Becomes::Itself),
    ("maxContains", Becomes::Itself),
    ("minContains", Becomes::Itself),
    ("maxProperties", Becomes::Itself),
    ("minProperties", Becomes::Itself),
    ("required", Becomes::Special),
    ("dependentRequired", Becomes::Itself),
    ("properties", Becomes::Special),
    ("patternProperties", Becomes::PartMap),
    ("dependentSchemas", Becomes::PartMap),
    ("additionalProperties", Becomes::Part),
    ("unevaluatedProperties", Becomes::Part),
    ("propertyNames", Becomes::Part),
    ("items", Becomes::Part),
    ("unevaluatedItems", Becomes::Part),
    ("prefixItems", Becomes::PartList),
    ("contains", Becomes::Part),
    ("allOf", Becomes::PartList),
    ("anyOf", Becomes::PartList),
    ("oneOf", Becomes::PartList),
    ("not", Becomes::Part),
    ("if", Becomes::Part),
    ("then", Becomes::Part),
    ("else", Becomes::Part),
    ("$ref", Becomes::Special),
    ("nullable", Becomes::Special),
    ("discriminator", Becomes::Special),
    ("$anchor", Becomes::Itself),
    ("$dynamicAnchor", Becomes::Itself),
    ("$dynamicRef", Becomes::Itself),
    ("$defs", Becomes::Nothing),
    ("definitions", Becomes::Nothing),
    ("$schema", Becomes::Nothing),
    ("$id", Becomes::Nothing),
    ("$comment", Becomes::Nothing),
    ("title", Becomes::Nothing),
    ("description", Becomes::Nothing),
    ("default", Becomes::Nothing),
    ("example", Becomes::Nothing),
    ("examples", Becomes::Nothing),
    ("deprecated", Becomes::Nothing),
    ("readOnly", Becomes::Nothing),
    ("writeOnly", Becomes::Nothing),
    ("contentEncoding", Becomes::Nothing),
    ("contentMediaType", Becomes::Nothing),
    ("contentSchema", Becomes::Nothing),
    ("xml", Becomes::Nothing),
    ("externalDocs", Becomes::Nothing),
];

/// What becomes of this keyword; nothing is known of others.
pub(super) fn becomes(name: &str) -> Option<Becomes> {
    if name.starts_with("x-") {
        return Some(Becomes::Nothing);
    }
    KEYWORDS.iter().find(|(known, _)| *known == name).map(|(_, becomes)| *becomes)
}

/// All keywords.
pub(super) fn names() -> Vec<&'static str> {
    KEYWORDS.iter().map(|(name, _)| *name).collect()
}
