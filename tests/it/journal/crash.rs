//! `kill -9` in the middle of appends: whatever was said to be durable is there.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use kasse::journal::{Fold, JournalError, Upkeep};
use rusqlite::Connection;
use serde_json::json;

use crate::journal::kit::{Sums, draft, open, open_with_sums, reader, with_body};

/// Tells the child where its journal is.
const DIR: &str = "KASSE_JOURNAL_TEST_DIR";
const THREADS: usize = 3;

/// Kills of a journal with archives in an ordinary test run; `KASSE_KILLS` sets it.
const KILLS: u64 = 12;
/// Checkpoints and archives are due all the time.
const HURRY: Upkeep =
    Upkeep { save_every: 8, archive_bytes: 64 << 10, archive_days: None, keep_days: Some(40) };

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

/// One of the children here, on the journal in `dir`.
fn child(name: &str, dir: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", &format!("journal::crash::{name}")])
        .args(["--ignored", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn whatever_was_durable_survives_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    let mut known = 0;
    // The later ones start with what the earlier ones left behind, checkpoints included.
    for said_before_the_kill in [0, 1, 2, 5, 9, 20, 40, 90, 160, 350] {
        let mut child = child("child_that_appends_until_it_is_killed", dir.path());
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

/// The `number`th entry of the journal below, an hour after the one before.
fn hourly(number: usize) -> kasse::journal::Draft {
    let (day, hour) = (number / 24, number % 24);
    let (year, month, day) = (2020 + day / 336, 1 + day / 28 % 12, 1 + day % 28);
    let at = format!("{year}-{month:02}-{day:02}T{hour:02}:00:00.000Z");
    kasse::journal::Draft { at, ..draft(number) }
}

/// Goes on with the row of entries where it ended, in bursts, and says after each how many there
/// are.
#[test]
#[ignore = "the child of the test below, which kills it"]
fn child_that_moves_entries_until_it_is_killed() {
    let Some(dir) = env::var_os(DIR).map(PathBuf::from) else {
        return;
    };
    let (journal, sums) = open_with_sums(&dir, HURRY);
    let mut number = usize::try_from(sums.entries).unwrap();
    for burst in 0_usize.. {
        let next = number + 1 + burst * 7 % 90;
        journal.append_durable((number..next).map(hourly).collect()).unwrap();
        number = next;
        let mut output = io::stdout().lock();
        writeln!(output, "durable {number} 0").and_then(|()| output.flush()).unwrap();
        drop(output);
        // Long enough for what is done while it is quiet, now and then.
        thread::sleep(Duration::from_millis([1, 300, 320, 5, 280][burst % 5]));
    }
}

/// What all entries that are left sum up to, and the count of those that are gone.
fn summed(dir: &Path) -> (Sums, i64) {
    let mut sums = Sums::default();
    let mut first = None;
    reader(dir)
        .for_each::<JournalError>(1, |entry| {
            first.get_or_insert(entry.seq);
            if !entry.is_own() {
                sums.take(entry).unwrap();
            }
            Ok(())
        })
        .unwrap();
    (sums, first.map_or(0, |first| first - 1))
}

#[test]
fn checkpoints_and_archives_survive_kill_9_at_any_moment() {
    let kills = env::var("KASSE_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let (mut known, mut archived, mut dropped) = (0, 0, 0);
    for kill in 0..kills {
        let mut child = child("child_that_moves_entries_until_it_is_killed", dir.path());
        let output = BufReader::new(child.stdout.take().unwrap());
        let said = thread::spawn(move || {
            let lines = output.lines().map_while(Result::ok);
            let numbers = lines.filter_map(|line| {
                line.split_once("durable ")?.1.strip_suffix(" 0")?.parse::<u64>().ok()
            });
            numbers.last()
        });
        thread::sleep(Duration::from_millis(400 + kill * 37 % 1_100));
        child.kill().unwrap();
        child.wait().unwrap();
        known = said.join().unwrap().unwrap_or(known).max(known);

        if !dir.path().join("journal-sandbox.db").exists() {
            continue;
        }
        let verdict = reader(dir.path()).verify(|_, _| {}).unwrap();
        assert!(verdict.is_sound(), "kill {kill}: {verdict:?}");
        // Read without a lock and without a start in between: all of it, at every moment.
        let (left, gone) = summed(dir.path());
        let (journal, sums) = open_with_sums(dir.path(), HURRY);
        assert!(sums.entries >= known, "kill {kill}: {} of {known} entries", sums.entries);
        assert_eq!(sums.open, left.open, "kill {kill}");
        if gone == 0 {
            assert_eq!(sums, left, "kill {kill}");
        }
        known = sums.entries;
        drop(journal);
        let connection = Connection::open(dir.path().join("journal-sandbox.db")).unwrap();
        let count = |sql| connection.query_row(sql, (), |row| row.get::<_, i64>(0)).unwrap();
        archived = count("SELECT count(*) FROM archives");
        dropped = count("SELECT count(*) FROM archives WHERE dropped");
    }
    println!("{kills} kills, {known} entries, {archived} archives, {dropped} of them removed");
    assert!(known > 100 && archived > 0, "{known} entries, {archived} archives");
}
