//! The README shows what the program shows: its screen and tables are made by it.
//!
//! `KASSE_UPDATE_README=1 cargo test --test it readme` writes them anew.

use std::fs;
use std::path::Path;

use kasse::lang::Lang;
use kasse::sandbox::CARD_BONUS;

use crate::journeys::kit::Journey;

/// Compares the part between `<!-- name -->` and `<!-- end -->` with what the program makes.
fn check(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let begin = format!("<!-- {name} -->\n");
    let start = readme.find(&begin).expect("the marker") + begin.len();
    let end = start + readme[start..].find("<!-- end -->").expect("the end marker");
    if readme[start..end] == *made {
        return;
    }
    if std::env::var_os("KASSE_UPDATE_README").is_some() {
        fs::write(&path, format!("{}{made}{}", &readme[..start], &readme[end..])).unwrap();
    } else {
        panic!("README.md, part {name:?}, is not what the program makes:\n{made}");
    }
}

/// One test, so that two parts are never written at the same time.
#[test]
fn screen_and_tables_are_the_programs() {
    let mut journey = Journey::new();
    journey.keys(&format!("30037⏎ 30200⏎ 2*51⏎ {CARD_BONUS}⏎")).keys("/");
    check("screen", &format!("```text\n{}```\n", journey.screen()));
    check("keys", &kasse::ui::keys_table(Lang::En));
    check("exits", &kasse::cli::exit_codes());
}
