//! The table of keys for documents, made from the command table.

use crate::lang::Lang;
use crate::till::{COMMANDS, Keymap};

/// The default keys as a Markdown table, one row per command in the order of the command table,
/// ending in a line feed.
#[must_use]
pub fn keys_table(lang: Lang) -> String {
    let words = lang.words();
    let keymap = Keymap::default();
    let mut out = format!(
        "| {} | {} | {} |\n|---|---|---|\n",
        words.table_key, words.table_command, words.table_meaning
    );
    for row in COMMANDS {
        let keys: Vec<String> =
            keymap.keys(row.command).iter().map(|key| format!("`{}`", lang.key(*key))).collect();
        let keys = if keys.is_empty() { words.no_key.to_owned() } else { keys.join(" ") };
        let help = lang.help(row.command);
        out.extend(["| ", &keys, " | `", row.name, "` | ", &help, " |\n"]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_the_table_once() {
        for lang in Lang::ALL {
            let table = keys_table(*lang);
            assert_eq!(table.lines().count(), COMMANDS.len() + 2);
            for row in COMMANDS {
                assert_eq!(table.matches(&format!("| `{}` |", row.name)).count(), 1, "{table}");
            }
            assert!(table.lines().all(|line| line.matches('|').count() == 4), "{table}");
        }
        assert!(keys_table(Lang::En).contains("| `Esc` `Delete` | `clear` |"));
        assert!(keys_table(Lang::De).contains("| (Menü) | `quit` |"));
    }
}
