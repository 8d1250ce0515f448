//! What people and scanners send: choices that can be repeated, plausible keys for what the screen
//! shows, and keys without any sense.

use kasse::sandbox::{CARD_BONUS, CARD_EMPTY, CARD_LOCKED, CARD_RICH, CARD_VOUCHER};

/// Choices that can be repeated.
pub struct Dice(u64);

impl Dice {
    /// The choices of this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Other choices that follow from these.
    pub fn fork(&mut self) -> Self {
        Self::new(self.below(u64::MAX >> 11))
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    pub fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}

/// What a cashier might press at this sight, as a script; `CARD` stands for a card.
pub fn keys<'a>(screen: &str, dice: &mut Dice) -> &'a str {
    if dice.below(12) == 0 {
        return "<Esc>";
    }
    if screen.contains("Outcome unknown - do not charge") {
        return dice.one_of(&["", "", "<F9>", "+", "30037⏎"]);
    }
    if screen.contains("Payment: ") {
        let blocks = ["refused", "Enter never pays", "does not know this card", "like a scan"];
        if blocks.iter().any(|error| screen.contains(error)) {
            return "<Left>";
        }
        return dice.one_of(&["<F5>", "<F5>", "+", "100+", "100+", "<F6>+", "<Esc>"]);
    }
    if screen.contains("Please confirm") {
        return dice.one_of(&["<Right>", "<Right>", "<Right>", "<Esc>"]);
    }
    if screen.contains("Finished sales") {
        return dice.one_of(&["-", "-", "<Down>-", "<Esc>"]);
    }
    if screen.contains("Parked sales") {
        return dice.one_of(&["⏎", "⏎", "<Esc>"]);
    }
    if screen.contains("─ ● ok") {
        return dice.one_of(&["30037⏎", "30037⏎30200⏎", "2*51⏎", "<F9>", "<F11>", "<F11>-"]);
    }
    if dice.below(3) == 0 {
        return dice.one_of(&["30037⏎", "30200⏎", "/", "CARD", "CARD", "<F9>", "5<F4>"]);
    }
    dice.one_of(&["30037⏎+", "2*51⏎+", "+"])
}

/// The script with a card in the place of `CARD`.
pub fn with_card(script: &str, dice: &mut Dice) -> String {
    let card = dice.one_of(&[CARD_RICH, CARD_RICH, CARD_BONUS, CARD_EMPTY]);
    script.replace("CARD", &format!("{card}⏎"))
}

/// More of the same for a long run: give-ups, locks and everything around a sale.
pub fn more_keys<'a>(screen: &str, dice: &mut Dice) -> &'a str {
    if screen.contains("unlocks") {
        return "<F12>";
    }
    if screen.contains("give up this transaction") && dice.one_in(2) {
        return "<Right>";
    }
    if screen.contains("Customer at the terminal") {
        return dice.one_of(&["", "", "", "<Right>", "+", "30037⏎"]);
    }
    // What was refused keeps + from paying until it is dismissed.
    if screen.contains("\n ! ") && dice.one_in(2) {
        return "<Esc>";
    }
    if screen.contains("─ Menu") {
        return dice.one_of(&[
            "<Esc>",
            "<Down>⏎",
            "<Down><Down><Down>⏎",
            "outcomes⏎",
            "transactions⏎",
            "quit⏎",
            "void␣all⏎",
            "remove␣card⏎",
        ]);
    }
    if dice.one_in(14) {
        return dice.one_of(&[
            "<F3>",
            "<F1>",
            "<F2>",
            "<F10>",
            "<F12>",
            "<F8>",
            "-",
            "1-51⏎",
            "3*30200⏎",
            "<F7>",
            "<Up>",
            "milk",
            "9<F4>",
            "16⏎21⏎",
            "␣",
            "<PgDn>",
            "<S-F12>",
        ]);
    }
    keys(screen, dice)
}

/// What a scanner or a reader sends, good and bad.
pub fn scan(dice: &mut Dice) -> String {
    let card = dice.one_of(&[CARD_RICH, CARD_BONUS, CARD_EMPTY, CARD_VOUCHER, CARD_LOCKED]);
    match dice.below(12) {
        0..=3 => "4999012345678\r".to_owned(),
        4 => "-03161577\r".to_owned(),
        5 => "+A99912345\r".to_owned(),
        6 => "010499901234567821305-51\r".to_owned(),
        7 => format!(";{card}=25121010000000000?\r"),
        8 => "4111111111111111=25121010000000000\r".to_owned(),
        9 => "https://example.com/01/04999012345678\r".to_owned(),
        10 => "4006381333931\r\n".to_owned(),
        _ => format!("{card}\r"),
    }
}

/// Keys without any sense, as bytes: printable ones, sequences, and what no key sends.
pub fn noise(dice: &mut Dice) -> Vec<u8> {
    const SEQUENCES: [&[u8]; 18] = [
        b"\x1b",
        b"\x1b[A",
        b"\x1b[B",
        b"\x1b[C",
        b"\x1b[D",
        b"\x1bOP",
        b"\x1bOQ",
        b"\x1bOS",
        b"\x1b[15~",
        b"\x1b[17~",
        b"\x1b[20~",
        b"\x1b[23~",
        b"\x1b[24~",
        b"\x1b[3~",
        b"\x1b[6~",
        b"\x1b[M !!",
        b"\x1b[<0;10;10M",
        b"\x1b[?1u",
    ];
    const KEYS: &[u8] = b"0123456789+-*/,. \r\tabcdefgmqrstuw?;=%";
    let mut bytes = Vec::new();
    for _ in 0..=dice.below(24) {
        match dice.below(8) {
            0 => bytes.extend_from_slice(dice.one_of(&SEQUENCES)),
            1 => bytes.push(u8::try_from(dice.below(256)).unwrap()),
            _ => bytes.push(dice.one_of(KEYS)),
        }
    }
    // Signals of the keyboard are the driver's to send: the line makes them of these.
    bytes.retain(|byte| !matches!(byte, 3 | 17 | 19 | 26 | 28));
    bytes
}
