//! A day begins: VAT rates may change.

use jiff::civil::Date;

use super::Context;

impl Context<'_> {
    /// The rates of `day` count from now on.
    pub(super) fn day(&mut self, day: Date) {
        self.state.today = day;
    }
}
