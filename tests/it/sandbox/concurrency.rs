//! Many tills at once over real HTTP: no balance is ever spent twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::sync::Arc;

use kasse::sandbox::{CARD_BONUS, CARD_RICH, CARD_VOUCHER, Fixtures};
use kasse::wire::CHARGE_EAN;
use tokio::task::JoinSet;

use crate::sandbox::kit::{Kit, bakery, line, sale};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_starts_of_one_sale_exactly_one_takes_effect() {
    let kit = Arc::new(Kit::start().await);
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    kit.step(&id, "preTransaction").await;
    let mut tills = JoinSet::new();
    for till in 0..40 {
        let (kit, id) = (Arc::clone(&kit), id.clone());
        let method = if till % 2 == 0 { "start/cash" } else { "start/cashless" };
        tills.spawn(async move { kit.step(&id, method).await.status });
    }
    let statuses = tills.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 409)), "{statuses:?}");
    assert_eq!(kit.holds(CARD_BONUS), (0, 78));
    assert_eq!(kit.ledger.loyalty_transactions(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_card_at_many_tills_is_spent_exactly_once() {
    let kit = Arc::new(Kit::start().await);
    let mut tills = JoinSet::new();
    for _ in 0..30 {
        let kit = Arc::clone(&kit);
        tills.spawn(async move {
            // 1.00 each; the card holds 5.00.
            let id = kit.create(&sale(Some(CARD_VOUCHER), &[line(1, None, 1, 100, 7)])).await;
            kit.step(&id, "preTransaction").await;
            kit.step(&id, "start/loyalty").await.status
        });
    }
    let statuses = tills.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 5, "{statuses:?}");
    assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
    assert_eq!(kit.holds(CARD_VOUCHER), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn money_is_conserved_whatever_the_tills_do() {
    let kit = Arc::new(Kit::start().await);
    let cards = [CARD_BONUS, CARD_RICH, CARD_VOUCHER];
    let mut tills = JoinSet::new();
    for till in 0..60_i64 {
        let kit = Arc::clone(&kit);
        tills.spawn(async move {
            let card = cards[usize::try_from(till).unwrap() % cards.len()];
            let mut lines = vec![line(1, None, 1 + till % 3, 40 + till, 7)];
            if till % 4 == 0 {
                lines.push(line(2, Some(CHARGE_EAN), 1, 100 + till, 0));
            }
            let id = kit.create(&sale(Some(card), &lines)).await;
            if till % 5 != 0 {
                kit.step(&id, "preTransaction").await;
            }
            let method = ["start/cash", "start/cashless", "start/loyalty"];
            let method = method[usize::try_from(till / 3).unwrap() % 3];
            let (first, second) = tokio::join!(kit.step(&id, method), kit.step(&id, method));
            if till % 6 == 0 {
                kit.step(&id, "cancel").await;
            }
            assert!(first.status < 500 && second.status < 500);
            assert!(first.status != 200 || second.status != 200, "paid twice");
        });
    }
    tills.join_all().await;

    let bookings = kit.ledger.bookings();
    assert!(bookings.len() > 10, "the tills did something");
    for card in Fixtures::default().cards {
        let mine = bookings.iter().filter(|booking| booking.card == card.number);
        let (cash, bonus) =
            mine.fold((card.cash.minor(), card.bonus.minor()), |(c, b), booking| {
                let (c, b) = (c + booking.cash.minor(), b + booking.bonus.minor());
                assert!(c >= 0 && b >= 0, "{booking:?} overdraws");
                (c, b)
            });
        assert_eq!(kit.holds(&card.number), (cash, bonus), "{card:?}");
    }
    for sale in kit.ledger.transactions() {
        let booked = bookings.iter().filter(|booking| booking.transaction == sale.id).count();
        assert_eq!(booked, sale.transactions.len(), "{}", sale.id);
    }
}
