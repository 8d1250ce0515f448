//! The sandbox server over real HTTP.

mod baskets;
mod buyers;
mod concurrency;
mod control;
mod describe;
mod examples;
mod examples_data;
mod examples_loyalty;
mod faults;
mod fuzz;
mod hostile;
mod http;
mod idents;
mod kit;
mod lists;
mod loyalty;
mod loyalty_books;
mod map;
mod oauth;
mod orders;
pub mod program;
mod rules;
mod schema_kit;
mod seeds;
mod state;
mod terminal;
mod wrong;
