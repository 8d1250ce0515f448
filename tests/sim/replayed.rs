//! What the journal says of a till beside the till itself: no change is left out of the records.

use kasse::till::{Sale, ServerKind, State, Step};

use super::till::Till;

/// The sales, transactions and cancellations that a start would come back to are those of the till.
pub fn agrees(till: &mut Till) -> Result<(), String> {
    let told_more = std::mem::take(&mut till.told_more);
    let fails = till.disk.is_full() || till.state.stopped.is_some();
    if !told_more || fails || !till.is_real() {
        return Ok(());
    }
    let mut again = State::new("again", ServerKind::Sandbox, till.state.now);
    till.told.clone().into_state(&mut again);
    let (live, kept) = (said(&till.state), said(&again));
    if live == kept {
        Ok(())
    } else {
        Err(format!("the till has\n{live:#?}\nits journal\n{kept:#?}"))
    }
}

/// What must come back, as text: sales at hand, parked and unresolved, each by itself; then what is
/// asked after.
fn said(state: &State) -> [Vec<String>; 5] {
    let all = |sales: &[Sale]| sales.iter().map(sale).collect();
    let blank = state.sale.is_blank() && !state.sale.is_known_to_server();
    let mut abandoned: Vec<String> = state.abandoned.iter().map(|of| format!("{of:?}")).collect();
    abandoned.sort();
    let cancels = state.cancellations.iter();
    let mut cancels: Vec<String> =
        cancels.map(|of| format!("{} {:?} {:?}", of.id, of.step, of.whose)).collect();
    cancels.sort();
    let at_hand = if blank { Vec::new() } else { vec![sale(&state.sale)] };
    let mut unresolved: Vec<String> = all(&state.unresolved);
    unresolved.sort();
    [at_hand, all(&state.parked), unresolved, abandoned, cancels]
}

fn sale(sale: &Sale) -> String {
    let Sale { reference, basket, card, use_card, attempts, remote, create_sent, step, .. } = sale;
    let remote = remote.as_ref().map(|remote| (&remote.id, &remote.applied));
    let step = match step {
        Step::Basket(_) => "basket".to_owned(),
        Step::Tender(tender) => format!("{tender:?}"),
        Step::Paying(paying) => format!("{:?}", paying.payment.call),
        Step::Unknown(inquiry) => format!("{:?}", inquiry.payment.call),
        // Its payment may have begun by the clock of an earlier run.
        Step::Done(finished) => {
            let mut finished = finished.clone();
            finished.payment.since = 0;
            format!("{finished:?}")
        }
    };
    let server = (attempts, remote, create_sent);
    format!("{reference} {basket:?} {card:?} {use_card} {server:?} {step}")
}
