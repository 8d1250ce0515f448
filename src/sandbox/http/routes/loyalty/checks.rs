//! Checks and locks of cards, on `/Loyalty/MerchantCards/{id}/…`.

use crate::sandbox::http::operation::{Answer, Operation};
use crate::sandbox::http::routes::loyalty::bodies::{
    Card, CodeCheck, LockReason, LockRequest, LockState, Number, Passcode, PasscodeCheck,
    UnlockRequest, Validity,
};
use crate::sandbox::http::routes::loyalty::{body, operation, result};
use crate::sandbox::http::schema::Schema;
use crate::sandbox::loyalty::locks::reasons;

pub(crate) const OPERATIONS: &[Operation] = &[
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/validateMerchantcard",
        "validateMerchantCard",
        "Whether a number is a card of this merchant, and whether it is locked.",
        |server, request| Ok(Answer::json(&server.ledger.validate(request.id(), &body(request)?)?)),
    )
    .may_take(Schema::of::<Number>())
    .gives(Schema::of::<Validity>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/checkCsc",
        "checkCsc",
        "Whether this is the security code on the card's back.",
        |server, request| Ok(result(server.ledger.check_csc(request.id(), &body(request)?)?)),
    )
    .takes(Schema::of::<CodeCheck>())
    .gives(Schema::RESULT),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/checkPasscode",
        "checkPassCode",
        "Whether this is the card's passcode.",
        |server, request| Ok(result(server.ledger.check_passcode(request.id(), &body(request)?)?)),
    )
    .takes(Schema::of::<PasscodeCheck>())
    .gives(Schema::RESULT),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/newPasscode",
        "newPassCode",
        "Chooses a passcode for a card that has none.",
        |server, request| Ok(result(server.ledger.new_passcode(request.id(), &body(request)?)?)),
    )
    .takes(Schema::of::<Passcode>())
    .gives(Schema::RESULT),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/resetPasscode",
        "resetPassCode",
        "Takes a card's passcode away, for who knows it.",
        |server, request| Ok(result(server.ledger.reset_passcode(request.id(), &body(request)?)?)),
    )
    .takes(Schema::of::<Passcode>())
    .gives(Schema::RESULT),
    operation(
        "GET",
        "/api/v2/Loyalty/MerchantCards/{id}/lock",
        "getLock",
        "Whether a card is locked, and why.",
        |server, request| Ok(Answer::json(&server.ledger.lock_status(request.id())?)),
    )
    .gives(Schema::of::<LockState>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/lock",
        "lock",
        "Locks a card.",
        |server, request| Ok(Answer::json(&server.ledger.lock(request.id(), &body(request)?)?)),
    )
    .takes(Schema::of::<LockRequest>())
    .gives(Schema::of::<Card>()),
    operation(
        "POST",
        "/api/v2/Loyalty/MerchantCards/{id}/unlock",
        "unlock",
        "Unlocks a card.",
        |server, request| Ok(Answer::json(&server.ledger.unlock(request.id(), &body(request)?)?)),
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
