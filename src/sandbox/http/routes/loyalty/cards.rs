//! The operations on `/Loyalty/MerchantCards` and `/Loyalty/Cards`.

use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Asked, Operation};
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
        |server, asked| lists::answer(server, asked, List::MerchantCards),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<MerchantCard>()),
    operation(
        "GET",
        "/api/v2/Loyalty/MerchantCards/{id}",
        "getOneMerchantCard",
        "One card with its balances.",
        |server, asked| Ok(Answer::json(&server.ledger.merchant_card(asked.id())?)),
    )
    .gives(Schema::of::<Card>()),
    operation(
        "PUT",
        "/api/v2/Loyalty/MerchantCards/{id}",
        "updateMerchantCard",
        "Changes a card's expiry date or what the merchant keeps with it.",
        |server, asked| Ok(Answer::json(&server.ledger.update_card(asked.id(), &body(asked)?)?)),
    )
    .may_take(Schema::of::<CardChange>())
    .gives(Schema::of::<Card>()),
    operation(
        "PUT",
        "/api/v2/Loyalty/MerchantCards/{id}/cardgroup/{card_group_id}",
        "updateCardGroupOfMerchantCard",
        "Moves a card to another programme.",
        set_group,
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
        set_customer,
    )
    .gives(Schema::of::<Card>()),
    operation(
        "GET",
        "/api/v2/Loyalty/MerchantCards/{id}/virtualTerminalData/{merchant_id}",
        "getVirtualTerminalData",
        "What a web terminal may do with a card.",
        terminal_data,
    )
    .gives(Schema::of::<WebTerminal>()),
    operation(
        "GET",
        "/api/v2/Loyalty/Cards",
        "getAllCards",
        "The plastic cards that a query asks for.",
        |server, asked| lists::answer(server, asked, List::Cards),
    )
    .query(lists::QUERY)
    .gives(Schema::list::<CardRef>()),
    operation(
        "GET",
        "/api/v2/Loyalty/Cards/{id}",
        "getOneCard",
        "One plastic card.",
        |server, asked| Ok(Answer::json(&server.ledger.plastic(asked.id())?)),
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

fn assign_user(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    server.ledger.assign_user(asked.id(), asked.param("account_id"), &body(asked)?)?;
    Ok(result(true))
}

fn remove_user(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    server.ledger.remove_user(asked.id(), asked.param("account_id"))?;
    Ok(result(true))
}

fn set_group(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.set_group(asked.id(), asked.param("card_group_id"))?))
}

fn create_cards(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let (group, at) = (asked.param("card_group_id"), server.clock.now());
    Ok(Answer::json(&server.ledger.create_cards(asked.id(), group, &body(asked)?, at)?))
}

fn register_customer(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    let (body, at) = (body(asked)?, server.clock.now());
    Ok(Answer::json(&server.ledger.register_customer(asked.id(), &body, at)?))
}

fn set_customer(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.set_customer(asked.id(), asked.param("customer_id"))?))
}

fn terminal_data(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.terminal_data(asked.id(), asked.param("merchant_id"))?))
}
