//! Tests of archives.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::os::unix::fs::{FileExt, PermissionsExt};

use super::super::place;
use super::*;

const BEFORE: Hash = [7; 32];

fn row(seq: i64, at: &str, sale: &str) -> Row {
    let kind = ["sale", "line", "pay"][usize::try_from(seq % 3).unwrap()].to_owned();
    Row {
        seq,
        at: at.to_owned(),
        sale: sale.to_owned(),
        kind,
        body: format!(
            r#"{{"line":{{"number":{seq},"name":"Brötchen","price":{}}}}}"#,
            seq * 7 % 900
        ),
        hash: Sha256::digest(seq.to_string()).into(),
        finishes: seq % 4 == 0,
    }
}

/// Sales of four entries each, three of which are open at any time; one of them, the third, has an
/// entry in each hundred.
fn rows(numbers: std::ops::RangeInclusive<i64>) -> Vec<Row> {
    let sale = |seq: i64| if seq % 100 == 50 { 3 } else { seq / 12 * 3 + seq % 3 };
    let at = |seq: i64| {
        let minute = seq / 2;
        format!("2026-11-{:02}T{:02}:{:02}:00Z", 1 + minute / 1440, minute / 60 % 24, minute % 60)
    };
    numbers.map(|seq| row(seq, &at(seq), &format!("sale-{:06}", sale(seq)))).collect()
}

fn write_all(path: &Path, rows: &[Row]) -> Result<Written, JournalError> {
    write(path, Mode::Live, BEFORE, |take| rows.iter().try_for_each(|row| take(row.clone())))
}

/// An archive of `rows`; the directory is to be kept.
fn archive(rows: &[Row]) -> (tempfile::TempDir, PathBuf, Archive) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("of 100% of all sales?.archive");
    write_all(&path, rows).unwrap();
    let archive = Archive::open(&path, Mode::Live).unwrap();
    (dir, path, archive)
}

fn read(archive: &Archive, from: i64, to: i64) -> Result<Vec<Row>, JournalError> {
    let mut found = Vec::new();
    archive.rows(from, to, |row| {
        found.push(row);
        Ok::<_, JournalError>(())
    })?;
    Ok(found)
}

/// What [`Archive::summaries`] should say: from the rows.
fn summaries(rows: &[Row]) -> Vec<(i64, SaleSummary)> {
    let mut found: Vec<(i64, SaleSummary)> = Vec::new();
    for Row { seq, at, sale, kind, .. } in rows {
        match found.iter_mut().find(|(_, summary)| summary.sale == *sale) {
            Some((_, summary)) => {
                summary.last_at.clone_from(at);
                summary.last_kind.clone_from(kind);
                summary.entries += 1;
            }
            None => found.push((
                *seq,
                SaleSummary {
                    sale: sale.clone(),
                    first_at: at.clone(),
                    last_at: at.clone(),
                    last_kind: kind.clone(),
                    entries: 1,
                },
            )),
        }
    }
    found.reverse();
    found
}

#[test]
fn what_was_written_is_read_whole_and_in_parts() {
    let rows = rows(41..=1_940);
    let (_dir, path, archive) = archive(&rows);
    assert!(read(&archive, i64::MIN, i64::MAX).unwrap() == rows);
    for (from, to) in [(1, 41), (41, 41), (295, 297), (296, 296), (500, 1_200), (1_940, 9_000)] {
        let expected: Vec<Row> =
            rows.iter().filter(|row| (from..=to).contains(&row.seq)).cloned().collect();
        assert!(!expected.is_empty());
        assert!(read(&archive, from, to).unwrap() == expected, "{from} to {to}");
    }
    for (from, to) in [(1, 40), (1_941, i64::MAX), (i64::MIN, i64::MIN), (60, 50)] {
        assert!(read(&archive, from, to).unwrap().is_empty(), "{from} to {to}");
    }
    let contents = archive.contents();
    assert_eq!((contents.first, contents.last), (41, 1_940));
    assert_eq!((contents.before, contents.head), (BEFORE, rows.last().unwrap().hash));
    assert_eq!(contents.sales, summaries(&rows).len() as u64);
    assert_eq!(contents.earliest, rows[0].at);
    assert_eq!(contents.latest, rows.last().unwrap().at);
    assert_eq!(contents.least, "sale-000003");
    assert_eq!(contents.greatest, rows.iter().map(|row| &row.sale).max().unwrap().as_str());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o400);
}

#[test]
fn reading_ends_at_the_first_error_of_the_one_who_reads() {
    let (_dir, _path, archive) = archive(&rows(1..=600));
    let mut seen = 0;
    let stopped = archive.rows(1, 600, |row| {
        seen = row.seq;
        if row.seq == 300 { Err(JournalError::Stopped) } else { Ok(()) }
    });
    assert_eq!((stopped, seen), (Err(JournalError::Stopped), 300));
}

#[test]
fn a_sale_is_found_in_every_block_where_it_has_entries() {
    let rows = rows(1..=1_900);
    let (_dir, _path, archive) = archive(&rows);
    for (first, summary) in summaries(&rows) {
        let sale = &summary.sale;
        let expected: Vec<Row> = rows.iter().filter(|row| row.sale == *sale).cloned().collect();
        assert!(archive.entries_of(sale).unwrap() == expected, "{sale}");
        assert_eq!(archive.summary(sale).unwrap(), Some((first, summary)));
    }
    assert!(archive.entries_of("sale-000003").unwrap().len() > 20, "over all blocks");
    assert!(archive.entries_of("sale-999999").unwrap().is_empty());
    assert_eq!(archive.summary("sale-999999").unwrap(), None);
}

#[test]
fn a_sales_entries_are_read_without_touching_other_blocks() {
    let rows = rows(1..=1_900);
    let (_dir, path, archive) = archive(&rows);
    drop(archive);
    // All blocks but the second and the last are ruined.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let file = Connection::open(&path).unwrap();
    let last = 1 + 1_900 / block::ROWS * block::ROWS;
    file.execute("UPDATE blocks SET rows = x'00' WHERE first NOT IN (257, ?1)", (last,)).unwrap();
    file.close().unwrap();
    let archive = Archive::open(&path, Mode::Live).unwrap();
    let of = |seq: usize| archive.entries_of(&rows[seq - 1].sale);
    assert_eq!(of(300).unwrap().len(), 4);
    assert_eq!(of(1_890).unwrap().len(), 4);
    assert!(matches!(of(900), Err(JournalError::ArchiveDamaged { .. })));
    assert_eq!(archive.summaries(None, 10).unwrap().len(), 10);
    assert_eq!(archive.finished(None, 10).unwrap().len(), 10);
}

#[test]
fn pages_follow_each_other_to_the_end() {
    let rows = rows(1..=1_000);
    let (_dir, _path, archive) = archive(&rows);
    for limit in [1, 7, 50, 10_000] {
        let mut before = None;
        let mut listed = Vec::new();
        loop {
            let page = archive.summaries(before, limit).unwrap();
            assert!(page.len() <= limit);
            let Some((last, _)) = page.last() else { break };
            before = Some(*last);
            listed.extend(page);
        }
        assert_eq!(listed, summaries(&rows), "{limit}");
    }
    let finished: Vec<(i64, String)> = rows
        .iter()
        .rev()
        .filter(|row| row.finishes)
        .map(|row| (row.seq, row.sale.clone()))
        .collect();
    assert_eq!(archive.finished(None, 1_000).unwrap(), finished);
    assert_eq!(archive.finished(Some(900), 3).unwrap(), finished[26..29]);
    assert_eq!(archive.finished(Some(4), 3).unwrap(), []);
    assert_eq!(archive.finished(None, 0).unwrap(), []);
}

#[test]
fn the_times_are_the_least_and_the_greatest_although_the_clock_jumped() {
    let mut rows = rows(1..=900);
    for row in &mut rows {
        let day = match row.seq {
            301..=400 => "2026-11-08",
            501..=510 => "2027-11-10",
            _ => "2026-11-10",
        };
        row.at = format!("{day}T08:00:00Z");
    }
    let (_dir, _path, archive) = archive(&rows);
    let contents = archive.contents();
    assert_eq!(contents.earliest, "2026-11-08T08:00:00Z");
    assert_eq!(contents.latest, "2027-11-10T08:00:00Z");
}

#[test]
fn texts_of_any_kind_and_length_come_back_as_they_were() {
    let texts = ["", " ", "\0", "ß€𝄞", "\u{202e}", "'; DROP TABLE blocks; --", "\r\n"];
    let mut rows = Vec::new();
    for (seq, text) in (1..).zip(texts) {
        rows.push(Row { body: text.repeat(3), kind: text.to_owned(), ..row(seq, text, text) });
    }
    // Longer than a block should be, each in its own.
    for seq in 8..12 {
        rows.push(Row { body: "x".repeat(block::FULL + 1), ..row(seq, "2026-11-10", "long") });
    }
    let (_dir, _path, archive) = archive(&rows);
    assert!(read(&archive, 1, 20).unwrap() == rows);
    for text in texts {
        assert_eq!(archive.entries_of(text).unwrap().len(), 1, "{text:?}");
    }
    assert_eq!(archive.entries_of("long").unwrap().len(), 4);
}

#[test]
fn the_same_rows_give_the_same_file() {
    let dir = tempfile::tempdir().unwrap();
    let paths = ["a", "b"].map(|name| dir.path().join(name));
    let written = paths.clone().map(|path| write_all(&path, &rows(1..=700)).unwrap());
    assert_eq!(written[0], written[1]);
    let bytes = paths.map(|path| fs::read(path).unwrap());
    assert!(bytes[0] == bytes[1]);
    assert_eq!(written[0].bytes, bytes[0].len() as u64);
    assert_eq!(written[0].digest, Hash::from(Sha256::digest(&bytes[0])));
}

#[test]
fn what_is_no_closed_range_is_refused_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("archive");
    let mut gap = rows(1..=600);
    gap.remove(400);
    let twice = [rows(1..=300), rows(300..=310)].concat();
    let long = vec![Row { body: "x".repeat(block::LONGEST), ..row(1, "2026-11-10", "long") }];
    for (rows, why) in [
        (gap, "entry 402 comes after entry 400"),
        (twice, "entry 300 comes after entry 300"),
        (long, "entry 1 is too long"),
        (Vec::new(), "there are no entries for it"),
    ] {
        let error = write_all(&path, &rows).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    let stopped = write(&path, Mode::Live, BEFORE, |take| {
        rows(1..=600).into_iter().try_for_each(take)?;
        Err(JournalError::Stopped)
    });
    assert_eq!(stopped, Err(JournalError::Stopped));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn what_a_killed_program_left_behind_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("archive");
    let part = place::beside(&path, ".part");
    write_all(&path, &rows(1..=900)).unwrap();
    let whole = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    for length in [0, 1, 1_000, whole.len() / 2, whole.len()] {
        fs::write(&part, &whole[..length]).unwrap();
        fs::set_permissions(&part, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(!path.exists());
        write_all(&path, &rows(1..=900)).unwrap();
        assert!(fs::read(&path).unwrap() == whole, "{length}");
        assert!(!part.exists());
        // Killed after the rename: written again over the whole one.
        write_all(&path, &rows(1..=900)).unwrap();
        assert!(fs::read(&path).unwrap() == whole, "{length}");
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_link_in_the_way_of_the_new_file_is_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    let (path, other) = (dir.path().join("archive"), dir.path().join("other"));
    fs::write(&other, "precious").unwrap();
    std::os::unix::fs::symlink(&other, place::beside(&path, ".part")).unwrap();
    write_all(&path, &rows(1..=3)).unwrap();
    assert_eq!(fs::read(&other).unwrap(), b"precious");
    assert_eq!(Archive::open(&path, Mode::Live).unwrap().contents().last, 3);
}

#[test]
fn other_files_are_refused_with_the_reason() {
    let (_dir, path, archive) = archive(&rows(1..=10));
    drop(archive);
    let why = |path: &Path, mode| Archive::open(path, mode).err().unwrap();
    let wrong_mode =
        JournalError::WrongMode { path: path.clone(), found: Mode::Live, wanted: Mode::Sandbox };
    assert_eq!(why(&path, Mode::Sandbox), wrong_mode);

    let copy = path.with_file_name("copy");
    let changed = |change: &dyn Fn(&Connection)| {
        let _ = fs::remove_file(&copy);
        fs::copy(&path, &copy).unwrap();
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).unwrap();
        let file = Connection::open(&copy).unwrap();
        change(&file);
        file.close().unwrap();
        why(&copy, Mode::Live)
    };
    let newer = changed(&|file| file.pragma_update(None, "user_version", FORMAT + 1).unwrap());
    let path_of_copy = copy.clone();
    assert_eq!(newer, JournalError::Newer { path: path_of_copy, found: FORMAT + 1, known: FORMAT });
    let detail = |error| match error {
        JournalError::ArchiveDamaged { path, detail } if path == copy => detail,
        other => panic!("{other:?}"),
    };
    let foreign = changed(&|file| file.pragma_update(None, "application_id", 1).unwrap());
    assert_eq!(detail(foreign), "it is not an archive");
    let nameless = changed(&|file| file.execute_batch("UPDATE about SET mode = 'x'").unwrap());
    assert_eq!(detail(nameless), "it does not say whose sales it has");
    let empty = changed(&|file| file.execute_batch("DELETE FROM about").unwrap());
    detail(empty);
    fs::write(&copy, "no database at all".repeat(100)).unwrap();
    detail(why(&copy, Mode::Live));
    fs::write(&copy, "").unwrap();
    assert_eq!(detail(why(&copy, Mode::Live)), "it is not an archive");

    fs::set_permissions(&path, fs::Permissions::from_mode(0o420)).unwrap();
    assert!(matches!(why(&path, Mode::Live), JournalError::NotPrivate { .. }));
    assert!(matches!(why(path.parent().unwrap(), Mode::Live), JournalError::NotPrivate { .. }));
    assert!(matches!(why(&path.with_file_name("none"), Mode::Live), JournalError::Io { .. }));
}

#[test]
fn a_block_that_lies_about_itself_is_damage() {
    let mut bytes = Vec::new();
    for row in rows(1..=20) {
        assert!(block::push(&mut bytes, &row));
    }
    let mut packer = block::Packer::new().unwrap();
    let size = i64::try_from(bytes.len()).unwrap();
    let whole = packer.pack(&bytes).unwrap();
    let good = Block::unpack(1, 20, size, &whole).unwrap();
    assert_eq!((good.first(), good.end()), (1, 21));
    let bomb = packer.pack(&vec![0; 1 << 26]).unwrap();
    assert!(bomb.len() < 10_000);
    for (entries, size, packed, why) in [
        (20, -1, &whole, "its size is not possible"),
        (20, i64::MAX, &whole, "its size is not possible"),
        (20, 1 << 26, &bomb, "its size is not possible"),
        (20, size, &bomb, ""),
        (20, size - 1, &whole, ""),
        (20, size + 1, &whole, "it has not the rows that it should have"),
        (19, size, &whole, "it has not the rows that it should have"),
        (21, size, &whole, "it has not the rows that it should have"),
        (20, size, &whole[..whole.len() - 1].to_vec(), ""),
        (20, size, &Vec::new(), ""),
    ] {
        let error = Block::unpack(1, entries, size, packed).err().unwrap();
        assert!(error.contains(why), "{error} for {why}");
    }
    // Rows with a wrong length in them, under a checksum that is right.
    for (position, value) in [(0, 2), (1, 0xff), (4, 0xff), (5, 0xff), (bytes.len() - 33, 9)] {
        let mut changed = bytes.clone();
        changed[position] = value;
        let changed = packer.pack(&changed).unwrap();
        let rows = Block::unpack(1, 20, size, &changed).map(|block| {
            (1..=20).map(|seq| block.row(seq).unwrap()).collect::<Result<Vec<_>, String>>()
        });
        let same = matches!(&rows, Ok(Ok(read)) if *read == self::rows(1..=20));
        assert!(!same, "byte {position}");
    }
}

#[test]
fn no_flipped_byte_is_read_as_an_entry_that_was_not_written() {
    let rows = rows(1..=12);
    let (_dir, path, archive) = archive(&rows);
    drop(archive);
    let whole = fs::read(&path).unwrap();
    let expected = digest(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    let (mut noticed, mut unseen) = (0, 0);
    for (position, byte) in whole.iter().enumerate() {
        // Of the free space in the pages some bytes are enough.
        let around = position.saturating_sub(8)..(position + 8).min(whole.len());
        if position % 32 != 0 && whole[around].iter().all(|byte| *byte == 0) {
            continue;
        }
        file.write_all_at(&whole, 0).unwrap();
        file.write_all_at(&[byte ^ 1 << (position % 8)], position as u64).unwrap();
        if position % 61 == 0 {
            assert_ne!(digest(&path).unwrap(), expected, "byte {position}");
        }
        let Ok(archive) = Archive::open(&path, Mode::Live) else {
            noticed += 1;
            continue;
        };
        // The tables that lead to the blocks may be wrong; no query may panic, and what is read is
        // what was written.
        let all = read(&archive, 1, 12);
        let of = archive.entries_of(&rows[5].sale);
        let _ = archive.summary(&rows[5].sale);
        let _ = archive.summaries(None, 100);
        let _ = archive.finished(None, 100);
        let known = |read: &Vec<Row>| read.iter().all(|row| rows.contains(row));
        assert!(all.as_ref().is_ok_and(known) || all.is_err(), "byte {position}");
        assert!(of.as_ref().is_ok_and(known) || of.is_err(), "byte {position}");
        if all.is_err() || of.is_err() { noticed += 1 } else { unseen += 1 }
    }
    assert!(
        noticed > whole.len() / 10,
        "{noticed} noticed by queries, {unseen} by the digest only"
    );
}
