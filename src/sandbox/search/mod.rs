//! The query parameters that all list calls share ([`crate::wire::api::lists`]): which resources,
//! in which order, which of their fields, and how to go on after a page.
//!
//! Pure: works on the JSON of any resource. Must not know what the resources are, nor HTTP.
//!
//! The language of `q`, loosest first:
//!
//! ```text
//! any     all ("OR" | "||") all …
//! all     one ("AND" | "&&") one …
//! one     ("NOT" | "!") one | "(" any ")" | [property ":"] condition
//! condition   word with * and ? | "text" | [low TO high] | {low TO high} | >x | >=x | <x | <=x
//! ```
//!
//! Words that follow each other are one text. `\` takes the meaning off the next character. Texts
//! compare whole and in any case; without a property, every property counts. A range compares
//! numbers as numbers, times as times (a day is all of it), everything else as text; `*` leaves an
//! end open. A list matches when one of its elements does; `null` and what is not there never do.

mod expr;
pub(crate) mod find;
mod glob;
pub(crate) mod lists;
mod matching;
mod order;
mod parser;
#[cfg(test)]
mod properties;
pub(crate) mod scroll;
mod shape;
