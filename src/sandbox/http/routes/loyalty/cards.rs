//! The operations on `/Loyalty/MerchantCards` and `/Loyalty/Cards`.

use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Operation, Request};
use crate::sandbox::http::routes::lists;
use crate::sandbox::http::routes::loyalty::bodies::{
    Card, CardChange, CardPin, HolderRequest, NewCard, NewCards, WebTerminal,
};
use crate::sandbox::http::routes::loyalty::{body, operation, result};
use crate::sandbox::http::schema::Schema;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::search::lists::List;
use crate::wire::{CardRef, MerchantCard};

pub(crate) const OPERATIONS: &[Operation] = &[
    operation(
        "GET",
        "/api/v2/Loyalty/MerchantCards",
        "getAllMerchantCards",
        "The cards that a query asks for.",
        |server, request| lists::answer(server, request, List::MerchantCards),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<MerchantCard>()),
    operation(
        "GET",
        "/api/v2/Loyalty/MerchantCards/{id}",
        "getOneMerchantCard",
        "One card with its balances.",
        |server, request| Ok(Answer::json(&server.ledger.merchant_card(request.id())?)),
    )
    .gives(Schema::of::<Card>()),
    operation(
        "PUT",
        "/api/v2/Loyalty/MerchantCards/{id}",
        "updateMerchantCard",
        "Changes a card's expiry date or what the merchant keeps with it.",
        |server, request| {
            Ok(Answer::json(&server.ledger.update_card(request.id(), &body(request)?)?))
        },
    )
    .may_take(Schema::of::<CardChange>())
    .gives(Schema::of::<Card>()),
    operation(
        "PUT",
        "/api/v2/Loyalty/MerchantCards/{id}/cardgroup/{card_group_id}",
        "updateCardGroupOfMerchantCard",
        "Moves a card to another programme.",
        |server, request| {
            Ok(Answer::json(
                &server.ledger.set_group(request.id(), request.param("card_group_id"))?,
            ))
        },
    )
    .gives(Schema::of::<Card>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/createMerchantcards/{card_group_id}",
        "createMerchantcards",
        "Makes new cards; the only answer that tells their security codes.",
        create_cards,
    )
    .may_take(Schema::of::<NewCards>())
    .gives(Schema::of::<Vec<NewCard>>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/registerCustomer",
        "registerCustomer",
        "Makes a new holder and gives the card to it.",
        register_customer,
    )
    .may_take(Schema::of::<HolderRequest>())
    .gives(Schema::of::<Card>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/setCustomer/{customer_id}",
        "setCustomer",
        "Gives the card to a holder.",
        |server, request| {
            Ok(Answer::json(
                &server.ledger.set_customer(request.id(), request.param("customer_id"))?,
            ))
        },
    )
    .gives(Schema::of::<Card>()),
    operation(
        "GET",
        "/api/v2/Loyalty/MerchantCards/{id}/virtualTerminalData/{merchant_id}",
        "getVirtualTerminalData",
        "What a web terminal may do with a card.",
        |server, request| {
            Ok(Answer::json(
                &server.ledger.terminal_data(request.id(), request.param("merchant_id"))?,
            ))
        },
    )
    .gives(Schema::of::<WebTerminal>()),
    operation(
        "GET",
        "/api/v2/Loyalty/Cards",
        "getAllCards",
        "The plastic cards that a query asks for.",
        |server, request| lists::answer(server, request, List::Cards),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<CardRef>()),
    operation(
        "GET",
        "/api/v2/Loyalty/Cards/{id}",
        "getOneCard",
        "One plastic card.",
        |server, request| Ok(Answer::json(&server.ledger.plastic(request.id())?)),
    )
    .gives(Schema::of::<CardRef>()),
    operation(
        "POST",
        "/api/v2/Loyalty/Cards/{id}/assignUser/{account_id}",
        "assignUser",
        "Gives a plastic card to a person of the merchant's app, who knows the code on its back.",
        assign_user,
    )
    .takes(Schema::of::<CardPin>())
    .gives(Schema::RESULT),
    operation(
        "DELETE",
        "/api/v2/Loyalty/Cards/{id}/assignUser/{account_id}",
        "removeAssignedUser",
        "Takes a plastic card away from a person of the merchant's app.",
        remove_user,
    )
    .gives(Schema::RESULT),
];

fn assign_user(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    server.ledger.assign_user(request.id(), request.param("account_id"), &body(request)?)?;
    Ok(result(true))
}

fn remove_user(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    server.ledger.remove_user(request.id(), request.param("account_id"))?;
    Ok(result(true))
}

fn create_cards(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    let (group, at) = (request.param("card_group_id"), server.clock.now());
    Ok(Answer::json(&server.ledger.create_cards(request.id(), group, &body(request)?, at)?))
}

fn register_customer(server: &Server, request: &Request) -> Result<Answer, Refusal> {
    let (body, at) = (body(request)?, server.clock.now());
    Ok(Answer::json(&server.ledger.register_customer(request.id(), &body, at)?))
}
