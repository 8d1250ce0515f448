//! kasse: a keyboard-only cashier console for the Smart Transactions API.

pub mod cli;
pub mod client;
pub mod config;
pub mod console;
pub mod hint;
pub mod lang;
pub mod money;
pub mod printer;
pub mod receipt;
pub mod run;
pub mod sandbox;
pub mod shop;
pub mod terminal;
pub mod text;
pub mod till;
pub mod ui;
pub mod wire;
pub mod worker;
