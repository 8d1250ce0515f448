//! The entry line: typing, posting, and what a posted line does.

use secrecy::zeroize::Zeroize;

use super::Context;
use super::numbers::pieces;
use crate::shop::{Scan, Shape, recognise, recognise_code, shape};
use crate::text::{hide_bank_cards, mask_card};
use crate::till::{
    Added, Cause, Command, Entry, Fate, Hits, Message, Multiplier, Overlay, PinEntry, Step,
};

/// The longest line: three tracks of 79, 40 and 107 characters with their sentinels, or an address.
pub(super) const LONGEST_RAW: usize = 300;
/// A quantity has at most three digits: anything longer is a code.
pub(super) const QUANTITY_DIGITS: usize = 3;
/// An amount in the tender step has at most six digits: anything longer is a code.
pub(super) const AMOUNT_DIGITS: usize = 6;

impl Context<'_> {
    pub(in crate::till) fn type_character(&mut self, c: char) {
        if self.state.entry.is_refused() {
            // The next digit starts anew.
            self.clear_text();
        }
        let entry = &mut self.state.entry;
        if entry.text.chars().count() >= LONGEST_RAW {
            entry.overflow = true;
            return;
        }
        self.state.entry.text.push(c);
        if matches!(self.state.sale.step, Step::Tender(_))
            && digits(&self.state.entry.text) == AMOUNT_DIGITS + 1
            && shape(&self.state.entry.text) == Shape::Number
        {
            self.error(Message::TooManyDigits);
        }
        self.entry_changed();
    }

    pub(in crate::till) fn backspace(&mut self) {
        let in_tender = matches!(self.state.sale.step, Step::Tender(_));
        let entry = &mut self.state.entry;
        let code = in_tender && digits(&entry.text) > AMOUNT_DIGITS;
        if entry.overflow || entry.is_refused() || code || shape(&entry.text) == Shape::Raw {
            // Half of it is no amount.
            return self.clear_text();
        } else if entry.text.pop().is_none() {
            entry.multiplier = None;
            self.withdraw();
        }
        let entry = &mut self.state.entry;
        entry.code &= !matches!(shape(&entry.text), Shape::Empty | Shape::Number);
        self.entry_changed();
    }

    /// Keeps the overlays in step with the text: words open the search, the menu is filtered. What
    /// was wrong with the text is wrong no more.
    pub(super) fn entry_changed(&mut self) {
        self.gone_if(|cause| matches!(cause, Cause::Entry | Cause::Amount));
        match self.state.overlays.top_mut() {
            Some(top) => top.change(|layer| layer.typed())(self),
            None => self.search_words(),
        }
    }

    /// Enter, or the end of a scan. Adds articles and cards, never pays, never confirms.
    pub(in crate::till) fn post(&mut self) {
        if self.state.entry.is_refused() {
            // Not even Enter makes anything else of a refused number.
            return self.bell();
        }
        let overflow = std::mem::take(&mut self.state.entry.overflow);
        let text = std::mem::take(&mut self.state.entry.text);
        let is_code = std::mem::take(&mut self.state.entry.code);
        if text.is_empty() {
            let ended = self.state.entry.ended_at;
            // The second terminator of a code says nothing to what lies over the panels.
            if ended.is_none_or(|ended| self.at >= ended + self.settings.key_hold) {
                self.enter();
            }
            return;
        }
        if overflow {
            self.entry_changed();
            return self.error(Message::EntryTooLong);
        }
        if self.state.overlays.last().is_some_and(|top| top.layer().refuses_scans()) {
            return self.code_refused(Message::ScanOverQuestion);
        }
        if is_code {
            return self.code_read(&text);
        }
        if self.posted_to_overlay(&text) {
            return;
        }
        match self.state.sale.step {
            Step::Tender(_) => return self.refuse_in_tender(&text),
            Step::Paying(_) | Step::Unknown(_) => return self.error(Message::ScanWhilePaying),
            Step::Basket(_) | Step::Done(_) => {}
        }
        self.recognised(recognise(&text, &self.settings.scan, &self.settings.catalogue));
    }

    /// A code was refused: its second terminator, if there is one, says nothing to what lies over
    /// the panels.
    pub(super) fn code_refused(&mut self, message: Message) {
        self.state.entry.ended_at = Some(self.at);
        self.error(message);
    }

    fn refuse_in_tender(&mut self, text: &str) {
        let amount = shape(text) == Shape::Number && digits(text) <= AMOUNT_DIGITS;
        self.error(if amount { Message::EnterNeverPays } else { Message::ScanInTender });
    }

    /// The end of a line that can only be a code.
    fn code_read(&mut self, text: &str) {
        match self.state.sale.step {
            Step::Tender(_) => self.code_refused(Message::ScanInTender),
            Step::Paying(_) | Step::Unknown(_) => self.code_refused(Message::ScanWhilePaying),
            Step::Basket(_) | Step::Done(_) => {
                let (rules, catalogue) = (&self.settings.scan, &self.settings.catalogue);
                match recognise_code(text, rules, catalogue) {
                    Scan::Unknown(_) if is_wrong_quantity(text) => {
                        self.close_search();
                        self.state.entry.multiplier = None;
                        self.code_refused(Message::NotAQuantity);
                    }
                    scan => self.recognised(scan),
                }
            }
        }
    }

    fn recognised(&mut self, scan: Scan) {
        match scan {
            Scan::Article { number, carried } => {
                self.sell_or_show(Added::carrying(number, carried));
            }
            Scan::Coupon { code, off } => self.coupon(code, off),
            Scan::Card(number) => {
                self.uncover();
                self.swiped(number);
            }
            Scan::Words(words) => {
                let hits = match self.state.overlays.last() {
                    Some(Overlay::Search(hits)) => hits.clone(),
                    _ => Hits::default(),
                };
                if hits.literal && hits.found.len() == 1 {
                    self.take_hit(&hits);
                } else if hits.literal {
                    // Which one is meant, only a person can say; the list stays open for that.
                    self.info(Message::SeveralHits(hits.found.len()));
                    self.bell();
                } else {
                    self.close_search();
                    self.code_refused(Message::NoHits(self.showable(&words)));
                }
            }
            Scan::Nothing => {}
            Scan::Unknown(code) if self.is_card_code(std::slice::from_ref(&code)) => {}
            scan => {
                self.close_search();
                self.code_refused(match scan {
                    Scan::WrongCheckDigit(code) => Message::WrongCheckDigit(code),
                    Scan::InStoreUnknown(code) => Message::InStoreUnknown(code),
                    Scan::BankCard => Message::BankCard,
                    Scan::UnreadableSwipe => Message::UnreadableSwipe,
                    Scan::Unknown(code) => self.unknown(&code),
                    _ => Message::EntryTooLong,
                });
            }
        }
    }

    /// A code or words as an error may show them: every number in them that could be a card's is
    /// masked, and of a bank card's nothing is left.
    pub(super) fn showable(&self, text: &str) -> String {
        let like_card = |run: &str| {
            let cards = &self.settings.scan.cards;
            run.len() > 14
                || run.len() > 8 && cards.iter().any(|card| run.starts_with(&card.prefix))
        };
        let text = hide_bank_cards(text, false);
        let (mut shown, mut run) = (String::new(), String::new());
        for c in text.chars().map(Some).chain([None]) {
            if let Some(digit) = c.filter(char::is_ascii_digit) {
                run.push(digit);
                continue;
            }
            let run = std::mem::take(&mut run);
            shown += &if like_card(&run) { mask_card(&run, false) } else { run };
            shown.extend(c);
        }
        shown
    }

    /// `3*` or `2-`: pieces of the next article.
    pub(super) fn multiply(&mut self, is_return: bool) {
        if let Some(waiting) = self.state.entry.multiplier {
            return self.refuse_number(Message::PiecesWait(waiting.quantity()));
        }
        let text = &self.state.entry.text;
        let pieces = pieces(text, QUANTITY_DIGITS).filter(|_| !self.state.entry.is_refused());
        match pieces {
            Some(pieces) => {
                self.clear_text();
                self.state.entry.multiplier = Some(Multiplier { pieces, is_return });
            }
            None if text.is_empty() => self.error(Message::NumberMissing(Command::Multiply)),
            None => self.refuse_number(Message::NotAQuantity),
        }
    }

    /// Refuses the number that is typed: it stays in sight as refused, and the next digit starts
    /// anew. An empty entry would mean something else.
    pub(super) fn refuse_number(&mut self, message: Message) {
        self.state.entry.refuse();
        self.error(message);
    }

    /// `-` after a multiplier: the goods come back, or do not after all.
    pub(super) fn turn_return(&mut self) {
        if let Some(multiplier) = &mut self.state.entry.multiplier {
            multiplier.is_return = !multiplier.is_return;
        }
    }

    /// Half a code must never count: what is typed is gone with what was dropped.
    pub(super) fn input_lost(&mut self) {
        self.clear_entry();
        self.state.entry.after_enter = false;
        if let Some(Overlay::Pin(prompt)) = self.state.overlays.top_mut() {
            prompt.entry = PinEntry::default();
        }
        self.error(Message::InputLost);
    }

    /// Clears what is typed, and leaves pieces that wait for an article.
    pub(in crate::till) fn clear_text(&mut self) {
        let entry = &mut self.state.entry;
        // It may have been a code.
        entry.text.zeroize();
        entry.overflow = false;
        entry.code = false;
        entry.fate = Fate::Open;
        self.entry_changed();
    }

    /// Clears the entry; false if there was nothing to clear.
    pub(in crate::till) fn clear_entry(&mut self) -> bool {
        let after_enter = self.state.entry.after_enter;
        let Entry { typed_at, ended_at, .. } = self.state.entry;
        let empty = Entry { after_enter, typed_at, ended_at, ..Entry::default() };
        let changed = self.state.entry != empty;
        // It may have been a code.
        self.state.entry.text.zeroize();
        self.state.entry = empty;
        if changed {
            self.entry_changed();
        }
        changed
    }
}

/// Whether a person may have meant a quantity, though it cannot be one: `1000*51`, `1,5*51`, `0*51`.
fn is_wrong_quantity(text: &str) -> bool {
    let number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let end = text.find(|c: char| !number(c)).unwrap_or(text.len());
    let sign = text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let rest = text.get(end + sign..).unwrap_or_default();
    (1..=14).contains(&end)
        && sign > 0
        && rest.len() <= 14
        && rest.bytes().all(|b| b.is_ascii_digit())
}

/// Digits in `text`.
pub(in crate::till) fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}
