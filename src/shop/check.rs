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

/// True when `check` is the check digit that GS1's General Specifications (section 7.9) give the
/// four or five digits of a price or weight inside a code. False for anything else.
#[must_use]
pub fn measure_check_digit_ok(measure: &str, check: char) -> bool {
    // What each digit counts under the four weights of the specification: "2-", "3", "5+", "5-".
    const TWO_MINUS: [u32; 10] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
    const THREE: [u32; 10] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
    const FIVE_PLUS: [u32; 10] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
    const FIVE_MINUS: [u32; 10] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];
    let weights: &[&[u32; 10]] = match measure.len() {
        4 => &[&TWO_MINUS, &TWO_MINUS, &THREE, &FIVE_MINUS],
        5 => &[&FIVE_PLUS, &TWO_MINUS, &FIVE_MINUS, &FIVE_PLUS, &TWO_MINUS],
        _ => return false,
    };
    let weighed = |digit: char, weight: &[u32; 10]| {
        weight.get(usize::try_from(digit.to_digit(10)?).ok()?).copied()
    };
    let sum: Option<u32> =
        measure.chars().zip(weights).map(|(digit, weight)| weighed(digit, weight)).sum();
    let Some(sum) = sum else { return false };
    if measure.len() == 4 {
        check.to_digit(10) == Some(sum * 3 % 10)
    } else {
        weighed(check, &FIVE_MINUS) == Some((10 - sum % 10) % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inner_check_digits_of_the_specification() {
        for (measure, check) in [("2875", '9'), ("14685", '6'), ("0000", '0'), ("00000", '0')] {
            assert!(measure_check_digit_ok(measure, check), "{measure}");
            for wrong in ('0'..='9').filter(|digit| *digit != check) {
                assert!(!measure_check_digit_ok(measure, wrong), "{measure} {wrong}");
            }
        }
        for (measure, check) in [("", '0'), ("287", '9'), ("287x", '9'), ("146855", '6')] {
            assert!(!measure_check_digit_ok(measure, check), "{measure}");
        }
    }

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
