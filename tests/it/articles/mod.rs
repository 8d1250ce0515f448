//! Article files: those of other programs, every error, and hostile names.

mod errors;
mod exports;
mod hostile;
mod kit;
