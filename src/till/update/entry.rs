//! The entry line: typing, posting, and what a posted line does.

use secrecy::zeroize::Zeroize;

use super::Turn;
use crate::shop::{Scan, Shape, recognise, search, shape};
use crate::till::{Cause, Command, Entry, Fate, Hits, Multiplier, Overlay, Say, Step};

/// The longest number or text that can mean something.
const LONGEST_ENTRY: usize = 64;
/// The longest swipe: three tracks of 79, 40 and 107 characters with their sentinels.
const LONGEST_RAW: usize = 300;
/// A quantity has at most four digits: anything longer is a code.
const QUANTITY_DIGITS: usize = 4;
/// An amount in the tender step has at most six digits: anything longer is a code.
pub(super) const AMOUNT_DIGITS: usize = 6;
/// Articles shown by a search.
const HITS: usize = 50;

impl Turn<'_> {
    pub(super) fn type_character(&mut self, c: char) {
        if self.state.entry.is_refused() {
            // The next digit starts anew.
            self.clear_text();
        }
        let entry = &mut self.state.entry;
        let limit = if shape(&entry.text) == Shape::Raw { LONGEST_RAW } else { LONGEST_ENTRY };
        if entry.text.chars().count() >= limit {
            entry.overflow = true;
            return;
        }
        entry.text.push(c);
        if matches!(self.state.sale.step, Step::Tender(_))
            && digits(&self.state.entry.text) == AMOUNT_DIGITS + 1
            && shape(&self.state.entry.text) == Shape::Number
        {
            self.error(Say::TooManyDigits);
        }
        self.entry_changed();
    }

    pub(super) fn backspace(&mut self) {
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
        self.entry_changed();
    }

    /// Keeps the overlays in step with the text: words open the search, the menu is filtered. What
    /// was wrong with the text is wrong no more.
    fn entry_changed(&mut self) {
        self.gone_if(|cause| matches!(cause, Cause::Entry | Cause::Amount));
        let selling = matches!(self.state.sale.step, Step::Basket(_) | Step::Done(_));
        let words = shape(&self.state.entry.text) == Shape::Text;
        match self.state.overlays.last_mut() {
            Some(Overlay::Menu(selected)) => *selected = 0,
            Some(Overlay::Transactions(_)) => {}
            Some(Overlay::Search(_)) => {
                let hits = self.hits();
                self.state.overlays.pop();
                self.state.overlays.push(Overlay::Search(hits));
            }
            _ if words && selling => {
                let hits = self.hits();
                self.state.overlays.push(Overlay::Search(hits));
            }
            _ => {}
        }
    }

    pub(super) fn hits(&self) -> Hits {
        let text = match shape(&self.state.entry.text) {
            Shape::Raw => "",
            _ => self.state.entry.text.as_str(),
        };
        let (found, literal) = search(&self.settings.catalogue, text, HITS);
        Hits { found, literal, selected: 0, chosen: false }
    }

    /// Enter, or the end of a scan. Adds articles and cards, never pays, never confirms.
    pub(super) fn post(&mut self) {
        if self.state.entry.is_refused() {
            // Not even Enter makes anything else of a refused number.
            return self.bell();
        }
        let overflow = std::mem::take(&mut self.state.entry.overflow);
        let text = std::mem::take(&mut self.state.entry.text);
        if text.is_empty() {
            return self.activate_overlay();
        }
        if overflow {
            self.entry_changed();
            return self.error(Say::EntryTooLong);
        }
        if shape(&text) == Shape::Text
            && let Some(Overlay::Menu(selected)) = self.state.overlays.last()
        {
            let selected = *selected;
            return self.run_menu(&text, selected);
        }
        if self.search_list(&text) {
            return;
        }
        match self.state.sale.step {
            Step::Tender(_) => return self.refuse_in_tender(&text),
            Step::Paying(_) | Step::Unknown(_) => return self.error(Say::ScanWhilePaying),
            Step::Basket(_) | Step::Done(_) => {}
        }
        if let Some(Overlay::Search(hits)) = self.state.overlays.last()
            && hits.chosen
        {
            let hits = hits.clone();
            return self.take_hit(&hits);
        }
        self.posted(&text);
    }

    fn refuse_in_tender(&mut self, text: &str) {
        let amount = shape(text) == Shape::Number && digits(text) <= AMOUNT_DIGITS;
        self.error(if amount { Say::EnterNeverPays } else { Say::ScanInTender });
    }

    fn posted(&mut self, text: &str) {
        match recognise(text, &self.settings.scan, &self.settings.catalogue) {
            Scan::Article { number, price, quantity } => {
                self.uncover();
                self.add_article(&number, price, quantity);
            }
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
                    self.info(Say::SeveralHits(hits.found.len()));
                    self.bell();
                } else {
                    self.close_search();
                    self.error(Say::NoHits(words));
                }
            }
            Scan::Nothing => {}
            scan => {
                self.close_search();
                self.error(match scan {
                    Scan::WrongCheckDigit(code) => Say::WrongCheckDigit(code),
                    Scan::InStoreUnknown(code) => Say::InStoreUnknown(code),
                    Scan::BankCard => Say::BankCard,
                    Scan::UnreadableSwipe => Say::UnreadableSwipe,
                    Scan::Unknown(code) => Say::NotFound(self.showable(code)),
                    _ => Say::EntryTooLong,
                });
            }
        }
    }

    /// A code as an error may show it: what could be a card number is masked.
    fn showable(&self, code: String) -> String {
        let like_card =
            self.settings.scan.cards.iter().any(|p| code.len() > 8 && code.starts_with(&p.prefix));
        if like_card || code.len() > 14 { crate::text::mask_card(&code, false) } else { code }
    }

    pub(super) fn take_hit(&mut self, hits: &Hits) {
        let article = hits.found.get(hits.selected).and_then(|&i| self.settings.catalogue.get(i));
        let Some(number) = article.map(|article| article.number.clone()) else {
            return self.bell();
        };
        self.state.entry.text.clear();
        self.uncover();
        self.add_article(&number, None, None);
    }

    fn close_search(&mut self) {
        if matches!(self.state.overlays.last(), Some(Overlay::Search(_))) {
            self.state.overlays.pop();
        }
    }

    /// `3*` or `2-`: pieces of the next article.
    pub(super) fn multiply(&mut self, is_return: bool) {
        if let Some(waiting) = self.state.entry.multiplier {
            return self.refuse_number(Say::PiecesWait(waiting.quantity()));
        }
        let text = &self.state.entry.text;
        let pieces = text
            .parse::<i64>()
            .ok()
            .filter(|pieces| text.len() <= QUANTITY_DIGITS && *pieces > 0 && !text.contains('+'))
            .filter(|_| !self.state.entry.is_refused());
        match pieces {
            Some(pieces) => {
                self.clear_text();
                self.state.entry.multiplier = Some(Multiplier { pieces, is_return });
            }
            None if text.is_empty() => self.error(Say::NumberMissing(Command::Multiply)),
            None => self.refuse_number(Say::NotAQuantity),
        }
    }

    /// Refuses the number that is typed: it stays in sight as refused, and the next digit starts
    /// anew. An empty entry would mean something else.
    pub(super) fn refuse_number(&mut self, say: Say) {
        self.state.entry.refuse();
        self.error(say);
    }

    /// `-` after a multiplier: the goods come back, or do not after all.
    pub(super) fn turn_return(&mut self) {
        if let Some(multiplier) = &mut self.state.entry.multiplier {
            multiplier.is_return = !multiplier.is_return;
        }
    }

    /// Clears what is typed, and leaves pieces that wait for an article.
    pub(super) fn clear_text(&mut self) {
        let entry = &mut self.state.entry;
        // It may have been a code.
        entry.text.zeroize();
        entry.overflow = false;
        entry.fate = Fate::Open;
        self.entry_changed();
    }

    /// Clears the entry; false if there was nothing to clear.
    pub(super) fn clear_entry(&mut self) -> bool {
        let after_enter = self.state.entry.after_enter;
        let empty = Entry { after_enter, ..Entry::default() };
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

/// Digits in `text`.
pub(super) fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}
