//! kasse: a keyboard-only cashier console for the Smart Transactions API.

pub mod client;
pub mod money;
pub mod text;
pub mod wire;
