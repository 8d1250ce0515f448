//! Checks and locks of cards, on `/Loyalty/MerchantCards/{id}/…`.

use crate::sandbox::http::context::Server;
use crate::sandbox::http::operation::{Answer, Asked, Operation};
use crate::sandbox::http::routes::loyalty::bodies::{
    Card, CodeCheck, LockReason, LockRequest, LockState, Number, Passcode, PasscodeCheck,
    UnlockRequest, Validity,
};
use crate::sandbox::http::routes::loyalty::{body, operation, result};
use crate::sandbox::http::schema::Schema;
use crate::sandbox::loyalty::locks::reasons;
use crate::sandbox::refusal::Refusal;

pub(crate) const OPERATIONS: &[Operation] = &[
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/validateMerchantcard",
        "validateMerchantCard",
        "Whether a number is a card of this merchant, and whether it is locked.",
        validate,
    )
    .may_take(Schema::of::<Number>())
    .gives(Schema::of::<Validity>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/checkCsc",
        "checkCsc",
        "Whether this is the security code on the card's back.",
        check_csc,
    )
    .takes(Schema::of::<CodeCheck>())
    .gives(Schema::RESULT),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/checkPasscode",
        "checkPassCode",
        "Whether this is the card's passcode.",
        |server, asked| Ok(result(server.ledger.check_passcode(asked.id(), &body(asked)?)?)),
    )
    .takes(Schema::of::<PasscodeCheck>())
    .gives(Schema::RESULT),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/newPasscode",
        "newPassCode",
        "Chooses a passcode for a card that has none.",
        |server, asked| Ok(result(server.ledger.new_passcode(asked.id(), &body(asked)?)?)),
    )
    .takes(Schema::of::<Passcode>())
    .gives(Schema::RESULT),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/resetPasscode",
        "resetPassCode",
        "Takes a card's passcode away, for who knows it.",
        |server, asked| Ok(result(server.ledger.reset_passcode(asked.id(), &body(asked)?)?)),
    )
    .takes(Schema::of::<Passcode>())
    .gives(Schema::RESULT),
    operation(
        "GET",
        "/api/v2/Loyalty/MerchantCards/{id}/lock",
        "getLock",
        "Whether a card is locked, and why.",
        |server, asked| Ok(Answer::json(&server.ledger.lock_status(asked.id())?)),
    )
    .gives(Schema::of::<LockState>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/lock",
        "lock",
        "Locks a card.",
        |server, asked| Ok(Answer::json(&server.ledger.lock(asked.id(), &body(asked)?)?)),
    )
    .takes(Schema::of::<LockRequest>())
    .gives(Schema::of::<Card>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/unlock",
        "unlock",
        "Unlocks a card.",
        |server, asked| Ok(Answer::json(&server.ledger.unlock(asked.id(), &body(asked)?)?)),
    )
    .may_take(Schema::of::<UnlockRequest>())
    .gives(Schema::of::<Card>()),
    operation(
        "GET",
        "/api/v2/Loyalty/MerchantCards/me/lockReasons",
        "getLockReasons",
        "Why cards can be locked, in German.",
        |_, _| Ok(Answer::json(&reasons())),
    )
    .gives(Schema::of::<Vec<LockReason>>()),
];

fn validate(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(Answer::json(&server.ledger.validate(asked.id(), &body(asked)?)?))
}

fn check_csc(server: &Server, asked: &Asked) -> Result<Answer, Refusal> {
    Ok(result(server.ledger.check_csc(asked.id(), &body(asked)?)?))
}
