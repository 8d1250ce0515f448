//! Encodings, headers, quotes, JSON, and the columns of the configuration.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;

/// Reads bytes as a stream.
fn streamed(bytes: &[u8], format: Format, columns: &[&str]) -> (Vec<Sourced>, Summary) {
    let columns = ColumnMap::parse(columns.iter().copied()).unwrap();
    let options = Options { columns, ..Options::default() };
    let mut all = Vec::new();
    let summary = read(Cursor::new(bytes), format, &options, &mut |sourced| {
        all.push(sourced);
        ControlFlow::Continue(())
    });
    (all, summary)
}

/// Number and line of each article of a CSV text in which nothing is wrong.
fn csv(text: &str) -> Vec<(String, usize)> {
    let (all, summary) = streamed(text.as_bytes(), Format::Csv, &[]);
    assert_eq!(summary.problems, [], "{text}");
    all.into_iter().map(|sourced| (sourced.article.number, sourced.line)).collect()
}

fn numbers(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
    expected.iter().map(|(number, line)| ((*number).to_owned(), *line)).collect()
}

fn problems(text: &str, format: Format, columns: &[&str]) -> Vec<String> {
    let (_, summary) = streamed(text.as_bytes(), format, columns);
    summary.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn every_encoding_gives_the_same_name_and_says_what_it_was() {
    let text = "number;name;price;vat\r\n1;Käse „groß“ 5 €;1,49;7\r\n";
    let wide = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    };
    let marked = format!("\u{feff}{text}");
    let narrow = b"number;name;price;vat\r\n1;K\xe4se \x84gro\xdf\x93 5 \x80;1,49;7\r\n".to_vec();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (marked.as_bytes().to_vec(), Encoding::Utf8),
        (wide(&marked, u16::to_le_bytes), Encoding::Utf16Le),
        (wide(&marked, u16::to_be_bytes), Encoding::Utf16Be),
        (wide(text, u16::to_le_bytes), Encoding::Utf16Le),
        (wide(text, u16::to_be_bytes), Encoding::Utf16Be),
        (narrow, Encoding::Windows1252),
    ] {
        let (all, summary) = streamed(&bytes, Format::Csv, &[]);
        assert_eq!(summary.problems, [], "{encoding}");
        assert_eq!((summary.encoding, all.len()), (encoding, 1));
        assert_eq!(all.first().unwrap().article.name, "Käse „groß“ 5 €", "{encoding}");
        let told = (encoding != Encoding::Utf8).then_some(Note::ReadAs(encoding));
        assert_eq!(summary.notes, Vec::from_iter(told));
    }
}

/// A character that is cut by the end of a window is still one.
#[test]
fn characters_across_the_window_are_read_whole() {
    for shift in 0..4 {
        let names = format!("{}{}", "x".repeat(shift), "ä€😀".repeat(20));
        let row = |row: usize| format!("{row};{names};1;7\n");
        let text =
            (0..3_000).fold("number;name;price;vat\n".to_owned(), |text, at| text + &row(at));
        let (all, summary) = streamed(text.as_bytes(), Format::Csv, &[]);
        assert_eq!((summary.problem_count, summary.encoding), (0, Encoding::Utf8));
        assert!(all.len() == 3_000 && all.iter().all(|sourced| sourced.article.name == names));
        assert_eq!(all.last().unwrap().bytes, text.len() as u64);
    }
}

#[test]
fn separators_line_ends_titles_and_totals() {
    for separator in [';', ',', '\t', '|'] {
        let text = "number;name;price;vat\n1;Bun;1;7\n".replace(';', &separator.to_string());
        assert_eq!(csv(&text), numbers(&[("1", 2)]), "{separator:?}");
    }
    for end in ["\n", "\r\n", "\r"] {
        let text = "number;name;price;vat\n\n1;Bun;1;7\n2;Tea;1;7".replace('\n', end);
        assert_eq!(csv(&text), numbers(&[("1", 3), ("2", 4)]), "{end:?}");
    }
    let quoted = "\"number\",\"name; long\",\"price, gross\",vat\n";
    assert!(problems(quoted, Format::Csv, &[]).iter().all(|text| !text.contains("no header")));
    assert_eq!(csv("sep=,\nnumber,name,price,vat\n1,\"a;b;c;d\",1,7\n"), numbers(&[("1", 3)]));
    let titled =
        "Article list;;;\nShop of a street 5, town\n\nnumber;name;price;vat;;\n1;Bun;1;7;;\n";
    assert_eq!(csv(titled), numbers(&[("1", 5)]));
    let (all, summary) =
        streamed(b"number;name;price;vat\n1;Bun;1;7\nTotal;;1;\nSumme: 1;;1;\n", Format::Csv, &[]);
    assert_eq!((all.len(), &summary.notes), (1, &vec![Note::Totals(2, 3)]));
    // An article follows.
    let middle = "number;name;price;vat\n1;Bun;1;7\nSumme;;1;\n2;Tea;1;7\n";
    assert_eq!(
        problems(middle, Format::Csv, &[]),
        ["line 3: \"Summe\" is a total, but articles follow: delete the row, or complete it"]
    );
    // What the configuration adds counts.
    let fixed = "name;price;number\nTotal care;1;5\nSumatra Kaffee;2;\nSummer Roll;3;\n";
    assert_eq!(
        problems(fixed, Format::Csv, &["vat:=7"]),
        ["line 3: number is missing", "line 4: number is missing"]
    );
    let (all, summary) = streamed(b"number;name;price\nTotal;Total;1\n", Format::Csv, &["vat:=7"]);
    assert_eq!((all.len(), summary.notes.len()), (1, 0));
    assert_eq!(csv("number;name;price;vat\ntotal-tee;Tea;1;7\n").len(), 1);
    // An article that is called so is none.
    assert_eq!(csv("number;name;price;vat\nTOTAL1;Total care;1;7\n"), numbers(&[("TOTAL1", 2)]));
}

#[test]
fn a_quoted_field_may_go_on_and_a_forgotten_quotation_mark_swallows_one_row() {
    let text = "number;name;price;vat\n1;\"Bun\nof \"\"rye\"\"\";1;7\n2;Tea;1;7\n";
    let (all, summary) = streamed(text.as_bytes(), Format::Csv, &[]);
    assert_eq!((summary.problem_count, all.len()), (0, 2));
    assert_eq!(all.first().unwrap().article.name, "Bun of \"rye\"");
    assert_eq!(all.last().unwrap().line, 4);
    let rows = (3..900).fold(String::new(), |text, row| text + &format!("{row};Tea;1;7\n"));
    for open in ["1;\"Bun;1;7\n", "1;Bun;1;\"7\n", "\"1;Bun;1;7\n"] {
        let text = format!("number;name;price;vat\n{open}2;Tea;1;7\n{rows}");
        let (all, summary) = streamed(text.as_bytes(), Format::Csv, &[]);
        assert_eq!(summary.problems, [Problem::of_line(2, What::OpenQuote)], "{open}");
        assert_eq!(all.len(), 898, "{open}");
    }
    // Two of them would make one article of two.
    let two = "number;name;price;vat\n1;\"Bun;1;7\n2;\"Tea;2;7\n3;Cake;3;7\n";
    let (all, summary) = streamed(two.as_bytes(), Format::Csv, &[]);
    let open = |line| Problem::of_line(line, What::OpenQuote);
    assert_eq!((all.len(), summary.problems), (1, vec![open(2), open(3)]));
    let one = "number;name;price;vat\n1;\"Bun; of rye\nand wheat\";1;7\n";
    assert_eq!(csv(one), numbers(&[("1", 2)]));
    // A quotation mark within a field is a sign like others.
    assert_eq!(csv("number;name;price;vat\n1;Pipe 5\";1;7\n2;Tea;1;7\n").len(), 2);
}

#[test]
fn json_rows_are_found_in_every_shape() {
    let row = "{\"number\": 1, \"name\": \"B\\u00fcn\", \"price\": 3.49, \"vat\": 7, \"x\": [{}]}";
    for text in [
        format!("[{row}]"),
        row.to_owned(),
        format!("{row}\n{row}").replacen("\"number\": 1", "\"number\": 0", 1),
        format!("{{\"articles\": [{row}]}}"),
        format!(
            "{{\"count\": 1, \"about\": {{\"a\": [1]}}, \"data\": [\n{row}\n], \"next\": null}}"
        ),
        format!("\u{feff}[{row},]"),
        format!("{{\"version\": \"2\", \"products\": [{row}]}}"),
    ] {
        let (all, summary) = streamed(text.as_bytes(), Format::Json, &[]);
        assert_eq!(summary.problems, [], "{text}");
        let last = &all.last().unwrap().article;
        assert_eq!((last.number.as_str(), last.name.as_str()), ("1", "Bün"), "{text}");
        assert_eq!(last.price, Some(crate::money::Money(349)));
    }
    assert_eq!(
        problems("{\"articles\": []}", Format::Json, &[]),
        ["line 1: the file holds no article"]
    );
    let values = "[\n{\"sku\": \"A-1\",\n\"barcode\": [\"96385074\", 40170725], \"title\": 7,\n\
                  \"price\": \"x\", \"vat\": 19.0, \"locked\": true}]";
    assert_eq!(
        problems(values, Format::Json, &[]),
        ["line 4: price: \"x\" is not an amount like 3.49 or 3,49"]
    );
    let (all, _) = streamed(values.replace("\"x\"", "1e2").as_bytes(), Format::Json, &[]);
    assert_eq!(all.len(), 0, "an exponent is no price");
    let (all, _) = streamed(values.replace("\"x\"", "0.10").as_bytes(), Format::Json, &[]);
    let article = &all.first().unwrap().article;
    assert_eq!((article.eans.len(), article.locked), (2, true));
    assert_eq!(all.first().unwrap().line, 2);
}

#[test]
fn the_more_specific_name_wins_and_further_columns_are_told_once() {
    let text = "Beschreibung;Artikelbezeichnung;Artikel-Nr.;VK;VK brutto;MwSt %;Farbe;Größe\n\
                soft;Bun;1;9;1,49;7;brown;L\n";
    let (all, summary) = streamed(text.as_bytes(), Format::Csv, &[]);
    let article = &all.first().unwrap().article;
    assert_eq!((article.name.as_str(), article.price), ("Bun", Some(crate::money::Money(149))));
    let ignored = ["Beschreibung", "VK", "Farbe", "Größe"].map(str::to_owned);
    assert_eq!(summary.notes, [Note::Ignored(ignored.to_vec(), 0)]);
    let told = summary.notes.first().unwrap().to_string();
    assert_eq!(told, "columns that are not read: Beschreibung, VK, Farbe, Größe");
    let many = (0..30).fold(String::new(), |text, column| text + &format!(";c{column}"));
    let (_, summary) =
        streamed(format!("number;name;price;vat{many}\n1;x;1;7\n").as_bytes(), Format::Csv, &[]);
    assert!(summary.notes.first().unwrap().to_string().ends_with("c19 and 10 more"));
}

#[test]
fn the_configuration_names_columns_values_and_constants() {
    let text = b"Nr;Name;VK netto;Kl;Unit;Note\n1;Bun;1,49;A;Liter;secret\n2;Tea;2;;Stk;x\n";
    let columns = [
        "price=VK netto",
        "vat=kl",
        "vat.A=7",
        "vat.=19",
        "unit.liter=piece",
        "note=",
        "number=NR",
        "group:=All",
    ];
    let (all, summary) = streamed(text, Format::Csv, &columns);
    assert_eq!(summary.problems, []);
    let of = |index: usize| {
        let article = &all.get(index).unwrap().article;
        let crate::shop::Vat::Rate(rate) = article.vat else { return (0, "", "") };
        (rate.hundredths(), article.group.as_str(), article.note.as_str())
    };
    assert_eq!((of(0), of(1)), ((700, "All", ""), (1_900, "All", "")));
    assert_eq!(
        problems("number;name;price;vat\n1;x;1;7\n", Format::Csv, &["price=VK"]),
        ["line 1: VK is a column that [articles] columns names and the file does not have"]
    );
    for (entry, problem) in [
        ("price", "\"price\" is not \"column=Header of the file\""),
        ("prise=VK", "\"prise\" is not a column of an article; did you mean price?"),
        ("colour=x", "\"colour\" is not a column of an article"),
    ] {
        assert_eq!(ColumnMap::parse([entry]).unwrap_err().to_string(), problem);
    }
    let twice = ColumnMap::parse(["price=a", "price:=1"]).unwrap_err();
    assert_eq!(twice.to_string(), "\"price:\" is decided twice");
}

#[test]
fn brackets_of_a_header_change_nothing_or_make_it_another_column() {
    let file = |header: &str| format!("number;name;{header};vat\n1;x;1;7\n");
    for price in [
        "Preis (EUR)",
        "VK [€]",
        "VK (EUR, brutto)",
        "Preis (inkl. 19 % MwSt.)",
        "Preis (incl. VAT)",
        "Preis (pro Stück)",
        "Preis (€/kg)",
        "Preis ()",
    ] {
        assert_eq!(csv(&file(price)).len(), 1, "{price}");
    }
    for net in [
        "VK (EUR, netto)",
        "Preis (exkl. MwSt.)",
        "Price (ex VAT)",
        "Preis (ohne USt)",
        "Preis (zzgl. 19% MwSt)",
        "Price (excl. tax)",
        "VK-Preis (netto)",
    ] {
        let told = problems(&file(net), Format::Csv, &[]);
        assert!(told.len() == 1 && told[0].contains("is a net price"), "{net}: {told:?}");
    }
    for other in ["Preis (EK)", "Preis (Händler)", "Preis (100 g)"] {
        let told = problems(&file(other), Format::Csv, &[]);
        assert!(told[0].contains("the header has no column price"), "{other}: {told:?}");
    }
    let codes = "number;name;price;vat;EAN (Karton);EAN (Stück);Barcode (EAN)\n\
                 1;x;1;7;4006381333931;96385074;40170725\n";
    let (all, _) = streamed(codes.as_bytes(), Format::Csv, &[]);
    assert_eq!(all[0].article.eans, ["96385074", "40170725"]);
}

#[test]
fn a_surplus_comma_is_a_decimal_comma() {
    assert_eq!(
        problems("vat,name,price,number\n7,A,3,1,\n", Format::Csv, &[]),
        ["line 2: 5 fields where the header has 4: a comma inside a field needs quotes, \"3,49\""]
    );
    assert_eq!(csv("number;name;price;vat\n1;Bun;1;7;;\n"), numbers(&[("1", 2)]));
}

#[test]
fn an_earlier_line_with_all_columns_is_the_header() {
    let joined = "number;name;price;vat\n1;a;1;7\n\nnumber;name;price;vat;group;ean\n2;b;1;7;x;\n";
    let (all, summary) = streamed(joined.as_bytes(), Format::Csv, &[]);
    assert_eq!((all.len(), all[0].article.number.as_str()), (1, "1"));
    let lines: Vec<usize> = summary.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [4, 5]);
    let titled = "Name: Artikel;Preis\nnumber;name;price;vat\n1;a;1;7\n";
    assert_eq!(csv(titled), numbers(&[("1", 3)]));
}

#[test]
fn a_header_that_the_configuration_names_stands_there_once() {
    let text = "number;name;VK;VK;vat;E;E\n1;x;1;2;7;96385074;40170725\n";
    assert_eq!(
        problems(text, Format::Csv, &["price=VK", "ean=E"]),
        ["line 1: VK stands here twice"]
    );
    let (all, _) = streamed(text.replace("VK;VK", "VK;EK").as_bytes(), Format::Csv, &["ean=E"]);
    assert_eq!(all[0].article.eans.len(), 2);
}

#[test]
fn one_no_of_several_columns_locks_an_article() {
    let shop = "Handle,Title,Variant SKU,Variant Price,Published,Status,vat\n\
                a,A,1,1,true,active,7\na,,2,1,,,7\nb,B,3,1,true,draft,7\nb,,4,1,,,7\n\
                c,C,5,1,true,archived,7\nd,D,6,1,false,active,7\n,E,7,1,true,active,7\n";
    let locked = |text: &str| -> Vec<String> {
        let (all, summary) = streamed(text.as_bytes(), Format::Csv, &[]);
        assert_eq!(summary.problems, []);
        let locked = all.into_iter().filter(|sourced| sourced.article.locked);
        locked.map(|sourced| sourced.article.number).collect()
    };
    assert_eq!(locked(shop), ["3", "4", "5", "6"]);
    // The first row of the product says no, a further one yes.
    assert_eq!(locked(&shop.replace("b,,4,1,,,7", "b,,4,1,,active,7")), ["3", "4", "5", "6"]);
    // Without a handle nothing is inherited.
    let alone = format!("{shop},,8,1,,,7\n");
    assert_eq!(problems(&alone, Format::Csv, &[]), ["line 9: Title is missing"]);
    let mapped = "number;name;price;vat;active;status\n1;x;1;7;yes;S\n2;y;1;7;yes;T\n";
    let (all, summary) = streamed(mapped.as_bytes(), Format::Csv, &["active.s=no", "active.t=yes"]);
    assert_eq!(
        (summary.problem_count, all[0].article.locked, all[1].article.locked),
        (0, true, false)
    );
}

#[test]
fn a_pack_with_a_price_of_its_own_is_told() {
    let text = "number;name;price;vat;pack_of;pack_pieces\n1;x;1;7;;\n2;y;5;7;1;6\n3;z;;;1;4\n";
    let (all, summary) = streamed(text.as_bytes(), Format::Csv, &[]);
    assert_eq!((all.len(), &summary.notes), (3, &vec![Note::Packs(1)]));
    let told = summary.notes[0].to_string();
    assert_eq!(told, "1 pack has a price of its own that is not used");
}

#[test]
fn an_article_with_lists_of_objects_is_no_container() {
    let related = "{\"number\": 8, \"name\": \"Tea\", \"price\": 1, \"vat\": 7}";
    let article = format!(
        "{{\"number\": 7, \"images\": [{{}}, {{}}], \"name\": \"Bun\", \"price\": 1, \"vat\": 7, \
         \"related\": [{related}, {related}]}}"
    );
    let (all, summary) = streamed(article.as_bytes(), Format::Json, &[]);
    assert_eq!((all.len(), summary.problem_count), (1, 0));
    assert_eq!(all[0].article.number, "7");
    let answer = format!("{{\"status\": \"ok\", \"data\": [{related}]}}");
    let (all, summary) = streamed(answer.as_bytes(), Format::Json, &[]);
    assert_eq!((all.len(), summary.problem_count), (1, 0));
    let two = format!("{{\"articles\": [{related}], \"deleted\": [{related}]}}");
    assert_eq!(
        problems(&two, Format::Json, &[]),
        [
            "line 1: a second array of objects: the articles are those of the first alone, leave it out"
        ]
    );
    assert_eq!(
        problems(&format!("[{related},\n{{\"nr\": 8, \"tags\": []}}]"), Format::Json, &[]).len(),
        4
    );
    assert_eq!(
        problems(&format!("{related}\n{{\"nr\": 8, \"tags\": []}}"), Format::Json, &[]),
        ["line 2: the file holds no article"]
    );
}

#[test]
fn tax_keys_are_no_percentages() {
    let file = |header: &str, value: &str| format!("number;name;price;{header}\n1;x;1;{value}\n");
    for header in ["Steuerklasse", "Steuerart", "Tax class"] {
        assert_eq!(
            problems(&file(header, "3"), Format::Csv, &[]),
            [format!(
                "line 2: {header}: \"3\" may be a key, not a percentage: write it with %, or say in \
                 [articles] columns what it means, \"vat.3=19\""
            )]
        );
        assert_eq!(problems(&file(header, "3"), Format::Csv, &["vat.3=19"]), [""; 0]);
        assert_eq!(problems(&file(header, "7 %"), Format::Csv, &[]), [""; 0]);
    }
    let unknown = problems(&file("Steuerschlüssel", "3"), Format::Csv, &[]);
    assert!(unknown[0].contains("the header has no column vat"), "{unknown:?}");
}

#[test]
fn reading_stops_when_it_is_told_to() {
    let text = "number;name;price;vat\n1;a;1;7\n2;b;1;7\n3;c;x;7\n";
    let mut given = 0;
    let summary = read(Cursor::new(text), Format::Csv, &Options::default(), &mut |_| {
        given += 1;
        if given == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((summary.articles, summary.problem_count), (2, 0));
}
