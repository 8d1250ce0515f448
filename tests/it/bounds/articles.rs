//! Article files: read in time in proportion to their length, whatever is wrong with them, and with
//! bounded lists of what is.

use std::fs::File;
use std::process::Command;

use kasse::shop::{Format, MOST_PROBLEMS, import};
use rstest::rstest;

use crate::bounds::kit::{Ended, is_linear, watched};
use crate::pty::home::kasse;

const HEADER: &str = "number;ean;name;price;vat;group\n";

/// A text of so many rows.
fn rows(head: &str, count: usize, row: impl Fn(usize) -> String) -> String {
    (0..count).fold(head.to_owned(), |text, number| text + &row(number))
}

fn good(row: usize) -> String {
    format!("{row};{};Article {row};1,49;19;Bread\n", 4_000_000_000_000_u64 + row as u64)
}

fn wrong(row: usize) -> String {
    format!("{row};;Article {row};1,49;99;Bread\n")
}

fn same_number(_: usize) -> String {
    "7;;Article;1,49;19;\n".to_owned()
}

/// The number of each is the code of another.
fn hidden(row: usize) -> String {
    let code = |row: usize| 10_000_000 + row;
    let other = if row.is_multiple_of(2) { row + 1 } else { row - 1 };
    format!("{};{};Article;1,49;19;\n", code(row), code(other))
}

fn empty_lines(row: usize) -> String {
    format!("\r\n\r\n{row};;Article;1,49;19;\r\n")
}

fn open_quotes(row: usize) -> String {
    format!("{row};;\"Article;1,49;19;\n\"{row}x;;Article;1,49;19;\n")
}

#[rstest]
#[case::right(good)]
#[case::a_problem_in_each_row(wrong)]
#[case::one_number_for_all(same_number)]
#[case::numbers_that_are_codes_of_others(hidden)]
#[case::many_empty_lines(empty_lines)]
#[case::quotation_marks_that_are_not_closed(open_quotes)]
fn csv_rows_take_time_in_proportion(#[case] row: fn(usize) -> String) {
    let make = |size| rows(HEADER, size, row);
    is_linear("rows", 2_000, make, |text| drop(import(text, Format::Csv)));
}

#[rstest]
#[case::names_of_no_column("nmae;")]
#[case::one_name_again_and_again("name;")]
fn csv_columns_take_time_in_proportion(#[case] column: &str) {
    let make = |size| format!("{}name;{}\n", ";".repeat(size), column.repeat(size));
    is_linear("columns", 2_000, make, |text| drop(import(text, Format::Csv)));
}

#[rstest]
#[case::right("number = {}\nname = 'x'\nprice = 1.49\nvat = 19\n")]
#[case::unknown_keys("number = {}\nname = 'x'\nprice = 1.49\nvat = 19\nnane = 7\n")]
#[case::wrong_types("number = {}\nname = 7\nprice = 'x'\nvat = 1.5\n")]
fn toml_tables_take_time_in_proportion(#[case] table: &str) {
    let row = |row: usize| format!("[[article]]\n{}\n", table.replace("{}", &row.to_string()));
    let make = |size| rows("", size, row);
    is_linear("tables", 500, make, |text| drop(import(text, Format::Toml)));
}

#[rstest]
#[case::right("{\"number\": {}, \"name\": \"x\", \"price\": 1.49, \"vat\": 19},\n")]
#[case::a_key_of_its_own_in_each_row("{\"number\": 1, \"k{}\": [{}]},\n")]
#[case::rows_that_are_not_closed("{\"number\": [{}, \"\n")]
#[case::rows_within_rows("{\"number\": {}, \"rows\": [\n")]
fn json_rows_take_time_in_proportion(#[case] row: &str) {
    let make = |size| rows("[", size, |number| row.replace("{}", &number.to_string()));
    is_linear("objects", 3_000, make, |text| drop(import(text, Format::Json)));
}

#[test]
fn of_many_problems_the_first_are_listed_by_line_and_the_rest_is_counted() {
    // The lowest lines are those of the numbers used twice, which are found last.
    let text = rows(HEADER, 3, same_number) + &rows("", 5_000, wrong);
    let bad = import(&text, Format::Csv).unwrap_err();
    assert_eq!(bad.len(), MOST_PROBLEMS + 1);
    let told = |index: usize| bad[index].to_string();
    assert_eq!(told(0), "line 3: 7 is already the article of line 2");
    assert_eq!(told(1), "line 4: 7 is already the article of line 2");
    assert_eq!(told(2), "line 5: vat: \"99\" is not a percentage from 0 to 30");
    assert_eq!(told(MOST_PROBLEMS - 1).split(':').next(), Some("line 1002"));
    assert_eq!(told(MOST_PROBLEMS), "line 1003: 4002 problems from here on are not listed");
}

#[test]
fn toml_is_read_in_parts_and_lines_are_counted_over_all_of_them() {
    let row =
        |row: usize| format!("[[article]]\nnumber = {row}\nname = 'ä'\nprice = 1\nvat = 7\n\n");
    let text = rows("", 5_000, row);
    let goods = import(&text, Format::Toml).unwrap();
    assert_eq!(goods.len(), 5_000);
    assert_eq!(goods.by_number("4999").unwrap().name, "ä");
    let problem =
        |end: &str| import(&(text.clone() + end), Format::Toml).unwrap_err()[0].to_string();
    assert_eq!(
        problem("[[article]]\nnumber=0\nname='x'\nprice=1\nvat=7\n"),
        "line 30001: 0 is already the article of line 1"
    );
    assert_eq!(
        problem("\n[[article]]\nnmber=1\nnumber=7000\nname='x'\nprice=1\nvat=7\n"),
        "line 30003: nmber is not known of an article; did you mean number?"
    );
    assert!(problem("[[article]]\nname='x\n").starts_with("line 30002: not TOML: "));
    // A text of several lines may hold what looks like a table: all is one part then.
    let text = text + "[[article]]\nnumber=7000\nprice=1\nvat=7\nname='''x\n[[article]]\ny'''\n";
    let goods = import(&text, Format::Toml).unwrap();
    assert_eq!(goods.by_number("7000").unwrap().name, "x [[article]] y");
    let long = format!("article = [\n{}]\n", "{ number = 1 },\n".repeat(300_000));
    let bad = import(&long, Format::Toml).unwrap_err();
    assert!(bad[0].to_string().starts_with("line 1: more than 4194304 bytes without"), "{bad:?}");
}

/// `kasse articles check` of a file with this text.
fn check(name: &str, text: &str) -> Ended {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    let mut command = Command::new(kasse());
    command.args(["articles", "check"]).arg(&path);
    watched(command)
}

#[test]
fn a_file_with_a_problem_in_each_row_takes_little_more_memory_than_its_text() {
    let few = check("few.csv", &rows(HEADER, 2_000, wrong));
    let text = rows(HEADER, 200_000, wrong);
    let many = check("many.csv", &text);
    let more = many.memory.saturating_sub(few.memory);
    println!("{} KiB of text, {more} KiB more than with a hundredth of it", text.len() >> 10);
    assert!(more < (text.len() >> 10) as u64 + 3_072, "{more} KiB more");
    assert_eq!(many.code, Some(5));
    let told = many.stderr;
    assert_eq!(told.lines().count(), 1 + MOST_PROBLEMS + 1);
    assert!(told.trim_end().ends_with(":1002: 199000 problems from here on are not listed"));
}

#[test]
fn an_article_takes_less_than_300_bytes() {
    let few = check("few.csv", &rows(HEADER, 1_000, good));
    let text = rows(HEADER, 100_000, good);
    let many = check("many.csv", &text);
    assert_eq!(many.code, Some(0));
    // The text is read as it comes and is never in memory as a whole.
    let more = many.memory.saturating_sub(few.memory) * 1024;
    println!("{} bytes an article", more / 99_000);
    assert!(more < 99_000 * 300, "{} bytes an article", more / 99_000);
}

#[test]
fn a_file_that_is_too_long_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.csv");
    File::create(&path).unwrap().set_len((256 << 20) + 1).unwrap();
    let mut command = Command::new(kasse());
    command.args(["articles", "check"]).arg(&path);
    let ended = watched(command);
    assert!(ended.stderr.contains("longer than 268435456 bytes"), "{}", ended.stderr);
    assert!(ended.memory < 64 << 10, "{} KiB", ended.memory);
}
