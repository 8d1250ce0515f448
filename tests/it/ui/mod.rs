//! Panels and screens, drawn from states that are built by hand.

mod cancel;
mod cards;
pub mod goods;
mod kept;
pub mod kit;
mod open;
pub mod pairing;
mod rules;
mod screens;
mod small;
mod terminal;
mod wire;
