//! Check digits of the codes that a shop meets.

pub use crate::text::{ean_check_digit_ok, luhn_ok};

/// True when `digits` is a German pharmacy number (PZN) of seven or eight digits with its check
/// digit: the digits before it weighed 2 to 7 or 1 to 7, modulo 11. False for anything else.
#[must_use]
pub fn pzn_check_digit_ok(digits: &str) -> bool {
    let first = match digits.len() {
        7 => 2,
        8 => 1,
        _ => return false,
    };
    let mut values = Vec::with_capacity(digits.len());
    for c in digits.chars() {
        let Some(digit) = c.to_digit(10) else { return false };
        values.push(digit);
    }
    let Some(check) = values.pop() else { return false };
    let sum: u32 = values.iter().zip(first..).map(|(digit, weight)| digit * weight).sum();
    sum % 11 == check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pharmacy_numbers_of_seven_and_eight_digits() {
        for right in ["03161577", "3161577", "27580899"] {
            assert!(pzn_check_digit_ok(right), "{right}");
        }
        for wrong in ["03161578", "316157", "", "0316157x", "-3161577", "003161577"] {
            assert!(!pzn_check_digit_ok(wrong), "{wrong}");
        }
    }
}
