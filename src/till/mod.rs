//! The till: a pure state machine from keys and answers to state and effects.
//!
//! Owns the sale's steps, the meaning of every key and every decision about money. `update` is the
//! only place where the state changes. Must not do input or output, read a clock, make random
//! numbers or wait: time, ids and answers come in as data, wishes go out as data.

mod access;
mod added;
mod allowed;
pub mod bounds;
mod call;
mod call_id;
mod cancellation;
mod card;
mod cause;
mod columns;
mod command;
mod effect;
mod event;
mod head;
mod kept_lines;
mod key;
mod keymap;
mod message;
mod outcome;
mod overlay;
mod pairing;
mod pin;
pub(in crate::till) mod press;
mod reason;
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
mod waiting;

pub use access::{Access, Role};
pub use added::{Added, Measure};
pub use allowed::{allowed, allowed_after_typing, allowed_in_menu};
pub use call::{Answer, Call, HistoryPage, ServerKind};
pub use call_id::CallId;
pub use cancellation::{
    Back, CancelStep, CancelTarget, Cancellation, Cancelled, CardSide, NextCancel, Slips,
};
pub use card::{
    CardIdent, CardState, CardView, CheckIn, PasscodeRule, Programme, Proof, SaleCard, Validity,
};
pub use cause::Cause;
pub use columns::{Moves, Needs, Over, Row, Steps, Takes};
pub use command::{COMMANDS, Command, DiscountBy, DiscountOf, Group};
pub use effect::{Effect, Ending};
pub use event::Event;
pub use head::HeadChange;
pub use key::{Key, UnknownKey};
pub use keymap::{Keymap, KeymapError};
pub use message::{Action, Level, Message, Notice};
pub use outcome::{
    Abandoned, Abort, ENOUGH_ANSWERS, Finished, Inquiry, NextQuestion, Offer, Paying, Payment,
    ReleaseRetry,
};
pub use overlay::*;
pub use pairing::{NextPoll, Pairing, Waiting};
pub use pin::{Tries, wait_after};
pub use press::{Press, Sign};
pub use record::{Booked, Change, MissingEnd, Other, Record, Stage};
pub use refusal::Refusal;
pub use replay::{Replay, finished};
pub use sale::{Applied, CallKind, Goal, Remote, Sale, Step, Tender, Work};
pub use screen::{Entry, Fate, Held, Multiplier, Screen, Seen};
pub use settings::{DiscountTexts, Printing, QUICK_KEYS, Quick, Reasons, Settings, TopUp};
pub use state::{Link, State};
pub use terminal::{Run, Slip, TerminalRun};
pub use trainer::FAULTS;
pub use trial::{Trial, outcomes};
pub use update::update;
pub use waiting::{Awaited, Waiter, Waiters};
