//! What may leave the program: strict readers of what reaches a terminal, a receipt printer and a
//! file of lines. Whatever they do not know is refused, so a sequence that somebody else has
//! written cannot pass as one of ours.

use kasse::text::is_harmful;

/// The text that `bytes` show on a terminal, or the first thing in them that is not ours: moving,
/// clearing, erasing, styling, the cursor, the two modes and the bell.
pub fn terminal(bytes: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("no UTF-8: {error}"))?;
    let (mut shown, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\u{1b}' => {
                let body = rest.strip_prefix('[').ok_or_else(|| excerpt("ESC", rest))?;
                let end = body
                    .find(|c: char| ('@'..='~').contains(&c))
                    .ok_or_else(|| excerpt("CSI without end", body))?;
                let (numbers, end) = (&body[..end], &body[end..=end]);
                let plain = numbers.chars().all(|c| c.is_ascii_digit() || c == ';');
                let known = match end {
                    "m" | "H" | "G" | "J" | "K" | "X" => plain,
                    "h" | "l" => ["?2026", "?25", "?1049"].contains(&numbers),
                    _ => false,
                };
                if !known {
                    return Err(excerpt("CSI", body));
                }
                rest = &body[numbers.len() + end.len()..];
            }
            '\u{7}' => {}
            c if is_harmful(c) => return Err(excerpt(&format!("{c:?} before"), rest)),
            c => shown.push(c),
        }
    }
    Ok(shown)
}

/// The text bytes that `bytes` print, or the first command in them that is not ours: reset, one
/// of two code pages, bold on and off, the line feed and the cut.
pub fn printer(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let commands: [&[u8]; 6] =
        [b"\x1b@", b"\x1bt\x13", b"\x1bt\x00", b"\x1bE\x01", b"\x1bE\x00", b"\x1dVB\x03"];
    let (mut printed, mut rest) = (Vec::new(), bytes);
    while let Some((&byte, after)) = rest.split_first() {
        rest = match commands.iter().find_map(|command| rest.strip_prefix(*command)) {
            Some(after) => after,
            // 0xF0 is a soft hyphen in CP858.
            None if byte == b'\n'
                || ((0x20..=0xff).contains(&byte) && ![0x7f, 0xf0].contains(&byte)) =>
            {
                printed.push(byte);
                after
            }
            None => return Err(format!("{:02x?}", &rest[..rest.len().min(16)])),
        };
    }
    Ok(printed)
}

/// Lines of harmless text, or what stands in them that is none.
pub fn lines(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("no UTF-8: {error}"))?;
    match text.find(|c| c != '\n' && is_harmful(c)) {
        Some(at) => Err(excerpt("before", &text[at..])),
        None => Ok(text),
    }
}

fn excerpt(what: &str, rest: &str) -> String {
    format!("{what} {:?}", rest.chars().take(24).collect::<String>())
}
