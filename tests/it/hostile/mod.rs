//! Hostile input (answers, codes, files, fuzzed bytes), and secrets that must not leave the program.

mod allowed;
mod answers;
mod articles;
mod cards_unseen;
mod fuzz_bodies;
mod fuzzed;
mod kit;
mod outside;
mod secrets;
