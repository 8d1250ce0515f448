//! kasse: a keyboard-only cashier console for the Smart Transactions API.

pub mod client;
pub mod journal;
pub mod lang;
pub mod money;
pub mod receipt;
pub mod sandbox;
pub mod shop;
pub mod text;
pub mod till;
pub mod wire;
