//! kasse: a keyboard-only cashier console for the Smart Transactions API.

pub mod money;
pub mod sandbox;
pub mod text;
pub mod wire;
