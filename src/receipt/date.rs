//! Times as the server writes them, in the local notation.
//!
//! Owns the notation only. Must not convert between time zones: a receipt shows the time that
//! the server booked, digit for digit.

use crate::lang::Lang;

/// `2020-09-25T11:15:21+02:00` as `25.09.2020 11:15` or `2020-09-25 11:15`.
///
/// Anything that is not such a time is given back as it is: better odd than missing.
#[must_use]
pub fn local(iso: &str, lang: Lang) -> String {
    parts(iso).map_or_else(
        || iso.to_owned(),
        |(year, month, day, time)| match lang {
            Lang::De => format!("{day}.{month}.{year} {time}"),
            Lang::En => format!("{year}-{month}-{day} {time}"),
        },
    )
}

/// Year, month, day, and hours with minutes.
fn parts(iso: &str) -> Option<(&str, &str, &str, &str)> {
    let fits = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                _ => byte == wanted,
            })
    };
    let (date, separator, time) = (iso.get(..10)?, iso.get(10..11)?, iso.get(11..16)?);
    if !fits(date, "0000-00-00") || !fits(time, "00:00") || !matches!(separator, "T" | " ") {
        return None;
    }
    Some((date.get(..4)?, date.get(5..7)?, date.get(8..10)?, time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_booked_time_is_shown_digit_for_digit() {
        for iso in ["2020-09-25T11:15:21+02:00", "2020-09-25 11:15:21", "2020-09-25T11:15"] {
            assert_eq!(local(iso, Lang::De), "25.09.2020 11:15");
            assert_eq!(local(iso, Lang::En), "2020-09-25 11:15");
        }
        assert_eq!(local("2020-12-31T23:59:59-11:00", Lang::De), "31.12.2020 23:59");
    }

    #[test]
    fn a_text_that_is_no_time_is_shown_as_it_is() {
        for odd in ["", "yesterday", "25.09.2020 11:15", "2020-09-25", "2020-09-25Täglich"] {
            assert_eq!(local(odd, Lang::De), odd);
        }
    }
}
