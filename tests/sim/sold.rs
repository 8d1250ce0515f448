//! The paid sales that records lead to, and what a journal that has them answers.

use std::collections::BTreeMap;

use kasse::till::{Answer, Call, Change, Finished, HistoryPage, Record, Stage, finished};

/// The paid sales that these records lead to, by the numbers of the records that say so, the oldest
/// first.
pub fn sold<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<(i64, Finished)> {
    let mut changes: BTreeMap<&str, Vec<Change>> = BTreeMap::new();
    let mut paid = Vec::new();
    for (seq, Record { sale, change }) in (1..).zip(records) {
        changes.entry(sale).or_default().push(change.clone());
        if matches!(change, Change::Head(head) if matches!(head.stage, Some(Stage::Done(_)))) {
            paid.push((seq, sale));
        }
    }
    let sale =
        |(seq, sale): (i64, &String)| Some((seq, finished(sale, changes[sale.as_str()].clone())?));
    paid.into_iter().filter_map(sale).collect()
}

/// What a journal with these records answers; `None`: the call is for the server.
pub fn answer<'a>(call: &Call, records: impl IntoIterator<Item = &'a Record>) -> Option<Answer> {
    match call {
        Call::History { before, limit } => {
            let mut sales = sold(records);
            sales.retain(|(seq, _)| before.is_none_or(|before| *seq < before));
            sales.reverse();
            let more = sales.len() > *limit;
            sales.truncate(*limit);
            Some(HistoryPage { sales, more }.into())
        }
        Call::OwnSale { id, .. } => {
            let own = sold(records).into_iter().find(|(_, sale)| sale.id == *id);
            Some(own.map(|(_, sale)| Box::new(sale)).into())
        }
        _ => None,
    }
}
