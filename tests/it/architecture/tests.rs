//! The check itself, on small made-up sources.

use rstest::rstest;

use super::map;
use super::rules::{circles, edges, upward};
use super::source::{Sources, Tree};

const LIB: &str = "//! | room | owns |\n//! |---|---|\n//! | [`low`], [`mid`] | x |\n\
                   //! | [`high`] | see [`low`] |\npub mod high;\npub mod low;\npub mod mid;\n";

/// A crate with the rooms `low`, `mid`, `high`, in which `files` have these texts.
fn tree(files: &[(&str, &str)]) -> Tree {
    let rooms = [("lib.rs", LIB), ("low.rs", ""), ("mid.rs", ""), ("high.rs", "pub struct H;")];
    let all = rooms.iter().chain(files);
    Tree::read(&all.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
}

fn told(files: &[(&str, &str)]) -> Vec<String> {
    let rooms = map::rooms(LIB).unwrap();
    upward(&tree(files), &rooms).iter().map(|l| l.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn the_table_gives_the_rooms_in_order() {
    assert_eq!(map::rooms(LIB).unwrap(), ["low", "mid", "high"]);
}

#[rstest]
#[case::not_in_the_table(format!("{LIB}mod new;"), "lacks the room `new`")]
#[case::no_module(LIB.replace("pub mod mid;", ""), "`mid` that is no module")]
#[case::twice(LIB.replace("[`low`], [`mid`]", "[`low`], [`mid`], [`low`]"), "`low` twice")]
fn a_table_that_does_not_fit_the_modules_is_refused(#[case] lib: String, #[case] why: &str) {
    let wrong = map::rooms(&lib).unwrap_err();
    assert!(wrong.len() == 1 && wrong[0].contains(why), "{wrong:?}");
}

#[rstest]
#[case::import("\nuse crate::high::H;")]
#[case::import_in_a_group("\nuse crate::{\n    low, high::H};")]
#[case::path_in_a_body("\nfn f() { let _ = crate::high::H; }")]
#[case::path_in_a_type("\nstruct S(Option<crate::high::H>);")]
#[case::super_path("\nfn f() { super::high::H; }")]
#[case::in_a_macro("\nfn f() { println!(\"{}\", vec![crate::high::H]); }")]
#[case::in_an_attribute("\n#[derive(D)] struct S { #[serde(with = \"crate::high\")] a: u8 }")]
#[case::re_export("\npub use crate::high::H;")]
#[case::glob("\nuse crate::high::*;")]
#[case::inline_module("\nmod inner { use super::super::high::H; }")]
fn an_upward_import_is_told_with_file_and_line(#[case] text: &str) {
    let line = text.lines().position(|line| line.contains("high")).unwrap() + 1;
    assert_eq!(told(&[("mid.rs", text)]), [format!("src/mid.rs:{line}:")]);
}

#[test]
fn an_upward_import_is_seen_through_a_re_export_of_a_lower_room() {
    let files = [("low.rs", "pub use crate::high::H;"), ("mid.rs", "use crate::low::H;")];
    assert_eq!(told(&files), ["src/low.rs:1:", "src/mid.rs:1:"]);
}

#[rstest]
#[case::downward("use crate::low; fn f() { crate::mid::g(); }", "high.rs")]
#[case::in_a_test("#[cfg(test)] mod tests { use crate::high::H; }", "mid.rs")]
#[case::in_a_test_function("impl S { #[cfg(test)] fn f() { crate::high::H; } }", "mid.rs")]
#[case::in_a_comment("/// Like [`crate::high::H`].\nfn f() {}", "mid.rs")]
#[case::in_a_text("const A: &str = \"crate::high::H\";", "mid.rs")]
#[case::another_crate("use high::H; fn f() { other::high::g(); }", "mid.rs")]
fn nothing_else_is_an_upward_import(#[case] text: &str, #[case] file: &str) {
    assert_eq!(told(&[(file, text)]), [""; 0]);
}

/// Files `a` to `d` of `mid`; each names the next, and `last` names the first.
fn ring(last: &str) -> Vec<(String, String)> {
    let mut files = vec![("mid/mod.rs".to_owned(), "mod a; mod b; mod c; mod d;".to_owned())];
    for (file, next) in [("a", "b"), ("b", "c"), ("c", "d"), ("d", last)] {
        let text = format!("use super::{next}::f;\npub fn f() {{}}");
        files.push((format!("mid/{file}.rs"), text));
    }
    files
}

/// The files of each circle in `files`, of which the empty rooms may be left out.
fn circles_of(files: &[(String, String)]) -> Vec<Vec<String>> {
    let rooms = [("lib.rs", LIB), ("low.rs", ""), ("high.rs", "")];
    let rooms = rooms.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let sources: Sources = rooms.into_iter().chain(files.iter().cloned()).collect();
    let found = circles(&edges(&Tree::read(&sources)));
    found.into_iter().map(|circle| circle.files.into_iter().collect()).collect()
}

#[test]
fn a_circle_of_four_files_is_found_and_one_of_three_is_allowed() {
    let all = ["mid/a.rs", "mid/b.rs", "mid/c.rs", "mid/d.rs"];
    assert_eq!(circles_of(&ring("a")), [all]);
    assert!(circles_of(&ring("b")).is_empty());
}

#[test]
fn a_circle_is_found_through_re_exports_of_the_parent() {
    let mut files = ring("a");
    files[0].1 = "mod a; mod b; mod c; mod d; pub use a::f as first;".to_owned();
    files[4].1 = "use super::first;\npub fn f() {}".to_owned();
    assert_eq!(circles_of(&files).len(), 1);
}

#[test]
fn a_parent_and_its_children_may_name_each_other() {
    let parent =
        "mod a; mod b; mod c; mod d; pub struct P; fn f() { a::f(); b::f(); c::f(); d::f() }";
    let mut files = ring("a");
    files[0].1 = parent.to_owned();
    for (_, text) in &mut files[1..] {
        *text = "use super::P; pub fn f() {}".to_owned();
    }
    assert!(circles_of(&files).is_empty());
}

#[rstest]
#[case::down_from_the_parent(
    "mod a; pub fn h() { a::f() }",
    "pub fn f() { crate::high::g() }",
    "pub fn g() { crate::mid::h() }"
)]
#[case::up_to_the_parent(
    "pub mod a; pub fn h() { crate::high::g() }",
    "pub fn f() { super::h() }",
    "pub fn g() { crate::mid::a::f() }"
)]
fn a_circle_that_leaves_the_folder_is_found(
    #[case] parent: &str,
    #[case] child: &str,
    #[case] outside: &str,
) {
    let files = [("mid/mod.rs", parent), ("mid/a.rs", child), ("high.rs", outside)];
    let found = circles_of(&files.map(|(name, text)| (name.to_owned(), text.to_owned())));
    assert_eq!(found, [["high.rs", "mid/a.rs", "mid/mod.rs"]]);
}

#[test]
fn two_files_of_different_rooms_are_a_circle() {
    let files = [
        ("low.rs", "use crate::mid::g; pub fn f() {}"),
        ("mid.rs", "use crate::low::f; pub fn g() {}"),
    ];
    let found = circles(&edges(&tree(&files)));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].room(), None);
    let told = found[0].told();
    assert!(told.contains("src/low.rs:1 names crate::mid::g of src/mid.rs"), "{told}");
}
