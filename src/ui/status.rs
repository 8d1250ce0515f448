//! The status panel: the states as steps, the transaction, what is pending, the link.

use ratatui::layout::Rect;

use super::layout::split;
use super::panel::Panel;
use super::pen::{Pen, inside};
use super::rows::{self, Row};
use super::theme::Role;
use crate::lang::fill;
use crate::till::{CallKind, Inquiry, Link, Message, NextQuestion, Paying, State, Step};
use crate::wire::{DownReason, StartMethod};

/// How far a step of the transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Not reached.
    Ahead,
    /// Reached.
    Reached,
    /// Passed over: no card was applied.
    Skipped,
    /// Being waited for.
    Awaited,
    /// Nobody knows.
    Open,
    /// It will not come.
    Failed,
}

impl Mark {
    const fn sign(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::Ahead, false) => "○",
            (Self::Ahead, true) => "( )",
            (Self::Reached, false) => "●",
            (Self::Reached, true) => "(*)",
            (Self::Skipped, false) => "–",
            (Self::Skipped, true) => "(-)",
            (Self::Awaited, false) => "◌",
            (Self::Awaited, true) => "(.)",
            (Self::Open, false) => "?",
            (Self::Open, true) => "(?)",
            (Self::Failed, false) => "×",
            (Self::Failed, true) => "(x)",
        }
    }

    const fn role(self) -> Role {
        match self {
            Self::Ahead | Self::Skipped => Role::Dim,
            Self::Reached => Role::Good,
            Self::Awaited => Role::Accent,
            Self::Open => Role::Warn,
            Self::Failed => Role::Error,
        }
    }
}

/// The three steps of the transaction on the server.
fn marks(state: &State) -> [Mark; 3] {
    let sale = &state.sale;
    let reached = |yes: bool| if yes { Mark::Reached } else { Mark::Ahead };
    let applied = sale.applied().is_some();
    match &sale.step {
        Step::Done(finished) => {
            let used = finished.applied.is_some();
            [Mark::Reached, if used { Mark::Reached } else { Mark::Skipped }, Mark::Reached]
        }
        Step::Paying(_) => [Mark::Reached, reached(applied), Mark::Awaited],
        Step::Unknown(_) => [Mark::Reached, reached(applied), Mark::Open],
        _ if failed(state) => [Mark::Reached, reached(applied), Mark::Failed],
        Step::Basket(work) => {
            let kind = work.as_ref().map(|work| work.kind);
            let created = match kind {
                Some(CallKind::Create) => Mark::Awaited,
                _ => reached(sale.remote.is_some()),
            };
            let processing = match kind {
                Some(CallKind::Apply) => Mark::Awaited,
                _ => reached(applied),
            };
            [created, processing, Mark::Ahead]
        }
        Step::Tender(_) => [reached(sale.remote.is_some()), reached(applied), Mark::Ahead],
    }
}

/// The server said that the payment failed, and nothing was done since.
fn failed(state: &State) -> bool {
    state.notice.as_ref().is_some_and(|notice| {
        matches!(
            notice.message,
            Message::PaymentFailed | Message::TerminalFailed(_) | Message::BrokenOff
        )
    })
}

/// What the panel shows.
#[derive(Debug, PartialEq)]
pub(super) struct Status {
    marks: [Mark; 3],
    rows: Vec<Row>,
}

impl Status {
    pub(super) fn of(pen: &Pen, state: &State, area: Rect) -> Self {
        let [_, below] = split(inside(area), 1);
        let mut list = Vec::new();
        if below.height > 5 {
            list.push(Row::gap());
        }
        match transaction(state) {
            Some(id) => list.push(Row::new(2, id, Role::Text)),
            // A failed one cannot be used again: there is none until the next attempt.
            None if failed(state) => {}
            None => list.push(Row::new(4, pen.words.no_transaction, Role::Dim)),
        }
        if let Some((text, seconds)) = pending(pen, state) {
            list.push(Row::pair(0, (text, Role::Accent), (seconds, Role::Accent)));
        }
        if let Step::Done(finished) = &state.sale.step
            && finished.applied.is_none()
            && finished.card.is_some()
        {
            list.push(Row::new(3, pen.words.skipped, Role::Dim));
        }
        let (text, role) = link(pen, state);
        for row in pen.wrap(&text, below.width) {
            list.push(Row::new(1, row, role));
        }
        if unsent(state) {
            list.push(Row::new(3, pen.words.unsent, Role::Dim));
        }
        Self { marks: marks(state), rows: list }
    }
}

impl Panel for Status {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let inner = pen.panel(area, pen.words.status, Role::Border);
        let [above, below] = split(inner, 1);
        steps(pen, above, self.marks);
        rows::draw(pen, below, &self.rows);
    }
}

/// Draws the steps in the widest form that fits; at worst the last one reached, in words.
fn steps(pen: &mut Pen, area: Rect, marks: [Mark; 3]) {
    let last = match marks {
        [_, _, Mark::Failed] => pen.words.failed,
        [_, _, Mark::Open] => pen.words.outcome_open,
        _ => pen.words.ok,
    };
    let names = [pen.words.created, pen.words.processing, last];
    let ascii = pen.ascii();
    let (line, dash) = if ascii { (" - ", "-") } else { (" ─ ", "─") };
    let width = |pen: &Pen, gap: &str, join: &str| {
        let mut sum = pen.width(join) * 2;
        for (mark, name) in marks.into_iter().zip(names) {
            sum += pen.width(mark.sign(ascii)) + pen.width(gap) + pen.width(name);
        }
        sum
    };
    let form = [(" ", line), ("", dash)]
        .into_iter()
        .find(|(gap, join)| width(pen, gap, join) <= area.width);
    let Some((gap, join)) = form else {
        let current = marks
            .into_iter()
            .zip(names)
            .rfind(|(mark, _)| !matches!(mark, Mark::Ahead | Mark::Skipped));
        let (mark, name) = current.unwrap_or((Mark::Ahead, pen.words.created));
        pen.put(area, 0, 0, &format!("{} {name}", mark.sign(ascii)), mark.role());
        return;
    };
    let mut col = 0;
    for ((mark, name), index) in marks.into_iter().zip(names).zip(0..) {
        if index > 0 {
            col += pen.put(area, 0, col, join, Role::Border);
        }
        col += pen.put(area, 0, col, &format!("{}{gap}{name}", mark.sign(ascii)), mark.role());
    }
}

fn transaction(state: &State) -> Option<&str> {
    match &state.sale.step {
        Step::Done(finished) => Some(&finished.id),
        _ => state.sale.remote.as_ref().map(|remote| remote.id.as_str()),
    }
}

/// What is being waited for, and for how many seconds.
fn pending(pen: &Pen, state: &State) -> Option<(String, String)> {
    let words = pen.words;
    let word = |kind| match kind {
        CallKind::Connect => words.call_connect,
        CallKind::Create => words.call_create,
        CallKind::Update => words.call_update,
        CallKind::Apply => words.call_apply,
        CallKind::Find => words.call_find,
        CallKind::Cancel => words.call_cancel,
        CallKind::Siblings | CallKind::Fence => words.call_siblings,
        CallKind::Read => words.call_read,
        CallKind::Abort => words.call_abort,
        CallKind::Check => words.call_check,
    };
    if let Some(since) = state.saving {
        return Some((format!("{}…", words.saving), seconds(pen, state.now, since)));
    }
    let (text, since) = match &state.sale.step {
        Step::Paying(Paying { payment, .. }) if payment.method == StartMethod::Cashless => {
            let text = format!("{}…", waiting(pen, payment.method));
            return Some((text, elapsed(state.now, payment.since)));
        }
        Step::Paying(Paying { payment, .. }) => (waiting(pen, payment.method), payment.since),
        Step::Unknown(Inquiry { next: NextQuestion::At(due), .. }) => {
            let left = seconds_until(pen, state.now, *due);
            return Some((words.next_question.to_owned(), left));
        }
        _ => {
            let (kind, since) = state.awaited()?;
            (word(kind), since)
        }
    };
    let text = text.trim_end_matches('…');
    Some((format!("{text}…"), seconds(pen, state.now, since)))
}

/// What a payment waits for.
pub(super) const fn waiting(pen: &Pen, method: StartMethod) -> &'static str {
    match method {
        StartMethod::Cash => pen.words.wait_cash,
        StartMethod::Cashless => pen.words.wait_cashless,
        StartMethod::Loyalty => pen.words.wait_loyalty,
    }
}

/// Whole seconds since `since`.
pub(super) fn seconds(pen: &Pen, now: u64, since: u64) -> String {
    let count = (now.saturating_sub(since) / 1000).to_string();
    fill(pen.words.seconds, &[("n", &count)])
}

/// Minutes and seconds since `since`, `2:05`: for what may take minutes.
pub(super) fn elapsed(now: u64, since: u64) -> String {
    let seconds = now.saturating_sub(since) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Whole seconds until `due`, a begun one counted as one.
pub(super) fn seconds_until(pen: &Pen, now: u64, due: u64) -> String {
    let count = due.saturating_sub(now).div_ceil(1000).to_string();
    fill(pen.words.seconds, &[("n", &count)])
}

/// Why an outcome is not known, in agreement with what the link says; `None`: the server answers,
/// only not with an outcome.
pub(super) fn reason(state: &State, inquiry: &Inquiry) -> Option<DownReason> {
    match state.link {
        Link::Up => None,
        Link::Down(reason) => Some(reason),
        Link::Unheard => Some(inquiry.reason),
    }
}

fn link(pen: &Pen, state: &State) -> (String, Role) {
    use crate::till::Link::{Down, Unheard, Up};
    match state.link {
        Unheard => (pen.words.unheard.to_owned(), Role::Dim),
        Up => (pen.words.up.to_owned(), Role::Dim),
        Down(reason) => {
            let why = pen.view.lang.reason(reason);
            (format!("! {}", fill(pen.words.down, &[("why", &why)])), Role::Error)
        }
    }
}

/// The server does not know the basket as it is, and nobody is telling it.
fn unsent(state: &State) -> bool {
    let sale = &state.sale;
    matches!(sale.step, Step::Basket(None))
        && sale.remote.as_ref().is_some_and(|remote| sale.revision > remote.synced)
}

/// What the status in one row shows, for small terminals.
#[derive(Debug, PartialEq)]
pub(super) enum StatusLine {
    /// What is waited for, and for how long.
    Waiting(String, String),
    Link(String, Role),
    Steps([Mark; 3]),
}

impl StatusLine {
    pub(super) fn of(pen: &Pen, state: &State) -> Self {
        if (state.saving.is_some() || matches!(state.sale.step, Step::Basket(_)))
            && let Some((text, seconds)) = pending(pen, state)
        {
            Self::Waiting(text, seconds)
        } else if let Link::Down(_) = state.link {
            let (text, role) = link(pen, state);
            Self::Link(text, role)
        } else {
            Self::Steps(marks(state))
        }
    }
}

impl Panel for StatusLine {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        match self {
            Self::Waiting(text, seconds) => {
                pen.pair(area, 0, (text, Role::Accent), (seconds, Role::Accent));
            }
            Self::Link(text, role) => {
                pen.put(area, 0, 0, text, *role);
            }
            Self::Steps(marks) => steps(pen, area, *marks),
        }
    }
}
