//! kasse: a keyboard-only cashier console for the Smart Transactions API, with a sandbox inside.
//!
//! The map, ground floor first; a room imports only from rooms above it in this list.
//!
//! | room | owns |
//! |---|---|
//! | [`money`], [`text`], [`charset`], [`hint`] | amounts; harmless text; what a terminal's bytes mean; lines and near misses for error messages |
//! | [`database`] | settings of connections to `SQLite` files |
//! | [`outside`] | files that the program was told of, read within bounds |
//! | [`wire`] | the API's JSON as types, and the outcomes of a call |
//! | [`exchange`] | requests and answers fit to be seen: masked, bounded, as curl lines |
//! | [`shop`] | articles, basket, VAT, cards, scan grammar, tender arithmetic; pure |
//! | [`pin`] | the PIN that is typed, and the hash it is held against |
//! | [`till`] | state, events, effects, commands, and [`till::update`]; pure |
//! | [`recording`] | what happened at a till in a file, and its replay; knows `till` |
//! | [`lang`], [`receipt`] | everything in words; from a finished sale to rows of text |
//! | [`client`] | HTTP: tokens, calls, deadlines; knows `wire`, not `till` |
//! | [`journal`] | the crash-safe record; knows neither `till` nor what it keeps |
//! | [`articles`] | the shop's articles on disk: import, taught ones, news of them |
//! | [`log`] | the log file: rotation, level, harmless lines |
//! | [`sandbox`] | the stand-in server; knows `wire` and `money`, never `till` or `client` |
//! | [`ui`] | panels, themes; draws a state, knows no I/O |
//! | [`printer`], [`worker`] | carries out effects on a background thread |
//! | [`terminal`] | keys from bytes, frames to bytes, modes, signals |
//! | [`console`] | the loop |
//! | [`config`], [`cli`], [`run`] | decisions, command line, starting and ending |

pub mod articles;
pub mod charset;
pub mod cli;
pub mod client;
pub mod config;
pub mod console;
pub mod database;
pub mod exchange;
pub mod hint;
pub mod journal;
pub mod lang;
pub mod log;
pub mod money;
pub mod outside;
pub mod pin;
pub mod printer;
pub mod receipt;
pub mod recording;
pub mod run;
pub mod sandbox;
pub mod shop;
pub mod terminal;
pub mod text;
pub mod till;
pub mod ui;
pub mod wire;
pub mod worker;
