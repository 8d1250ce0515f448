#![no_main]
#[path = "../../it/allowed.rs"]
#[allow(dead_code)]
mod allowed;
#[path = "../../it/fuzz_bodies.rs"]
#[allow(dead_code)]
mod fuzz_bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_bodies::wire(data));
