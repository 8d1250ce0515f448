//! Article files: those of other programs, and every error; `kasse articles`, and consoles that take
//! imports over.

mod errors;
mod exports;
mod kit;
mod program;
mod takeover;
