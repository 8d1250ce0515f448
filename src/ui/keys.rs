//! The table of keys for documents, made from the command table.

use crate::lang::Lang;
use crate::till::{COMMANDS, Command, Keymap, QUICK_KEYS};

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
        let keys = match row.command {
            // All of them are one row.
            Command::Quick(1) => (1..=u8::MAX)
                .take(QUICK_KEYS)
                .map(Command::Quick)
                .flat_map(|key| keymap.keys(key))
                .collect(),
            Command::Quick(_) => continue,
            command => keymap.keys(command),
        };
        let keys: Vec<String> = keys.iter().map(|key| format!("`{}`", lang.key(*key))).collect();
        let keys = if keys.is_empty() { words.no_key.to_owned() } else { keys.join(" ") };
        let last = format!("quick_{QUICK_KEYS}");
        let (names, help) = match row.command {
            Command::Quick(_) => (vec![row.name, &last], words.quick_help.into()),
            command => (vec![row.name], lang.help(command)),
        };
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        out.extend(["| ", &keys, " | ", &names.join(" … "), " | ", &help, " |\n"]);
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
            assert_eq!(table.lines().count(), COMMANDS.len() + 2 - (QUICK_KEYS - 1));
            for row in COMMANDS.iter().filter(|row| !matches!(row.command, Command::Quick(_))) {
                assert_eq!(table.matches(&format!("| `{}` |", row.name)).count(), 1, "{table}");
            }
            assert_eq!(table.matches("| `quick_1` … `quick_20` |").count(), 1, "{table}");
            assert!(table.lines().all(|line| line.matches('|').count() == 4), "{table}");
        }
        assert!(keys_table(Lang::En).contains("| `Esc` `Delete` | `clear` |"));
        assert!(keys_table(Lang::De).contains("| (Menü) | `quit` |"));
    }
}
