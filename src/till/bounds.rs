//! How much a state holds at the most of what piles up while nobody looks. No bound drops anything
//! that money may hang on.

/// Sales that a cashier can park; the next one is refused. Sales that turn out unpaid after they
/// were put aside are parked all the same: at most [`PAYMENTS`] more.
pub const PARKED: usize = 99;

/// Payments without a known outcome that were put aside. The next one stays at hand, so that
/// nothing else is sold before one of them is known. Also so many that were written off and are
/// still asked after: the next one cannot be written off.
pub const PAYMENTS: usize = 20;

/// Cancellations without a known outcome; the next one is refused.
pub const CANCELLATIONS: usize = 20;

/// Unpaid transactions that are to be given up on the server. Beyond it, the oldest is left alone:
/// no payment was begun for it.
pub const ABANDONED: usize = 100;

/// Errors that wait behind the one that is shown. Those beyond it are counted in one that must be
/// dismissed before anything is paid.
pub const ERRORS: usize = 50;

/// Calls on their way: one for each of the payments and cancellations above, and those of the sale
/// at hand, the terminal and the overlays.
pub const CALLS: usize = PAYMENTS + CANCELLATIONS + 20;
