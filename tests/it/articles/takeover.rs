//! A console that sells while articles are imported and taught.

use crate::pty::home::{Home, kasse};

const HEADER: &str = "number;ean;name;price;vat\n";

fn import(home: &Home, rows: &str) {
    home.file("goods.csv", &format!("{HEADER}{rows}"));
    let ended = home.run(&["articles", "import", "goods.csv"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

#[test]
fn a_running_console_takes_an_import_over_and_keeps_its_basket() {
    let home = Home::new();
    import(&home, "71;;Roggenbrot;2,00;7\n72;;Brezel;0,90;7\n");
    let pty = home.console(100, 24);
    pty.wait_for("Server connected");
    pty.type_now("71\r");
    pty.wait_for("Roggenbrot");
    // An open search shows the old articles; then it shows the new ones.
    pty.type_now("bre");
    pty.wait_for("Brezel");
    import(&home, "71;;Roggenbrot;2,50;7\n80;;Bretzelchen;1,10;7\n");
    pty.wait_for_all(&["Articles updated: 2", "Bretzelchen"]);
    assert!(!pty.screen().contains("Brezel"), "{}", pty.screen());
    pty.type_now("\x1b");
    pty.wait_until("closed", |screen| !screen.contents().contains("Bretzelchen"));
    assert!(pty.screen().contains("2.00"), "what was sold stays: {}", pty.screen());
    pty.type_now("71\r");
    pty.wait_for("2.50");
    pty.wait_for("4.50");
}

#[test]
fn a_console_of_the_bakery_takes_the_first_import_over_too() {
    let home = Home::new();
    let pty = home.console(100, 24);
    pty.wait_for("Server connected");
    import(&home, "71;;Roggenbrot;2,00;7\n");
    pty.wait_for("Articles updated: 1");
    pty.type_now("71\r");
    pty.wait_for("Roggenbrot");
}

#[test]
fn with_a_configured_file_an_import_changes_nothing_on_the_screen() {
    let home = Home::new();
    home.file("plain.csv", &format!("{HEADER}5;;Plain;1,00;7\n"));
    let pty = home.start(kasse(), &["--articles", "plain.csv"], 100, 24);
    pty.wait_for("Server connected");
    import(&home, "71;;Roggenbrot;2,00;7\n");
    pty.type_now("71\r");
    pty.wait_for("No article 71");
}

/// The recording ends where other articles come, and says so.
#[test]
fn a_recording_ends_with_a_take_over() {
    let home = Home::new();
    import(&home, "71;;Roggenbrot;2,00;7\n");
    let pty = home.start(kasse(), &["--record", "tape"], 100, 24);
    pty.wait_for("Server connected");
    pty.type_now("71\r");
    pty.wait_for("Roggenbrot");
    import(&home, "71;;Graubrot;2,00;7\n");
    pty.wait_for("Articles updated: 1");
    pty.type_now("71\r");
    pty.wait_for("Graubrot");
    let tape = std::fs::read_to_string(home.path().join("tape")).unwrap();
    let last = tape.lines().last().unwrap();
    assert!(last.contains("\"end\":\"other articles were taken over\""), "{last}");
    let shown = home.run(&["--replay", "tape", "--to-end"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stderr.contains("other settings or articles"), "{}", shown.stderr);
}

/// Taught in the middle of a sale: sold at once, found by name, there after a restart, listed for
/// the office, and an ordinary article after an import that brings its code.
#[test]
fn a_taught_article_survives_a_restart_and_is_listed() {
    let home = Home::new();
    import(&home, "71;;Roggenbrot;2,00;7\n");
    let code = "4006381333931";
    let pty = home.console(100, 24);
    pty.wait_for("Server connected");
    pty.type_now(format!("{code}\r"));
    pty.wait_for("Insert");
    pty.type_now("\x1b[2~");
    pty.wait_for("Name");
    pty.keys("Mohnkuchen\x1b[C", "Price");
    pty.keys("1,80\x1b[C", "7 %");
    pty.keys("\x1b[C", "1.80");
    pty.wait_for("Mohnkuchen");
    crate::pty::kit::until("it is kept", || {
        home.run(&["articles", "list", "--taught"]).stdout.contains("Mohnkuchen")
    });
    drop(pty);
    let pty = home.console(100, 24);
    pty.wait_for("Server connected");
    pty.type_now("mohnk");
    pty.wait_for("Mohnkuchen");
    drop(pty);
    let shown = home.run(&["articles", "show", code]).stdout;
    assert!(shown.contains("price     1.80"), "{shown}");
    import(&home, &format!("71;;Roggenbrot;2,00;7\n72;{code};Mohnkuchen;1,90;7\n"));
    assert_eq!(home.run(&["articles", "list", "--taught"]).stdout, "");
    assert_eq!(home.run(&["articles", "list"]).stdout.lines().count(), 2);
}
