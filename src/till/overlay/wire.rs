//! The last exchanges with the server, and one of them whole: looked at and written down.
//!
//! The till keeps none: what carries out effects has them, already masked, and hands them over
//! while they are looked at.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Hint, Label, Layer, Overlay, Then, moved};
use crate::exchange::{Exchange, Progress};
use crate::till::update::Context;
use crate::till::{Command, Effect, Message, Settings, State};

/// Fewer columns than any screen leaves for a line of a body.
const NARROWEST: usize = 32;

/// The exchanges at hand and the highlighted one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspector {
    /// The oldest first; shown the newest first.
    pub exchanges: Vec<Arc<Exchange>>,
    /// Its number, while it is kept; `None`: always the newest.
    pub selected: Option<u64>,
}

impl Inspector {
    /// The index of the highlighted exchange, from the newest.
    #[must_use]
    pub fn index(&self) -> usize {
        let Some(selected) = self.selected else { return 0 };
        let newest_first = self.exchanges.iter().rev();
        let index = newest_first.take_while(|exchange| exchange.id != selected).count();
        index.min(self.exchanges.len().saturating_sub(1))
    }

    /// The exchange at this index from the newest.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&Arc<Exchange>> {
        self.exchanges.iter().rev().nth(index)
    }
}

/// The exchange that is shown, and the lines scrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneExchange(pub Arc<Exchange>, pub usize);

impl Layer for Inspector {
    fn rows(&self, _: &State, _: &Settings) -> usize {
        self.exchanges.len()
    }

    fn moved(&mut self, command: Command, rows: usize) -> Then {
        let index = moved(self.index(), command, rows);
        self.selected = self.at(index).map(|exchange| exchange.id);
        |_| ()
    }

    fn enter(&self, context: &mut Context) {
        let Some(exchange) = self.at(self.index()) else { return context.bell() };
        // The list must show it again, whatever comes meanwhile.
        if let Some(Overlay::Wire(inspector)) = context.state.overlays.top_mut() {
            inspector.selected = Some(exchange.id);
        }
        let one = OneExchange(Arc::clone(exchange), 0);
        context.state.overlays.cover(Overlay::Exchange(one));
    }

    fn right(&self, context: &mut Context) {
        context.export(self.exchanges.clone());
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        let (show, export) = (Hint::enter(Label::Show), Hint::right(Label::ExportAll));
        vec![Hint::CHOOSE, show, export, Hint::CLOSE]
    }
}

impl Layer for OneExchange {
    fn rows(&self, _: &State, _: &Settings) -> usize {
        rows_of(&self.0)
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.1)
    }

    fn right(&self, context: &mut Context) {
        context.export(vec![Arc::clone(&self.0)]);
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        vec![Hint::CLOSE, Hint::SCROLL, Hint::right(Label::ExportOne)]
    }
}

impl Context<'_> {
    pub(in crate::till) fn inspect(&mut self) {
        if self.state.overlays.toggle(Overlay::Wire(Inspector::default())) {
            self.effects.push(Effect::Inspect);
        }
    }

    /// What has come meanwhile: the list, and the end of the exchange that is open.
    pub(in crate::till) fn exchanges(&mut self, exchanges: &[Arc<Exchange>]) {
        for overlay in self.state.overlays.iter_mut() {
            match overlay {
                Overlay::Exchange(OneExchange(open, _)) => {
                    if let Some(newer) = exchanges.iter().find(|newer| newer.id == open.id) {
                        *open = Arc::clone(newer);
                    }
                }
                Overlay::Wire(inspector) => exchanges.clone_into(&mut inspector.exchanges),
                _ => {}
            }
        }
    }

    /// Writes exchanges down.
    fn export(&mut self, exchanges: Vec<Arc<Exchange>>) {
        if exchanges.is_empty() {
            self.error(Message::NotHere(Command::Wire));
        } else {
            self.effects.push(Effect::Export(exchanges));
        }
    }
}

/// At least as many rows as the exchange fills: the drawing cuts to those that there are.
fn rows_of(exchange: &Exchange) -> usize {
    let rows = |text: &str| -> usize {
        text.lines().map(|line| 1 + line.chars().count() / NARROWEST).sum::<usize>() + 5
    };
    let answer = match &exchange.progress {
        Progress::Answered { body, .. } => rows(&body.text),
        Progress::Pending | Progress::Lost { .. } => 2,
    };
    rows(&exchange.url) + rows(&exchange.request.text) + answer
}
