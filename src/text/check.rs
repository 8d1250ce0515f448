//! Check digits of article codes and of bank cards.

/// True when the last digit of `digits` is the GTIN check digit of those before it
/// (weights 3, 1, 3 … from the right). False for anything but ASCII digits.
#[must_use]
pub fn ean_check_digit_ok(digits: &str) -> bool {
    weighted(digits, |digit, odd| if odd { digit * 3 } else { digit })
}

/// True when `digits` satisfies the Luhn formula of bank cards.
///
/// The vendor's loyalty cards never do: they must not be tested with this.
#[must_use]
pub fn luhn_ok(digits: &str) -> bool {
    weighted(digits, |digit, odd| if odd { (digit * 2) / 10 + (digit * 2) % 10 } else { digit })
}

/// Weighs digits from the right, the check digit being position 0, and tests the sum modulo 10.
fn weighted(digits: &str, weigh: impl Fn(u32, bool) -> u32) -> bool {
    let mut sum = 0;
    for (position, c) in digits.chars().rev().enumerate() {
        let Some(digit) = c.to_digit(10) else { return false };
        sum += weigh(digit, position % 2 == 1);
    }
    !digits.is_empty() && sum % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_and_wrong_check_digits_are_told_apart() {
        for code in ["4006381333931", "96385074", "4260447149502", "036000291452", "10012345000017"]
        {
            assert!(ean_check_digit_ok(code), "{code}");
        }
        for code in ["4999012345678", "4006381333932", "", "40063813339x1"] {
            assert!(!ean_check_digit_ok(code), "{code}");
        }
        assert!(luhn_ok("4111111111111111"));
        assert!(!luhn_ok("9276004429942845"));
        assert!(!luhn_ok("9276004424644352"));
    }
}
