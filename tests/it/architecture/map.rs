//! The map of the rooms: the table at the head of `src/lib.rs`.

use syn::{Expr, ExprLit, Item, Lit, Meta};

/// The rooms in the order of the table, row by row and from left to right within a row.
///
/// # Errors
///
/// Rooms that the table lacks, lists twice, or lists without a module of that name: one line each.
pub fn rooms(lib: &str) -> Result<Vec<String>, Vec<String>> {
    let file = syn::parse_file(lib).unwrap();
    let docs = file.attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let mut rooms = Vec::new();
    for row in docs.filter_map(|line| line.trim().strip_prefix("| [`").map(str::to_owned)) {
        let names = row.split('|').next().unwrap().split('`');
        rooms.extend(names.step_by(2).filter(|name| !name.trim().is_empty()).map(str::to_owned));
    }
    let modules: Vec<String> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(module) if !super::source::is_test(&module.attrs) => {
                Some(module.ident.to_string())
            }
            _ => None,
        })
        .collect();
    let lacks = modules.iter().filter(|room| !rooms.contains(room));
    let lacks = lacks.map(|room| format!("src/lib.rs: the table lacks the room `{room}`"));
    let knows = rooms.iter().filter(|room| !modules.contains(room));
    let knows =
        knows.map(|room| format!("src/lib.rs: the table has a room `{room}` that is no module"));
    let twice = rooms.iter().enumerate().filter(|(i, room)| rooms[..*i].contains(room));
    let twice = twice.map(|(_, room)| format!("src/lib.rs: the table has the room `{room}` twice"));
    let wrong: Vec<String> = lacks.chain(knows).chain(twice).collect();
    if wrong.is_empty() { Ok(rooms) } else { Err(wrong) }
}
