//! The integration tests: one binary, one module per subject.

mod sandbox_concurrency;
mod sandbox_http;
mod sandbox_kit;
mod sandbox_oauth;
mod sandbox_rules;
mod sandbox_seeds;
