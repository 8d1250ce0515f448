//! Tests through the public interface, in one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod config_disk;
mod config_kit;
mod config_layers;
mod config_problems;
mod config_table;
