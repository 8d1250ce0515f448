//! What the fuzzers call: one function for each kind of bytes that comes from outside. Each takes
//! any bytes and panics only where the program would break or a promise of it would.
//!
//! `tests/fuzz` feeds them by coverage; `fuzzed.rs` feeds each a bounded number of inputs.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use kasse::config::{File, Problems, Sources, load};
use kasse::exchange::Masker;
use kasse::receipt::{CodePage, encode, layout, plain, slip};
use kasse::sandbox::{Clock, Direct, Fixtures, Ledger};
use kasse::shop::import::{Options, catalogue};
use kasse::shop::{
    CardPattern, EmbeddedPattern, Format, Scan, ScanRules, demo_catalogue, recognise, shape,
};
use kasse::terminal::Decoder;
use kasse::text::{is_harmful, sanitise, width};
use kasse::till::{Key, Slip};
use kasse::wire::{
    CardList, Checkin, ErrorBody, OAuthError, PreTransaction, ReceiptLine, RegistrationAnswer,
    StartMethod, TokenAnswer, Transaction, TransactionPage, TransactionRequest,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::allowed;

/// Answers of the server: whatever is understood is written and read again as the same.
pub fn wire(data: &[u8]) {
    fn of<T: DeserializeOwned + Serialize + PartialEq>(data: &[u8]) {
        if let Ok(value) = serde_json::from_slice::<T>(data) {
            let text = serde_json::to_string(&value).expect("plain data has a text");
            let again: T = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert!(value == again, "{text}");
        }
    }
    of::<Transaction>(data);
    of::<TransactionPage>(data);
    of::<PreTransaction>(data);
    of::<CardList>(data);
    of::<Checkin>(data);
    of::<TokenAnswer>(data);
    of::<RegistrationAnswer>(data);
    of::<OAuthError>(data);
    of::<ErrorBody>(data);
    let text = String::from_utf8_lossy(data);
    let clean = sanitise(&text);
    assert!(!clean.chars().any(is_harmful), "{clean:?}");
    assert_eq!(sanitise(&clean), clean);
    // What the inspector shows of an answer that is no JSON.
    let _shown = Masker::default().raw(&clean);
    if let Ok(value) = serde_json::from_slice(data) {
        let _shown = Masker::default().value(&value);
    }
}

/// A scanned or typed line.
pub fn scan(data: &[u8]) {
    let line = String::from_utf8_lossy(data);
    let embedded = ["29IIIIIPPPPPC", "28IIIIIQQQQQC"].map(|p| EmbeddedPattern::new(p).unwrap());
    let rules = ScanRules {
        cards: vec![CardPattern::default()],
        embedded: embedded.to_vec(),
        ..ScanRules::default()
    };
    let catalogue = demo_catalogue();
    let _shape = shape(&line);
    match recognise(&line, &rules, &catalogue) {
        Scan::Article { number, .. } => {
            // With a pattern of the shop's own the number may be one that no article has.
            assert!(number.chars().all(|c| !is_harmful(c)), "{number:?}");
        }
        Scan::Card(card) => {
            let digits = card.reveal();
            assert!(line.contains(digits), "a number that nobody has typed");
            assert!(!format!("{card:?}").contains(digits), "a card shows itself");
        }
        Scan::Coupon { code, off } => assert!(line.contains(&code) && off.is_sound(), "{off:?}"),
        Scan::Unknown(text) | Scan::WrongCheckDigit(text) | Scan::InStoreUnknown(text) => {
            assert!(line.contains(&text), "{text:?}");
        }
        Scan::BankCard | Scan::UnreadableSwipe | Scan::Words(_) | Scan::Nothing => {}
    }
}

/// An article file in any encoding; the first byte chooses the notation.
pub fn articles(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let format = [Format::Toml, Format::Csv, Format::Json][usize::from(first % 3)];
    let harmless = |text: &str| assert!(!text.chars().any(is_harmful), "{text:?}");
    match catalogue(Cursor::new(rest), format, &Options::default()) {
        Ok(catalogue) => {
            let articles: Vec<_> = (0..).map_while(|index| catalogue.get(index)).collect();
            assert!(!articles.is_empty());
            for article in articles {
                assert!(article.price.is_none_or(|price| price.0 >= 0), "{article:?}");
                assert!(!article.number.is_empty() && !article.name.is_empty(), "{article:?}");
                [&article.number, &article.name, &article.short, &article.group, &article.note]
                    .into_iter()
                    .chain(&article.eans)
                    .for_each(|text| harmless(text));
                assert!(catalogue.by_number(&article.number).is_some());
            }
        }
        Err(bad) => {
            assert!(!bad.is_empty());
            let last = rest.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 2;
            for problem in bad {
                assert!((1..=last).contains(&problem.line), "{problem}");
                harmless(&problem.to_string());
            }
        }
    }
}

/// A configuration file.
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let file = File { path: PathBuf::from("/etc/kasse.toml"), text, mode: Some(0o600) };
    let sources = Sources {
        file: Some(file),
        state_home: Some(PathBuf::from("/home/till/.local/state")),
        ..Sources::default()
    };
    match load(&sources) {
        Ok(loaded) => {
            let _settings = loaded.config.settings(demo_catalogue());
            for setting in loaded.settings {
                assert!(!setting.shown.chars().any(is_harmful), "{:?}", setting.shown);
            }
        }
        Err(Problems(problems)) => {
            assert!(!problems.is_empty());
            for problem in problems {
                let text = problem.to_string();
                assert!(!text.chars().any(|c| c != '\n' && is_harmful(c)), "{text:?}");
            }
        }
    }
}

/// A receipt as the server writes it, on paper; the first byte is its width.
pub fn receipt(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let columns = usize::from(*first);
    let clean = sanitise(&String::from_utf8_lossy(rest));
    let lines = serde_json::from_str::<Vec<ReceiptLine>>(&clean).unwrap_or_else(|_| {
        // No JSON: the text itself, in every kind of line.
        let mut parts = clean.split('|').map(str::to_owned).cycle().take(64);
        let mut next = || parts.next().unwrap_or_default();
        vec![
            ReceiptLine::Separator(Some(next())),
            ReceiptLine::text(next()),
            ReceiptLine::important(next()),
            ReceiptLine::Space,
            ReceiptLine::pair(next(), next()),
        ]
    });
    let rows = layout(&lines, columns);
    for row in &rows {
        assert!(
            width(&row.text) <= columns.max(1),
            "{} > {columns}: {:?}",
            width(&row.text),
            row.text
        );
    }
    for page in [CodePage::Cp858, CodePage::Ascii] {
        allowed::printer(&encode(&rows, page)).unwrap_or_else(|e| panic!("{e}"));
    }
    let text = plain(&rows);
    allowed::lines(text.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
}

/// What a terminal sends; the first byte chooses the terminal and where the reads are cut.
pub fn keys(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let decoder = Decoder::for_term(["xterm", "linux", "rxvt", "screen"][usize::from(first % 4)]);
    let mut whole = Vec::new();
    decoder.clone().feed(rest, &mut whole);
    let (mut cut, mut pieces) = (Vec::new(), decoder.clone());
    rest.chunks(usize::from(first / 4) + 1).for_each(|piece| pieces.feed(piece, &mut cut));
    assert_eq!(whole, cut, "the same keys, however they arrive");
    // A flush ends what was pending.
    pieces.flush(&mut cut);
    assert!(!pieces.pending_escape());
    for key in &cut {
        if let Key::Char(c) = key {
            assert!(!is_harmful(*c) || *c == '\u{1d}', "{c:?}");
        }
    }
    // Input never freezes for good.
    let mut after = Vec::new();
    pieces.feed(&[b'\r'; 600], &mut after);
    assert!(after.contains(&Key::Enter), "frozen");
}

/// A body that creates a transaction in the sandbox, which is then changed, applied, paid and
/// cancelled with it.
pub fn sandbox(data: &[u8]) {
    let Ok(request) = serde_json::from_slice::<TransactionRequest>(data) else { return };
    let (clock, _hand) = Clock::manual(Timestamp::UNIX_EPOCH);
    let ledger = Arc::new(Ledger::new(Fixtures::default(), 1));
    let direct = Direct::new(Arc::clone(&ledger), clock);
    let Ok(created) = direct.create(&request) else { return };
    let _changed = direct.update(&created.id, &request);
    let _applied = direct.pre_transaction(&created.id);
    let paid = direct.start(&created.id, StartMethod::Cash);
    if let Ok(paid) = &paid {
        let _rows = layout(&slip(&Slip::from(paid)), 42);
    }
    let cancelled = direct.cancel(&created.id);
    assert!(paid.is_ok() || cancelled.is_err(), "cancelled what was not paid");
    let read = direct.read(&created.id).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(read.id, created.id);
}
