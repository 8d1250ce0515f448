//! Random steps on a ledger that is reopened at any time.

use proptest::prelude::*;

use super::*;

/// One step of some till; the number picks one of the sales so far.
#[derive(Debug, Clone)]
enum Step {
    Create(&'static str, i64, bool),
    Apply(usize),
    Start(usize, StartMethod),
    Cancel(usize),
    Direct(&'static str, &'static str, i64),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let card = prop::sample::select(vec![CARD_BONUS, CARD_EMPTY, CARD_VOUCHER]);
    let again = card.clone();
    let action = prop::sample::select(vec!["charge", "discharge", "sale_revenue", "cancel_last"]);
    let method = prop::sample::select(vec![StartMethod::Cash, StartMethod::Loyalty]);
    prop_oneof![
        3 => (card, 1_i64..400, any::<bool>()).prop_map(|(c, p, l)| Step::Create(c, p, l)),
        3 => (0_usize..5).prop_map(Step::Apply),
        4 => (0_usize..5, method).prop_map(|(sale, method)| Step::Start(sale, method)),
        1 => (0_usize..5).prop_map(Step::Cancel),
        2 => (again, action, 1_i64..300).prop_map(|(c, a, amount)| Step::Direct(c, a, amount)),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_ledger_that_is_reopened_at_any_time_goes_on_like_one_that_is_not(
        // From a length on that every step has, and from one that none reaches.
        least in prop::sample::select(vec![1, 4_000, LEAST_LOG]),
        steps in prop::collection::vec(step(), 1..30),
    ) {
        let kit = Kit::new();
        let mut kept = kit.open_from(least);
        let steady = Ledger::new(Fixtures::default(), 3);
        let mut sales: Vec<[String; 2]> = Vec::new();
        for step in steps {
            if matches!(step, Step::Reopen) {
                drop(kept);
                kept = kit.open_from(least);
                continue;
            }
            if let Step::Direct(card, action, amount) = &step {
                let body = json!({ "cardnumber": card, "action": action, "amount": amount });
                let run = |ledger: &Ledger| {
                    let done = ledger.book_directly("me", "me", &body, AT);
                    done.map(|card| card["balance"].clone()).map_err(|refusal| refusal.code())
                };
                prop_assert_eq!(run(&kept), run(&steady));
                continue;
            }
            let last = sales.len().checked_sub(1);
            let run = |ledger: &Ledger, side: usize| -> Result<Transaction, Refusal> {
                let pick = |sale: usize| {
                    last.map_or(String::new(), |last| sales[last - sale.min(last)][side].clone())
                };
                match &step {
                    Step::Create(card, price, charge) => {
                        ledger.create::<Transaction>(&body(card, *price, if *charge { CHARGE_EAN } else { "" }), AT)
                    }
                    Step::Apply(sale) => {
                        let id = pick(*sale);
                        ledger.apply(&id).and_then(|_| ledger.read(&id))
                    }
                    Step::Start(sale, method) => ledger.start::<Transaction>(&pick(*sale), *method, AT),
                    Step::Cancel(sale) => ledger.cancel::<Transaction>(&pick(*sale), AT),
                    Step::Direct(..) | Step::Reopen => Err(Refusal::Internal),
                }
            };
            let (mine, theirs) = (run(&kept, 0), run(&steady, 1));
            match (&mine, &theirs) {
                (Ok(mine), Ok(theirs)) => {
                    prop_assert_eq!(mine.status, theirs.status);
                    prop_assert_eq!(&mine.basket_info, &theirs.basket_info);
                    if matches!(step, Step::Create(..)) {
                        sales.push([mine.id.clone(), theirs.id.clone()]);
                    }
                }
                // Texts of refusals name ids, which differ.
                (Err(mine), Err(theirs)) => prop_assert_eq!(mine.code(), theirs.code()),
                _ => prop_assert!(false, "{:?} and {:?}", mine, theirs),
            }
            for card in [CARD_BONUS, CARD_EMPTY, CARD_VOUCHER] {
                prop_assert_eq!(kept.balance(card), steady.balance(card));
            }
        }
    }
}
