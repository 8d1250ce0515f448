//! A day begins: the VAT rates of that day count, also for what is in the basket already.

use jiff::civil::Date;

use super::Context;
use crate::shop::{Line, VatRate};
use crate::till::allowed::not_stopped;
use crate::till::{Level, Message, Settings, Step};

impl Context<'_> {
    /// The rates of `day` count from now on. Parked sales follow when they are taken back.
    pub(super) fn day(&mut self, day: Date) {
        self.state.today = day;
        self.rate_by_day();
    }

    /// Gives the lines of the sale at hand the rates of the day, unless it is being paid, and says
    /// so. Prices are gross: no sum changes, but an applied card must be applied again.
    pub(super) fn rate_by_day(&mut self) {
        let open = matches!(self.state.sale.step, Step::Basket(_) | Step::Tender(_));
        if !open || not_stopped(self.state).is_err() {
            return;
        }
        let today = self.state.today;
        let lines = self.state.sale.basket.lines().iter().enumerate();
        let outdated: Vec<(usize, Line)> = lines
            .filter_map(|(index, line)| Some((index, rated(line, self.settings, today)?)))
            .collect();
        let Some((first, now)) = outdated.first() else { return };
        let line = self.state.sale.basket.lines().get(*first);
        let message = Message::VatChanged {
            lines: outdated.len(),
            from: line.map_or(now.vat, |line| line.vat),
            to: now.vat,
        };
        if matches!(self.state.sale.step, Step::Tender(_)) {
            self.state.sale.step = Step::Basket(None);
            // What was typed for the payment is no part of a code scanned next.
            self.state.entry.refuse();
        }
        for (index, line) in outdated {
            self.replace_line(index, line);
        }
        if self.state.notice.as_ref().is_some_and(|notice| notice.level == Level::Error) {
            // Good news would not be seen behind an error.
            self.error(message);
        } else {
            self.info(message);
        }
    }
}

/// The line with the rates of the day; `None`: it has them.
fn rated(line: &Line, settings: &Settings, today: Date) -> Option<Line> {
    let rate = |class: &Option<String>, known: VatRate| {
        // A class that the shop has no more keeps its rate.
        class.as_ref().and_then(|class| settings.vat.of_class(class, today)).unwrap_or(known)
    };
    let vat = rate(&line.class, line.vat);
    let of_deposit = line.deposit.as_ref().map(|deposit| rate(&deposit.class, deposit.vat));
    if vat == line.vat && of_deposit == line.deposit.as_ref().map(|deposit| deposit.vat) {
        return None;
    }
    let mut line = line.clone();
    if line.class.is_some() {
        line.vat = vat;
        line.sent_vat = vat;
    }
    if let (Some(deposit), Some(vat)) = (&mut line.deposit, of_deposit) {
        deposit.vat = vat;
    }
    Some(line)
}
