//! Samples and what is told of them.

use std::time::Duration;

/// Figures of one kind, in any unit.
#[derive(Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    pub fn time(&mut self, value: Duration) {
        self.0.push(value.as_secs_f64() * 1e3);
    }

    /// The value that `share` (0 to 1) of all stay below or at.
    pub fn at(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        // A share of a small count: exact enough in every float.
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss
        )]
        let index = ((sorted.len().saturating_sub(1)) as f64 * share).round() as usize;
        sorted.get(index).copied().unwrap_or(f64::NAN)
    }

    pub fn median(&self) -> f64 {
        self.at(0.5)
    }
}

/// Prints one line of the table of targets; returns whether it was met.
pub fn target(name: &str, measured: f64, unit: &str, limit: f64) -> bool {
    let met = measured <= limit;
    let verdict = if met { "met" } else { "MISSED" };
    println!("  {name:<44} {measured:>9.2} {unit:<6} at most {limit:>9.2}  {verdict}");
    met
}
