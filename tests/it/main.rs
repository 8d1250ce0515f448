//! The integration tests: one binary, one module per subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod client_calls;
mod client_outcomes;
mod client_server;
mod client_texts;
mod client_tokens;
mod config_disk;
mod config_kit;
mod config_layers;
mod config_problems;
mod config_table;
mod journey_kit;
mod journeys;
mod pty_exits;
mod pty_home;
mod pty_kit;
mod pty_modes;
mod pty_sale;
mod pty_screen;
mod pty_server;
mod sandbox_concurrency;
mod sandbox_http;
mod sandbox_kit;
mod sandbox_oauth;
mod sandbox_rules;
mod sandbox_seeds;
mod till_kit;
mod till_sale;
mod till_scanner;
