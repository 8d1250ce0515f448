//! Other transactions with the reference of a sale that is not paid on its first one.
//!
//! An earlier attempt may have been paid late; and a copy of the state directory (a restored
//! backup, a cloned machine) holds the same sale under the same reference. Before such a sale is
//! paid, the server is asked for all its transactions: a paid one ends the way, an open one is
//! given up first. Of two copies at work at the same time each gives up the other's open
//! transaction, so both can fail but never both can pay.

use super::Context;
use super::server::Plan;
use crate::till::{Call, CallKind, Message, Step, Work};
use crate::wire::{DownReason, Status, Transaction};

impl Context<'_> {
    pub(super) fn siblings_found(&mut self, work: &Work, found: &[Transaction]) {
        let own = self.state.sale.remote.as_ref().map(|remote| remote.id.as_str());
        let paid = found.iter().find(|sibling| may_be_paid(sibling.status));
        if let Some(paid) = paid {
            let sum = paid.basket_info.sum;
            self.state.sale.step = Step::Basket(None);
            return self.error(Message::PaidElsewhere(sum));
        }
        let open = found
            .iter()
            .find(|sibling| is_open(sibling.status) && Some(sibling.id.as_str()) != own);
        if let Some(open) = open {
            let call = Call::Abort(open.id.clone());
            return self.send_for(Plan::on(work), CallKind::Fence, call);
        }
        self.state.sale.check_siblings = false;
        self.send_next(Plan::on(work));
    }

    /// Once the other one is given up, the server is asked again: another may be open beside it.
    pub(super) fn sibling_fenced(&mut self, work: &Work, sibling: &Transaction) {
        if is_open(sibling.status) {
            self.unanswered(work, DownReason::Unreadable, true);
        } else {
            self.send_next(Plan::on(work));
        }
    }
}

const fn is_open(status: Status) -> bool {
    matches!(status, Status::Created | Status::Processing)
}

/// Every status but those that say "not paid" may mean that money was taken.
const fn may_be_paid(status: Status) -> bool {
    !is_open(status) && !matches!(status, Status::Failed | Status::Aborted | Status::Cancelled)
}
