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
mod journal_changes;
mod journal_crash;
mod journal_files;
mod journal_kit;
mod journal_reports;
mod journal_store;
mod journey_kit;
mod journeys;
mod readme;
mod sandbox_concurrency;
mod sandbox_faults;
mod sandbox_http;
mod sandbox_kit;
mod sandbox_oauth;
mod sandbox_rules;
mod sandbox_seeds;
mod sandbox_state;
#[path = "../sim/mod.rs"]
mod sim;
mod simulation;
mod till_doubt;
mod till_kit;
mod till_sale;
mod till_scanner;
mod ui_kit;
mod ui_rules;
mod ui_screens;
