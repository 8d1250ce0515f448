#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::io::Read;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::*;

/// Runs on a terminal of its own what [`on_a_terminal`] does for `case`.
///
/// Gives what the terminal was sent, and whether the child succeeded. The modes must be as before.
fn run(case: &str) -> (String, bool) {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let before = pair.master.get_termios().unwrap();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["--exact", "--ignored", "terminal::guard::tests::on_a_terminal"]);
    command.env("GUARD_CASE", case);
    command.env("RUST_BACKTRACE", "0");
    let mut child = pair.slave.spawn_command(command).unwrap();
    let mut reader = pair.master.try_clone_reader().unwrap();
    let reading = thread::spawn(move || {
        let mut sent = Vec::new();
        let mut chunk = [0; 1024];
        // A terminal whose last user is gone gives an error, not an end.
        while let Ok(count @ 1..) = reader.read(&mut chunk) {
            sent.extend_from_slice(&chunk[..count]);
        }
        String::from_utf8(sent).unwrap()
    });
    let success = child.wait().unwrap().success();
    let after = pair.master.get_termios().unwrap();
    drop(pair.slave);
    assert_eq!(before, after, "the modes of {case}");
    (reading.join().unwrap(), success)
}

/// The child's side: needs a terminal, so only [`run`] starts it.
#[test]
#[ignore = "started by other tests, on a terminal of its own"]
fn on_a_terminal() {
    let guard = Guard::enter(|| {}).unwrap();
    let mut output = guard.output();
    guard.install_panic_hook({
        let output = output.clone();
        move |info| {
            let told = format!("[elsewhere: {}]", info.payload_as_str().unwrap_or_default());
            output.clone().write_all(told.as_bytes()).unwrap();
        }
    });
    let raw = tcgetattr(stdin()).unwrap();
    assert!(!raw.local_modes.contains(rustix::termios::LocalModes::ICANON));
    output.write_all(b"[drawn]").unwrap();
    match std::env::var("GUARD_CASE").unwrap().as_str() {
        "leave" => {
            guard.leave().unwrap();
            guard.leave().unwrap();
            output.write_all(b"[too late]").unwrap();
        }
        "drop" => drop(guard),
        "panic" => panic!("the drawing thread"),
        "worker" => {
            thread::spawn(|| panic!("a worker")).join().unwrap_err();
            output.write_all(b"[still drawn]").unwrap();
        }
        "abandon" => {
            guard.abandon();
            output.write_all(b"[too late]").unwrap();
            guard.leave().unwrap();
        }
        "resume" => guard.reenter().unwrap(),
        case => panic!("no such case: {case}"),
    }
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

const ENTERED: &str = "\u{1b}[?1049h";
const LEFT: &str = "\u{1b}[?1049l";

#[test]
fn leaving_undoes_everything_once_and_ends_the_writing() {
    let (sent, success) = run("leave");
    assert!(success, "{sent}");
    assert_eq!((count(&sent, ENTERED), count(&sent, LEFT)), (1, 1), "{sent:?}");
    assert!(sent.contains("[drawn]") && !sent.contains("[too late]"), "{sent:?}");
}

#[test]
fn dropping_the_guard_leaves_the_screen_once() {
    let (sent, success) = run("drop");
    assert!(success && count(&sent, LEFT) == 1, "{sent:?}");
}

#[test]
fn a_panic_is_told_after_the_screen_is_given_back() {
    let (sent, success) = run("panic");
    assert!(!success);
    let left = sent.find(LEFT).expect("the screen was left");
    let told = sent.find("the drawing thread").expect("the panic was told");
    assert!(left < told && count(&sent, LEFT) == 1, "{sent:?}");
}

#[test]
fn a_panic_of_another_thread_leaves_the_screen_alone() {
    let (sent, success) = run("worker");
    assert!(success, "{sent}");
    assert_eq!(count(&sent, "a worker"), 1, "told elsewhere only: {sent:?}");
    let still = sent.find("[elsewhere: a worker][still drawn]").expect("drawing went on");
    assert!(still < sent.find(LEFT).unwrap(), "{sent:?}");
}

#[test]
fn an_abandoned_terminal_is_not_written() {
    let (sent, success) = run("abandon");
    assert!(success, "{sent}");
    assert_eq!((count(&sent, "[too late]"), count(&sent, LEFT)), (0, 0), "{sent:?}");
}

#[test]
fn modes_are_set_again_after_a_stop() {
    let (sent, success) = run("resume");
    assert!(success, "{sent}");
    assert_eq!((count(&sent, ENTERED), count(&sent, LEFT)), (2, 1), "{sent:?}");
}
