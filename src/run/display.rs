//! The cashier's terminal as the loop's display: frames, bells, and its size.
//!
//! Owns how a state becomes a frame on this terminal. Must not decide when one is drawn.

use std::io;

use crate::charset::Charset;
use crate::config::{self, Config, Theme as ThemeName};
use crate::console::Display;
use crate::receipt::Profile;
use crate::shop::Catalogue;
use crate::terminal::{self, Decoder, Guard, Output, Screen};
use crate::till::{Seen, Settings, State};
use crate::ui::{Painted, Picture, Theme, View};

/// The cashier's terminal.
pub(super) struct Terminal<'a> {
    guard: &'a Guard,
    charset: Charset,
    screen: Screen<Output>,
    picture: Picture,
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
        let (screen, picture) = anew(guard, charset)?;
        Ok(Self {
            guard,
            charset,
            screen,
            picture,
            settings,
            theme: theme.ascii(ascii).charset(charset),
            lang,
            profile: config.receipt.clone(),
        })
    }
}

/// The screen as large as it is now; nothing is known of what it shows.
fn anew(guard: &Guard, charset: Charset) -> io::Result<(Screen<Output>, Picture)> {
    let erases = terminal::erases(&std::env::var("TERM").unwrap_or_default());
    let size = terminal::size()?;
    let screen = Screen::new(guard.output(), size).erasing(erases).writing(charset);
    Ok((screen, Picture::new(size.width, size.height)))
}

impl Terminal<'_> {
    /// What reads the bytes of this terminal.
    pub(super) fn decoder(&self) -> Decoder {
        Decoder::for_term(&std::env::var("TERM").unwrap_or_default()).reading(self.charset)
    }

    /// The same till, with these settings from now on. Panels show texts of settings and articles
    /// that they do not hold: all of them are drawn anew.
    pub(super) fn set(&mut self, settings: Settings) {
        self.settings = settings;
        let area = *self.picture.cells().area();
        self.picture = Picture::new(area.width, area.height);
    }

    /// Shows the state, with `bar` over its last row.
    pub(super) fn draw_below(&mut self, state: &State, bar: Option<&str>) -> io::Result<Seen> {
        let view = View {
            settings: &self.settings,
            lang: self.lang,
            theme: &self.theme,
            profile: &self.profile,
        };
        let Painted { cursor, seen } = self.picture.draw(state, &view);
        if let Some(bar) = bar {
            self.picture.bar(bar);
        }
        self.screen.show(self.picture.cells(), self.picture.changed(), cursor)?;
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
        self.screen.bell()
    }

    fn resized(&mut self) -> io::Result<()> {
        // Anew, so that a large window's memory is given back.
        (self.screen, self.picture) = anew(self.guard, self.charset)?;
        self.screen.forget();
        Ok(())
    }

    fn resumed(&mut self) -> io::Result<()> {
        self.guard.reenter()?;
        self.resized()
    }

    fn sell(&mut self, catalogue: &Catalogue) {
        self.set(Settings { catalogue: catalogue.clone(), ..self.settings.clone() });
    }
}
