//! English: the words of receipts.

use crate::lang::words::ReceiptWords;

pub(super) const RECEIPT: ReceiptWords = ReceiptWords {
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
    was: "was",
    saved: "You save",
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
