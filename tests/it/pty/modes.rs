//! The terminal is given back as it was, whichever way the program ends.

use rustix::process::{Signal, kill_process};

use crate::pty::home::Home;
use crate::pty::kit::Pty;

/// What the shell behind the program finds.
fn given_back(pty: &Pty, code: i32) {
    pty.wait_for(&format!("code={code}."));
    pty.look(|screen| {
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "no cursor");
        assert!(!screen.bracketed_paste() && !screen.application_cursor());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert_eq!(screen.bgcolor(), vt100::Color::Default);
        assert!(!screen.inverse() && !screen.bold());
        assert!(!screen.contents().contains("Basket"), "{}", screen.contents());
    });
    assert!(pty.modes_restored(), "the modes of the line");
}

#[test]
fn quit_from_the_menu() {
    let home = Home::new();
    let pty = home.in_shell(&[], 80, 24);
    pty.wait_for("Server connected");
    assert!(!pty.modes_restored(), "raw while it runs");
    pty.look(|screen| assert!(screen.alternate_screen()));
    pty.keys(" quit", "› quit");
    pty.keys("\r", "Please confirm");
    // No scanner sends it, and Enter is no answer.
    pty.type_bytes("\r");
    pty.keys("\x1b", "Server connected");
    pty.keys(" quit", "› quit");
    pty.keys("\r", "Please confirm");
    pty.type_bytes("\x1b[C");
    given_back(&pty, 0);
}

#[test]
fn signals_end_it_with_their_codes() {
    for (signal, code) in
        [(Signal::TERM, 143), (Signal::INT, 130), (Signal::QUIT, 131), (Signal::HUP, 129)]
    {
        let home = Home::new();
        let pty = home.in_shell(&[], 80, 24);
        pty.wait_for("Server connected");
        pty.keys("30037\r", "3.49 EUR");
        kill_process(home.pid_in_shell(), signal).unwrap();
        if signal == Signal::HUP {
            // Nothing may be written after it: the screen stays, the line is usable.
            pty.wait_for(&format!("code={code}."));
            assert!(pty.modes_restored());
        } else {
            given_back(&pty, code);
        }
    }
}

#[test]
fn a_lost_line_ends_it_at_once() {
    let home = Home::new();
    let mut pty = home.console(80, 24);
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    pty.hang_up();
    assert_eq!(pty.exit_code(), 129);
}

/// The line goes while a frame is due: whatever tells first, it is a hang-up and no fault.
#[test]
fn a_line_lost_while_drawing_is_a_hang_up_too() {
    let mut pty = Home::new().console(80, 24);
    pty.wait_for("Server connected");
    pty.signal(Signal::STOP);
    pty.type_bytes("30037\r30200\r".repeat(20));
    pty.hang_up();
    pty.signal(Signal::CONT);
    assert_eq!(pty.exit_code(), 129);
}

#[test]
fn stopped_and_continued_it_draws_itself_again() {
    let pty = Home::new().console(80, 24);
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    let screen = pty.screen();
    pty.signal(Signal::STOP);
    let mark = pty.log().len();
    pty.signal(Signal::CONT);
    pty.wait_for_frame(mark);
    assert_eq!(pty.screen(), screen);
    pty.keys("30200\r", "5.98 EUR");
}
