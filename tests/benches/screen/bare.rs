//! The bare program that the console is measured against: one thread, one table, one entry line,
//! ratatui on crossterm as their own examples use them, and nothing else.

use std::io::{self, stdout};

use crossterm::event::{Event, KeyCode, read};
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::layout::{Constraint, Layout};
use ratatui::widgets::{Block, Paragraph, Row, Table};
use ratatui_crossterm::CrosstermBackend;

/// Stands in the last line of its first frame.
pub const MARK: &str = "bare-is-ready";

pub fn run() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen)?;
    let mut terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
    let mut entry = String::new();
    loop {
        terminal.draw(|frame| {
            let [top, middle, bottom] = Layout::vertical([
                Constraint::Fill(1),
                Constraint::Length(3),
                Constraint::Length(1),
            ])
            .areas(frame.area());
            let rows = (1..=20).map(|row| Row::new([format!("{row}"), format!("Article {row}")]));
            let table = Table::new(rows, [Constraint::Length(5), Constraint::Fill(1)]);
            frame.render_widget(table.block(Block::bordered().title("Basket")), top);
            let entry = Paragraph::new(entry.as_str()).block(Block::bordered());
            frame.render_widget(entry, middle);
            frame.render_widget(Paragraph::new(MARK), bottom);
        })?;
        if let Event::Key(key) = read()? {
            match key.code {
                KeyCode::Char(letter) => entry.push(letter),
                KeyCode::Backspace => drop(entry.pop()),
                KeyCode::Esc => break,
                _ => {}
            }
        }
    }
    disable_raw_mode()?;
    execute!(stdout(), LeaveAlternateScreen)
}
