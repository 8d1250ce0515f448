//! `kasse articles` as a shop uses it: import, preview, export, list, show.

use std::fmt::Write as _;
use std::fs;

use crate::pty::home::{Finished, Home};

const HEADER: &str = "number;ean;name;price;vat;group\n";

/// Rows of a file; every price is this.
fn rows(numbers: std::ops::Range<u32>, price: &str) -> String {
    numbers.fold(HEADER.to_owned(), |mut text, n| {
        writeln!(text, "{n};{};Article {n};{price};19;Bread", 4_000_000_000_000_u64 + u64::from(n))
            .unwrap();
        text
    })
}

fn database(home: &Home) -> std::path::PathBuf {
    home.path().join("state/kasse/articles.db")
}

#[track_caller]
fn done(ended: Finished) -> String {
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    ended.stdout
}

#[test]
fn an_import_is_previewed_written_and_listed() {
    let home = Home::new();
    home.file("goods.csv", &rows(100..600, "1,49"));
    let preview = done(home.run(&["articles", "import", "--dry-run", "goods.csv"]));
    assert!(preview.contains("new       100"), "{preview}");
    assert!(preview.contains("new       and 480 more"), "{preview}");
    assert!(preview.ends_with("500 new, 0 changed, 0 gone, 0 unchanged\n"), "{preview}");
    assert!(!database(&home).exists());

    let said = done(home.run(&["articles", "import", "goods.csv"]));
    assert!(said.starts_with("500 articles imported: 500 new"), "{said}");
    assert!(said.contains(" rows/s"), "{said}");

    home.file("next.csv", &rows(110..600, "1,49").replace("Article 200;1,49", "Article 200;2,99"));
    let other = "number,name,price,vat\nX1,Extra,3.00,7\n";
    home.file("more.csv", other);
    let args = ["articles", "import", "--dry-run", "next.csv", "more.csv"];
    let preview = done(home.run(&args));
    assert!(preview.contains("changed   200                   Article 200: price"), "{preview}");
    assert!(preview.contains("gone      109                   Article 109"), "{preview}");
    assert!(preview.ends_with("1 new, 1 changed, 10 gone, 489 unchanged\n"), "{preview}");
    done(home.run(&["articles", "import", "next.csv", "more.csv"]));

    let list = done(home.run(&["articles", "list"]));
    assert_eq!(list.lines().count(), 491);
    let found = done(home.run(&["articles", "list", "artikle", "200"]));
    assert!(found.starts_with("200 ") && found.contains("2.99"), "{found}");
    assert_eq!(done(home.run(&["articles", "list", "--group", "bread"])).lines().count(), 490);
    assert_eq!(done(home.run(&["articles", "list", "--locked"])), "");
    let shown = done(home.run(&["articles", "show", "4000000000200"]));
    assert!(shown.contains("number    200\n") && shown.contains("vat       19 %\n"), "{shown}");
    assert_eq!(home.run(&["articles", "show", "109"]).code, 2, "gone");
    let checked = done(home.run(&["doctor", "--json"]));
    assert!(checked.contains("articles.db, imported: 491 articles"), "{checked}");
}

#[test]
fn wrong_rows_refuse_an_import_unless_they_are_skipped() {
    let home = Home::new();
    home.file("first.csv", &rows(1..4, "1,00"));
    done(home.run(&["articles", "import", "first.csv"]));
    let text = rows(10..13, "2,00")
        + "13;;Dear;x;19;Bread\n11;;Twice;1,00;19;Bread\n14;;Right;1,00;19;Bread\n";
    home.file("second.csv", &text);
    let preview = home.run(&["articles", "import", "--dry-run", "second.csv"]);
    assert_eq!(preview.code, 5);
    assert!(preview.stdout.contains("second.csv:5: price: \"x\" is not an amount"));
    assert!(preview.stdout.contains("second.csv:6: 11 is already the article of second.csv:3"));
    let refused = home.run(&["articles", "import", "second.csv"]);
    assert_eq!(refused.code, 5);
    assert!(refused.stderr.contains("second.csv:5: price: \"x\""), "{}", refused.stderr);
    assert!(refused.stderr.contains("2 problems; nothing was changed"), "{}", refused.stderr);
    assert_eq!(done(home.run(&["articles", "list"])).lines().count(), 3);
    let said = done(home.run(&["articles", "import", "--skip-bad", "second.csv"]));
    assert!(said.starts_with("4 articles imported: 4 new, 0 changed, 3 gone"), "{said}");
    let missing = home.run(&["articles", "import", "second.csv", "none.csv"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (5, ""));
    assert!(missing.stderr.contains("none.csv"), "{}", missing.stderr);
    let nothing = home.run(&["articles", "import", "--skip-bad", "empty.csv"]);
    assert_eq!(nothing.code, 5);
}

#[test]
fn an_export_of_every_column_is_imported_as_it_was() {
    let home = Home::new();
    let articles = r#"[
        {"number": "1", "ean": ["4006381333931", "40111315"], "name": "Käse \"alt\", gereift",
         "short": "Käse", "price": "1234.50", "vat": "8.1", "group": "Kühlung", "unit": "kg",
         "note": "dünn\tschneiden"},
        {"number": "2", "name": "Bier 0,5 l", "price": "0.89", "vat": 19, "deposit": "9",
         "age": 16},
        {"number": "3", "ean": "4011200296908", "name": "Bier Kasten", "pack_of": "2",
         "pack_pieces": 20, "vat": 19},
        {"number": "4", "name": "=1+1", "open": "yes", "vat": 7, "locked": true},
        {"number": "9", "name": "Pfand", "price": "0.08", "vat": 19}
    ]"#;
    home.file("goods.json", articles);
    done(home.run(&["articles", "import", "goods.json"]));
    let shown = |home: &Home| -> Vec<String> {
        ["1", "2", "3", "4", "9"].map(|number| done(home.run(&["articles", "show", number]))).into()
    };
    let before = shown(&home);
    assert!(before[0].contains("price     1,234.50"), "{}", before[0]);
    assert!(before[1].contains("age       16") && before[2].contains("pack      20 x 2"));
    for format in ["csv", "toml", "json"] {
        let text = done(home.run(&["articles", "export", "--format", format]));
        let protected = text.lines().any(|line| line.contains(",'=1+1,"));
        assert_eq!(protected, format == "csv", "a spreadsheet must not compute it: {text}");
        let other = Home::new();
        let name = format!("again.{format}");
        other.file(&name, &text);
        let said = done(other.run(&["articles", "import", &name]));
        assert!(said.starts_with("5 articles imported"), "{said}");
        assert_eq!(shown(&other), before, "{format}\n{text}");
        let file = format!("out.{format}");
        done(other.run(&["articles", "export", &file]));
        assert_eq!(fs::read_to_string(other.path().join(&file)).unwrap(), text);
        assert_eq!(other.run(&["articles", "export", &file]).code, 8, "nothing is written over");
    }
    let unchanged = done(home.run(&["articles", "import", "goods.json"]));
    assert!(unchanged.contains("0 new, 0 changed, 0 gone, 5 unchanged"), "{unchanged}");
}

#[test]
fn a_configured_file_goes_before_imported_articles_and_the_import_says_so() {
    let home = Home::new();
    home.file("goods.csv", &rows(1..4, "1,00"));
    home.file("plain.csv", &rows(50..52, "1,00"));
    let import = home.run(&["articles", "import", "goods.csv", "--articles", "plain.csv"]);
    assert!(import.stderr.contains("plain.csv, which [articles] file names"), "{}", import.stderr);
    let list = done(home.run(&["articles", "list", "--articles", "plain.csv"]));
    assert_eq!(list.lines().count(), 2);
    assert_eq!(done(home.run(&["articles", "list"])).lines().count(), 3);
}

#[test]
fn a_damaged_database_is_told_with_the_way_out_and_written_over_by_nobody() {
    let home = Home::new();
    home.file("goods.csv", &rows(1..900, "1,00"));
    done(home.run(&["articles", "import", "goods.csv"]));
    let path = database(&home);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4_096].fill(0x5a);
    fs::write(&path, &bytes).unwrap();
    for args in [&["articles", "list"][..], &["articles", "import", "goods.csv"]] {
        let ended = home.run(args);
        assert_eq!(ended.code, 5, "{args:?}");
        for words in ["damaged", "Sales are kept elsewhere", "mv ", "kasse articles import FILE"] {
            assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
        }
    }
    assert!(home.run(&["doctor"]).stdout.contains("damaged"));
    let pty = home.in_shell(&[], 100, 24);
    pty.wait_for_all(&["the articles are damaged", "code=5."]);
    assert!(pty.modes_restored());
    assert_eq!(fs::read(&path).unwrap(), bytes);
    fs::rename(&path, path.with_extension("damaged")).unwrap();
    done(home.run(&["articles", "import", "goods.csv"]));
}

#[test]
fn killed_at_any_moment_an_import_leaves_the_old_articles_or_the_new_ones() {
    let home = Home::new();
    home.file("old.csv", &rows(1..3_000, "1,00"));
    home.file("new.csv", &rows(1..3_000, "2,00"));
    done(home.run(&["articles", "import", "old.csv"]));
    let mut kinds = [0, 0];
    for step in 0..14_u64 {
        let args = ["articles", "import", "new.csv"];
        let mut child = home.program(crate::pty::home::kasse(), &args);
        let child = child.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut child = child.spawn().unwrap();
        // Until its end, in growing parts of the time it takes.
        let begun = std::time::Instant::now();
        while begun.elapsed() < std::time::Duration::from_millis(step * 60)
            && child.try_wait().unwrap().is_none()
        {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
        let list = done(home.run(&["articles", "list"]));
        let prices: std::collections::BTreeSet<&str> =
            list.lines().map(|line| line.split_whitespace().nth(1).unwrap()).collect();
        assert_eq!((list.lines().count(), prices.len()), (2_999, 1), "{prices:?}");
        kinds[usize::from(prices.contains("2.00"))] += 1;
        if kinds[1] > 0 {
            break;
        }
    }
    assert!(kinds[0] > 0, "the first kill comes at once: {kinds:?}");
    done(home.run(&["articles", "import", "new.csv"]));
}

#[test]
fn rows_that_hide_behind_doubles_are_told_and_the_right_ones_are_taken() {
    let home = Home::new();
    let rows = "1;;A;1;7;\n1;;B;1;7;\n5;;C;1;7;\n96385074;;Bun;1;7;\n8;96385074;Tea;1;7;\n";
    home.file("goods.csv", &format!("{HEADER}{rows}"));
    let ended = home.run(&["articles", "import", "--skip-bad", "goods.csv"]);
    assert!(ended.stderr.contains("1 is already the article of"), "{}", ended.stderr);
    assert!(ended.stderr.contains("number 96385074 is the ean of"), "{}", ended.stderr);
    assert!(done(ended).starts_with("3 articles imported"));
}

#[test]
fn deposits_and_packs_that_lead_nowhere_are_told() {
    let home = Home::new();
    let text = "number;name;price;vat;deposit;pack_of;pack_pieces\n\
                1;Beer;1,19;19;0900;;\n2;Crate;;;;999;20\n3;Six;;;;1;6\n";
    home.file("goods.csv", text);
    for args in [
        &["articles", "import", "--dry-run", "goods.csv"][..],
        &["articles", "import", "goods.csv"],
    ] {
        let ended = home.run(args);
        assert!(ended.stderr.contains("article 1: 0900 is named"), "{}", ended.stderr);
        assert!(ended.stderr.contains("article 2: 999 is named"), "{}", ended.stderr);
        assert!(!ended.stderr.contains("article 3"), "{}", ended.stderr);
        done(ended);
    }
    let listed = done(home.run(&["articles", "list", "six"]));
    assert!(listed.contains("pack") && !listed.contains("0 %"), "{listed}");
}

#[test]
fn a_name_of_a_file_is_no_command_to_the_terminal() {
    let home = Home::new();
    let name = "e\u{1b}]0;pwn\u{7}\u{1b}[31m.csv";
    home.file(name, "number,name\n");
    for command in ["check", "import"] {
        let ended = home.run(&["articles", command, name]);
        assert!(!ended.stderr.contains('\u{1b}') && !ended.stdout.contains('\u{1b}'));
        assert!(ended.stderr.contains(".csv"), "{}", ended.stderr);
    }
}
