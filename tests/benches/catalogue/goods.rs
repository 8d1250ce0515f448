//! Articles as a large shop has them: many brands, compound names, sizes, product codes.

use std::fmt::Write as _;

const PARTS: [&str; 48] = [
    "Roggen",
    "Weizen",
    "Dinkel",
    "Vollkorn",
    "Kirsch",
    "Apfel",
    "Birnen",
    "Erdbeer",
    "Himbeer",
    "Schoko",
    "Vanille",
    "Haselnuss",
    "Mandel",
    "Butter",
    "Milch",
    "Sahne",
    "Joghurt",
    "Käse",
    "Kräuter",
    "Knoblauch",
    "Zwiebel",
    "Tomaten",
    "Paprika",
    "Gurken",
    "Kartoffel",
    "Möhren",
    "Geflügel",
    "Rinder",
    "Schweine",
    "Lachs",
    "Thunfisch",
    "Sonnenblumen",
    "Raps",
    "Oliven",
    "Wasch",
    "Spül",
    "Glas",
    "Holz",
    "Metall",
    "Kunststoff",
    "Garten",
    "Küchen",
    "Büro",
    "Schul",
    "Kinder",
    "Baby",
    "Hunde",
    "Katzen",
];

const HEADS: [&str; 40] = [
    "brot",
    "brötchen",
    "kuchen",
    "torte",
    "keks",
    "riegel",
    "müsli",
    "flocken",
    "mehl",
    "zucker",
    "saft",
    "schorle",
    "likör",
    "tee",
    "creme",
    "aufstrich",
    "suppe",
    "soße",
    "salat",
    "wurst",
    "schinken",
    "filet",
    "öl",
    "essig",
    "mittel",
    "pulver",
    "reiniger",
    "schwamm",
    "tuch",
    "schale",
    "becher",
    "kanne",
    "schere",
    "zange",
    "schraube",
    "farbe",
    "stift",
    "heft",
    "futter",
    "streu",
];

const KINDS: [&str; 16] = [
    "mild",
    "würzig",
    "fein",
    "grob",
    "extra",
    "bio",
    "frisch",
    "tiefgekühlt",
    "klein",
    "groß",
    "rot",
    "weiß",
    "schwarz",
    "blau",
    "leicht",
    "classic",
];

const SYLLABLES: [&str; 24] = [
    "ba", "cor", "del", "fa", "gri", "hol", "ja", "kem", "lu", "mar", "nor", "os", "pel", "qui",
    "ran", "sa", "tri", "ul", "ver", "wi", "xa", "yo", "zen", "ber",
];

const SIZES: [&str; 14] = [
    "100 g",
    "125 g",
    "200 g",
    "250 g",
    "500 g",
    "1 kg",
    "0,33 l",
    "0,5 l",
    "0,75 l",
    "1 l",
    "1,5 l",
    "10 Stück",
    "6x0,33 l",
    "XL",
];

/// A number that looks random, the same for the same `n`.
pub fn mixed(n: u64) -> u64 {
    let mut x = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn pick<'a>(from: &[&'a str], random: u64) -> &'a str {
    from[usize::try_from(random % from.len() as u64).unwrap()]
}

/// One of some 12,000 brands.
fn brand(random: u64) -> String {
    let number = random % 12_000;
    let mut name = pick(&SYLLABLES, number).to_owned();
    name += pick(&SYLLABLES, number / 24);
    name += pick(&SYLLABLES, number / 576);
    if number.is_multiple_of(3) {
        name += pick(&SYLLABLES, mixed(number));
    }
    name[..1].to_uppercase() + &name[1..]
}

/// The name of article `n`.
pub fn name(n: u64) -> String {
    let r = mixed(n);
    let mut name = brand(r >> 3);
    let (first, head) = (pick(&PARTS, r >> 17), pick(&HEADS, r >> 23));
    let middle =
        if r.is_multiple_of(3) { pick(&PARTS, r >> 29).to_lowercase() } else { String::new() };
    write!(name, " {first}{middle}{head}").unwrap();
    if !r.is_multiple_of(4) {
        write!(name, " {}", pick(&KINDS, r >> 37)).unwrap();
    }
    if n.is_multiple_of(7) {
        let letter = char::from(b'A' + u8::try_from(r % 26).unwrap());
        write!(name, " {letter}{}", r >> 40 & 0xf_ffff).unwrap();
    }
    if !r.is_multiple_of(5) {
        write!(name, " {}", pick(&SIZES, r >> 43)).unwrap();
    }
    name
}

/// The EAN of article `n`, its check digit right.
pub fn ean(n: u64) -> String {
    // Articles of one manufacturer have codes that begin alike.
    let (maker, item) = (n / 200, mixed(n / 200) % 99_800 + n % 200);
    let digits = format!("40{:05}{item:05}", maker * 7_919 % 100_000);
    let sum: u32 =
        digits.bytes().zip([1, 3].iter().cycle()).map(|(d, w)| u32::from(d - b'0') * w).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// The rows of a CSV file of so many articles, each with its line break.
pub fn rows(count: u64) -> impl Iterator<Item = String> {
    std::iter::once("number;ean;name;price;vat;group\n".to_owned()).chain((0..count).map(|n| {
        let r = mixed(n ^ 0xabc);
        let (euro, cents, vat) =
            (r % 60, r / 60 % 10 * 10 + 9, if r.is_multiple_of(3) { 7 } else { 19 });
        format!(
            "{};{};{};{euro},{cents:02};{vat};Gruppe {}\n",
            100_000 + n,
            ean(n),
            name(n),
            r % 40
        )
    }))
}

/// What a cashier types to find an article, key by key: beginnings of words of names, some with a
/// typing error.
pub fn queries(count: u64, articles: u64) -> Vec<String> {
    let mut all = Vec::new();
    for n in 0..count {
        let r = mixed(n ^ 0x5eed);
        let name = name(r % articles).to_lowercase();
        let words: Vec<&str> = name.split(' ').collect();
        let word = |at: u64| words[usize::try_from(at % words.len() as u64).unwrap()];
        let mut text = match r % 4 {
            // Whole words, in another order.
            0 => format!("{} {}", word(1), word(0)),
            1 => format!("{} {}", word(2), word(1)),
            _ => word(r >> 8).to_owned(),
        };
        if (r >> 16).is_multiple_of(4) {
            // Two letters exchanged, or one left out.
            let mut letters: Vec<char> = text.chars().collect();
            let at = usize::try_from(r >> 20).unwrap() % letters.len();
            if (r >> 18).is_multiple_of(2) && at > 0 {
                letters.swap(at - 1, at);
            } else {
                letters.remove(at);
            }
            text = letters.into_iter().collect();
        }
        let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        all.extend(ends.into_iter().map(|end| text[..end].to_owned()));
    }
    all
}
