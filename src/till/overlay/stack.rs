//! The stack of overlays: what opening one does to the others, and what takes them away.
//!
//! Owns the policies; each overlay decides by [`super::Layer`] what it does about them.

use std::mem::discriminant;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::{Overlay, Receipt};
use crate::till::Finished;

/// What lies over the panels, the topmost last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Overlays(Vec<Overlay>);

/// What comes up while overlays are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::till) enum Coming {
    /// Another overlay in their place.
    Another,
    /// An article or a card for the sale, or a key that changes the sale or pays.
    Sale,
    /// The next step of the sale: the tender step, a payment on its way, a paid sale, a passcode.
    Step,
    /// An overlay that comes first, by itself.
    Interruption,
}

/// How a list that an overlay may show has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::till) enum Shift {
    /// A row has come into the list of open outcomes, at this index.
    OpenAdded(usize),
    /// The row at this index has left the list of open outcomes, which has so many now.
    OpenTaken(usize, usize),
}

/// What becomes of an overlay after a [`Shift`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::till) enum After {
    /// It stays, and with it what lies over it.
    Stays,
    /// It highlights another row: a question over it is about one that is gone, and closes.
    AnotherRow,
}

impl Overlays {
    /// Opens `overlay` over all that are open; it is about what lies below.
    pub fn cover(&mut self, overlay: Overlay) {
        self.0.push(overlay);
    }

    /// Opens `overlay` in place of those that are open.
    pub(in crate::till) fn replace(&mut self, overlay: Overlay) {
        self.leave(Coming::Another);
        self.cover(overlay);
    }

    /// As [`Self::replace`], but one of the same kind on top only closes: its key was pressed
    /// again. True if `overlay` is open now.
    pub(in crate::till) fn toggle(&mut self, overlay: Overlay) -> bool {
        let same = self.last().is_some_and(|top| discriminant(top) == discriminant(&overlay));
        self.leave(Coming::Another);
        if !same {
            self.cover(overlay);
        }
        !same
    }

    /// Opens `overlay`, which comes by itself, below those that stay: they are answered first.
    pub(in crate::till) fn interrupt(&mut self, overlay: Overlay) {
        self.leave(Coming::Interruption);
        self.0.insert(0, overlay);
    }

    /// Something comes up: those that do not stay close.
    pub(in crate::till) fn leave(&mut self, coming: Coming) {
        self.0.retain(|overlay| overlay.layer().stays(coming));
    }

    /// Closes the topmost one.
    pub fn close(&mut self) {
        self.0.pop();
    }

    /// What these are about is settled: they close wherever they lie. True if there were any.
    pub(in crate::till) fn settle(&mut self, settled: fn(&Overlay) -> bool) -> bool {
        let open = self.0.len();
        self.0.retain(|overlay| !settled(overlay));
        self.0.len() < open
    }

    /// A list has changed that some of them may show.
    pub(in crate::till) fn shift(&mut self, shift: Shift) {
        let mut index = 0;
        while let Some(overlay) = self.0.get_mut(index) {
            match overlay.change(|layer| layer.shifted(shift)) {
                After::Stays => {}
                After::AnotherRow => {
                    if matches!(self.0.get(index + 1), Some(Overlay::Confirm(_))) {
                        self.0.remove(index + 1);
                    }
                }
            }
            index += 1;
        }
    }

    /// Makes a change of a paid sale where one of them shows it.
    pub(in crate::till) fn change_sale(&mut self, reference: &str, change: &dyn Fn(&mut Finished)) {
        for overlay in &mut self.0 {
            match overlay {
                Overlay::History(list) => list.change(reference, change),
                Overlay::Receipt(Receipt { of: Some(sale), .. }) if sale.reference == reference => {
                    change(sale);
                }
                _ => {}
            }
        }
    }

    /// The topmost one.
    pub(in crate::till) fn top_mut(&mut self) -> Option<&mut Overlay> {
        self.0.last_mut()
    }

    /// All of them, the topmost last.
    pub(in crate::till) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Overlay> {
        self.0.iter_mut()
    }
}

impl Deref for Overlays {
    type Target = [Overlay];

    fn deref(&self) -> &[Overlay] {
        &self.0
    }
}

impl FromIterator<Overlay> for Overlays {
    fn from_iter<T: IntoIterator<Item = Overlay>>(overlays: T) -> Self {
        Self(overlays.into_iter().collect())
    }
}

impl<const N: usize> From<[Overlay; N]> for Overlays {
    fn from(overlays: [Overlay; N]) -> Self {
        Self(overlays.into())
    }
}

impl<const N: usize> PartialEq<[Overlay; N]> for Overlays {
    fn eq(&self, other: &[Overlay; N]) -> bool {
        self.0 == other
    }
}
