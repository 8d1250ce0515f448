//! What is bounded, driven to its limit; and files whose reading must not grow faster than they do.

mod articles;
mod files;
mod first_frame;
mod kit;
