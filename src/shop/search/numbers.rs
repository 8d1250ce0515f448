//! Typed words in the numbers of articles.
//!
//! Owns the decision whether it is worth while: the numbers are packed, and looking at all of a
//! million takes some milliseconds.

use super::matching::Typed;
use crate::shop::Catalogue;
use crate::shop::catalogue::Set;

/// So many numbers are looked at one by one rather than all of them.
const FEW: usize = 500;

/// Takes the packed articles with a typed word at the beginning of their numbers, or within them,
/// into the sets of that word, as far as these can be hits; true if there are any.
pub(super) fn collect(
    catalogue: &Catalogue,
    typed: &[Typed],
    beginning: &mut [Set],
    inside: &mut [Set],
) -> bool {
    let may = |word: &Typed| catalogue.may_be_number(&word.written);
    // A word that stands in no number must be in the names.
    let certain = typed.iter().zip(inside.iter()).filter(|(word, _)| !may(word));
    let certain = certain.map(|(_, set)| set.clone()).reduce(|mut all, set| {
        all.keep(&set);
        all
    });
    let few: Option<Vec<usize>> = certain.and_then(|set| {
        let few: Vec<usize> = set.iter().take(FEW + 1).collect();
        (few.len() <= FEW).then_some(few)
    });
    let mut any = false;
    for ((word, beginning), inside) in typed.iter().zip(beginning).zip(inside) {
        if !may(word) {
            continue;
        }
        let mut found = |position: usize, first: bool| {
            any = true;
            inside.insert(position);
            if first {
                beginning.insert(position);
            }
        };
        match &few {
            Some(few) => {
                for position in few {
                    let number = catalogue.number(*position).unwrap_or_default();
                    let at = number.to_ascii_lowercase().find(&word.written);
                    if let Some(at) = at {
                        found(*position, at == 0);
                    }
                }
            }
            None => catalogue.numbers_with(&word.written, found),
        }
    }
    any
}
