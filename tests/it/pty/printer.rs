//! The real program with a printer that takes nothing: said in time, and no way to hang it.

use std::time::{Duration, Instant};

use crate::pty::home::Home;

#[test]
fn a_fifo_without_a_reader_is_said_within_5_seconds_and_named_at_the_end() {
    let home = Home::new();
    let path = home.path().join("printer");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mkfifoat(rustix::fs::CWD, &path, mode).unwrap();
    let config = format!("[printer]\ndevice = {path:?}\nformat = \"text\"\nauto = true\n");
    let config = home.file("shop.toml", &config);
    let pty = home.in_shell(&["--config", config.to_str().unwrap()], 80, 24);
    pty.wait_for("Server connected");
    for _ in 0..2 {
        pty.keys("30037\r", "─ Basket ─");
        pty.keys("+", "Payment: Cash");
        pty.keys("+", "─ Paid ─");
    }
    let paid = Instant::now();
    pty.wait_for("receipts that wait: 2");
    assert!(paid.elapsed() < Duration::from_secs(5));
    pty.keys("\x1b", "next sale");
    pty.keys(" ", "Menu");
    pty.type_bytes("quit\r");
    pty.wait_for("The history prints them again");
    let left = Instant::now();
    pty.type_bytes("\x1b[C");
    pty.wait_for("code=0.");
    assert!(left.elapsed() < Duration::from_secs(6));
    let screen = pty.screen();
    assert!(
        screen.contains("not printed: ") && screen.contains("waiting for the printer"),
        "{screen}"
    );
}
