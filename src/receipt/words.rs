//! The words of a receipt, in every language.
//!
//! Owns texts only. None of them may claim anything about tax law or security modules.

use crate::lang::Lang;

/// Everything that a receipt of ours says.
pub(super) struct Words {
    pub receipt: &'static str,
    pub date: &'static str,
    pub card: &'static str,
    pub total: &'static str,
    pub card_money: &'static str,
    pub bonus: &'static str,
    pub remainder: &'static str,
    pub payment: &'static str,
    pub cash: &'static str,
    pub cashless: &'static str,
    pub loyalty: &'static str,
    pub given: &'static str,
    pub change: &'static str,
    pub vat: &'static str,
    pub of: &'static str,
    pub cancelled: &'static str,
    pub back_cash: &'static str,
    pub back_terminal: &'static str,
    pub back_card: &'static str,
    pub terminal_receipt: &'static str,
    pub card_standing: &'static str,
    pub card_not_known: &'static str,
    pub not_fiscal: &'static str,
}

const EN: Words = Words {
    receipt: "Receipt",
    date: "Date",
    card: "Card",
    total: "Total",
    card_money: "Card balance used",
    bonus: "Bonus",
    remainder: "Remainder",
    payment: "Payment",
    cash: "Cash",
    cashless: "Card terminal",
    loyalty: "Card balance",
    given: "Given",
    change: "Change",
    vat: "VAT",
    of: "of",
    cancelled: "CANCELLED",
    back_cash: "Given back in cash",
    back_terminal: "Back to the bank card",
    back_card: "Back on the card",
    terminal_receipt: "Receipt no. of the terminal",
    card_standing: "The booking on the card still stands",
    card_not_known: "Whether the card's booking was taken back is not known",
    not_fiscal: "Not a fiscal receipt",
};

const DE: Words = Words {
    receipt: "Beleg",
    date: "Datum",
    card: "Karte",
    total: "Summe",
    card_money: "Guthaben eingelöst",
    bonus: "Bonus",
    remainder: "Restbetrag",
    payment: "Zahlung",
    cash: "Bar",
    cashless: "Kartenterminal",
    loyalty: "Guthaben",
    given: "Gegeben",
    change: "Rückgeld",
    vat: "MwSt",
    of: "aus",
    cancelled: "STORNIERT",
    back_cash: "Bar zurückgegeben",
    back_terminal: "Auf die Bankkarte zurück",
    back_card: "Auf die Karte zurück",
    terminal_receipt: "Beleg-Nr. des Terminals",
    card_standing: "Die Buchung auf der Karte steht noch",
    card_not_known: "Ob die Buchung auf der Karte zurückgenommen wurde, ist nicht bekannt",
    not_fiscal: "Kein steuerlicher Kassenbeleg",
};

/// The words of a language.
pub(super) const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::De => &DE,
    }
}
