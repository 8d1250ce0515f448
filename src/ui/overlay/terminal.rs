//! What the payment terminal was asked for besides payments, and its report.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::status;
use super::super::theme::Role;
use super::{page, receipt};
use crate::receipt::{layout, slip};
use crate::till::{Run, State};
use crate::wire::TerminalJob;

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, scroll: usize) {
    let words = pen.words;
    let Some(terminal) = &state.terminal else { return };
    let title = match terminal.job {
        TerminalJob::Diagnosis => words.diagnosis,
        TerminalJob::EndOfDay => words.end_of_day,
    };
    let title = match terminal.run {
        Run::Failed(_) => format!("{title} - {}", words.failed),
        _ => title.to_owned(),
    };
    let inner = page(pen, body, &title, (receipt::WIDTH, u16::MAX));
    match &terminal.run {
        Run::Asked(since) => {
            let time = status::elapsed(state.now, *since);
            pen.pair(inner, 0, (words.terminal_works, Role::Accent), (&time, Role::Accent));
        }
        Run::Unreported => {
            pen.put(inner, 0, 0, words.no_report, Role::Error);
        }
        Run::Done(report) | Run::Failed(report) if report.lines.is_empty() => {
            let failed = matches!(terminal.run, Run::Failed(_));
            let (text, role) = if failed {
                (words.failed, Role::Error)
            } else {
                (words.terminal_done, Role::Good)
            };
            pen.put(inner, 0, 0, text, role);
        }
        Run::Done(report) | Run::Failed(report) => {
            let rows = layout(&slip(report), usize::from(inner.width));
            receipt::scrolled(pen, inner, &rows, scroll);
        }
    }
}
