//! What must hold: after every step, and when nothing is left to wait for.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kasse::money::Money;
use kasse::sandbox::{Booking, Fixtures};
use kasse::till::{
    Answer, Call, CallId, Effect, Event, Finished, Overlay, Settings, Stage, State, Step, Waiter,
};
use kasse::wire::{
    ApiError, CHARGE_EAN, Outcome, Status, Transaction, TransactionRequest, UNPAIRED,
};

use super::server::Server;
use super::shop;
use super::till::Till;

/// How the numbers of the articles begin that a redeemed bonus stands for.
const BONUS: &str = "1110000";

/// Broken rules, in words.
pub type Checked = Result<(), String>;

fn must(holds: bool, otherwise: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// What leaves the till on this day: the sum is that of the lines, VAT is that of the day, and the
/// intent of every call that can move money is on the disk.
pub fn leaving(till: &Till, today: Date, id: CallId, call: &Call) -> Checked {
    match call {
        Call::Create(request) | Call::Update(_, request) => {
            sum_of_lines(request)?;
            rates_of(today, request)
        }
        Call::Start(of, _) => {
            let paying = |stage: Option<&Stage>| matches!(stage, Some(Stage::Paying(payment)) if payment.call == id);
            let intended = till.disk.kept().iter().rev().any(|record| match &record.change {
                kasse::till::Change::Head(head) => {
                    paying(head.stage.as_ref())
                        && paying(till.disk.stage(&record.sale))
                        && till.disk.transaction(&record.sale) == Some(of)
                }
                _ => false,
            });
            must(intended, || format!("start of {of} leaves and its intent is not on the disk"))
        }
        Call::Cancel(of) | Call::CancelTrx(of, _) => {
            let sale = till.finished.values().find(|finished| finished.id == *of);
            let intended = sale.is_some_and(|sale| till.disk.is_cancelling(&sale.reference));
            must(intended, || format!("cancel of {of} leaves and its intent is not on the disk"))
        }
        _ => Ok(()),
    }
}

fn rates_of(today: Date, request: &TransactionRequest) -> Checked {
    let right = Some(shop::meal_rate(today));
    let lines = request.basket.iter().flat_map(|basket| &basket.products);
    let mut meals = lines.filter(|line| line.article_number.as_deref() == Some(shop::MEAL));
    must(meals.all(|line| line.tax.rate() == right), || {
        format!("a line leaves at another rate than that of {today}: {right:?}")
    })
}

fn sum_of_lines(request: &TransactionRequest) -> Checked {
    let lines: Money = request
        .basket
        .iter()
        .flat_map(|basket| &basket.products)
        .map(|line| line.price_one.times(line.quantity))
        .sum();
    let sum = request.basket_info.as_ref().map(|info| info.sum);
    must(sum == Some(lines), || format!("the lines come to {lines:?}, the sum sent is {sum:?}"))
}

/// Who waits: every call on its way has one waiter, unless it was given up, and none is waited for
/// that is not on its way. Calls that change what is paid are never given up.
pub fn awaited(till: &Till) -> Checked {
    if !till.is_real() {
        return Ok(());
    }
    let waiting: Vec<CallId> = till.state.waiting.iter().map(|awaited| awaited.call).collect();
    must(waiting.len() <= kasse::till::bounds::CALLS, || format!("{} waiters", waiting.len()))?;
    for (at, call) in waiting.iter().enumerate() {
        must(till.calls.contains_key(call), || format!("{call:?} is awaited and not on its way"))?;
        must(!waiting[..at].contains(call), || format!("{call:?} has two waiters"))?;
    }
    let dropped = till.calls.iter().find(|(id, call)| {
        let may = matches!(
            call,
            Call::Read(_)
                | Call::Abort(_)
                | Call::FindCard(_)
                | Call::CardLock(_)
                | Call::List(..)
                | Call::Programmes
                | Call::CheckIns
                | Call::History { .. }
                | Call::SetFaults(_)
                | Call::Register
                | Call::Poll
        );
        !may && !waiting.contains(id)
    });
    dropped.map_or(Ok(()), |(_, call)| Err(format!("nobody waits for {call:?}")))
}

/// An answer that comes again, and one to a call that was never made, change nothing.
pub fn stale(till: &mut Till, event: &Event, now: u64, settings: &Settings) -> Checked {
    let Event::Answer(id, _) = event else { return Ok(()) };
    // To compare whole states is dear: some of them will do.
    if !till.is_real() || id.0 % 4 != 0 {
        return Ok(());
    }
    let refused = ApiError { name: UNPAIRED.to_owned(), ..ApiError::default() };
    let unknown = Event::answer(CallId(u64::MAX), Outcome::<Answer>::Refused(refused));
    for event in [event.clone(), unknown] {
        let before = till.state.clone();
        let effects = till.update(event, now, settings);
        must(effects.is_empty() && till.state == before, || {
            format!("a stale answer to {id:?} led to {effects:?}")
        })?;
    }
    Ok(())
}

/// What brings an outcome is tried before it is applied, so that it is on the disk first.
pub fn tried(till: &Till, event: &Event, effects: &[Effect]) -> Checked {
    let outcome = kasse::till::outcomes(effects).next();
    must(!till.is_real() || outcome.is_none() || event.may_decide(), || {
        format!("{outcome:?} came of an event that is not tried")
    })
}

/// What stands on the screen: nothing is paid without the server's word, on disk before it is
/// shown, and no sale has vanished.
pub fn shown(till: &mut Till, server: &Server) -> Checked {
    // At hand, or told of when it was resolved aside.
    let told = till.finished.values().chain(till.state.finished());
    let new: Vec<Finished> =
        told.filter(|finished| !till.seen.contains(&finished.reference)).cloned().collect();
    for finished in new {
        let status = server.status(&finished.id);
        must(matches!(status, Some(Status::Ok | Status::Cancelled)), || {
            format!("{} is shown as paid, the server says {status:?}", finished.reference)
        })?;
        must(till.disk.is_done(&finished.reference) || till.disk.is_full(), || {
            format!("{} is shown as paid and that is not on the disk", finished.reference)
        })?;
        till.open.remove(&finished.reference);
        till.seen.insert(finished.reference);
    }
    for overlay in till.state.overlays.iter() {
        let Overlay::History(list) = overlay else { continue };
        let kept = |sale: &Finished| till.finished.get(&sale.reference) == Some(sale);
        let wrong = list.sales.iter().find(|(_, sale)| !kept(sale));
        must(wrong.is_none() || till.disk.is_full(), || {
            format!("the history shows {wrong:?}, which is not what the journal has")
        })?;
    }
    let State { sale, parked, unresolved, .. } = &till.state;
    for (reference, lines) in &till.open {
        let there = std::iter::once(sale).chain(parked).chain(unresolved);
        let there = there.into_iter().any(|sale| sale.reference == *reference);
        must(there || *lines == 0 || till.seen.contains(reference), || {
            format!("{reference} had {lines} lines and is nowhere")
        })?;
    }
    Ok(())
}

/// At most one `start` takes effect per sale, unless its outcome was written off: then the journal
/// says which payment was found later.
pub fn charged_once(server: &Server, tills: &[Till]) -> Checked {
    let mut charged = server.captured().iter();
    let twice = charged.find(|(_, ids)| {
        // What was cancelled is charged no more.
        let ends =
            |id: &&String| server.status(id) == Some(Status::Cancelled) || is_found_paid(tills, id);
        ids.len() > ids.iter().filter(ends).count() + 1
    });
    twice.map_or(Ok(()), |(reference, ids)| Err(format!("{reference} is charged as {ids:?}")))
}

/// A journal says that this transaction was written off and turned out paid.
fn is_found_paid(tills: &[Till], of: &str) -> bool {
    tills.iter().flat_map(|till| till.disk.kept()).any(
        |record| matches!(&record.change, kasse::till::Change::FoundPaid { id, .. } if id == of),
    )
}

/// True while a till waits for anything by itself.
pub fn is_waiting(state: &State) -> bool {
    matches!(state.sale.step, Step::Paying(_) | Step::Unknown(_) | Step::Basket(Some(_)))
        || !state.unresolved.is_empty()
        || state.cancellations.iter().any(kasse::till::Cancellation::is_expected)
        || state.waiting.any(|w| matches!(w, Waiter::Connect | Waiter::Release { .. }))
}

/// When nothing is left to wait for: the tills and the server agree to the cent.
pub fn settled(tills: &[Till], server: &Server, opening: &Fixtures) -> Checked {
    charged_once(server, tills)?;
    let mut booked: BTreeMap<String, Vec<&Finished>> = BTreeMap::new();
    for till in tills {
        must(!is_waiting(&till.state), || {
            format!("an outcome stays open: {:?}", till.state.sale.step)
        })?;
        must(till.state.abandoned.is_empty(), || "a transaction is not given up".to_owned())?;
        for finished in till.finished.values() {
            booked.entry(finished.id.clone()).or_default().push(finished);
        }
    }
    for (id, of) in &booked {
        // A copy of a till's disk brings its history along, and the same sale under the same name.
        must(of.iter().all(|finished| finished.reference == of[0].reference), || {
            format!("{id} is in the histories of two sales")
        })?;
    }
    let transactions = server.ledger().transactions();
    for transaction in &transactions {
        let Some(reference) = &transaction.transaction_ref else { continue };
        let finished = booked.remove(&transaction.id);
        let wrong = |what: &str| format!("{reference} ({}): {what}", transaction.id);
        match (transaction.status, finished) {
            (Status::Ok, Some(of)) => {
                let cancelled = of.iter().any(|finished| finished.cancelled.is_some());
                must(!cancelled, || wrong("cancelled at the till alone"))?;
                of.iter().try_for_each(|finished| same_money(finished, transaction))?;
            }
            (Status::Cancelled, Some(of)) => {
                let cancelled = of.iter().any(|finished| finished.cancelled.is_some());
                must(cancelled, || wrong("cancelled at the server alone"))?;
            }
            (Status::Ok | Status::Cancelled, None) if is_found_paid(tills, &transaction.id) => {}
            (Status::Ok | Status::Cancelled, None) => {
                return Err(wrong("paid, and no till knows"));
            }
            (_, Some(_)) => return Err(wrong("booked at the till and not paid")),
            (_, None) => {}
        }
    }
    must(booked.is_empty(), || format!("the server does not know {:?}", booked.keys()))?;
    conserved(&transactions, server, opening)
}

/// An unpaid transaction of ours that no sale at any till belongs to.
pub fn is_forgotten(transaction: &Transaction, tills: &[Till]) -> bool {
    let sales =
        tills.iter().flat_map(|till| std::iter::once(&till.state.sale).chain(&till.state.parked));
    matches!(transaction.status, Status::Created | Status::Processing)
        && transaction.transaction_ref.is_some()
        && !sales
            .into_iter()
            .any(|sale| sale.remote.as_ref().is_some_and(|remote| remote.id == transaction.id))
}

/// Basket, remainder and what the card paid are what the till showed.
fn same_money(finished: &Finished, transaction: &Transaction) -> Checked {
    let Finished { reference, basket, payment, .. } = finished;
    let info = &transaction.basket_info;
    let due = info.missing_sum.unwrap_or(info.sum);
    must(basket.sum() == info.sum, || {
        format!("{reference}: {:?} at the till, {:?} at the server", basket.sum(), info.sum)
    })?;
    must(payment.due == due, || {
        format!("{reference}: the till took {:?}, the server says {due:?}", payment.due)
    })?;
    let rows = basket.rows().map(|row| (row.name, row.quantity, row.price));
    let sent = transaction.basket.products.iter();
    let sent = sent.map(|item| (item.desc.as_str(), item.quantity, item.price_one));
    must(rows.eq(sent.take(basket.rows().count())), || format!("{reference}: other rows"))
}

/// Money on cards: what they opened with and every booking, and every booking has its reason.
fn conserved(transactions: &[Transaction], server: &Server, opening: &Fixtures) -> Checked {
    let bookings = server.ledger().bookings();
    for card in &opening.cards {
        let own = || bookings.iter().filter(|booking| booking.card == card.number);
        let cash: Money = own().map(|booking| booking.cash).sum();
        let bonus: Money = own().map(|booking| booking.bonus).sum();
        let balance = server.ledger().balance(&card.number).ok_or("a card is gone")?;
        must(balance.cash == card.cash + cash && balance.bonus == card.bonus + bonus, || {
            format!("the balance of a card is {balance:?}, not what was booked")
        })?;
        must(!balance.cash.is_negative() && !balance.bonus.is_negative(), || {
            format!("a card is overspent: {balance:?}")
        })?;
    }
    transactions.iter().try_for_each(|transaction| reasoned(transaction, &bookings))
}

fn reasoned(transaction: &Transaction, bookings: &[Booking]) -> Checked {
    let own: Vec<&Booking> =
        bookings.iter().filter(|booking| booking.transaction == transaction.id).collect();
    let cash: Money = own.iter().map(|booking| booking.cash).sum();
    let bonus: Money = own.iter().map(|booking| booking.bonus).sum();
    let wrong = || format!("{}: booked {cash:?} and {bonus:?}", transaction.id);
    if transaction.status != Status::Ok {
        return must(cash.is_zero() && bonus.is_zero(), wrong);
    }
    let info = &transaction.basket_info;
    let lines = &transaction.basket.products;
    let total = |of: &dyn Fn(&&kasse::wire::Item) -> bool| -> Money {
        lines.iter().filter(of).map(|line| line.price_one.times(line.quantity)).sum()
    };
    let charged = total(&|line| line.ean == CHARGE_EAN);
    let redeemed = total(&|line| line.article_number.starts_with(BONUS));
    let by_card = info.sum - info.missing_sum.unwrap_or(info.sum);
    must(own.len() <= 1, wrong)?;
    // Bonus that was redeemed stands in the basket as products of its own; some is collected.
    must(cash == charged - (by_card + redeemed), wrong)?;
    must(bonus >= redeemed, wrong)
}
