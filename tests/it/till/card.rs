//! Who pays: look-ups, cards that a sale makes, check-ins.

use kasse::money::Money;
use kasse::shop::CardNumber;
use kasse::till::{
    Answer, Call, CardIdent, CardState, Choice, Event, Level, LockDetails, Lookup, Message,
    Overlay, Settings, Stage, Step,
};
use kasse::wire::{
    CardGroup, CardLock, CardRef, Checkin, DownReason, Ident, LockStatus, MerchantCard, Outcome,
    Status, Transaction, TransactionRequest,
};
use serde_json::json;

use crate::till::kit::{CARD, OTHER_CARD, Till, card, copy, settings};

fn programmes(till: &mut Till) {
    till.press("␣newcard⏎".replace("newcard", "new").as_str());
    assert_eq!(till.last().1, Call::Programmes);
    let group = |id: &str, name: &str| CardGroup {
        id: id.to_owned(),
        display_name: name.to_owned(),
        ..CardGroup::default()
    };
    let list = vec![group("CRG_1", "Bonus"), group("CRG_2", "Gift card")];
    let id = till.last().0;
    till.event(Event::answer(id, Outcome::Ok(list)));
}

fn check_ins(till: &mut Till) {
    till.press("␣check⏎");
    assert_eq!(till.last().1, Call::CheckIns);
    let anna =
        Checkin { id: "CKI_1".to_owned(), customer_name: "Anna".to_owned(), ..Checkin::default() };
    let id = till.last().0;
    till.event(Event::answer(id, Outcome::Ok(vec![anna])));
}

/// The body of the last create or update.
fn body(till: &Till) -> TransactionRequest {
    match till.last().1 {
        Call::Create(body) | Call::Update(_, body) => body,
        other => panic!("{other:?}"),
    }
}

/// The copy of a server that accepts every ident; of a check-in it knows the card.
fn accepting(body: &TransactionRequest) -> Transaction {
    let plain = copy(body);
    let idents = plain.idents.iter().map(|ident| Ident {
        valid: true,
        merchantcard: ident.value.starts_with("CKI_").then(|| MerchantCard {
            card: CardRef { cardnumber: CARD.to_owned(), ..CardRef::default() },
            ..card()
        }),
        ..ident.clone()
    });
    let idents = idents.collect();
    Transaction { idents, ..plain }
}

fn accepted(till: &mut Till) {
    let transaction = accepting(&body(till));
    till.reply(Outcome::Ok(transaction));
}

#[test]
fn a_new_card_is_an_ident_of_the_sale_and_pays_nothing() {
    let settings = Settings { apply_card_on_total: true, ..settings() };
    let mut till = Till::with(settings);
    till.press("30037⏎");
    programmes(&mut till);
    till.press("<Down>⏎");
    let sent = body(&till).idents;
    assert_eq!(
        serde_json::to_value(&sent).unwrap(),
        json!([{"type": "create_card", "value": "CRG_2"}])
    );
    accepted(&mut till);
    let sale = &till.state.sale;
    let known = sale.card.as_ref().unwrap();
    assert!(matches!(&known.ident, CardIdent::New(programme) if programme.name == "Gift card"));
    assert!(matches!(&known.state, CardState::Known(view) if view.programme == "Gift card"));
    assert!(known.number().is_none() && !sale.use_card);

    till.press("/");
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::NewCardIsEmpty);
    till.press("<Esc> <F7>");
    assert!(matches!(
        till.state.notice.as_ref().unwrap().message,
        Message::LoyaltyNeedsRemainder(_)
    ));
    assert!(!till.calls.iter().any(|(_, call)| matches!(call, Call::PreTransaction(_))));

    // It can be loaded with the sale that makes it, and its number comes with the payment.
    till.press("<Esc> 15<F4> +");
    accepted(&mut till);
    till.press("+");
    let made = MerchantCard {
        card: CardRef { cardnumber: OTHER_CARD.to_owned(), ..CardRef::default() },
        ..card()
    };
    let ident = Ident {
        value: "CRG_2".to_owned(),
        valid: true,
        merchantcard: Some(made),
        ..Ident::default()
    };
    let paid = Transaction {
        status: Status::Ok,
        idents: vec![ident],
        ..copy(&TransactionRequest::default())
    };
    till.reply(Outcome::Ok(paid));
    let Step::Done(done) = &till.state.sale.step else { panic!("{:?}", till.state.sale.step) };
    let number = done.card.as_ref().unwrap().number().unwrap();
    assert_eq!(*number, CardNumber::new(OTHER_CARD));
}

#[test]
fn a_refused_programme_leaves_the_sale() {
    let mut till = Till::new();
    programmes(&mut till);
    till.press("⏎").copied();
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::NewCardRefused);
    till.press("<Esc> 30037⏎ +");
    assert!(body(&till).idents.is_empty());
}

#[test]
fn a_check_in_is_an_ident_of_the_sale_and_its_card_pays() {
    let mut till = Till::new();
    till.press("30037⏎");
    check_ins(&mut till);
    till.press("⏎");
    let sent = serde_json::to_value(body(&till).idents).unwrap();
    assert_eq!(sent, json!([{"type": "checkin", "value": "CKI_1"}]));
    accepted(&mut till);
    let paying = till.state.sale.card.as_ref().unwrap();
    assert_eq!(paying.number(), Some(&CardNumber::new(CARD)));
    till.press("/");
    assert!(matches!(till.last().1, Call::PreTransaction(_)), "{:?}", till.last());
    // F3 asks for the card behind the check-in.
    till.press("<F3>");
    assert_eq!(till.last().1, Call::FindCard(CardNumber::new(CARD)));
}

#[test]
fn the_card_of_an_open_outcome_is_blocked_however_it_is_shown() {
    let mut till = Till::new();
    till.press("30037⏎");
    check_ins(&mut till);
    till.press("⏎");
    accepted(&mut till);
    till.press("+ +");
    till.reply(Outcome::Unknown(DownReason::Timeout));
    till.press("<F9>");
    assert_eq!(till.state.unresolved.len(), 1);
    till.press(CARD).press("⏎");
    assert_eq!(
        till.state.notice.as_ref().unwrap().message,
        Message::CardBlocked,
        "the same card, swiped"
    );
    till.press("<Esc>");
    check_ins(&mut till);
    till.press("⏎");
    assert_eq!(
        till.state.notice.as_ref().unwrap().message,
        Message::CardBlocked,
        "the same check-in"
    );
    assert!(till.state.sale.card.is_none());
}

#[test]
fn lists_that_do_not_come_say_so_and_scans_close_them() {
    let mut till = Till::new();
    till.press("␣check⏎");
    let id = till.last().0;
    till.event(Event::answer(id, Outcome::<Answer>::Down(DownReason::NoConnection)));
    assert!(matches!(till.state.overlays.last(), Some(Overlay::CheckIns(Choice::Failed))));
    assert_eq!(till.state.notice.as_ref().unwrap().level, Level::Error);
    till.press("4006381333931⏎");
    assert_eq!(till.state.sale.basket.lines().len(), 1);
    assert!(till.state.overlays.is_empty());
    // An answer to a list that is closed is of no interest.
    till.press("␣check⏎");
    let id = till.last().0;
    till.press("<Esc> <Esc>");
    till.event(Event::answer(id, Outcome::Ok(Vec::<Checkin>::new())));
    assert!(till.state.overlays.is_empty());
    // Nobody is taken from an empty list.
    till.press("␣check⏎");
    let id = till.last().0;
    till.event(Event::answer(id, Outcome::Ok(Vec::<Checkin>::new())));
    till.press("⏎ <Down> ⏎");
    assert!(till.state.sale.card.is_none());
}

#[test]
fn customers_are_chosen_in_the_basket_only() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied();
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
    let calls = till.calls.len();
    let rows = kasse::till::menu_commands("", &till.settings);
    for command in [kasse::till::Command::NewCard, kasse::till::Command::CheckIns] {
        let row = rows.iter().position(|shown| *shown == command).unwrap();
        till.press(&format!("␣{}⏎", "<Down>".repeat(row)));
        assert_eq!(till.state.notice.as_ref().unwrap().message, Message::NotHere(command));
        till.press("<Esc>");
    }
    assert_eq!(till.calls.len(), calls);
}

#[test]
fn idents_come_back_from_the_journal() {
    for (choose, kind) in [(programmes as fn(&mut Till), "create_card"), (check_ins, "checkin")] {
        let mut till = Till::new();
        till.press("30037⏎");
        choose(&mut till);
        till.press("⏎");
        accepted(&mut till);
        let replayed = till.replayed();
        assert_eq!(replayed.sale.card, till.state.sale.card);
        assert_eq!(replayed.sale.card.unwrap().ident.wire().0, kind);
    }
}

#[test]
fn journals_of_earlier_versions_still_read() {
    let old = json!({
        "card": {
            "number": CARD,
            "state": {"Known": {
                "programme": "Bonus", "cash": 200, "bonus": 20, "balance": 220, "points": 0,
                "stock": "active", "lock": "unlocked", "last_usage": null, "last_charge": null,
                "expiry": null,
            }},
        },
        "use_card": true, "revision": 4, "remote": null, "create_sent": false, "stage": "basket",
    });
    let head: kasse::till::HeadChange = serde_json::from_value(old.clone()).unwrap();
    assert_eq!((&head.stage, &head.remote), (&Some(Stage::Basket), &Some(None)));
    let card = head.card.clone().flatten().unwrap();
    assert_eq!(card.ident, CardIdent::Number(CardNumber::new(CARD)));
    let CardState::Known(view) = &card.state else { panic!() };
    assert_eq!(view.balance, Money(220));
    // And a plain card is still written as it was.
    let now = serde_json::to_value(&head).unwrap();
    assert_eq!(now["card"]["number"], old["card"]["number"]);
    assert_eq!(now["card"].as_object().unwrap().len(), 2);
}

#[test]
fn a_locked_card_is_looked_up_with_its_reason() {
    let mut till = Till::new();
    till.press(CARD).press("<F3>");
    let found = MerchantCard {
        id: "MCD_1".to_owned(),
        lock_status: LockStatus::Locked,
        passcode: 2,
        ..card()
    };
    let id = till.last().0;
    till.event(Event::answer(id, Outcome::Ok(Some(found))));
    let (id, call) = till.last();
    assert_eq!(call, Call::CardLock("MCD_1".to_owned()));
    let lock = CardLock { lock_status: LockStatus::Locked, reason: 6, note: String::new() };
    till.event(Event::answer(id, Outcome::Ok(lock.clone())));
    let Some(Overlay::Card(lookup)) = till.state.overlays.last() else { panic!() };
    assert_eq!(lookup.lock, LockDetails::Known(lock));
    assert!(matches!(lookup.result, Lookup::Found(_)));
}
