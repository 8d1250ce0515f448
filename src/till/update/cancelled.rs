//! What a cancellation has come to: checked against what was asked, kept, shown, printed; and the
//! decision of the cashier where the server does not tell.

use super::Context;
use super::cancel::Over;
use crate::till::cancellation::loyalty;
use crate::till::overlay::Receipt;
use crate::till::{
    Back, CallKind, CancelStep, CancelTarget, Cancellation, Cancelled, CardSide, CardView, Change,
    Effect, Finished, Message, Overlay, Printing, Record, Slip, Slips,
};
use crate::wire::{ReceiptLine, Status, Transaction};

impl Context<'_> {
    /// The answer is about the sale that was asked for: its id, and our reference, sum and
    /// currency where it has them.
    pub(super) fn is_about(&self, cancellation: &Cancellation, found: &Transaction) -> bool {
        let Transaction { id, transaction_ref, basket_info, .. } = found;
        let (reference, sum) = match &cancellation.whose {
            CancelTarget::Ours(sale) => (Some(&sale.reference), sale.basket.sum()),
            CancelTarget::Other(sum) => (None, *sum),
        };
        let ours = match (reference, transaction_ref) {
            // Later transactions of one sale have a number behind its reference.
            (Some(ours), Some(theirs)) => theirs
                .strip_prefix(ours.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
            _ => true,
        };
        let told = !basket_info.sum.is_zero();
        let same_sum = !told || sum == basket_info.sum;
        let currency = &self.settings.currency;
        let same_currency = basket_info.currency.is_empty() || basket_info.currency == *currency;
        *id == cancellation.id && ours && same_sum && same_currency
    }

    /// The transaction is cancelled: what that says of this step. `None`: nothing of the card.
    pub(super) fn taken_back(
        &mut self,
        cancellation: &mut Cancellation,
        kind: CallKind,
        found: &Transaction,
    ) -> Option<Over> {
        let booked = loyalty(&found.transactions);
        match cancellation.step {
            CancelStep::Card(before) => {
                let more = before.or(cancellation.booked).is_some_and(|before| booked > before);
                if kind != CallKind::Cancel && !more {
                    return None;
                }
            }
            CancelStep::Terminal(_) => {
                let side = Self::side_of(cancellation, found);
                let sale = cancellation.whose.sale();
                let shops = sale.and_then(|sale| sale.receipt_merchant.as_ref());
                cancellation.slips = Some(Box::new(Slips {
                    booked: found.updated.clone().unwrap_or_else(|| found.created.clone()),
                    receipt: news(found.receipt.as_ref(), sale.map(|sale| &sale.receipt)),
                    merchant: news(found.receipt_merchant.as_ref(), shops),
                }));
                if side != CardSide::TakenBack {
                    self.relist(found);
                    cancellation.step = CancelStep::Card(Some(booked));
                    cancellation.refusal = None;
                    cancellation.paid_answers = 0;
                    cancellation.idle_answers = 0;
                    cancellation.asked = 0;
                    return Some(Over::NextStep);
                }
            }
            CancelStep::Whole | CancelStep::Number => {}
        }
        self.cancelled(cancellation, found, CardSide::TakenBack);
        Some(Over::Now)
    }

    /// What a cancelled transaction says of the bookings on the card. A server may take them back
    /// together with the terminal's payment: then it shows more of them than there were.
    pub(super) fn side_of(cancellation: &Cancellation, found: &Transaction) -> CardSide {
        let booked = loyalty(&found.transactions);
        let sale = cancellation.whose.sale();
        let has_card = sale.map_or(booked > 0, Finished::has_card_side);
        let before = cancellation.booked.or_else(|| sale.and_then(|sale| sale.loyalty));
        if has_card && before.is_none_or(|before| booked <= before) {
            CardSide::NotKnown
        } else {
            CardSide::TakenBack
        }
    }

    /// The terminal's side is taken back, and of the card's side only this is known.
    pub(super) fn card_side_open(&mut self, cancellation: &Cancellation, card: CardSide) {
        let nothing = Transaction { id: cancellation.id.clone(), ..Transaction::default() };
        self.cancelled(cancellation, &nothing, card);
    }

    /// Keeps and shows a sale that the server has cancelled.
    pub(super) fn cancelled(
        &mut self,
        cancellation: &Cancellation,
        transaction: &Transaction,
        card: CardSide,
    ) {
        if transaction.status == Status::Cancelled {
            self.relist(transaction);
        }
        let sale = match &cancellation.whose {
            CancelTarget::Ours(sale) => sale,
            CancelTarget::Other(sum) => {
                let id = cancellation.id.clone();
                self.tell(Change::OtherSettled { id, cancelled: true });
                let slip = Slip::from(transaction);
                if self.settings.printing == Printing::EverySale && !slip.lines.is_empty() {
                    self.effects.push(Effect::PrintSlip(Box::new(slip)));
                }
                return match card {
                    CardSide::TakenBack => self.info(Message::Cancelled(*sum)),
                    CardSide::Standing | CardSide::NotKnown => {
                        self.error(Message::CancelledButCard(*sum));
                    }
                };
            }
        };
        let earlier = sale.cancelled.clone().unwrap_or_default();
        let slips = cancellation.slips.as_deref().cloned().unwrap_or_else(|| Slips {
            booked: earlier.booked.clone(),
            receipt: earlier.receipt.clone(),
            merchant: earlier.receipt_merchant.clone(),
        });
        let mut receipt = slips.receipt;
        if !matches!(cancellation.step, CancelStep::Terminal(_)) {
            // The sale's own receipt is no storno.
            receipt.extend(news(transaction.receipt.as_ref(), Some(&sale.receipt)));
        }
        let now = transaction.updated.clone().unwrap_or_else(|| transaction.created.clone());
        let seen = view(sale, transaction).map(Box::new);
        let cancelled = Cancelled {
            booked: if now.is_empty() { slips.booked } else { now },
            receipt,
            receipt_merchant: slips.merchant,
            card,
            view: seen.or(earlier.view),
        };
        let change = Change::Cancelled(Box::new(cancelled.clone()));
        self.records.push(Record { sale: sale.reference.clone(), change });
        self.state.change_finished(&sale.reference, |finished| {
            finished.cancelled = Some(cancelled.clone());
        });
        let finished = Box::new(Finished { cancelled: Some(cancelled), ..sale.as_ref().clone() });
        let back = Back::of(&finished);
        if self.settings.printing == Printing::EverySale {
            self.effects.push(Effect::Print(finished.clone()));
        }
        // The storno receipt is shown where the cashier asked for it, and nowhere else.
        if matches!(self.state.overlays.last(), Some(Overlay::History(_))) {
            let receipt = Receipt { of: Some(finished), scroll: 0 };
            self.state.overlays.cover(Overlay::Receipt(receipt));
        }
        match card {
            CardSide::TakenBack => self.info(Message::GiveBack(back)),
            CardSide::Standing | CardSide::NotKnown => self.error(Message::GiveBack(back)),
        }
    }
}

/// What the server wrote, unless it is what it had written for the sale: both receipts of a
/// terminal payment stay as they were when it is taken back ([`crate::wire::api::transactions`]).
fn news(wrote: Option<&Vec<ReceiptLine>>, before: Option<&Vec<ReceiptLine>>) -> Vec<ReceiptLine> {
    wrote.filter(|lines| Some(*lines) != before).cloned().unwrap_or_default()
}

/// The sale's card as an answer shows it.
fn view(sale: &Finished, answer: &Transaction) -> Option<CardView> {
    let card = sale.card.as_ref()?;
    let number = card.number().map(crate::shop::CardNumber::reveal);
    let ident = answer.idents.iter().find(|ident| {
        ident.value == card.ident.wire().1 || number.is_some_and(|number| ident.value == number)
    });
    ident?.merchantcard.as_ref().map(CardView::from)
}
