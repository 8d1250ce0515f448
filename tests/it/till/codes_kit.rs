//! Codes of every symbology as scanners and readers send them without identifiers, and what a code
//! must not do, read off the state before and after it.

use kasse::money::Money;
use kasse::shop::{Article, Catalogue};
use kasse::till::{
    Call, Effect, Event, Goal, Key, Multiplier, Settings, State, Step, Work, update,
};

use crate::sim::rng::Rng;
use crate::till::kit::{CARD, Till, article, settings};
use crate::till::scanner::{SCREENS, Screen};

/// How long a key is held, ms.
pub const HOLD: u64 = 60;

/// A symbology and one of its codes.
pub type Symbology = (&'static str, fn(&mut Rng) -> String);

pub const SYMBOLOGIES: &[Symbology] = &[
    ("EAN, UPC, GTIN", ean),
    ("Code 39", code_39),
    ("Code 39, signs sent", |rng| format!("*{}*", code_39(rng))),
    ("Code 39 full ASCII", full_ascii),
    ("PZN", pzn),
    ("Code 128", |rng| of(rng, 1, 24, PRINTABLE)),
    ("ITF", |rng| of(rng, 1, 12, "0123456789").repeat(2)),
    ("Codabar", codabar),
    ("MSI", |rng| format!("{}{}", sign(rng), of(rng, 3, 12, "0123456789"))),
    ("GS1 elements", gs1),
    ("GS1 in brackets", |rng| format!("(17)261231(10){}(01)04006381333931", of(rng, 1, 9, LOT))),
    ("HIBC", |rng| {
        format!("+A123{}", of(rng, 4, 14, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+"))
    }),
    ("QR text", |rng| format!("{}{}", sign(rng), of(rng, 1, 60, PRINTABLE))),
    ("QR address", |rng| {
        format!(
            "https://example.org/{}/01/04006381333931?{}",
            of(rng, 0, 9, LOT),
            of(rng, 0, 9, LOT)
        )
    }),
    ("DataMatrix", |rng| format!("{}\u{1d}{}", of(rng, 1, 20, LOT), of(rng, 1, 20, LOT))),
    ("Magnetic tracks", track),
    ("AZERTY digits", |rng| {
        let azerty = ["à", "&", "é", "\"", "'", "(", "-", "è", "_", "ç"];
        of(rng, 8, 14, "0123456789").bytes().map(|b| azerty[usize::from(b - b'0')]).collect()
    }),
];

const PRINTABLE: &str = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
const LOT: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-+*/.";
const CODE_39: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

fn of(rng: &mut Rng, least: u64, most: u64, signs: &str) -> String {
    let signs: Vec<char> = signs.chars().collect();
    (0..rng.between(least, most)).map(|_| rng.pick(&signs)).collect()
}

fn sign(rng: &mut Rng) -> &'static str {
    rng.pick(&["+", "-", "*", "/", " ", "", "7", "51", "3003"])
}

fn ean(rng: &mut Rng) -> String {
    match rng.between(0, 5) {
        0 => "4006381333931".to_owned(),
        1 => "01234565".to_owned(),
        2 => "04999012345678".to_owned(),
        _ => {
            let length = rng.pick(&[8, 12, 13, 14, 15, 18]);
            of(rng, length, length, "0123456789")
        }
    }
}

fn code_39(rng: &mut Rng) -> String {
    let head = rng.pick(&["", "", "+", "-", "/", "-51", "+20", "/7+", "51", "-7-", "1234-"]);
    format!("{head}{}", of(rng, 0, 12, CODE_39))
}

/// As a reader sends it that does not know of full ASCII: `+A` for `a`, `/A` for `!`.
fn full_ascii(rng: &mut Rng) -> String {
    (0..rng.between(1, 10))
        .map(|_| match rng.between(0, 3) {
            0 => format!("+{}", of(rng, 1, 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
            1 => format!("/{}", of(rng, 1, 1, "ABCDEFGHIJKLMNOZ")),
            _ => of(rng, 1, 1, "0123456789"),
        })
        .collect()
}

fn pzn(rng: &mut Rng) -> String {
    if rng.chance(200) {
        "-03161577".to_owned()
    } else {
        format!("-{}", of(rng, 7, 8, "0123456789"))
    }
}

fn codabar(rng: &mut Rng) -> String {
    let data = of(rng, 3, 14, "0123456789-$:/.+");
    if rng.chance(300) { format!("{}{data}B", rng.pick(&["A", "a"])) } else { data }
}

fn gs1(rng: &mut Rng) -> String {
    let mut parts = [
        "0104006381333931".to_owned(),
        "17261231".to_owned(),
        format!("10{}\u{1d}", of(rng, 1, 12, LOT)),
        format!("21{}\u{1d}", of(rng, 1, 12, LOT)),
    ];
    let first = usize::try_from(rng.between(0, 3)).unwrap();
    parts.swap(0, first);
    let text = parts.concat();
    // Many keyboards cannot send the separator.
    if rng.chance(300) { text.replace('\u{1d}', "") } else { text }
}

fn track(rng: &mut Rng) -> String {
    let number = rng.pick(&["4111111111111111", CARD, "5500005555555559"]);
    let data = of(rng, 4, 12, "0123456789");
    match rng.between(0, 6) {
        0 => format!("%B{number}^DOE/JANE^{data}?"),
        1 => format!(";{number}={data}?"),
        2 => format!("+01{number}={data}={data}?"),
        3 => format!("{number}={data}"),
        4 => format!("B{number}^DOE/JANE+{data}"),
        5 => format!("+{data}-{data}?"),
        _ => format!("/JANE^{data}+{data}?"),
    }
}

/// `3*51` and the like are typing, whoever sends them.
pub fn is_typing(code: &str) -> bool {
    let digits = code.find(|c: char| !c.is_ascii_digit()).unwrap_or(code.len());
    let rest = &code[digits..];
    (1..=3).contains(&digits)
        && rest.len() > 1
        && rest.starts_with(['*', '-'])
        && rest[1..].bytes().all(|b| b.is_ascii_digit())
}

/// A code of this symbology that is no typing.
pub fn code_of(symbology: &Symbology, rng: &mut Rng) -> String {
    loop {
        let code = symbology.1(rng);
        if !code.trim().is_empty() && !is_typing(&code) {
            return code;
        }
    }
}

/// A shop in which the rest of many a code would be an article.
pub fn shop(key_hold: u64) -> Settings {
    let known = settings();
    let mut articles = known.catalogue.iter().collect::<Vec<_>>();
    for number in ["1", "2", "5", "20", "05", "577", "0316", "161577", "1251", "100"] {
        articles.push(article(number, None, "Trap", 100, 19));
    }
    articles.push(article("90001", Some("03161577"), "Drops", 450, 19));
    articles.push(article("90002", Some("012345000065"), "Gum", 120, 7));
    Settings { catalogue: Catalogue::new(articles).unwrap(), key_hold, ..known }
}

/// A till at a screen, some time after it got there.
pub fn at_screen(screen: &Screen) -> Till {
    let mut till = screen.1();
    till.now += 10_000;
    till
}

/// A till on which codes arrive, with the times of arrival; it draws after every key.
pub struct Run<'a> {
    pub state: State,
    settings: &'a Settings,
    pub calls: Vec<Call>,
}

impl<'a> Run<'a> {
    pub const fn new(state: State, settings: &'a Settings) -> Self {
        Self { state, settings, calls: Vec::new() }
    }

    pub fn event(&mut self, event: Event, now: u64) {
        for effect in update(&mut self.state, event, now, self.settings) {
            if let Effect::Call(_, call) = effect {
                self.calls.push(call);
            }
        }
        if !self.state.due_shown {
            drop(update(&mut self.state, Event::Shown, now, self.settings));
        }
    }

    /// Keys with their times of arrival. The hold ends in time, as the loop sees to.
    pub fn keys(&mut self, keys: impl IntoIterator<Item = (Key, u64)>) {
        for (key, at) in keys {
            self.pass(at);
            self.event(Event::Key(key), at);
        }
    }

    /// Time passes until `at`.
    pub fn pass(&mut self, at: u64) {
        if let Some(due) = self.state.entry.held.as_ref().map(|held| held.due)
            && due <= at
        {
            self.event(Event::Tick, due);
        }
    }
}

/// What must not change by a code.
#[derive(Debug)]
pub struct Before {
    reference: String,
    lines: Vec<(Option<String>, i64, Money)>,
    voided: usize,
    tendering: bool,
    uses_card: bool,
    multiplier: Option<Multiplier>,
}

fn is_tendering(state: &State) -> bool {
    match &state.sale.step {
        Step::Basket(Some(Work { goal, .. })) => matches!(goal, Goal::Tender(_)),
        Step::Basket(None) | Step::Done(_) => false,
        Step::Tender(_) | Step::Paying(_) | Step::Unknown(_) => true,
    }
}

fn lines(state: &State) -> Vec<(Option<String>, i64, Money)> {
    let lines = state.sale.basket.lines().iter();
    lines.map(|line| (line.number.clone(), line.quantity, line.price)).collect()
}

impl Before {
    pub fn of(state: &State) -> Self {
        Self {
            reference: state.sale.reference.clone(),
            lines: lines(state),
            voided: state.sale.basket.voided().len(),
            tendering: is_tendering(state),
            uses_card: state.sale.use_card,
            multiplier: state.entry.multiplier,
        }
    }

    /// What `code` did that no code may do.
    pub fn slip(&self, run: &Run<'_>, code: &str) -> Option<&'static str> {
        let state = &run.state;
        let moves = |call: &Call| {
            matches!(
                call,
                Call::Start(..) | Call::Cancel(..) | Call::Abort(..) | Call::PreTransaction(..)
            )
        };
        let same = state.sale.reference == self.reference;
        let old: &[_] = if same { &self.lines } else { &[] };
        let now = lines(state);
        let multiplier = state.entry.multiplier;
        let quantity = self.multiplier.map_or(1, Multiplier::quantity);
        if run.calls.iter().any(moves) {
            Some("moved money")
        } else if same && state.sale.basket.voided().len() != self.voided {
            Some("voided")
        } else if is_tendering(state) && !self.tendering {
            Some("opened the tender step")
        } else if state.sale.use_card && !self.uses_card {
            Some("applied the card")
        } else if multiplier.is_some() && multiplier != self.multiplier {
            Some("changed the quantity")
        } else if !now.starts_with(old) || now.len() > old.len() + 1 {
            Some("changed the basket")
        } else if let Some((number, pieces, _)) = now.get(old.len()) {
            let article =
                number.as_ref().and_then(|number| run.settings.catalogue.by_number(number));
            if *pieces != quantity {
                Some("changed the quantity")
            } else if article.is_none_or(|article| !is_own(&article, code)) {
                Some("added another article")
            } else {
                None
            }
        } else {
            None
        }
    }
}

/// Whether the article is the one that the code names.
fn is_own(article: &Article, code: &str) -> bool {
    let bare = code.trim_matches([' ', '*', '\u{1d}']).trim_start_matches(['-', '+']);
    let zeros = |text: &str| text.trim_start_matches(['0', '-']).to_owned();
    let ean = article.eans.first().map_or("none", String::as_str);
    let name = format!("{} {}", article.name, article.number).to_lowercase();
    bare.eq_ignore_ascii_case(&article.number)
        || zeros(bare) == zeros(ean)
        || ean.len() >= 8 && code.contains(ean)
        || bare == "01234565" && article.number == "90002"
        || code.split_whitespace().all(|word| name.contains(&word.to_lowercase()))
}

/// All screens, each with a till that is there.
pub fn screens() -> impl Iterator<Item = (&'static str, Till)> {
    SCREENS.iter().map(|screen| (screen.0, at_screen(screen)))
}
