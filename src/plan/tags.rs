use std::collections::BTreeSet;

/// A condition on tags, such as `agent and not slow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagExpr {
    /// Has this tag.
    Tag(String),
    /// Does not hold.
    Not(Box<TagExpr>),
    /// Both hold.
    And(Box<TagExpr>, Box<TagExpr>),
    /// One of them holds.
    Or(Box<TagExpr>, Box<TagExpr>),
}

/// A condition on tags that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no condition on tags: {why}; such as 'agent and not slow'")]
pub struct BadTags {
    /// What was given.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

/// How deep brackets may stand.
const MOST_DEPTH: u32 = 32;

impl TagExpr {
    /// Reads a condition: tags, `and`, `or`, `not` and brackets.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, BadTags> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut reader = Reader { words: &words, at: 0, depth: 0 };
        let read = reader.any().and_then(|expr| match reader.words.get(reader.at) {
            None => Ok(expr),
            Some(_) => Err("a word too many"),
        });
        read.map_err(|why| BadTags { text: text.to_owned(), why })
    }

    /// Whether it holds for these tags.
    #[must_use]
    pub fn holds(&self, tags: &[String]) -> bool {
        match self {
            Self::Tag(tag) => tags.contains(tag),
            Self::Not(inner) => !inner.holds(tags),
            Self::And(left, right) => left.holds(tags) && right.holds(tags),
            Self::Or(left, right) => left.holds(tags) || right.holds(tags),
        }
    }

    /// The tags that it names.
    #[must_use]
    pub fn tags(&self) -> BTreeSet<&str> {
        match self {
            Self::Tag(tag) => BTreeSet::from([tag.as_str()]),
            Self::Not(inner) => inner.tags(),
            Self::And(left, right) | Self::Or(left, right) => left.tags().union(&right.tags()).copied().collect(),
        }
    }
}

struct Reader<'w> {
    words: &'w [&'w str],
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn any(&mut self) -> Result<TagExpr, &'static str> {
        let mut left = self.all()?;
        while self.eat("or") {
            left = TagExpr::Or(Box::new(left), Box::new(self.all()?));
        }
        Ok(left)
    }

    fn all(&mut self) -> Result<TagExpr, &'static str> {
        let mut left = self.one()?;
        while self.eat("and") {
            left = TagExpr::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<TagExpr, &'static str> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err("it is nested too deep");
        }
        let read = if self.eat("not") {
            self.one().map(|inner| TagExpr::Not(Box::new(inner)))
        } else if self.eat("(") {
            let inner = self.any()?;
            if self.eat(")") { Ok(inner) } else { Err("a bracket is not closed") }
        } else {
            match self.words.get(self.at) {
                Some(&word) if !["and", "or", ")"].contains(&word) => {
                    self.at += 1;
                    Ok(TagExpr::Tag(word.to_owned()))
                }
                Some(_) | None => Err("a tag is missing"),
            }
        };
        self.depth -= 1;
        read
    }

    fn eat(&mut self, word: &str) -> bool {
        let is_there = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is_there);
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(condition: &str, tags: &[&str]) -> bool {
        TagExpr::parse(condition).unwrap().holds(&tags.iter().map(|&tag| tag.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn not_binds_before_and_and_before_or() {
        assert!(holds("agent and not slow", &["agent"]));
        assert!(!holds("agent and not slow", &["agent", "slow"]));
        assert!(holds("a or b and c", &["a"]));
        assert!(!holds("(a or b) and c", &["a"]));
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for text in ["", "and", "a b", "(a", "a or", "not"] {
            assert!(TagExpr::parse(text).is_err(), "{text}");
        }
    }
}
