//! Sets of articles, one bit each.

/// A set of positions below a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::shop) struct Set(Vec<u64>);

impl Set {
    /// No position below `bound`.
    pub(in crate::shop) fn empty(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// Takes `position` in; nothing happens if it is not below the bound.
    pub(in crate::shop) fn insert(&mut self, position: usize) {
        if let Some(word) = self.0.get_mut(position / 64) {
            *word |= 1 << (position % 64);
        }
    }

    /// Keeps what is in `other`, too.
    pub(in crate::shop) fn keep(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    /// Takes everything of `other` in.
    pub(in crate::shop) fn join(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// Takes everything of `other` out.
    pub(in crate::shop) fn drop_all(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    /// The positions in order.
    pub(in crate::shop) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_it_was_given() {
        let of = |positions: &[usize]| {
            let mut set = Set::empty(200);
            for position in positions {
                set.insert(*position);
            }
            set
        };
        let mut set = of(&[199, 0, 63, 64, 64, 100_000]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 63, 64, 199]);
        set.drop_all(&of(&[0, 1]));
        set.join(&of(&[7]));
        set.keep(&of(&[0, 7, 64]));
        assert_eq!(set.iter().collect::<Vec<_>>(), [7, 64]);
    }
}
