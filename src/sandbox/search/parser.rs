//! Reads `q`. Every text gives a tree or the position where it went wrong; depth is bounded, so no
//! text exhausts the stack.

use crate::sandbox::search::expr::{Condition, End, Expr};
use crate::sandbox::search::glob::{Glob, Piece};

/// Parentheses and `NOT`s may nest this deep.
const DEEPEST: usize = 64;

/// Where `q` cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at position {at}")]
pub(crate) struct SyntaxError {
    problem: &'static str,
    /// In characters, from 1.
    at: usize,
}

/// The tree that `text` means.
pub(super) fn parse(text: &str) -> Result<Expr, SyntaxError> {
    let mut parser = Parser { text: text.chars().collect(), at: 0, depth: 0 };
    let expr = parser.any()?;
    parser.space();
    match parser.peek() {
        None => Ok(expr),
        Some(')') => Err(parser.wrong("unexpected )")),
        Some(_) => Err(parser.wrong("expected AND or OR")),
    }
}

struct Parser {
    text: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    const fn wrong(&self, problem: &'static str) -> SyntaxError {
        SyntaxError { problem, at: self.at + 1 }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += usize::from(next.is_some());
        next
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Whether an operator stands here: a word needs an end, a sign does not.
    fn has(&self, word: &str) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = word.len();
        let ends = !word.starts_with(char::is_alphabetic)
            || rest.get(length).is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')' | '"'));
        ends && rest.len() >= length
            && rest.iter().zip(word.chars()).all(|(c, wanted)| *c == wanted)
    }

    fn operator(&mut self, names: [&str; 2]) -> bool {
        self.space();
        let found = names.into_iter().find(|name| self.has(name));
        self.at += found.map_or(0, str::len);
        found.is_some()
    }

    fn any(&mut self) -> Result<Expr, SyntaxError> {
        self.joined(["OR", "||"], Self::all, Expr::Any)
    }

    fn all(&mut self) -> Result<Expr, SyntaxError> {
        self.joined(["AND", "&&"], Self::one, Expr::All)
    }

    fn joined(
        &mut self,
        operator: [&str; 2],
        part: fn(&mut Self) -> Result<Expr, SyntaxError>,
        join: fn(Vec<Expr>) -> Expr,
    ) -> Result<Expr, SyntaxError> {
        let first = part(self)?;
        if !self.operator(operator) {
            return Ok(first);
        }
        let mut parts = vec![first, part(self)?];
        while self.operator(operator) {
            parts.push(part(self)?);
        }
        Ok(join(parts))
    }

    fn one(&mut self) -> Result<Expr, SyntaxError> {
        self.space();
        if self.depth >= DEEPEST {
            return Err(self.wrong("nested too deeply"));
        }
        self.depth += 1;
        let one = if self.operator(["NOT", "!"]) {
            Expr::Not(Box::new(self.one()?))
        } else if self.eat('(') {
            let inner = self.any()?;
            self.space();
            if !self.eat(')') {
                return Err(self.wrong("expected )"));
            }
            inner
        } else {
            self.term()?
        };
        self.depth -= 1;
        Ok(one)
    }

    fn term(&mut self) -> Result<Expr, SyntaxError> {
        if ["AND", "OR", "&&", "||"].iter().any(|word| self.has(word)) {
            return Err(self.wrong("expected property:condition"));
        }
        let path = self.property();
        if !path.is_empty() {
            self.space();
        }
        Ok(Expr::Term { path, condition: self.condition()? })
    }

    /// The property's names, none when the word here is no `property:`.
    fn property(&mut self) -> Vec<String> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let name = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let length = rest.iter().take_while(|c| name(c)).count();
        if rest.get(length) != Some(&':') {
            return Vec::new();
        }
        let text: String = rest.iter().take(length).collect();
        let path: Vec<String> = text.split('.').map(str::to_owned).collect();
        if path.iter().any(String::is_empty) {
            return Vec::new();
        }
        self.at += length + 1;
        path
    }

    fn condition(&mut self) -> Result<Condition, SyntaxError> {
        match self.peek() {
            Some('"') => Ok(Condition::Text(self.quoted()?)),
            Some('[' | '{') => self.range(),
            Some(sign @ ('<' | '>')) => {
                self.at += 1;
                let inclusive = self.eat('=');
                self.space();
                let value = match self.peek() {
                    Some('"') => self.quoted()?,
                    _ => literal(&self.word(false)?),
                };
                let end = Some(End { value, inclusive });
                Ok(match sign {
                    '>' => Condition::Range { low: end, high: None },
                    _ => Condition::Range { low: None, high: end },
                })
            }
            _ => Ok(match Glob::of(self.words()?) {
                Ok(glob) => Condition::Glob(glob),
                Err(text) => Condition::Text(text),
            }),
        }
    }

    /// Words up to an operator or the next property, one space between two of them.
    fn words(&mut self) -> Result<Vec<Piece>, SyntaxError> {
        let mut pieces = self.word(true)?;
        loop {
            let before = self.at;
            self.space();
            let ends = self.peek().is_none_or(|c| matches!(c, '(' | ')' | '"' | '!'))
                || ["AND", "OR", "NOT", "&&", "||"].iter().any(|word| self.has(word));
            if ends || self.at == before {
                return Ok(pieces);
            }
            let start = self.at;
            let property = !self.property().is_empty();
            self.at = start;
            if property {
                return Ok(pieces);
            }
            pieces.push(Piece::Char(' '));
            pieces.extend(self.word(true)?);
        }
    }

    /// One word; `wild` gives `*` and `?` their meaning, and only then brackets are characters.
    fn word(&mut self, wild: bool) -> Result<Vec<Piece>, SyntaxError> {
        let mut pieces = Vec::new();
        while let Some(c) = self.peek() {
            let ends = c.is_whitespace()
                || matches!(c, '(' | ')' | '"')
                || (!wild && matches!(c, ']' | '}'));
            if ends {
                break;
            }
            self.at += 1;
            pieces.push(match c {
                '\\' => Piece::Char(self.next().ok_or_else(|| self.wrong("unfinished \\"))?),
                '*' if wild => Piece::Many,
                '?' if wild => Piece::One,
                _ => Piece::Char(c),
            });
        }
        if pieces.is_empty() { Err(self.wrong("expected a condition")) } else { Ok(pieces) }
    }

    fn quoted(&mut self) -> Result<String, SyntaxError> {
        let start = self.wrong("unfinished quotation");
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.next().ok_or_else(|| start.clone())? {
                '"' => return Ok(text),
                '\\' => text.push(self.next().ok_or_else(|| start.clone())?),
                c => text.push(c),
            }
        }
    }

    fn range(&mut self) -> Result<Condition, SyntaxError> {
        let inclusive = self.next() == Some('[');
        let low = self.end(inclusive)?;
        self.space();
        if !self.has("TO") {
            return Err(self.wrong("expected TO"));
        }
        self.at += 2;
        let mut high = self.end(true)?;
        self.space();
        match self.next() {
            Some(']') => {}
            Some('}') => {
                if let Some(high) = &mut high {
                    high.inclusive = false;
                }
            }
            found => {
                self.at -= usize::from(found.is_some());
                return Err(self.wrong("expected ]"));
            }
        }
        Ok(Condition::Range { low, high })
    }

    fn end(&mut self, inclusive: bool) -> Result<Option<End>, SyntaxError> {
        self.space();
        if self.peek() == Some('"') {
            return Ok(Some(End { value: self.quoted()?, inclusive }));
        }
        let start = self.at;
        let value = literal(&self.word(false)?);
        let open = self.text.get(start..self.at) == Some(&['*']);
        Ok((!open).then_some(End { value, inclusive }))
    }
}

/// The characters of a word without wildcards.
fn literal(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Char(c) => *c,
            Piece::One => '?',
            Piece::Many => '*',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What is read, written again.
    fn read(text: &str) -> String {
        parse(text).map_or_else(|error| error.to_string(), |expr| expr.to_string())
    }

    #[test]
    fn documented_queries_are_read() {
        for (text, read_as) in [
            ("customer.name:Meier", r#"customer.name:"Meier""#),
            ("customer.age:[30 TO 40]", r#"customer.age:["30" TO "40"]"#),
            (
                "(NOT customer.name:meier*) AND (customer.age:[30 TO 40] OR customer.age:[50 TO 60])",
                r#"NOT customer.name:meier* AND (customer.age:["30" TO "40"] OR customer.age:["50" TO "60"])"#,
            ),
            ("!customer.object:loyalty.customers", r#"NOT customer.object:"loyalty.customers""#),
            (r#"card.cardnumber:"9276""#, r#"card.cardnumber:"9276""#),
            ("a:1 OR b:2 AND c:3", r#"a:"1" OR (b:"2" AND c:"3")"#),
            ("a:x&&b:y||c:z", r#"a:"x&&b:y||c:z""#),
            ("a:x && b:y || c:z", r#"(a:"x" AND b:"y") OR c:"z""#),
            ("points:>=5 AND points:<10", r#"points:["5" TO *] AND points:[* TO "10"}"#),
            ("transactionRef:till 1 sale 7", r#"transactionRef:"till 1 sale 7""#),
            ("created:2020-09-25T11:15:30+02:00", r#"created:"2020-09-25T11:15:30+02:00""#),
            ("testnr", r#""testnr""#),
            (r"a:x\*y\ z", r#"a:"x*y z""#),
            ("a:{1 TO *}", r#"a:{"1" TO *]"#),
            ("ORDER:1", r#"ORDER:"1""#),
        ] {
            assert_eq!(read(text), read_as, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_placed() {
        for (text, problem) in [
            ("", "expected a condition at position 1"),
            ("a:", "expected a condition at position 3"),
            ("a:1 b:2", "expected AND or OR at position 5"),
            ("a:1 AND", "expected a condition at position 8"),
            ("a:1 AND OR b:2", "expected property:condition at position 9"),
            ("(a:1", "expected ) at position 5"),
            ("a:1)", "unexpected ) at position 4"),
            ("a:\"x", "unfinished quotation at position 3"),
            ("a:[1 TO 2", "expected ] at position 10"),
            ("a:[1 2]", "expected TO at position 6"),
            ("a:x\\", "unfinished \\ at position 5"),
            ("a:(1 OR 2)", "expected a condition at position 3"),
        ] {
            assert_eq!(read(text), problem, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded_and_length_is_not() {
        for text in ["(".repeat(10_000), "NOT ".repeat(10_000), "!".repeat(10_000)] {
            assert!(read(&text).starts_with("nested too deeply"), "{}", read(&text));
        }
        let long = vec!["a:1"; 10_000].join(" OR ");
        assert!(matches!(parse(&long), Ok(Expr::Any(parts)) if parts.len() == 10_000));
    }

    #[test]
    fn an_index_is_asked_only_for_what_must_be_there() {
        let text = |q: &str| parse(q).unwrap().exact_text("card.cardnumber").map(str::to_owned);
        assert_eq!(text("Card.CardNumber:9276"), Some("9276".to_owned()));
        assert_eq!(text("points:0 AND card.cardnumber:\"9276\""), Some("9276".to_owned()));
        for q in ["card.cardnumber:9276*", "NOT card.cardnumber:1", "cardnumber:1", "1"] {
            assert_eq!(text(q), None, "{q}");
        }
        assert_eq!(text("card.cardnumber:1 OR points:0"), None);
    }
}
