//! The operations on `/Loyalty/Transactions`, and those of cards that book or print.

use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Operation, Request};
use crate::sandbox::http::routes::lists;
use crate::sandbox::http::routes::loyalty::bodies::{
    BalanceQuestion, BookedCard, BookingRequest, CardBalance, LoyaltyTransaction,
};
use crate::sandbox::http::routes::loyalty::{body, operation};
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::search::lists::List;

pub(crate) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Loyalty/Transactions",
        "getAllLoyaltyTransactions",
        "The bookings on cards that a query asks for.",
        |server, request| lists::answer(server, request, List::Bookings),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<LoyaltyTransaction>()),
    operation(
        "GET",
        "/api/v2/Loyalty/Transactions/{id}",
        "getOneLoyaltyTransaction",
        "One booking on a card.",
        |server, request| Ok(Answer::json(&server.ledger.booking(request.id())?)),
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

fn execute(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    let (target, body) = (request.param("target_merchant_card_id"), body(request)?);
    let now = server.clock.now();
    Ok(Answer::json(&server.ledger.book_directly(request.id(), target, &body, now)?))
}

fn balance_receipt(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    let (body, now) = (body(request)?, server.clock.now());
    Ok(Answer::json(&server.ledger.balance_receipt(request.id(), &body, now)?))
}
