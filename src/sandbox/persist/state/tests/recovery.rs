//! Every moment at which a kill can interrupt a compaction.

use std::fmt::Write;

use super::*;

/// The lines of a file of frames.
fn lines(path: &Path) -> Vec<String> {
    let mut file = frame::Reader::new(File::open(path).unwrap()).unwrap();
    let mut text = Vec::new();
    while let frame::Next::Frame(more) = file.next().unwrap() {
        text.extend(more);
    }
    String::from_utf8(text).unwrap().lines().map(str::to_owned).collect()
}

/// A log with this number, one frame per line.
fn write_log(path: &Path, books: u64, number: u64, steps: &[String]) {
    let mut log = frame::Writer::new(File::create(path).unwrap());
    log.frame(&Head::new(books, number, 0).line().unwrap()).unwrap();
    for step in steps {
        log.frame(format!("{step}\n").as_bytes()).unwrap();
    }
}

fn head(path: &Path) -> Head {
    Head::read(lines(path)[0].as_bytes()).unwrap()
}

/// Books that were cut but whose next snapshot does not count yet, and what they hold.
fn cut() -> (Kit, Value) {
    let kit = Kit::new();
    let ledger = kit.open();
    trade(&ledger);
    flush(&ledger);
    let former = lines(&kit.beside(".log1")).len();
    sell(&ledger, 10);
    let held = all(&ledger);
    drop(ledger);
    let (steps, books) = (lines(&kit.beside(".log1")), head(&kit.path()).books);
    assert!(former > 20 && steps.len() > former + 20);
    write_log(&kit.beside(".log1"), books, 1, &steps[1..former]);
    write_log(&kit.beside(".log0"), books, 2, &steps[former..]);
    (kit, held)
}

/// Opens twice, and each time all must be as it was.
fn check(kit: &Kit, held: &Value) {
    for opening in 0..2 {
        assert_eq!(all(&kit.open()), *held, "opening {opening}");
    }
}

#[test]
fn a_kill_after_the_next_log_began_changes_nothing() {
    let kit = Kit::new();
    let ledger = kit.open();
    trade(&ledger);
    let held = all(&ledger);
    drop(ledger);
    assert_eq!((head(&kit.path()).log, head(&kit.beside(".log0")).log), (1, 2));
    let whole = fs::read(kit.beside(".log0")).unwrap();
    // Begun in part, or not at all.
    for end in [whole.len(), whole.len() - 1, 10, 0] {
        fs::write(kit.beside(".log0"), &whole[..end]).unwrap();
        check(&kit, &held);
    }
    fs::remove_file(kit.beside(".log0")).unwrap();
    check(&kit, &held);
}

#[test]
fn a_kill_before_the_snapshot_counts_loses_no_step() {
    let (kit, held) = cut();
    // A snapshot of which a part was written.
    let whole = fs::read(kit.path()).unwrap();
    fs::write(kit.beside(".new"), &whole[..whole.len() / 2]).unwrap();
    check(&kit, &held);
    assert_eq!(head(&kit.path()).log, 2, "the opening has finished the compaction");
    assert_eq!(head(&kit.beside(".log1")).log, 3);
    assert!(!kit.beside(".new").exists());
}

#[test]
fn a_kill_after_the_snapshot_counts_does_no_step_twice() {
    let (kit, held) = cut();
    let former = fs::read(kit.beside(".log1")).unwrap();
    check(&kit, &held);
    // As it was before the former log was removed.
    fs::write(kit.beside(".log1"), former).unwrap();
    check(&kit, &held);
}

#[test]
fn only_the_last_log_may_be_torn() {
    let (kit, held) = cut();
    let [former, next] = [".log1", ".log0"].map(|suffix| kit.beside(suffix));
    let whole = fs::read(&former).unwrap();
    fs::write(&former, &whole[..whole.len() - 5]).unwrap();
    let error = kit.try_open(false).unwrap_err();
    assert!(matches!(&error, StateError::Damaged { path, .. } if *path == former), "{error}");
    fs::write(&former, &whole).unwrap();
    let torn = fs::read(&next).unwrap();
    let mut damaged = torn.clone();
    damaged[5] ^= 1;
    fs::write(&next, &damaged).unwrap();
    let error = kit.try_open(false).unwrap_err();
    assert!(matches!(&error, StateError::Damaged { path, .. } if *path == next), "{error}");
    fs::write(&next, &torn[..torn.len() - 5]).unwrap();
    let less = all(&kit.open());
    assert_ne!(less, held, "the last step was never answered");
    check(&kit, &less);
}

#[test]
fn a_step_is_torn_as_a_whole() {
    let kit = Kit::new();
    let ledger = kit.open();
    let id = ledger.create::<Transaction>(&body(CARD_VOUCHER, 300, ""), AT).unwrap().id;
    let before = all(&ledger);
    flush(&ledger);
    let books = head(&kit.path()).books;
    let kept = lines(&kit.beside(".log1"));
    ledger.start::<Transaction>(&id, StartMethod::Loyalty, AT).unwrap();
    drop(ledger);
    let start = &lines(&kit.beside(".log1"))[kept.len()];
    let mut kinds = String::new();
    for entry in serde_json::from_str::<Vec<Value>>(start).unwrap() {
        write!(kinds, "{} ", entry.as_object().unwrap().keys().next().unwrap()).unwrap();
    }
    assert_eq!(kinds, "stage account booking counters ", "one line has all that changed");
    write_log(&kit.beside(".log1"), books, 1, &kept[1..]);
    assert_eq!(all(&kit.open()), before);
}
