//! Fault scripts: what goes wrong, where and how often, switchable while the sandbox serves.
//!
//! Owns the grammar (`text`), the drawing (`draw`) and the damaged answer bodies (`body`). Decides
//! which faults hit a call; `routes` carries them out. Must not know the ledger or the routes.
//!
//! A fault is one line of text, the same for `--fault`, the config and `PUT /sandbox/faults`:
//!
//! ```text
//! fault = name [ "=" value ] [ "@" place ] [ when ]
//! place = "any" | "token" | "create" | "list" | "read" | "update" | "pre_transaction"
//!       | "start" | "abort" | "cancel" | "cards"              default: any
//! when  = ":" chance | "#" count | "%" period                 default: every time
//! ```
//!
//! A chance is a fraction (`:1/3`) or a decimal (`:0.25`), `#2` hits the next two calls and is used
//! up then, `%3` hits every third call. Calls are those at the fault's place; `list` is the look-up
//! of transactions by `transactionRef`. Calls without a name here (`prepare`, `diagnosis`, …) are
//! hit by faults at `any` place.
//!
//! | name | value | what happens |
//! |---|---|---|
//! | `latency` | `MS` or `MS..MS` | the call waits that long before it takes effect |
//! | `lag` | `MS` | a replica that lags: transactions created less than that ago (in whole seconds) are unknown to calls that name them, and no list has them |
//! | `card-spent` | | another till spends all that the card of this transaction holds right before the call |
//! | `duplicate` | | a gateway delivers the call twice: it takes effect twice, the second answer counts |
//! | `lost-request` | | the connection closes; nothing takes effect |
//! | `restart` | | all tokens are forgotten and all connections close; nothing takes effect |
//! | `error-500` | `before` (default) or `after` | a 500, without or with the effect |
//! | `html` | `before` (default) or `after` | a proxy's 502 page without, a 200 page with the effect |
//! | `token-expired` | | 403 with code 2003; nothing takes effect |
//! | `too-many` | | 429; nothing takes effect |
//! | `refused` | `STATUS` or `STATUS-bare` | refused with that status, 400 to 499; nothing takes effect. With the API's error body, or as a gateway refuses |
//! | `refused-after` | the same | the call takes effect and is refused all the same |
//! | `other-answer` | `whole` (default), `id`, `reference`, `sum`, `currency` | the call takes effect; the answer is that of the newest other transaction, or differs in this |
//! | `other-answer` | `unsent` | nothing takes effect; the answer is that of another transaction, of a paid one if there is any |
//! | `lost-answer` | | the call takes effect, the connection closes without an answer |
//! | `torn-body` | | the call takes effect, its answer breaks off in the middle |
//! | `slow-drip` | `MS` | the call takes effect, its answer trickles over that time |
//!
//! Delays add up; of the faults that prevent the effect the first that hits counts, and of those
//! that damage the answer the first if there is an answer at all. Each fault draws from a sequence
//! of its own that follows from the sandbox's seed and the fault's place in the list: equal seeds,
//! scripts and orders of calls give equal faults. What has arrived takes effect even when the
//! caller hangs up during a delay.

pub(crate) mod body;
pub(crate) mod draw;
pub(crate) mod fault;
pub(crate) mod text;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sandbox::faults::draw::{Armed, Verdict};
use crate::sandbox::faults::fault::{Fault, Place};

/// The faults that are switched on. Shared by the server and those who switch them.
pub struct Faults {
    seed: u64,
    /// Whether there is any fault at all: spares every call of a faultless sandbox the lock.
    some: AtomicBool,
    armed: Mutex<Vec<Armed>>,
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.current().iter().map(ToString::to_string)).finish()
    }
}

impl Faults {
    /// These faults; what they hit follows from `seed`.
    #[must_use]
    pub fn new(seed: u64, faults: Vec<Fault>) -> Self {
        let these = Self { seed, some: AtomicBool::new(false), armed: Mutex::default() };
        these.set(faults);
        these
    }

    /// Replaces all faults from the next call on. Counts and sequences start over.
    pub fn set(&self, faults: Vec<Fault>) {
        let mut armed = self.armed();
        *armed = draw::armed(self.seed, faults);
        self.some.store(!armed.is_empty(), Ordering::Release);
    }

    /// What is switched on now, in the order given. A fault for the next calls has the number of those that are
    /// left and is gone when it is used up.
    #[must_use]
    pub fn current(&self) -> Vec<Fault> {
        self.armed().iter().filter_map(Armed::left).collect()
    }

    /// The names of all faults there are, in the order of the table above.
    #[must_use]
    pub const fn names() -> &'static [&'static str] {
        &fault::NAMES
    }

    /// What goes wrong with a call that arrives now, `None` for nothing.
    pub(crate) fn decide(&self, call: Place) -> Option<Verdict> {
        if !self.some.load(Ordering::Acquire) {
            return None;
        }
        let verdict = draw::decide(&mut self.armed(), call);
        (verdict != Verdict::default()).then_some(verdict)
    }

    fn armed(&self) -> MutexGuard<'_, Vec<Armed>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
