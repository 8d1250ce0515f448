//! Scenes of cards and customers: look-ups, codes, programmes, check-ins, cards that a sale makes.

use kasse::money::Money;
use kasse::shop::{CardNumber, CodeKind};
use kasse::till::{
    CallId, CardIdent, CardLookup, CardState, CardView, CheckIn, Choice, CodeEntry, CscCheck, Goal,
    LockDetails, Lookup, Overlay, PasscodeRule, Programme, SaleCard,
};
use kasse::wire::{CardLock, LockStatus, StockStatus};

use crate::ui::kit::{CARD, Scene, card_view, entry, sale, under};

fn programme(name: &str) -> Programme {
    Programme { id: "CRG_1".to_owned(), name: name.to_owned() }
}

fn check_in(name: &str, balance: Option<i64>) -> CheckIn {
    CheckIn {
        id: format!("CKI_{name}"),
        name: name.to_owned(),
        created: "2020-09-25T11:05:00+02:00".to_owned(),
        balance: balance.map(Money),
    }
}

fn identified(ident: CardIdent, state: CardState) -> SaleCard {
    SaleCard { state, ..SaleCard::unchecked(ident) }
}

/// Without an overlay.
pub fn sales() -> Vec<Scene> {
    let new = || CardIdent::New(programme("Baker's bonus 10 %"));
    let anna = || CardIdent::CheckIn(check_in("Anna Muster", Some(220)));
    let unmade = CardView { programme: "Baker's bonus 10 %".to_owned(), ..CardView::default() };
    let known = CardView { number: Some(CardNumber::new(CARD)), ..card_view() };
    let state = |ident, state| sale(|sale| sale.card = Some(identified(ident, state)));
    vec![
        ("new_card", state(new(), CardState::Known(Box::new(unmade)))),
        ("new_card_refused", state(new(), CardState::Invalid)),
        ("check_in", state(anna(), CardState::Known(Box::new(known)))),
        ("check_in_unchecked", state(anna(), CardState::Unchecked)),
        ("check_in_unknown", state(anna(), CardState::Invalid)),
    ]
}

/// Overlays, each over a sale.
pub fn overlays() -> Vec<Scene> {
    let number = || CardNumber::new(CARD);
    let found = |view: CardView, lock, csc| {
        let asked = CardLookup::asked(number(), CallId(9), 60_000);
        let result = Lookup::Found(Box::new(view));
        Overlay::Card(CardLookup { result, lock, csc, ..asked })
    };
    let locked = CardView {
        lock: LockStatus::Locked,
        stock: StockStatus::Stored,
        passcode: PasscodeRule::Discharge,
        points: 0,
        last_usage: None,
        ..card_view()
    };
    let lost = CardLock { lock_status: LockStatus::Locked, reason: 1, note: "by phone".to_owned() };
    let code = |code, then| Overlay::Code(CodeEntry { code, number: number(), then });
    let programmes = vec![programme("Baker's bonus 10 %"), programme("Gift card")];
    let customers = vec![check_in("Anna Muster", Some(220)), check_in("Ben", None)];
    vec![
        ("look_up_locked", under(found(locked, LockDetails::Known(lost), CscCheck::None), |_| ())),
        ("look_up_right", under(found(card_view(), LockDetails::None, CscCheck::Right), |_| ())),
        ("look_up_wrong", under(found(card_view(), LockDetails::None, CscCheck::Wrong), |_| ())),
        ("code_empty", under(code(CodeKind::Csc, None), |_| ())),
        (
            "code_typed",
            under(code(CodeKind::Passcode, Some(Goal::Apply)), |state| state.entry = entry("447")),
        ),
        (
            "code_scan",
            under(code(CodeKind::Csc, None), |state| state.entry = entry("9276004424644352")),
        ),
        ("programmes", under(Overlay::Programmes(Choice::Of(programmes, 1)), |_| ())),
        ("programmes_none", under(Overlay::Programmes(Choice::Of(Vec::new(), 0)), |_| ())),
        (
            "programmes_pending",
            under(Overlay::Programmes(Choice::Pending(CallId(9), 60_000)), |_| ()),
        ),
        ("check_ins", under(Overlay::CheckIns(Choice::Of(customers, 0)), |_| ())),
        ("check_ins_failed", under(Overlay::CheckIns(Choice::Failed), |_| ())),
    ]
}
