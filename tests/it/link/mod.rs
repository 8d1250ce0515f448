//! A bad line between the cashier and the program.

mod codes;
mod frames;
mod kit;
mod scans;
mod stuck;
