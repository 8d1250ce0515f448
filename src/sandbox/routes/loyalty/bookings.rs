//! The operations on `/Loyalty/Transactions`, and those of cards that book or print.

use super::super::super::lists::List;
use super::super::super::refusal::Refusal;
use super::super::operation::{Answer, Asked, Operation};
use super::super::schema::Schema;
use super::super::{Server, lists};
use super::bodies::{BalanceQuestion, BookedCard, BookingRequest, CardBalance, LoyaltyTransaction};
use super::{body, operation};

pub(in super::super) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Loyalty/Transactions",
        "getAllLoyaltyTransactions",
        "The bookings on cards that a query asks for.",
        |server, asked| lists::answer(server, asked, List::Bookings),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<LoyaltyTransaction>()),
    operation(
        "GET",
        "/api/v2/Loyalty/Transactions/{id}",
        "getOneLoyaltyTransaction",
        "One booking on a card.",
        |server, asked| Ok(Answer::json(&server.ledger.booking(asked.id())?)),
    )
    .gives(Schema::of::<LoyaltyTransaction>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/transaction/{target_merchant_card_id}",
        "executeTransaction",
        "Books on a card without a sale.",
        execute,
    )
    .takes(Schema::of::<BookingRequest>())
    .gives(Schema::of::<BookedCard>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/getCardBalanceReceipt",
        "cardBalanceReceipt",
        "What a card holds, with a receipt.",
        balance_receipt,
    )
    .may_take(Schema::of::<BalanceQuestion>())
    .gives(Schema::of::<CardBalance>()),
];

fn execute(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let (target, body) = (asked.param("target_merchant_card_id"), body(asked)?);
    let now = server.clock.now();
    Ok(Answer::json(&server.ledger.book_directly(asked.id(), target, &body, now)?))
}

fn balance_receipt(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let (body, now) = (body(asked)?, server.clock.now());
    Ok(Answer::json(&server.ledger.balance_receipt(asked.id(), &body, now)?))
}
