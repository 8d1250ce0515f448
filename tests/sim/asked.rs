//! The sandbox's books asked in the till's terms, without HTTP: what is the same in every world.

use kasse::sandbox::{Denied, Direct};
use kasse::till::{Answer, Call};
use kasse::wire::{ApiError, DownReason, Outcome};

/// The answer to a call that is one question to the books; `None`: it is another one.
pub fn answer(books: &Direct, call: &Call) -> Option<Outcome<Answer>> {
    Some(match call {
        Call::FindCard(number) => Outcome::Ok(books.card(number.reveal()).into()),
        Call::PreTransaction(id) => told(books.pre_transaction(id)),
        Call::Create(request) => told(books.create(request)),
        Call::Update(id, request) => told(books.update(id, request)),
        Call::Read(id) => told(books.read(id)),
        Call::Abort(id) => told(books.abort(id)),
        Call::Cancel(id) => told(books.cancel(id)),
        Call::CancelTrx(_, number) => told(books.cancel_trx(*number)),
        _ => return None,
    })
}

/// What the books say, as the client judges it.
pub fn told(answer: Result<impl Into<Answer>, Denied>) -> Outcome<Answer> {
    match answer {
        Ok(answer) => Outcome::Ok(answer.into()),
        Err(denied) => denial(denied),
    }
}

/// A refusal as the client judges it.
pub fn denial(Denied { http, body }: Denied) -> Outcome<Answer> {
    if http >= 500 {
        return Outcome::Unknown(DownReason::ServerError(http));
    }
    let body = *body;
    Outcome::Refused(ApiError {
        http,
        name: body.error,
        user: body.error_user,
        details: body.error_details,
        code: body.code,
        support_id: body.support_id,
    })
}
