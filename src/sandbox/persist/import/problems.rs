//! What is wrong with fixtures: the first complaints, and how many there are.

/// Complaints that are kept at the most: nobody reads more, and a file may have millions.
const MOST_PROBLEMS: usize = 1_000;

/// What is wrong so far.
#[derive(Default)]
pub(super) struct Problems {
    first: Vec<String>,
    count: usize,
}

impl Problems {
    pub(super) fn push(&mut self, problem: String) {
        self.count += 1;
        if self.first.len() < MOST_PROBLEMS {
            self.first.push(problem);
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The complaints that are kept, and a line about the others.
    pub(super) fn told(mut self) -> Vec<String> {
        let more = self.count - self.first.len();
        if more > 0 {
            self.first.push(format!("and {more} more"));
        }
        self.first
    }
}
