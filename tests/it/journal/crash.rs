//! `kill -9` in the middle of appends: whatever was said to be durable is there.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use kasse::journal::JournalError;
use serde_json::json;

use crate::journal::kit::{open, reader, with_body};

/// Tells the child where its journal is.
const DIR: &str = "KASSE_JOURNAL_TEST_DIR";
const THREADS: usize = 3;

/// Appends until it is killed: each thread two queued entries and a durable one, over and over,
/// and then says so in a line `thread step`.
#[test]
#[ignore = "the child of the test below, which kills it"]
fn child_that_appends_until_it_is_killed() {
    let Some(dir) = env::var_os(DIR).map(PathBuf::from) else {
        return;
    };
    let journal = Arc::new(open(&dir));
    let output = Arc::new(Mutex::new(io::stdout()));
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let (journal, output) = (Arc::clone(&journal), Arc::clone(&output));
            thread::spawn(move || {
                for step in 0.. {
                    let entry = |part| {
                        let filling = "x".repeat(step * 37 % 900);
                        let body = json!({ "thread": thread, "step": step, "part": part, "filling": filling });
                        with_body(step, body)
                    };
                    journal.append(entry(0)).unwrap();
                    journal.append(entry(1)).unwrap();
                    journal.append_durable(vec![entry(2)]).unwrap();
                    let mut output = output.lock().unwrap();
                    // Ends by itself should the parent have died.
                    writeln!(output, "durable {thread} {step}").and_then(|()| output.flush()).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn whatever_was_durable_survives_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    let mut known = 0;
    // The later ones start with what the earlier ones left behind, checkpoints included.
    for said_before_the_kill in [0, 1, 2, 5, 9, 20, 40, 90, 160, 350] {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "journal::crash::child_that_appends_until_it_is_killed"])
            .args(["--ignored", "--nocapture", "--test-threads=1"])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut said: Vec<(usize, usize)> = Vec::new();
        let parse = |line: &str| {
            // The test harness begins a line of its own before the first one.
            let (_, numbers) = line.split_once("durable ")?;
            let (thread, step) = numbers.split_once(' ')?;
            Some((thread.parse().unwrap(), step.parse().unwrap()))
        };
        if said_before_the_kill > 0 {
            said.extend(lines.by_ref().filter_map(|line| parse(&line)).take(said_before_the_kill));
            assert_eq!(said.len(), said_before_the_kill, "the child must not end by itself");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // The rest was said before the end, too. A line may be torn, then it was not said.
        let rest: Vec<String> = lines.collect();
        said.extend(rest.iter().filter_map(|line| parse(line)));

        // A reader needs no console to come first, and a console starts.
        if said_before_the_kill > 0 {
            assert!(reader(dir.path()).verify(|_, _| {}).unwrap().is_sound());
        }
        let journal = open(dir.path());
        let reader = journal.reader().unwrap();
        let verdict = reader.verify(|_, _| {}).unwrap();
        assert!(verdict.is_sound(), "{verdict:?}");
        let mut new = Vec::new();
        reader
            .for_each(known + 1, |entry| {
                let number =
                    |key: &str| usize::try_from(entry.body[key].as_u64().unwrap()).unwrap();
                new.push((number("thread"), number("step"), number("part")));
                Ok::<_, JournalError>(())
            })
            .unwrap();
        for thread in 0..THREADS {
            let there: Vec<_> =
                new.iter().filter(|(t, _, _)| *t == thread).map(|(_, s, p)| (*s, *p)).collect();
            // In order and without gaps, so what was queued before a durable entry is there too.
            let expected = (0..).flat_map(|step| (0..3).map(move |part| (step, part)));
            assert!(expected.take(there.len()).eq(there.iter().copied()), "{thread}: {there:?}");
            let last_said = said.iter().filter(|(t, _)| *t == thread).map(|(_, step)| *step).max();
            if let Some(step) = last_said {
                assert!(there.contains(&(step, 2)), "{thread}: {step} was said to be durable");
            }
        }
        known += i64::try_from(new.len()).unwrap();
        assert_eq!(verdict.entries, known.cast_unsigned());
    }
    assert!(known > 1_000, "{known}");
}
