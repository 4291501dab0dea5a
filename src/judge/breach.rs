use std::fmt;

/// Writes the enum and its tables from one entry for each code.
macro_rules! breach_codes {
    ($($variant:ident $name:literal: $title:literal, $more:literal;)+) => {
        /// How a check was not met, or why it could not be decided. Names are public and stay.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum BreachCode {
            $(
                #[doc = concat!("`", $name, "`: ", $title, ".")]
                $variant,
            )+
        }

        impl BreachCode {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name, in kebab case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it is, in half a line.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// What to look at, in a sentence or two.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$variant => $more),+ }
            }
        }
    };
}

breach_codes! {
    StatusMismatch "status-mismatch": "the answer has another status than promised",
        "Look at the body of the answer: most servers say there why. A 401 is judged like any other answer, and a redirect is not followed.";
    StatusesMismatch "statuses-mismatch": "steps sent together have other statuses than promised",
        "Each status of the list stands for one answer, in any order. Two successes where one was promised mean that the endpoint does not guard against requests at the same moment.";
    ReasonMismatch "reason-mismatch": "the reason phrase is not the promised one",
        "The reason phrase is the text after the status code (RFC 9112 section 4).";
    NoReasonPhrase "no-reason-phrase": "the protocol has no reason phrase",
        "HTTP/2 leaves the reason phrase out, so the check cannot be decided. Let the target say `http: 1.1`.";
    HeaderMissing "header-missing": "a promised header field is not there",
        "Names of header fields have no case; an empty field is there.";
    HeaderMismatch "header-mismatch": "a header field has another value than promised",
        "Several fields of one name are a list, in the order in which they came.";
    LocationInvalid "location-invalid": "the Location header leads nowhere",
        "It must be one header field with a URL, absolute or relative to the URL of the request (RFC 9110 section 10.2.2).";
    LocationMismatch "location-mismatch": "the Location header leads elsewhere than promised",
        "`to` is compared without query and fragment, after both URLs were normalised; parameters are compared decoded. A server that refuses often says why in `error` and `error_description`.";
    LocationMissing "location-missing": "the Location header lacks a promised parameter",
        "Look whether it stands in the other part: `query` and `fragment` are told apart. A server that refuses often says why in `error` and `error_description`.";
    ContentTypeMismatch "content-type-mismatch": "the body is of another media type than promised",
        "Parameters such as `charset` are left out of the comparison. An HTML page in place of JSON often comes from a proxy.";
    JsonInvalid "json-invalid": "the body is not JSON (RFC 8259)",
        "The message names the byte at which it stops being JSON. Bytes that are not UTF-8, a byte order mark, half a surrogate pair and more than 128 levels are no JSON either.";
    JsonMissing "json-missing": "a JSONPath finds nothing",
        "Look for the nearest name in the body. `exists: false` promises that nothing is there.";
    JsonMismatch "json-mismatch": "a value in the body is not the promised one",
        "Numbers are compared by their exact decimal value, texts character for character, objects whatever the order of their members.";
    DuplicateKey "duplicate-key": "an object of the body has a key twice",
        "Readers of JSON differ in which of the two they take, so nothing can be promised about the value.";
    SchemaViolation "schema-violation": "the body does not follow its schema",
        "Each line names the place in the body, what the schema demands and what is there.";
    UndocumentedStatus "undocumented-status": "the answer has a status that its OpenAPI document does not have",
        "The message names those that are documented. Either the endpoint answers what it should not, or the document leaves out what clients will meet.";
    UndocumentedContentType "undocumented-content-type": "the body is of a media type that its OpenAPI document does not have",
        "Parameters such as `charset` are left out of the comparison. An HTML page in place of JSON often comes from a proxy.";
    RequestUndocumented "request-undocumented": "the request that was sent is not as its OpenAPI document says",
        "It speaks of the suite, or of the document, never of the endpoint, and nothing fails by it. Where it is meant, expect the status by which the endpoint refuses it, and nothing is said.";
    JwtMalformed "jwt-malformed": "a value is no signed JSON Web Token",
        "A token has three parts in base64url, joined by dots: a header that names its algorithm, claims, each a JSON object without a key twice, and a signature (RFC 7515 section 3.1, RFC 7519 section 3).";
    JwtAlgorithm "jwt-algorithm": "a token is signed by an algorithm that was not promised",
        "The header of the token names the algorithm. A token signed by `none`, or by a shared secret where a key pair was promised, proves nothing (RFC 8725 section 3.1).";
    JwtSignature "jwt-signature": "the signature of a token does not hold",
        "None of the keys that fit the header of the token verifies its signature. Look whether the keys are those of the issuer, whether they were rotated since, and whether `kid` names one of them (RFC 7515 section 5.2).";
    JwtClaimMissing "jwt-claim-missing": "a token lacks a promised claim",
        "Claims stand in the payload of the token; nobody but the endpoint can put them there (RFC 7519 section 4).";
    JwtClaim "jwt-claim": "a claim of a token has another value than promised",
        "Times are seconds since 1970, to be compared with `$(now)`; `aud` may be one text or a list (RFC 7519 section 4.1).";
    TextMismatch "text-mismatch": "the text of the body is not the promised one",
        "The body is taken as it came, after its content coding was undone.";
    InvalidUtf8 "invalid-utf8": "the body is not UTF-8",
        "A body is never changed before it is compared, so bytes that are no text match nothing.";
    SizeMismatch "size-mismatch": "the body is larger or smaller than promised",
        "The size is counted in bytes after the content coding was undone.";
    ValueMismatch "value-mismatch": "a name has another value than promised",
        "The value was captured from earlier answers, or stands in the row; the record shows which step set it.";
    ValueMissing "value-missing": "a name has no value",
        "An optional capture found nothing, or the step that sets it was left out.";
    TooFast "too-fast": "the answer came earlier than promised",
        "Time is that of the target's clock. A request that should be held open was answered at once.";
    TooSlow "too-slow": "the answer came later than promised",
        "Time is that of the target's clock, so time by which it was moved counts.";
    NoBranch "no-branch": "none of the branches of `any_of` holds",
        "Each line tells what one branch missed; the nearest one comes first.";
    SnapshotDiffers "snapshot-differs": "the answer is not as it was accepted before",
        "Values that differ from run to run stand in the text by their names, so that what is left is a change of the endpoint. Where it is meant, `assize snapshots review` accepts the new text; where a value changes by its nature, `ignore` it or list its path under `volatile`.";
    SnapshotMissing "snapshot-missing": "nobody has accepted a snapshot of this answer yet",
        "`assize snapshots review` shows the text that was made of the answer and accepts it. In CI nothing is written: run it where you can look at it, accept, and commit the file.";
    ProtocolIrregular "protocol-irregular": "the answer breaks a rule of HTTP",
        "The answer could be read all the same, but another client may read it differently (RFC 9112, RFC 9110).";
    InexactNumber "inexact-number": "a number has more digits than a schema can compare",
        "Schemas compare 64-bit numbers. The number lies beyond them, so its neighbours could not be told apart. Judge it with `json`, which compares exactly.";
    OpaqueValue "opaque-value": "a secret would have to be looked into",
        "Records hold handles in the place of secrets. What a check needs to know of one is asked when the answer comes and recorded; this record holds no such answer.";
    CaptureMissing "capture-missing": "a name is to be taken from an answer, and nothing is there",
        "Look for the nearest place in the answer. `{ from: …, optional: true }` says that it may be missing.";
    PollTimedOut "poll-timed-out": "what was waited for did not come in time",
        "`for` counts by the target's clock. The last answer is shown; `give_up` ends a wait that has become pointless.";
    PollGaveUp "poll-gave-up": "there is nothing to wait for any more",
        "`give_up` held: the answer says that what was waited for will not come.";
    PollNeverHeld "poll-never-held": "what must never hold held once",
        "The attempt that broke the promise is shown.";
    MissingName "missing-name": "a name in the check has no value",
        "An earlier step that captures it found nothing, or was left out.";
    BadOperand "bad-operand": "what a name stands for cannot be used here",
        "The place needs another kind of value, such as a duration or a list.";
    TooManyNodes "too-many-nodes": "a JSONPath visits too much of the body",
        "A path such as `$..*..*` visits some nodes again and again. Name the way in more detail.";
    NoAnswer "no-answer": "there is no complete answer to judge",
        "The exchange ended in a fault; the step says which.";
    NotCompiled "not-compiled": "the check holds a name that only a target gives",
        "It is compiled again when the target is known; seeing this is a fault of the program.";
}

impl BreachCode {
    /// The code of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for BreachCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn the_list_of_codes_is_the_accepted_one() {
        let mut list = String::new();
        for code in BreachCode::ALL {
            writeln!(list, "{code}: {}", code.title()).unwrap();
            assert_eq!(BreachCode::named(code.as_str()), Some(*code));
        }
        insta::assert_snapshot!("codes", list);
    }

    #[test]
    fn names_are_unique() {
        let names: BTreeSet<_> = BreachCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), BreachCode::ALL.len());
    }
}
