/// What stands under a keyword of draft 2020-12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// A schema for the same value.
    SameValue,
    /// A schema for a part of the value.
    Part,
    /// A list of schemas for the same value.
    SameValueList,
    /// A list of schemas for parts.
    PartList,
    /// A map of schemas for the same value.
    SameValueMap,
    /// A map of schemas for parts.
    PartMap,
    /// A map of schemas that others refer to.
    Definitions,
    /// Something that a value is judged by.
    Demand,
    /// Something that judges nothing.
    Remark,
    /// `$ref`.
    Reference,
    /// A keyword that is refused, and why.
    Refused(&'static str),
}

/// The keywords, by JSON Schema Core and Validation of 2020-12.
const KEYWORDS: &[(&str, Holds)] = &[
    ("$ref", Holds::Reference),
    ("$defs", Holds::Definitions),
    ("definitions", Holds::Definitions),
    ("$schema", Holds::Remark),
    ("$id", Holds::Remark),
    ("$anchor", Holds::Refused("anchors are not supported; refer to a part by its way, as in `#/$defs/part`")),
    ("$comment", Holds::Remark),
    ("title", Holds::Remark),
    ("description", Holds::Remark),
    ("default", Holds::Remark),
    ("examples", Holds::Remark),
    ("deprecated", Holds::Remark),
    ("readOnly", Holds::Remark),
    ("writeOnly", Holds::Remark),
    ("$dynamicRef", Holds::Refused("dynamic references are not supported; use `$ref`")),
    (
        "$dynamicAnchor",
        Holds::Refused("dynamic references are not supported; refer to a part by its way, as in `#/$defs/part`"),
    ),
    ("$vocabulary", Holds::Refused("vocabularies are not supported")),
    ("contentSchema", Holds::Refused("it judges nothing in draft 2020-12")),
    ("contentEncoding", Holds::Remark),
    ("contentMediaType", Holds::Remark),
    ("allOf", Holds::SameValueList),
    ("anyOf", Holds::SameValueList),
    ("oneOf", Holds::SameValueList),
    ("not", Holds::SameValue),
    ("if", Holds::SameValue),
    ("then", Holds::SameValue),
    ("else", Holds::SameValue),
    ("dependentSchemas", Holds::SameValueMap),
    ("properties", Holds::PartMap),
    ("patternProperties", Holds::PartMap),
    ("additionalProperties", Holds::Part),
    ("propertyNames", Holds::Part),
    ("unevaluatedProperties", Holds::Part),
    ("prefixItems", Holds::PartList),
    ("items", Holds::Part),
    ("contains", Holds::Part),
    ("unevaluatedItems", Holds::Part),
    ("type", Holds::Demand),
    ("enum", Holds::Demand),
    ("const", Holds::Demand),
    ("multipleOf", Holds::Demand),
    ("maximum", Holds::Demand),
    ("exclusiveMaximum", Holds::Demand),
    ("minimum", Holds::Demand),
    ("exclusiveMinimum", Holds::Demand),
    ("maxLength", Holds::Demand),
    ("minLength", Holds::Demand),
    ("pattern", Holds::Demand),
    ("format", Holds::Demand),
    ("maxItems", Holds::Demand),
    ("minItems", Holds::Demand),
    ("uniqueItems", Holds::Demand),
    ("maxContains", Holds::Demand),
    ("minContains", Holds::Demand),
    ("maxProperties", Holds::Demand),
    ("minProperties", Holds::Demand),
    ("required", Holds::Demand),
    ("dependentRequired", Holds::Demand),
];

/// What stands under this keyword; `x-…` is anybody's remark.
pub(super) fn keyword(name: &str) -> Option<Holds> {
    if name.starts_with("x-") {
        return Some(Holds::Remark);
    }
    KEYWORDS.iter().find(|(known, _)| *known == name).map(|(_, holds)| *holds)
}

/// All keywords.
pub(super) fn names() -> Vec<&'static str> {
    KEYWORDS.iter().map(|(name, _)| *name).collect()
}
