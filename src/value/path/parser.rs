use super::super::Json;
use super::super::number::number_len;
use super::query::{Comparison, Extent, Logical, Operand, Pattern, Query, Reach, Search, Selector, Start, Step};
use super::regexp;

/// Reads a query whose grammar and types `serde_json_path` has checked; `None` where it finds anything else.
pub(super) fn parse(text: &str) -> Option<Query> {
    let mut parser = Parser { text, at: 0 };
    let query = parser.query()?;
    (parser.at == text.len()).then_some(query)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// `token` after white space; without it nothing is consumed.
    fn take_spaced(&mut self, token: &str) -> bool {
        let start = self.at;
        self.skip_space();
        let found = self.take(token);
        if !found {
            self.at = start;
        }
        found
    }

    fn query(&mut self) -> Option<Query> {
        let start = if self.take("$") {
            Start::Root
        } else if self.take("@") {
            Start::Current
        } else {
            return None;
        };
        let mut steps = Vec::new();
        loop {
            let before = self.at;
            self.skip_space();
            let step = if self.take("..") {
                let selectors = if self.take("[") { self.selectors()? } else { vec![self.shorthand()?] };
                Step { reach: Reach::Descendants, selectors }
            } else if self.take(".") {
                Step { reach: Reach::Children, selectors: vec![self.shorthand()?] }
            } else if self.take("[") {
                Step { reach: Reach::Children, selectors: self.selectors()? }
            } else {
                self.at = before;
                return Some(Query { start, steps });
            };
            steps.push(step);
        }
    }

    /// What follows a dot.
    fn shorthand(&mut self) -> Option<Selector> {
        if self.take("*") {
            return Some(Selector::Wildcard);
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii();
        let length = self.rest().find(|c| !is_name(c)).unwrap_or(self.rest().len());
        let name = &self.rest()[..length];
        self.at += length;
        (!name.is_empty()).then(|| Selector::Name(name.to_owned()))
    }

    /// What follows an opening bracket, and the closing one.
    fn selectors(&mut self) -> Option<Vec<Selector>> {
        let mut selectors = Vec::new();
        loop {
            self.skip_space();
            selectors.push(self.selector()?);
            self.skip_space();
            if self.take("]") {
                return Some(selectors);
            }
            if !self.take(",") {
                return None;
            }
        }
    }

    fn selector(&mut self) -> Option<Selector> {
        match self.peek()? {
            '*' => {
                self.at += 1;
                Some(Selector::Wildcard)
            }
            '?' => {
                self.at += 1;
                self.logical().map(Selector::Filter)
            }
            '\'' | '"' => self.string().map(Selector::Name),
            _ => {
                let start = self.integer();
                if !self.take_spaced(":") {
                    return start.map(Selector::Index);
                }
                self.skip_space();
                let end = self.integer();
                let step = if self.take_spaced(":") {
                    self.skip_space();
                    self.integer()
                } else {
                    None
                };
                Some(Selector::Slice { start, end, step: step.unwrap_or(1) })
            }
        }
    }

    fn integer(&mut self) -> Option<i64> {
        let sign = usize::from(self.rest().starts_with('-'));
        let digits = self.rest()[sign..].bytes().take_while(u8::is_ascii_digit).count();
        let value = self.rest()[..sign + digits].parse().ok()?;
        self.at += sign + digits;
        Some(value)
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.peek()?;
        // The literal as JSON writes it: only the quotes differ.
        let mut literal = String::from('"');
        self.at += 1;
        loop {
            let character = self.peek()?;
            self.at += character.len_utf8();
            match character {
                '\\' => {
                    let escaped = self.peek()?;
                    self.at += escaped.len_utf8();
                    if escaped != '\'' {
                        literal.push('\\');
                    }
                    literal.push(escaped);
                }
                '"' if quote == '\'' => literal.push_str("\\\""),
                _ if character == quote => break,
                _ => literal.push(character),
            }
        }
        literal.push('"');
        match Json::parse(literal.as_bytes()) {
            Ok(Json::String(text)) => Some(text),
            _ => None,
        }
    }

    fn logical(&mut self) -> Option<Logical> {
        let mut branches = vec![self.conjunction()?];
        while self.take_spaced("||") {
            branches.push(self.conjunction()?);
        }
        if branches.len() == 1 { branches.pop() } else { Some(Logical::Or(branches)) }
    }

    fn conjunction(&mut self) -> Option<Logical> {
        let mut parts = vec![self.basic()?];
        while self.take_spaced("&&") {
            parts.push(self.basic()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Logical::And(parts)) }
    }

    fn basic(&mut self) -> Option<Logical> {
        self.skip_space();
        if self.take("!") {
            return Some(Logical::Not(Box::new(self.basic()?)));
        }
        if self.take("(") {
            let inner = self.logical()?;
            self.skip_space();
            return self.take(")").then_some(inner);
        }
        for (name, extent) in [("match(", Extent::Whole), ("search(", Extent::Part)] {
            if self.take(name) {
                return self.search(extent);
            }
        }
        if matches!(self.peek()?, '$' | '@') {
            let query = self.query()?;
            return Some(match self.comparison() {
                Some(comparison) => Logical::Compare(Operand::Value(query), comparison, self.operand()?),
                None => Logical::Exists(query),
            });
        }
        let left = self.operand()?;
        let comparison = self.comparison()?;
        Some(Logical::Compare(left, comparison, self.operand()?))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ]
        .into_iter()
        .find_map(|(token, comparison)| self.take_spaced(token).then_some(comparison))
    }

    fn operand(&mut self) -> Option<Operand> {
        self.skip_space();
        let operand = match self.peek()? {
            '$' | '@' => Operand::Value(self.query()?),
            '\'' | '"' => Operand::Literal(Json::String(self.string()?)),
            _ if self.take("length(") => {
                let inner = self.operand()?;
                self.close(Operand::Length(Box::new(inner)))?
            }
            _ if self.take("count(") => {
                self.skip_space();
                let query = self.query()?;
                self.close(Operand::Count(query))?
            }
            _ if self.take("value(") => {
                self.skip_space();
                let query = self.query()?;
                self.close(Operand::Value(query))?
            }
            _ if self.take("true") => Operand::Literal(Json::Bool(true)),
            _ if self.take("false") => Operand::Literal(Json::Bool(false)),
            _ if self.take("null") => Operand::Literal(Json::Null),
            _ => {
                let length = number_len(self.rest().as_bytes())?;
                let number = Json::parse(&self.rest().as_bytes()[..length]).ok()?;
                self.at += length;
                Operand::Literal(number)
            }
        };
        Some(operand)
    }

    fn close(&mut self, operand: Operand) -> Option<Operand> {
        self.take_spaced(")").then_some(operand)
    }

    fn search(&mut self, extent: Extent) -> Option<Logical> {
        let text = self.operand()?;
        if !self.take_spaced(",") {
            return None;
        }
        let pattern = match self.operand()? {
            Operand::Literal(Json::String(pattern)) => Pattern::Compiled(regexp::compile(&pattern, extent)),
            Operand::Literal(_) => Pattern::Compiled(None),
            found @ (Operand::Value(_) | Operand::Length(_) | Operand::Count(_)) => Pattern::Found(found),
        };
        self.take_spaced(")").then(|| Logical::Search(Box::new(Search { text, pattern, extent })))
    }
}
