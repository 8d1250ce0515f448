#![no_main]
#[path = "../../it/hostile/allowed.rs"]
#[allow(dead_code)]
mod allowed;
#[path = "../../it/hostile/fuzz_bodies.rs"]
#[allow(dead_code)]
mod fuzz_bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_bodies::config(data));
