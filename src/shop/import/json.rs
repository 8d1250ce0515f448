//! JSON objects as rows of text.
//!
//! The rows are the objects of an array, of an array within an object (`{ "articles": [ … ] }`), or
//! one object after the other (JSON lines). Only the object at hand is in memory.

use std::borrow::Cow;
use std::fmt;
use std::io::BufRead;

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use super::columns::Column;
use super::encoding::Decoded;
use super::keyed::Keyed;
use super::problem::short;
use super::row::Row;
use super::{Goods, Problem, What, columns};

/// Bytes of the longest object: a description of a web shop is long.
const LONGEST_OBJECT: usize = 1 << 20;

/// Hands the articles of the text to `goods`, and what is not one to its report.
pub(super) fn read(text: Decoded, goods: &mut Goods) {
    let mut scanner = Scanner { text, line: 1, open: Vec::new(), object: None };
    let mut keyed = Keyed::new(false);
    loop {
        match scanner.next() {
            Ok(Some(object)) => {
                if !take(&object, &mut keyed, scanner.text.bytes, goods) {
                    return;
                }
            }
            Ok(None) => return,
            Err(Stop { line, what }) => return goods.bad.add(Problem::of_line(line, what)),
        }
    }
}

/// An object as it is written.
struct Object {
    text: String,
    /// The line in which it begins.
    line: usize,
    /// No array and no object is around it.
    is_outermost: bool,
}

/// Nothing behind it can be read.
struct Stop {
    line: usize,
    what: What,
}

/// Finds the objects that are rows by counting brackets; whether they are right is decided later.
struct Scanner<'r> {
    text: Decoded<'r>,
    line: usize,
    /// The brackets that are open outside of the object at hand.
    open: Vec<u8>,
    object: Option<Partial>,
}

/// An object that has not ended.
struct Partial {
    text: Vec<u8>,
    line: usize,
    /// The brackets that are open in it, its own first.
    open: Vec<u8>,
    in_string: bool,
    is_escaped: bool,
    role: Role,
}

/// What an object is that has not ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A row, or what is around rows.
    Undecided,
    /// An article: objects in its lists are no rows.
    Article,
    /// What follows behind the rows in the object around them: no row itself.
    Rest,
}

impl Scanner<'_> {
    fn next(&mut self) -> Result<Option<Object>, Stop> {
        loop {
            let window = match self.text.fill_buf() {
                Ok(window) => window,
                Err(error) => return Err(self.stop(What::Unreadable(short(&error.to_string())))),
            };
            let Some(&byte) = window.first() else { break };
            if let Some(object) = &mut self.object {
                // As far as the window goes without a sign that means something.
                let plain = window.iter().take_while(|byte| object.is_plain(**byte)).count();
                if plain > 0 {
                    object.text.extend_from_slice(window.get(..plain).unwrap_or_default());
                    self.text.consume(plain);
                } else {
                    self.text.consume(1);
                    if let Some(object) = self.within(byte)? {
                        return Ok(Some(object));
                    }
                }
                if self.object.as_ref().is_some_and(|object| object.text.len() > LONGEST_OBJECT) {
                    return Err(self.stop(What::NotJson(format!(
                        "an object of more than {LONGEST_OBJECT} bytes"
                    ))));
                }
            } else {
                self.text.consume(1);
                self.between(byte)?;
            }
        }
        if self.object.is_some() || !self.open.is_empty() {
            let line = self.object.as_ref().map_or(self.line, |object| object.line);
            let what = What::NotJson("the text ends within an object or an array".to_owned());
            return Err(Stop { line, what });
        }
        Ok(None)
    }

    fn stop(&self, what: What) -> Stop {
        let line = self.object.as_ref().map_or(self.line, |object| object.line);
        Stop { line, what }
    }

    /// A byte between the rows.
    fn between(&mut self, byte: u8) -> Result<(), Stop> {
        match byte {
            b'\n' => self.line += 1,
            b' ' | b'\t' | b'\r' | b',' | 0 => {}
            b'[' if self.open.is_empty() => self.open.push(byte),
            b']' if self.open.last() == Some(&b'[') => drop(self.open.pop()),
            b'{' if self.open.last() != Some(&b'{') => {
                self.object = Some(Partial::beginning(self.line));
            }
            b'}' if self.open.last() == Some(&b'{') => drop(self.open.pop()),
            _ if self.open.last() == Some(&b'{') => self.resume(byte),
            _ => {
                return Err(
                    self.stop(What::NotJson(format!("{:?} is no object", char::from(byte))))
                );
            }
        }
        Ok(())
    }

    /// What follows in the object around the rows is looked through for further ones.
    fn resume(&mut self, byte: u8) {
        self.open.pop();
        let mut rest = Partial { role: Role::Rest, ..Partial::beginning(self.line) };
        rest.text.push(byte);
        rest.in_string = byte == b'"';
        self.object = Some(rest);
    }

    /// A byte within an object; the object, if that ends it.
    fn within(&mut self, byte: u8) -> Result<Option<Object>, Stop> {
        let Some(object) = &mut self.object else { return Ok(None) };
        object.text.push(byte);
        self.line += usize::from(byte == b'\n');
        if object.in_string {
            object.in_string = byte != b'"' || object.is_escaped;
            object.is_escaped = byte == b'\\' && !object.is_escaped;
            return Ok(None);
        }
        match byte {
            b'"' => object.in_string = true,
            b'{' if object.role == Role::Rest && object.open == [b'{', b'['] => {
                return Err(self.stop(What::SecondArray));
            }
            b'{' if object.is_around_rows(self.open.is_empty()) => {
                // Not an article, but what holds them: they are its elements.
                self.open.extend([b'{', b'[']);
                self.object = Some(Partial::beginning(self.line));
            }
            b'{' | b'[' => object.open.push(byte),
            b'}' | b']' => {
                let opening = if byte == b'}' { b'{' } else { b'[' };
                if object.open.pop() != Some(opening) {
                    let what = What::NotJson(format!("{:?} closes nothing", char::from(byte)));
                    return Err(self.stop(what));
                }
                if object.open.is_empty() {
                    let is_outermost = self.open.is_empty();
                    if object.role == Role::Rest && object.is_of_article() {
                        return Err(self.stop(What::LateColumns));
                    }
                    let object = self.object.take().filter(|object| object.role != Role::Rest);
                    return Ok(object.and_then(|object| object.ended(is_outermost)));
                }
            }
            _ => {}
        }
        Ok(None)
    }
}

impl Partial {
    /// An object of which the brace has been read.
    fn beginning(line: usize) -> Self {
        let (text, open) = (vec![b'{'], vec![b'{']);
        Self { text, line, open, in_string: false, is_escaped: false, role: Role::Undecided }
    }

    fn is_plain(&self, byte: u8) -> bool {
        byte != b'\n'
            && if self.in_string {
                !self.is_escaped && byte != b'"' && byte != b'\\'
            } else {
                !matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')
            }
    }

    /// Whether an object that begins here is the first of an array in an object that is no article.
    /// That is decided once, at the first list of objects: an article has a known column before it.
    fn is_around_rows(&mut self, is_outermost: bool) -> bool {
        if !is_outermost || self.role == Role::Article || self.open != [b'{', b'['] {
            return false;
        }
        let mut closed = self.text.clone();
        // The brace that was just added, and the array before it.
        closed.pop();
        closed.extend_from_slice(b"]}");
        let text = String::from_utf8(closed).unwrap_or_default();
        let keys = fields(&text).unwrap_or_default();
        // The last key is that of the list.
        let before = keys.len().saturating_sub(1);
        let is_article = keys.iter().take(before).any(|(key, _)| {
            columns::known(key).is_some_and(|(column, _)| {
                // What an answer of a web shop says of itself, `"status": "ok"`.
                !matches!(column, Column::Active | Column::Kind | Column::Note)
            })
        });
        if is_article {
            self.role = Role::Article;
        }
        !is_article
    }

    /// Whether what follows behind rows says what an article does.
    fn is_of_article(&self) -> bool {
        const OWN: [Column; 5] =
            [Column::Number, Column::Ean, Column::Name, Column::Price, Column::Vat];
        let text = std::str::from_utf8(&self.text).unwrap_or_default();
        let keys = fields(text).unwrap_or_default();
        let known = keys.iter().filter_map(|(key, _)| columns::known(key));
        known.filter(|(column, _)| OWN.contains(column)).count() > 1
    }

    fn ended(self, is_outermost: bool) -> Option<Object> {
        Some(Object { text: String::from_utf8(self.text).ok()?, line: self.line, is_outermost })
    }
}

/// The fields of an object in their order, values as they are written.
fn fields(text: &str) -> Result<Vec<(Cow<'_, str>, &RawValue)>, serde_json::Error> {
    struct Fields;

    impl<'de> Visitor<'de> for Fields {
        type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut fields = Vec::new();
            while let Some((key, value)) = map.next_entry::<Key, &RawValue>()? {
                fields.push((key.0, value));
            }
            Ok(fields)
        }
    }

    let mut reader = Deserializer::from_str(text);
    let fields = reader.deserialize_map(Fields)?;
    reader.end()?;
    Ok(fields)
}

/// A key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Hands an object to `goods`; false: no more are taken.
fn take(object: &Object, keyed: &mut Keyed, bytes: u64, goods: &mut Goods) -> bool {
    let fields = match fields(&object.text) {
        Ok(fields) => fields,
        Err(error) => {
            let line = object.line + error.line().saturating_sub(1);
            // Without its place, which counts from the object.
            let text = error.to_string();
            let text = text.split(" at line ").next().unwrap_or_default();
            goods.bad.add(Problem::of_line(line, What::NotJson(short(text))));
            return true;
        }
    };
    let mut row = Row::new(object.line);
    let (mut at, mut line) = (0, object.line);
    let mut lines = Vec::with_capacity(fields.len());
    for (key, raw) in &fields {
        // Where the value stands in the text it is borrowed from.
        let start = raw.get().as_ptr().addr().saturating_sub(object.text.as_ptr().addr());
        let passed = object.text.as_bytes().get(at..start).unwrap_or_default();
        line += passed.split(|byte| *byte == b'\n').count() - 1;
        at = at.max(start);
        lines.push((key.as_ref(), line));
    }
    let layout = &keyed.keys(&lines, object.line, goods).layout;
    let is_empty_list = |raw: &RawValue| {
        raw.get().bytes().all(|byte| matches!(byte, b'[' | b']') || byte.is_ascii_whitespace())
    };
    if object.is_outermost
        && layout.fields.is_empty()
        && fields.iter().any(|(_, raw)| is_empty_list(raw))
    {
        // What would be around rows, without any.
        goods.bad.add(Problem::of_line(object.line, What::Empty));
        return true;
    }
    for (index, column) in &layout.fields {
        let (Some((_, raw)), Some((name, line))) = (fields.get(*index), lines.get(*index)) else {
            continue;
        };
        match written(*column, raw.get()) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => row.set(*column, Some(text), *line),
            Err(found) => {
                let what = What::WrongType { expected: "a text or a number", found };
                goods.bad.add(Problem::of_column(*line, name, what));
                row.set(*column, None, *line);
            }
        }
    }
    row.apply(goods.options);
    goods.take(&row, &|column| layout.name(column), bytes)
}

/// The text of a value; numbers are taken as they are written, never as binary ones.
///
/// # Errors
/// What it is instead.
fn written(column: Column, raw: &str) -> Result<Cow<'_, str>, &'static str> {
    match raw.bytes().next() {
        Some(b'"') => match serde_json::from_str::<Key>(raw) {
            Ok(text) => Ok(text.0),
            Err(_) => Err("a broken text"),
        },
        Some(b'n') => Ok("".into()),
        Some(b't' | b'f' | b'-' | b'0'..=b'9') => Ok(raw.into()),
        Some(b'[') if column == Column::Ean || column == Column::Group => {
            let parts: Vec<&RawValue> = serde_json::from_str(raw).map_err(|_| "an array")?;
            let parts: Result<Vec<_>, _> =
                parts.iter().map(|part| written(Column::Name, part.get())).collect();
            let separator = if column == Column::Ean { "|" } else { ", " };
            Ok(parts.map_err(|_| "an array")?.join(separator).into())
        }
        Some(b'[') => Err("an array"),
        _ => Err("an object"),
    }
}
