//! Counts panics, those of tasks too, which nobody would see otherwise.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

thread_local! {
    static PANICS: Cell<u64> = const { Cell::new(0) };
}

static HOOK: Once = Once::new();

/// Counts from now on, on every thread for itself.
pub fn watch() {
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            PANICS.with(|panics| panics.set(panics.get() + 1));
            before(info);
        }));
    });
}

/// The panics of this thread so far.
pub fn count() -> u64 {
    PANICS.with(Cell::get)
}
