//! More input than anybody types, windows larger than any screen: bounded memory, a till that can
//! be used afterwards and ended at any time.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rstest::rstest;
use rustix::process::Signal;

use crate::pty::home::Home;
use crate::pty::kit::Pty;

const DROPPED: &str = "Input was dropped";

/// A line of the status of the program's process, in KiB.
fn memory(pty: &Pty, what: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", pty.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).expect("a line of status");
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
}

/// Bytes of every value, the same every time.
fn noise(length: usize) -> Vec<u8> {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[3]
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[test]
fn two_hundred_megabytes_take_no_memory_and_half_a_code_never_counts() {
    let pty = Home::new().console(80, 24);
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    let before = memory(&pty, "VmHWM:");
    let start = Instant::now();
    // The beginning of a code, and no end: whatever of it counted would be shown.
    pty.type_bytes("3020");
    let block = vec![b'0'; 1 << 20];
    for _ in 0..200 {
        pty.type_bytes(&block);
    }
    pty.type_bytes("200\r");
    println!("200 MiB in {} ms", start.elapsed().as_millis());
    let more = memory(&pty, "VmHWM:") - before;
    println!("{more} KiB more than before");
    assert!(more < 16 * 1024, "{more} KiB more");
    pty.wait_for(DROPPED);
    thread::sleep(Duration::from_millis(800));
    pty.keys("\x1b", "3.49 EUR");
    pty.wait_until("the message is gone", |screen| !screen.contents().contains(DROPPED));
    pty.keys("30200\r", "5.98 EUR");
}

#[test]
fn ten_megabytes_of_noise_are_over_in_seconds_and_the_till_still_sells() {
    let home = Home::new();
    let pty = home.console(80, 24);
    pty.wait_for("Server connected");
    let start = Instant::now();
    // Without what opens, locks or leaves something by accident: that is for other tests.
    let quiet: Vec<u8> = noise(10 << 20).into_iter().filter(|b| !b.is_ascii_control()).collect();
    pty.type_bytes(&quiet);
    pty.wait_for(DROPPED);
    println!("noise worked off in {} ms", start.elapsed().as_millis());
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    thread::sleep(Duration::from_millis(1_500));
    pty.wait_until("no message any more", |screen| {
        pty.type_bytes("\x1b[3~");
        thread::sleep(Duration::from_millis(50));
        !screen.contents().contains("! ")
    });
    pty.keys("30037\r", "Sandwich");
}

#[rstest]
#[case(Signal::TERM, 143)]
#[case(Signal::HUP, 129)]
fn a_signal_ends_it_within_two_seconds_under_full_load(#[case] signal: Signal, #[case] code: u32) {
    let pty = Home::new().console(80, 24);
    pty.wait_for("Server connected");
    let stop = pty.flood(noise(1 << 16));
    thread::sleep(Duration::from_secs(1));
    let start = Instant::now();
    pty.signal(signal);
    assert_eq!(pty.exit_code_alone(), code);
    println!("{signal:?} under load: {} ms", start.elapsed().as_millis());
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    drop(stop);
}

#[test]
fn a_window_of_any_size_is_drawn_in_bounded_memory_and_given_back() {
    let pty = Home::new().console(80, 24);
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    let before = memory(&pty, "VmRSS:");
    for (columns, rows) in [(5000, 5000), (u16::MAX, u16::MAX), (u16::MAX, 2), (2, u16::MAX)] {
        let mark = pty.log().len();
        pty.claim(columns, rows);
        pty.wait_for_frame(mark);
    }
    let most = memory(&pty, "VmHWM:").saturating_sub(before);
    let mark = pty.log().len();
    pty.claim(80, 24);
    pty.wait_for_frame(mark);
    pty.keys("30200\r", "5.98 EUR");
    let after = memory(&pty, "VmRSS:").saturating_sub(before);
    println!("before {before} KiB; {most} KiB more at the most, {after} KiB more afterwards");
    assert!(most < 64 * 1024, "{most} KiB more");
    assert!(after < 12 * 1024, "{after} KiB more, given back too little");
}

/// Every change of the size draws everything: thousands of them must not keep the till from its
/// keys.
#[test]
fn thousands_of_sizes_are_one_frame_at_a_time() {
    let pty = Home::new().console(80, 24);
    pty.wait_for("Server connected");
    for round in 0..5_000 {
        pty.claim(80 + round % 2, 24);
    }
    let start = Instant::now();
    pty.claim(80, 24);
    pty.keys("30037\r", "3.49 EUR");
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}
