//! The last exchanges with the server: looking at them and writing them down.
//!
//! The till keeps none: whoever carries out effects has them, already masked, and hands them over
//! while they are looked at.

use std::sync::Arc;

use super::Context;
use crate::exchange::{Exchange, Progress};
use crate::till::{Effect, Inspector, Message, Overlay};

/// Fewer columns than any screen leaves for a line of a body.
const NARROWEST: usize = 32;

impl Context<'_> {
    pub(super) fn inspect(&mut self) {
        self.open(Overlay::Wire(Inspector::default()));
        if self.state.is_inspecting() {
            self.effects.push(Effect::Inspect);
        }
    }

    /// What has come meanwhile: the list, and the end of the exchange that is open.
    pub(super) fn exchanges(&mut self, exchanges: Vec<Arc<Exchange>>) {
        for overlay in &mut self.state.overlays {
            if let Overlay::Exchange(open, _) = overlay
                && let Some(newer) = exchanges.iter().find(|exchange| exchange.id == open.id)
            {
                *open = Arc::clone(newer);
            }
        }
        for overlay in &mut self.state.overlays {
            if let Overlay::Wire(inspector) = overlay {
                inspector.exchanges = exchanges;
                return;
            }
        }
    }

    pub(super) fn show_exchange(&mut self, inspector: &Inspector) {
        match inspector.at(inspector.index()) {
            Some(exchange) => {
                let exchange = Arc::clone(exchange);
                // The list must show it again, whatever comes meanwhile.
                if let Some(Overlay::Wire(inspector)) = self.state.overlays.last_mut() {
                    inspector.selected = Some(exchange.id);
                }
                self.state.overlays.push(Overlay::Exchange(exchange, 0));
            }
            None => self.bell(),
        }
    }

    /// Writes down the exchange that is open, or all of them.
    pub(super) fn export(&mut self) {
        let exchanges = match self.state.overlays.last() {
            Some(Overlay::Exchange(exchange, _)) => vec![Arc::clone(exchange)],
            Some(Overlay::Wire(inspector)) => inspector.exchanges.clone(),
            _ => Vec::new(),
        };
        if exchanges.is_empty() {
            self.error(Message::NotHere(crate::till::Command::Wire));
        } else {
            self.effects.push(Effect::Export(exchanges));
        }
    }
}

/// At least as many rows as the exchange fills: the drawing cuts to those that there are.
pub(super) fn rows_of(exchange: &Exchange) -> usize {
    let rows = |text: &str| -> usize {
        text.lines().map(|line| 1 + line.chars().count() / NARROWEST).sum::<usize>() + 5
    };
    let answer = match &exchange.progress {
        Progress::Answered { body, .. } => rows(&body.text),
        Progress::Pending | Progress::Lost { .. } => 2,
    };
    rows(&exchange.url) + rows(&exchange.request.text) + answer
}
