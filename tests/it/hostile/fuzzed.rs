//! Every body of the fuzzers on a bounded number of inputs: broken forms of what is usual.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::hostile::fuzz_bodies as bodies;
use crate::sim::rng::Rng;

/// Inputs for each body.
const INPUTS: u64 = 1_500;

/// What is put into inputs: controls, sequences, borders of numbers, pieces of every notation.
const PIECES: &[&[u8]] = &[
    b"\x1b[31m",
    b"\x1b]52;c;aGk=\x07",
    b"\x1bP",
    b"\x1b\\",
    b"\xc2\x9b",
    b"\xff",
    b"\xc3",
    b"\x00",
    b"\x1d",
    b"\x7f",
    "\u{202e}".as_bytes(),
    "\u{200b}".as_bytes(),
    "€".as_bytes(),
    "日本".as_bytes(),
    b"\r\n",
    b"\t",
    b"\"",
    b"\\u001b",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b";",
    b"'",
    b"\"\"\"",
    b"=",
    b"#",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e400",
    b"0.001",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"18446744073709551616",
    b"9276004429942845",
    b"%B9276004429942845^X?",
    b";9276004429942845=99?",
    b"]C1",
    b"4260447149502",
    b"|",
];

/// Runs `body` on `seeds` as they are, and on changed ones. A failing input is printed.
fn feed(body: fn(&[u8]), seeds: &[&[u8]]) {
    let run = |input: &[u8]| {
        let sound = catch_unwind(AssertUnwindSafe(|| body(input))).is_ok();
        assert!(sound, "fails for {:?}", input.escape_ascii().to_string());
    };
    for seed in seeds {
        run(seed);
    }
    let mut rng = Rng::new(5);
    for _ in 0..INPUTS {
        let mut input = rng.pick(seeds).to_vec();
        for _ in 0..rng.between(1, 4) {
            change(&mut input, &mut rng);
        }
        run(&input);
    }
}

fn change(input: &mut Vec<u8>, rng: &mut Rng) {
    let mut at = |input: &[u8]| usize::try_from(rng.between(0, input.len() as u64)).unwrap();
    let (first, second) = (at(input), at(input));
    let (from, to) = (first.min(second), first.max(second));
    match rng.between(0, 4) {
        0 => drop(input.splice(from..from, rng.pick(PIECES).iter().copied())),
        1 => drop(input.splice(from..to.min(from + 8), rng.pick(PIECES).iter().copied())),
        2 => drop(input.drain(from..to.min(from + 16))),
        3 => {
            let again = input[from..to.min(from + 64)].to_vec();
            input.splice(to..to, again);
        }
        _ => {
            if let Some(byte) = input.get_mut(from) {
                *byte ^= 1 << rng.between(0, 7);
            }
        }
    }
}

const SALE: &[u8] = br#"{"object":"smart.transactions","id":"STX_1","status":"ok","merchant":
    {"companyname":"A"},"created":"2020-09-25T11:15:41+02:00","transactionRef":"r","basket":
    {"products":[{"id":1,"articleNumber":"1","ean":"4","desc":"d","quantity":1,"priceOne":349,
    "tax":7,"group":[{"desc":"g"}]}],"texts":[]},"basket_info":{"sum":349,"currency":"EUR"},
    "idents":[{"type":"card","value":"9276004429942845","merchantcard":{"balance":220,"bonus":1,
    "cardgroup":{"display_name":"g"}}}],"receipt":[{"type":"separator","value":{"caption":"c"}},
    {"type":"textline","value":{"text":"t","decoration":["important"]}},{"type":"space"}]}"#;

#[test]
fn answers() {
    feed(bodies::wire, &[
        SALE,
        br#"{"count":1,"data":[{"cardgroup":{"display_name":"x"},"card":{"cardnumber":"9"},
            "balance":1,"points":2,"lock_status":"locked","stock_status":"stored"}]}"#,
        br#"{"access_token":"t","expires_in":1200,"refresh_token":"r","token_type":"bearer"}"#,
        br#"{"device_code":"d","user_code":"u","verification_url":"v","expires_in":1,"interval":5}"#,
        br#"{"status":"error","error":"E","error_details":"d","error_user":"u","code":1}"#,
        br#"{"missing_sum":1,"bonus_products":[{"desc":"x"}],"used_balance":2}"#,
    ]);
}

#[test]
fn lines_of_the_scanner() {
    feed(
        bodies::scan,
        &[
            b"4260447149502",
            b"9276004429942845",
            b"%B9276004429942845^A/B^99?;9276004429942845=99?",
            b"]C10104999012345678\x1d10AB",
            b"2930037003490",
            b"romano",
            b"3*30037",
            b"4111111111111111",
            "ö9276004429942845".as_bytes(),
            b"0104999012345678",
            b"1,5",
        ],
    );
}

#[test]
fn article_files() {
    feed(bodies::articles, &[
        b"0[[article]]\nnumber = \"1\"\nname = \"Bread\"\nprice = 1.05\nvat = 7\nean = \"4260447149502\"\n",
        b"0[[article]]\nnumber = 2\nname = 'x'\nprice = \"3,50\"\nvat = 19\ngroup = \"g\"\n[[article]]\n",
        b"1number;name;price;vat;ean;group\n1;Bread;1,05;7;;g\n2;\"a;\"\"b\";3;19;4260447149502;\n",
        b"1number,name,price,vat\n1,Bread,1.05,7\n",
        b"1sep=;\nArtikelliste\nArt.-Nr.;Bezeichnung;VK brutto;MwSt;EAN\n1;\"Br\xf6t\nchen\";1,05 \x80;7 %;4,00638E+12\n",
        b"2{\"articles\": [{\"sku\": \"A-1\", \"name\": \"Bread\", \"price\": 1.05, \"vat\": 7, \"ean\": [\"96385074\"]}]}",
        b"2{\"number\": 1, \"name\": \"x\", \"price\": \"open\", \"vat\": \"8.1\"}\n{\"number\": 2, \"a\": [{}]}\n",
    ]);
}

#[test]
fn configurations() {
    feed(bodies::config, &[
        b"kiosk = false\n[api]\nurl = \"https://x.example\"\nclient_id = \"a\"\nclient_secret = \"b\"\n",
        b"[scan]\ncards = [\"9276:16\"]\nembedded = [\"29IIIIIPPPPPC\"]\n[keys]\ntotal = [\"+\", \"F12\"]\n",
        b"[sandbox]\nfaults = [\"slow:500\"]\n[receipt]\nheader = [\"a\"]\nwidth = 42\n",
        b"[top_up]\nmin = 100\nmax = 200\ntext = \"Load {}\"\n[log]\nlevel = \"debug\"\n",
    ]);
}

#[test]
fn receipts() {
    feed(
        bodies::receipt,
        &[
            br#"*[{"type":"separator","value":{"caption":"c"}},{"type":"textline","value":{"text":
            "t","decoration":["important","align-center"]}},{"type":"name-value","value":
            {"name":"Sum","value":"7,96 EUR"}},{"type":"space"}]"#,
            "*Brötchen 1,98 €|日本語|a very long line that does not fit into it".as_bytes(),
            b"\x05wide words|x|y",
            b"\x00a|b",
        ],
    );
}

#[test]
fn keys() {
    feed(
        bodies::keys,
        &[
            b"030037\r9276004429942845\r+20+",
            b"1\x1bOP\x1b[15~\x1b[24;2~\x1b[A\x1b",
            b"2\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62;c\x1bP1$r0m\x1b\\12",
            b"6\x1b[[A\xc3\xb6\x1b[M   ",
        ],
    );
}

#[test]
fn bodies_of_sales() {
    feed(
        bodies::sandbox,
        &[
            SALE,
            br#"{"is_demo":true,"basket_info":{"sum":349,"currency":"EUR"},"basket":{"products":
            [{"id":1,"articleNumber":"1","ean":"","desc":"d","quantity":1,"priceOne":349,"tax":7}]},
            "idents":[{"type":"card","value":"9276004424644352"}],"transactionRef":"r"}"#,
        ],
    );
}
