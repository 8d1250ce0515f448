//! Archives: closed entries move to files beside the journal, and everything still finds them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kasse::journal::report::{self, Format, Period};
use kasse::journal::{Draft, Journal, Mode, Upkeep};
use rusqlite::Connection;

use crate::journal::kit::{Sums, all, draft, open_with_sums, reader, stored, sums};
use crate::pty::kit::until;

/// Small archives, often.
const SMALL: Upkeep =
    Upkeep { save_every: 16, archive_bytes: 64 << 10, archive_days: None, keep_days: None };

/// As [`draft`], a day later every 200 entries.
fn dated(number: usize) -> Draft {
    let day = 1 + number / 200;
    Draft { at: format!("2026-10-{day:02}T10:00:{:02}.000Z", number % 60), ..draft(number) }
}

fn archives(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    let mut archives: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|it| it == "archive")).collect();
    archives.sort();
    archives
}

fn number(dir: &Path, sql: &str) -> i64 {
    let connection = Connection::open(dir.join("journal-sandbox.db")).unwrap();
    connection.query_row(sql, (), |row| row.get(0)).unwrap()
}

/// Compares with the sums of so many entries. The journal's own entries move the numbers.
fn assert_same(found: &Sums, count: usize) {
    let expected = sums(count);
    assert_eq!((found.entries, found.sum), (expected.entries, expected.sum));
    assert!(found.open.keys().eq(expected.open.keys()), "{:?}", found.open);
}

/// Waits until what is archived is cleared away and nothing more is due.
fn settled(dir: &Path, at_least: i64) {
    let left = "SELECT count(*) FROM entries, about WHERE entries.seq <= archived";
    until("archived and cleared", || {
        number(dir, "SELECT archived FROM about") >= at_least && number(dir, left) == 0
    });
}

/// A journal with this many entries, most of them in archives, closed. The last sale is open.
fn archived(dir: &Path, count: usize, upkeep: Upkeep) {
    let mut written = 0;
    while written < count {
        let (journal, found) = open_with_sums(dir, upkeep);
        assert_same(&found, written);
        let next = (written + 400).min(count);
        journal.append_durable((written..next).map(dated).collect()).unwrap();
        written = next;
        // The first checkpoint of three is the end of what may move.
        let least = i64::try_from(next.saturating_sub(1_600)).unwrap();
        settled(dir, least);
        drop(journal);
    }
}

#[test]
fn what_is_archived_is_found_as_before() {
    const COUNT: usize = 3_002;
    let dir = tempfile::tempdir().unwrap();
    archived(dir.path(), COUNT, SMALL);
    assert!(archives(dir.path()).len() >= 3, "{:?}", archives(dir.path()));
    let own = number(dir.path(), "SELECT count(*) FROM entries");
    assert!(own < 2_000, "{own} entries are left in the file");

    let reader = reader(dir.path());
    let verdict = reader.verify(|_, _| {}).unwrap();
    assert!(verdict.is_sound(), "{verdict:?}");
    let entries: Vec<_> =
        all(&reader).unwrap().into_iter().filter(|entry| !entry.sale.is_empty()).collect();
    let drafts: Vec<_> = (0..COUNT).map(dated).collect();
    for (entry, expected) in entries.iter().zip(stored(&drafts)) {
        assert_eq!(
            (&entry.sale, &entry.at, &entry.body),
            (&expected.sale, &expected.at, &expected.body)
        );
    }
    assert_eq!(entries.len(), COUNT);

    // Every sale, from the end, by pages that cross the ends of archives.
    let (mut before, mut sales) = (None, Vec::new());
    loop {
        let page = reader.sales(before, 7).unwrap();
        let Some((last, _)) = page.last() else { break };
        before = Some(*last);
        sales.extend(page.into_iter().map(|(_, sale)| (sale.sale, sale.entries)));
    }
    let count = |sale: usize| u32::try_from((COUNT - sale * 4).min(4)).unwrap();
    let expected: Vec<_> =
        (0..COUNT.div_ceil(4)).rev().map(|sale| (format!("sale-{sale}"), count(sale))).collect();
    assert_eq!(sales, expected);
    let mut forward = Vec::new();
    reader
        .for_each_sale::<kasse::journal::JournalError>(5, |sale| {
            forward.push((sale.sale, sale.entries));
            Ok(())
        })
        .unwrap();
    forward.reverse();
    assert_eq!(forward, expected);

    let (mut before, mut finished) = (None, Vec::new());
    loop {
        let page = reader.finished(before, 9).unwrap();
        let Some((last, _)) = page.last() else { break };
        before = Some(*last);
        finished.extend(page.into_iter().map(|(_, sale)| sale));
    }
    let closed: Vec<_> = (0..COUNT / 4).rev().map(|sale| format!("sale-{sale}")).collect();
    assert_eq!(finished, closed);
    for sale in [0, 1, 99, 100, 400, 749, 750] {
        let found = reader.entries_of(&format!("sale-{sale}")).unwrap();
        assert_eq!(found.len(), usize::try_from(count(sale)).unwrap(), "sale {sale}");
    }
    // A day of long ago, and its export.
    let (first, last) = reader.span("2026-10-03", "2026-10-03").unwrap().unwrap();
    let day: Vec<_> = all(&reader)
        .unwrap()
        .into_iter()
        .filter(|entry| entry.at.starts_with("2026-10-03"))
        .collect();
    assert!(day.iter().all(|entry| (first..=last).contains(&entry.seq)));
    let period = Period {
        from: Some("2026-10-03T00:00:00Z".parse().unwrap()),
        until: Some("2026-10-04T00:00:00Z".parse().unwrap()),
    };
    let mut export = Vec::new();
    report::export(&reader, &mut export, Format::Json, period).unwrap();
    assert_eq!(report::read_json(export.as_slice()).unwrap(), day);
    let mut said = Vec::new();
    assert!(
        report::check(export.as_slice(), &mut said).unwrap(),
        "{}",
        String::from_utf8_lossy(&said)
    );
}

#[test]
fn a_file_of_which_most_was_archived_gives_the_room_back() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open_with_sums(dir.path(), Upkeep { archive_bytes: u64::MAX, ..SMALL });
    journal.append_durable((0..8_000).map(dated).collect()).unwrap();
    drop(journal);
    let size = || fs::metadata(dir.path().join("journal-sandbox.db")).unwrap().len();
    let before = size();
    // The oldest of three checkpoints must come after most of the entries.
    for number in 8_000..8_004 {
        let (journal, _) = open_with_sums(dir.path(), SMALL);
        journal.append_durable(vec![dated(number)]).unwrap();
    }
    let (journal, _) = open_with_sums(dir.path(), SMALL);
    until("archived", || number(dir.path(), "SELECT archived FROM about") > 7_000);
    until("a small file", || size() < before / 4);
    drop(journal);
    assert!(reader(dir.path()).verify(|_, _| {}).unwrap().is_sound());
}

#[test]
fn a_start_without_checkpoints_reads_the_archives() {
    let dir = tempfile::tempdir().unwrap();
    archived(dir.path(), 2_402, SMALL);
    let connection = Connection::open(dir.path().join("journal-sandbox.db")).unwrap();
    connection.execute("DELETE FROM checkpoints", ()).unwrap();
    drop(connection);
    let (journal, found) = open_with_sums(dir.path(), SMALL);
    assert_same(&found, 2_402);
    assert_eq!(journal.resumed().replayed, 2_402);
}

#[test]
fn an_open_sale_keeps_its_entries_and_all_behind_them_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, _) = open_with_sums(dir.path(), SMALL);
    // Sale 100 has no end.
    let drafts = (0..2_400).filter(|number| *number != 403).map(dated);
    journal.append_durable(drafts.collect()).unwrap();
    settled(dir.path(), 1);
    drop(journal);
    for _ in 0..4 {
        let (journal, found) = open_with_sums(dir.path(), SMALL);
        assert_eq!(found.open.get("sale-100"), Some(&401));
        journal.append_durable(vec![dated(2_400)]).unwrap();
        std::thread::sleep(Duration::from_millis(400));
    }
    let archived = number(dir.path(), "SELECT archived FROM about");
    assert!((1..=400).contains(&archived), "{archived}");
}

#[test]
fn a_sale_that_goes_on_after_it_was_archived_is_one_sale() {
    let dir = tempfile::tempdir().unwrap();
    archived(dir.path(), 2_400, SMALL);
    let (journal, _) = open_with_sums(dir.path(), SMALL);
    let cancelled = Draft { sale: "sale-3".to_owned(), kind: "done".to_owned(), ..dated(2_400) };
    journal.append_durable(vec![Draft { finishes: false, ..cancelled }]).unwrap();
    drop(journal);
    let reader = reader(dir.path());
    assert_eq!(reader.entries_of("sale-3").unwrap().len(), 5);
    let mut found = Vec::new();
    reader
        .for_each_sale::<kasse::journal::JournalError>(50, |sale| {
            if sale.sale == "sale-3" {
                found.push(sale.entries);
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(found, [5]);
    assert_eq!(reader.sales(Some(14), 1).unwrap()[0].1.entries, 5);
    assert!(reader.sales(None, 3).unwrap().iter().all(|(_, sale)| sale.sale != "sale-3"));
}

#[test]
fn an_archive_that_was_changed_or_is_missing_is_named_and_the_rest_is_checked() {
    let dir = tempfile::tempdir().unwrap();
    archived(dir.path(), 2_402, SMALL);
    let first = archives(dir.path()).remove(0);
    let name = first.file_name().unwrap().to_str().unwrap().to_owned();
    let kept = fs::read(&first).unwrap();
    for damage in [None, Some(kept.len() / 2), Some(kept.len() - 100)] {
        fs::remove_file(&first).unwrap();
        if let Some(at) = damage {
            let mut bytes = kept.clone();
            bytes[at] ^= 1;
            fs::write(&first, bytes).unwrap();
        }
        let verdict = reader(dir.path()).verify(|_, _| {}).unwrap();
        let said = format!("{:?} {:?}", verdict.breaks, verdict.structure);
        assert!(!verdict.is_sound() && said.contains(&name), "{damage:?}: {said}");
        // The till sells on: nothing of it is needed for that.
        let (_, found) = open_with_sums(dir.path(), SMALL);
        assert_same(&found, 2_402);
        fs::write(&first, &kept).unwrap();
        assert!(reader(dir.path()).verify(|_, _| {}).unwrap().is_sound());
    }
}

#[test]
fn age_moves_entries_and_retention_removes_archives_with_a_word_in_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    let by_age = Upkeep { archive_bytes: 64 << 20, archive_days: Some(2), ..SMALL };
    archived(dir.path(), 2_400, by_age);
    let kept = archives(dir.path());
    assert!(!kept.is_empty());
    // The last day is the 12th; entries of the 10th and later stay in the file.
    let oldest = "SELECT day FROM days, about WHERE first > archived ORDER BY first LIMIT 1";
    let connection = Connection::open(dir.path().join("journal-sandbox.db")).unwrap();
    let oldest: String = connection.query_row(oldest, (), |row| row.get(0)).unwrap();
    assert!(oldest.as_str() >= "2026-10-06", "{oldest}");
    drop(connection);

    let (journal, found) = open_with_sums(dir.path(), Upkeep { keep_days: Some(4), ..by_age });
    assert_same(&found, 2_400);
    // A new one may be written meanwhile.
    let gone = || kept.iter().filter(|path| !path.exists()).count();
    until("removed", || gone() > 0);
    journal.append_durable(vec![dated(2_400)]).unwrap();
    drop(journal);
    let reader = reader(dir.path());
    let verdict = reader.verify(|_, _| {}).unwrap();
    assert!(verdict.is_sound(), "{verdict:?}");
    let entries = all(&reader).unwrap();
    assert!(entries[0].seq > 1);
    let dropped = entries.iter().filter(|entry| entry.kind == "journal.dropped").count();
    assert_eq!(dropped, gone());
    let mut said = Vec::new();
    assert!(report::verify(&reader, &mut said, |_, _| {}).unwrap());
    let said = String::from_utf8(said).unwrap();
    let words =
        format!("entries 1 to {} were removed by the retention setting", entries[0].seq - 1);
    assert!(said.contains(&words), "{said}");
    // All checkpoints lost: what is left of the entries is read.
    let connection = Connection::open(dir.path().join("journal-sandbox.db")).unwrap();
    connection.execute("DELETE FROM checkpoints", ()).unwrap();
    drop(connection);
    let opened = Journal::open_folded(dir.path(), Mode::Sandbox, Sums::default(), SMALL, |_| {});
    assert!(opened.unwrap().1.open.contains_key("sale-600"));
}
