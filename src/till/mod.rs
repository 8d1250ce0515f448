//! The till: a pure state machine from keys and answers to state and effects.
//!
//! Owns the sale's steps, the meaning of every key and every decision about money. `update` is the
//! only place where the state changes. Must not do input or output, read a clock, make random
//! numbers or wait: time, ids and answers come in as data, wishes go out as data.

mod allowed;
mod cancellation;
mod card;
mod cause;
mod columns;
mod command;
mod effect;
mod event;
mod key;
mod keymap;
mod listing;
mod message;
mod outcome;
mod pairing;
mod pin;
pub(in crate::till) mod press;
mod record;
mod refusal;
mod replay;
mod sale;
mod screen;
mod settings;
mod state;
mod terminal;
mod trainer;
mod trial;
mod update;

pub use allowed::{allowed, allowed_after_typing, allowed_in_menu};
pub use cancellation::{
    Back, CancelStep, CancelTarget, Cancellation, Cancelled, CardSide, NextCancel, Slips,
};
pub use card::{
    CardIdent, CardLookup, CardState, CardView, CheckIn, Choice, CodeCheck, CodeEntry, CscCheck,
    LockDetails, Lookup, PasscodeRule, Programme, Proof, SaleCard,
};
pub use cause::Cause;
pub use columns::{Moves, Needs, Over, Role, Row, Steps, Takes};
pub use command::{COMMANDS, Command, Group};
pub use effect::{Answerless, Call, CallId, Effect, Ending};
pub use event::{Event, Reply};
pub use key::{Key, UnknownKey};
pub use keymap::{Keymap, KeymapError};
pub use listing::{Fetch, Listed, Listing};
pub use message::{Action, Level, Message, Notice};
pub use outcome::{
    Abandoned, Abort, ENOUGH_ANSWERS, Finished, Inquiry, NextQuestion, Offer, Paying, Payment,
    Release, ReleaseRetry,
};
pub use pairing::{NextPoll, Pairing, Waiting};
pub use pin::{PinEntry, PinPrompt, PinPurpose, PinStep, Tries, wait_after};
pub use press::{Press, Sign};
pub use record::{Change, Head, MissingEnd, Other, Record, Stage};
pub use refusal::Refusal;
pub use replay::Replay;
pub use sale::{Applied, CallKind, Goal, Pending, Remote, Sale, Step, Tender, Work};
pub use screen::{Entry, Fate, Held, Hits, Inspector, Multiplier, Overlay, Screen, Seen};
pub use settings::{Access, Printing, Settings, TopUp};
pub use state::{HISTORY, Link, ServerKind, State};
pub use terminal::{Run, Slip, TerminalRun};
pub use trainer::FAULTS;
pub use trial::{Trial, outcomes};
pub use update::{menu_commands, update};
