//! The configuration: its layers, its problems, and the files it is read from.

mod disk;
mod kit;
mod layers;
mod problems;
mod table;
