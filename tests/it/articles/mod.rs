//! Article files: those of other programs, and every error.

mod errors;
mod exports;
mod kit;
