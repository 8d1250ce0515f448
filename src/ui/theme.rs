//! Themes: sixteen roles from which every style on the screen is computed.
//!
//! Owns colours and modifiers. Uses ANSI names and Reset only, never black or white as foreground,
//! so that every terminal palette stays readable. Must not know what is drawn with a role.

use ratatui::style::{Color, Modifier, Style};

use crate::charset::Charset;

/// What a piece of the screen is, for its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Titles of panels.
    Title,
    /// Borders and rules.
    Border,
    /// Ordinary text.
    Text,
    /// Hints and what is less important.
    Dim,
    /// The program's name, the prompt, what is active.
    Accent,
    /// The selected line.
    Selected,
    /// The part of a text that was searched for.
    Match,
    /// The same on the selected line.
    SelectedMatch,
    /// Amounts.
    Money,
    /// The amount that counts now.
    Big,
    /// It worked.
    Good,
    /// Look at this.
    Warn,
    /// It did not work, or must not be done.
    Error,
    /// The SANDBOX badge.
    Badge,
    /// Names of keys.
    Key,
    /// The light modules of a QR code, and the dark ones behind them. Not text: readers need the
    /// true order of light and dark, so this is the one role with fixed ends of the palette.
    Code,
}

/// Colours, and whether only ASCII may be shown. Built with [`Theme::dark`], [`Theme::light`] or
/// [`Theme::mono`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    accent: Color,
    big: Color,
    good: Color,
    warn: Color,
    error: Color,
    ascii: bool,
    charset: Charset,
}

impl Theme {
    /// For dark backgrounds.
    #[must_use]
    pub const fn dark() -> Self {
        Self {
            accent: Color::Cyan,
            big: Color::LightGreen,
            good: Color::Green,
            warn: Color::Yellow,
            error: Color::LightRed,
            ascii: false,
            charset: Charset::Utf8,
        }
    }

    /// For light backgrounds: no yellow and no light colours.
    #[must_use]
    pub const fn light() -> Self {
        Self {
            accent: Color::Blue,
            big: Color::Blue,
            good: Color::Green,
            warn: Color::Magenta,
            error: Color::Red,
            ascii: false,
            charset: Charset::Utf8,
        }
    }

    /// Without any colour, for `NO_COLOR`: Reset and modifiers only.
    #[must_use]
    pub const fn mono() -> Self {
        Self {
            accent: Color::Reset,
            big: Color::Reset,
            good: Color::Reset,
            warn: Color::Reset,
            error: Color::Reset,
            ascii: false,
            charset: Charset::Utf8,
        }
    }

    /// The same theme, showing only ASCII (borders and texts) if `ascii` is set.
    #[must_use]
    pub const fn ascii(self, ascii: bool) -> Self {
        Self { ascii, ..self }
    }

    /// The same theme on a terminal of this charset: one that has letters besides ASCII keeps
    /// them where [`Theme::ascii`] is set, but gets no lines and blocks.
    #[must_use]
    pub const fn charset(self, charset: Charset) -> Self {
        Self { charset, ..self }
    }

    /// What texts may consist of.
    #[must_use]
    pub(super) fn repertoire(&self) -> Charset {
        match (self.ascii, self.charset) {
            (false, _) => Charset::Utf8,
            (true, Charset::Utf8) => Charset::Ascii,
            (true, charset) => charset,
        }
    }

    /// True when only ASCII may be shown.
    #[must_use]
    pub(super) const fn is_ascii(&self) -> bool {
        self.ascii
    }

    pub(super) fn style(&self, role: Role) -> Style {
        let plain = Style::new().fg(Color::Reset).bg(Color::Reset);
        match role {
            Role::Text | Role::Money => plain,
            Role::Title | Role::Match => plain.add_modifier(Modifier::BOLD),
            Role::Border | Role::Dim => plain.add_modifier(Modifier::DIM),
            Role::Accent | Role::Key => plain.fg(self.accent).add_modifier(Modifier::BOLD),
            Role::Selected => plain.add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Role::SelectedMatch => self.style(Role::Selected).add_modifier(Modifier::UNDERLINED),
            Role::Big => plain.fg(self.big).add_modifier(Modifier::BOLD),
            Role::Good => plain.fg(self.good).add_modifier(Modifier::BOLD),
            Role::Warn => plain.fg(self.warn).add_modifier(Modifier::BOLD),
            Role::Error => plain.fg(self.error).add_modifier(Modifier::BOLD),
            Role::Code if self.accent == Color::Reset => plain,
            Role::Code => Style::new().fg(Color::White).bg(Color::Black),
            Role::Badge => plain.fg(self.warn).add_modifier(Modifier::REVERSED | Modifier::BOLD),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ROLES: [Role; 15] = [
        Role::Title,
        Role::Border,
        Role::Text,
        Role::Dim,
        Role::Accent,
        Role::Selected,
        Role::Match,
        Role::SelectedMatch,
        Role::Money,
        Role::Big,
        Role::Good,
        Role::Warn,
        Role::Error,
        Role::Badge,
        Role::Key,
    ];

    #[test]
    fn no_theme_uses_black_white_or_fixed_colours() {
        for theme in [Theme::dark(), Theme::light(), Theme::mono()] {
            for role in ROLES {
                let style = theme.style(role);
                let fg = style.fg.unwrap();
                assert!(!matches!(
                    fg,
                    Color::Black | Color::White | Color::Gray | Color::Rgb(..) | Color::Indexed(_)
                ));
                assert_eq!(style.bg, Some(Color::Reset));
            }
        }
    }

    #[test]
    fn mono_has_no_colour_and_still_shows_the_selection() {
        for role in ROLES {
            assert_eq!(Theme::mono().style(role).fg, Some(Color::Reset));
        }
        let selected = Theme::mono().style(Role::Selected);
        assert!(selected.add_modifier.contains(Modifier::REVERSED));
    }
}
