//! kasse: a keyboard-only cashier console for the Smart Transactions API.

pub mod cli;
pub mod config;
pub mod hint;
pub mod lang;
pub mod money;
pub mod receipt;
pub mod shop;
pub mod text;
pub mod till;
pub mod wire;
