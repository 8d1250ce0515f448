//! Input that is an enemy (answers, codes, files, fuzzed bytes), and what must never get out.

mod allowed;
mod answers;
mod cards_unseen;
mod fuzz_bodies;
mod fuzzed;
mod kit;
mod outside;
mod secrets;
