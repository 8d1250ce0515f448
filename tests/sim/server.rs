//! The server of the simulated world: the real ledger, asked in the till's terms.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use kasse::sandbox::{Clock, Denied, Direct, Fixtures, Ledger, ManualClock};
use kasse::till::{Answer, Call, ServerKind};
use kasse::wire::{DeviceCode, Outcome, PairingAnswer, StartMethod, Status, Transaction};

use super::asked::{self, denial, told};
use super::network::{self, Gateway, Words};

pub struct Server {
    direct: Direct,
    hand: ManualClock,
    /// Seconds that the ledger's clock has been moved on.
    moved: u64,
    /// Transactions whose `start` took effect, by our reference of the sale.
    captured: BTreeMap<String, Vec<String>>,
    /// Polls of the pairing under way.
    polls: u32,
}

impl Server {
    pub fn new(seed: u64, fixtures: Fixtures) -> Self {
        let (clock, hand) = Clock::manual(Timestamp::from_second(1_600_000_000).unwrap());
        let direct = Direct::new(Arc::new(Ledger::new(fixtures, seed)), clock);
        Self { direct, hand, moved: 0, captured: BTreeMap::new(), polls: 0 }
    }

    pub fn ledger(&self) -> &Ledger {
        self.direct.ledger()
    }

    /// Sets the ledger's clock; `now` in ms.
    pub fn at(&mut self, now: u64) {
        let seconds = now / 1_000;
        self.hand.advance(i64::try_from(seconds - self.moved).unwrap());
        self.moved = seconds;
    }

    pub fn spend_at_other_till(&self, id: &str) {
        // Without such a transaction there is no card to spend.
        let _ = self.direct.spend_at_other_till(id);
    }

    pub fn status(&self, id: &str) -> Option<Status> {
        self.ledger().transaction(id).map(|transaction| transaction.status)
    }

    /// Transactions of each reference whose `start` took effect.
    pub const fn captured(&self) -> &BTreeMap<String, Vec<String>> {
        &self.captured
    }

    /// Takes the call; `None` while the terminal works on it, which `finish_terminal` ends.
    pub fn take(&mut self, call: &Call) -> Option<Outcome<Answer>> {
        Some(match call {
            Call::Connect => Outcome::Ok(ServerKind::Sandbox.into()),
            Call::Register => Outcome::Ok(self.register().into()),
            Call::Poll => Outcome::Ok(self.poll().into()),
            Call::SetFaults(faults) => Outcome::Ok(faults.clone().into()),
            Call::Find(reference) => {
                let found = self
                    .direct
                    .find(reference)
                    .into_iter()
                    .find(|found| matches!(found.status, Status::Created | Status::Processing));
                Outcome::Ok(found.into())
            }
            Call::Siblings(reference) => {
                let of_sale = |found: &Transaction| {
                    let rest = found.transaction_ref.as_deref();
                    let rest = rest.and_then(|of| of.strip_prefix(reference.as_str()));
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
                };
                let found = self.ledger().transactions().into_iter().filter(of_sale);
                Outcome::Ok(found.collect::<Vec<_>>().into())
            }
            Call::Start(id, StartMethod::Cashless) => match self.direct.begin_terminal(id) {
                Ok(()) => return None,
                Err(denied) => denial(denied),
            },
            Call::Start(id, method) => {
                let answer = self.direct.start(id, *method);
                self.note(&answer);
                told(answer)
            }
            // The ledger of this world knows sales and the balances of cards only.
            call => asked::answer(&self.direct, call)
                .unwrap_or_else(|| network::refusal(Gateway { http: 404, words: Words::Api })),
        })
    }

    /// The answer to `call` as a gateway gives it that mixes up two sales: that of another sale, or
    /// one that differs in one point only.
    pub fn mixed_up(&self, outcome: Outcome<Answer>, choice: u64) -> Outcome<Answer> {
        let Outcome::Ok(Answer::Transaction(mut answer)) = outcome else { return outcome };
        match choice % 4 {
            0 => answer.transaction_ref = Some("another-1".to_owned()),
            1 => answer.basket_info.sum += kasse::money::Money(1),
            2 => "CHF".clone_into(&mut answer.basket_info.currency),
            _ => {
                let others: Vec<Transaction> = self
                    .ledger()
                    .transactions()
                    .into_iter()
                    .filter(|other| other.id != answer.id)
                    .collect();
                match others.get(usize::try_from(choice / 4).unwrap() % others.len().max(1)) {
                    Some(other) => answer = other.clone(),
                    None => answer.transaction_ref = Some("another-1".to_owned()),
                }
            }
        }
        Outcome::Ok(answer.into())
    }

    /// The answer to the `start` of a sale that was paid, and is not that of `id`.
    pub fn of_another(&self, id: &str) -> Option<Outcome<Answer>> {
        let transactions = self.ledger().transactions();
        let paid = transactions.into_iter().find(|of| of.id != id && of.status == Status::Ok)?;
        Some(Outcome::Ok(paid.into()))
    }

    fn register(&mut self) -> PairingAnswer {
        self.polls = 0;
        let (user_code, address) = ("aa63q9k9".to_owned(), String::new());
        PairingAnswer::Code(DeviceCode { user_code, address, lives: 60_000, interval: 2_000 })
    }

    /// Somebody enters the code between the second poll and the third.
    const fn poll(&mut self) -> PairingAnswer {
        self.polls += 1;
        match self.polls {
            1 => PairingAnswer::Pending,
            2 => PairingAnswer::SlowDown,
            _ => PairingAnswer::Paired { sandbox: true },
        }
    }

    pub fn finish_terminal(&mut self, call: &Call) -> Option<Outcome<Answer>> {
        let Call::Start(id, _) = call else { return None };
        let answer = self.direct.finish_terminal(id);
        self.note(&answer);
        Some(told(answer))
    }

    fn note(&mut self, answer: &Result<Transaction, Denied>) {
        if let Ok(paid) = answer
            && paid.status == Status::Ok
        {
            // All transactions of a sale count together: `run-sale` and `run-sale-attempt`.
            let reference = paid.transaction_ref.as_deref().unwrap_or_default();
            let sale: Vec<&str> = reference.splitn(3, '-').take(2).collect();
            self.captured.entry(sale.join("-")).or_default().push(paid.id.clone());
        }
    }
}
