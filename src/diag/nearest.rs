/// The candidate that was probably meant by `word`, if any is near enough: at most a third of its letters differ, a swap
/// of two neighbours counts as one, case does not count.
#[must_use]
pub fn nearest<'c, I, C>(word: &str, candidates: I) -> Option<&'c str>
where
    I: IntoIterator<Item = &'c C>,
    C: AsRef<str> + ?Sized + 'c,
{
    const LONGEST: usize = 64;
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let letters = word.chars().count();
    let measured = candidates.into_iter().map(AsRef::as_ref).filter(|candidate| candidate.len() <= LONGEST).filter_map(
        |candidate| {
            let lower = candidate.to_lowercase();
            let distance = strsim::damerau_levenshtein(&word, &lower);
            let most = (letters.max(lower.chars().count()) / 3).max(1);
            let is_near = distance <= most && distance < letters;
            // A word that only lacks its ending, or has one too many, is near too: `expected` for `expect`.
            let is_stem = letters >= 3 && (lower.starts_with(&word) || (lower.len() >= 3 && word.starts_with(&lower)));
            (is_near || is_stem).then_some((distance, candidate))
        },
    );
    measured.min_by(|(a, left), (b, right)| a.cmp(b).then_with(|| left.cmp(right))).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 7] = ["request", "expect", "capture", "status", "json", "as", "use"];

    #[test]
    fn finds_the_key_that_was_meant() {
        for (word, key) in [
            ("exepct", "expect"),
            ("Status", "status"),
            ("capturing", "capture"),
            ("expected", "expect"),
            ("jsn", "json"),
        ] {
            assert_eq!(nearest(word, &KEYS), Some(key), "{word}");
        }
    }

    #[test]
    fn suggests_nothing_for_a_word_of_its_own() {
        for word in ["", "headers", "x", "zz", "\u{1f3b5}"] {
            assert_eq!(nearest(word, &KEYS), None, "{word}");
        }
    }

    #[test]
    fn takes_owned_and_borrowed_candidates() {
        assert_eq!(nearest("agnet", &["agent".to_owned()]), Some("agent"));
        assert_eq!(nearest("agnet", ["agent"].iter()), Some("agent"));
    }
}
