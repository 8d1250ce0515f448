//! The cashier's terminal as the loop's display: frames, bells, and its size.
//!
//! Owns how a state becomes a frame on this terminal. Must not decide when one is drawn.

use std::io;

use crate::charset::Charset;
use crate::config::{self, Config, Theme as ThemeName};
use crate::console::Display;
use crate::receipt::Profile;
use crate::terminal::{self, Decoder, Guard, Output, Screen};
use crate::till::{Seen, Settings, State};
use crate::ui::{self, Theme, View};

/// The cashier's terminal.
pub(super) struct Terminal<'a> {
    guard: &'a Guard,
    charset: Charset,
    frames: ratatui::Terminal<Screen<Output>>,
    settings: Settings,
    theme: Theme,
    lang: crate::lang::Lang,
    profile: Profile,
}

impl<'a> Terminal<'a> {
    pub(super) fn new(guard: &'a Guard, config: &Config, settings: Settings) -> io::Result<Self> {
        let config::Screen { lang, theme, ascii, charset } = config.screen;
        let theme = match theme {
            ThemeName::Dark => Theme::dark(),
            ThemeName::Mono => Theme::mono(),
        };
        Ok(Self {
            guard,
            charset,
            frames: ratatui::Terminal::new(screen(guard, charset)?)?,
            settings,
            theme: theme.ascii(ascii).charset(charset),
            lang,
            profile: config.receipt.clone(),
        })
    }
}

/// The screen as large as it is now; nothing is known of what it shows.
fn screen(guard: &Guard, charset: Charset) -> io::Result<Screen<Output>> {
    let erases = terminal::erases(&std::env::var("TERM").unwrap_or_default());
    Ok(Screen::new(guard.output(), terminal::size()?).erasing(erases).writing(charset))
}

impl Terminal<'_> {
    /// What reads the bytes of this terminal.
    pub(super) fn decoder(&self) -> Decoder {
        Decoder::for_term(&std::env::var("TERM").unwrap_or_default()).reading(self.charset)
    }

    /// Shows the state, with `bar` over its last row.
    pub(super) fn draw_below(&mut self, state: &State, bar: Option<&str>) -> io::Result<Seen> {
        let view = View {
            settings: &self.settings,
            lang: self.lang,
            theme: &self.theme,
            profile: &self.profile,
        };
        let mut seen = Seen::Panels;
        self.frames.draw(|frame| {
            seen = ui::draw(frame, state, &view);
            if let Some(bar) = bar {
                ui::bar(frame, bar);
            }
        })?;
        Ok(seen)
    }
}

impl Display for Terminal<'_> {
    fn is_free(&self) -> io::Result<bool> {
        self.guard.is_free()
    }

    fn draw(&mut self, state: &State) -> io::Result<Seen> {
        self.draw_below(state, None)
    }

    fn bell(&mut self) -> io::Result<()> {
        self.frames.backend_mut().bell()
    }

    fn resized(&mut self) -> io::Result<()> {
        // Anew, so that a large window's memory is given back.
        self.frames = ratatui::Terminal::new(screen(self.guard, self.charset)?)?;
        self.frames.clear()
    }

    fn resumed(&mut self) -> io::Result<()> {
        self.guard.reenter()?;
        self.resized()
    }
}
