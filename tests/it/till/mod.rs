//! The pure till: keys and answers in, state and effects out.

mod allowed;
mod amounts;
mod bounds;
mod cancel;
mod cancel_terminal;
mod card;
mod code;
mod codes;
pub mod codes_kit;
mod doubt;
mod errors;
mod history;
mod input;
mod kiosk;
pub mod kit;
mod listing;
mod overlays;
mod pairing;
mod pending;
mod presses;
mod print;
mod records;
mod refusals;
mod sale;
pub mod scanner;
mod terminal;
mod waiting;
