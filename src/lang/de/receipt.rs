//! German: the words of receipts.

use crate::lang::words::ReceiptWords;

pub(super) const RECEIPT: ReceiptWords = ReceiptWords {
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
    was: "statt",
    saved: "Sie sparen",
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
