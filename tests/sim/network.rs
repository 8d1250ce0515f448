//! What the network does to one call. Decides only; the world carries it out.

use kasse::till::{Answer, Call};
use kasse::wire::{ApiError, DownReason, Outcome, StartMethod, UNPAIRED};

use super::rng::Rng;

/// What becomes of one call. Times in ms from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// When the server gets it; `None`: never.
    pub arrives: Option<u64>,
    /// What the till hears.
    pub heard: Heard,
    /// What else happens on the way.
    pub twist: Twist,
    /// Its name in the counts, if it is a fault.
    pub fault: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The answer, this long after the server gave it.
    Answer(u64),
    /// No answer: known at this time.
    Unknown(DownReason, u64),
    /// Never sent: known at this time.
    Down(DownReason, u64),
    /// A refusal by what stands before the server.
    Refused(Gateway, u64),
}

/// A refusal that does not come from the server that was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gateway {
    pub http: u16,
    pub words: Words,
}

/// The words of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// The status alone.
    None,
    /// Those of the API: another backend refused.
    Api,
    /// Those of the client itself, which has sent nothing: the device is not paired.
    Unpaired,
}

/// What happens to a call besides being delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twist {
    None,
    /// Another till spends the card right before the server gets it.
    Spent,
    /// It is delivered twice, and the second answer passed on.
    Twice,
    /// The answer is that of another sale, chosen by this number.
    Other(u64),
}

/// How long the till waits for an answer, ms.
pub const fn deadline(call: &Call) -> u64 {
    match call {
        Call::Start(_, StartMethod::Cashless) | Call::CancelTrx(..) => 180_000,
        _ => 10_000,
    }
}

/// A request may arrive this long after the till has given up, ms. `start` is fenced by giving the
/// transaction up, everything else by its transaction not being used any more; but nothing fences
/// a `cancel`: a till can only ask for a while, so that while is the bound.
const fn latest(call: &Call) -> u64 {
    match call {
        Call::Cancel(_) | Call::CancelTrx(..) => 8_000,
        _ => 300_000,
    }
}

/// What becomes of `call`; `cut_off`: the till's line is down.
pub fn fate(call: &Call, cut_off: bool, faults: bool, rng: &mut Rng) -> Fate {
    let there = rng.between(2, 150);
    let back = rng.between(2, 150);
    let fine =
        Fate { arrives: Some(there), heard: Heard::Answer(back), twist: Twist::None, fault: None };
    if !faults {
        return fine;
    }
    let wait = deadline(call);
    let timeout = Heard::Unknown(DownReason::Timeout, wait);
    let broken = Heard::Unknown(DownReason::Broken, there + back);
    let fault =
        |name, arrives, heard| Fate { arrives, heard, twist: Twist::None, fault: Some(name) };
    let twisted = |name, twist| Fate { twist, fault: Some(name), ..fine };
    if cut_off {
        let refused = Heard::Down(DownReason::NoConnection, there);
        let heard = if rng.chance(500) { refused } else { timeout };
        return fault("cut off", None, heard);
    }
    // The dangerous calls get the dangerous faults more often.
    let weight =
        if matches!(call, Call::Start(..) | Call::Cancel(_) | Call::CancelTrx(..)) { 3 } else { 1 };
    if !rng.chance(90 * weight) {
        let spent = matches!(call, Call::Start(..)) && rng.chance(20);
        let slow = rng.chance(30);
        let heard = if slow { Heard::Answer(rng.between(1_000, wait / 2)) } else { fine.heard };
        let name = if spent { Some("card spent elsewhere") } else { slow.then_some("slow answer") };
        let twist = if spent { Twist::Spent } else { Twist::None };
        return Fate { heard, twist, fault: name, ..fine };
    }
    let status = rng.pick(&[500, 502, 503]);
    let failed = Heard::Unknown(DownReason::ServerError(status), there + back);
    let http = rng.pick(&[400, 401, 403, 404, 409, 429]);
    let words = if rng.chance(500) { Words::Api } else { Words::None };
    let gateway = Heard::Refused(Gateway { http, words }, there + back);
    match rng.between(0, 13) {
        0 => fault("lost request", None, timeout),
        1 => fault("no connection", None, Heard::Down(DownReason::NoConnection, there)),
        2 => fault("lost answer, broken", Some(there), broken),
        3 => fault("lost answer, timeout", Some(there), timeout),
        4 => {
            let heard = Heard::Unknown(DownReason::Unreadable, there + back);
            fault("torn answer", Some(there), heard)
        }
        5 => fault("5xx before effect", None, failed),
        6 => fault("5xx after effect", Some(there), failed),
        7 => fault("refused by a gateway", None, gateway),
        8 => fault("not paired", None, Heard::Refused(NOT_PAIRED, there + back)),
        9 => fault("refused after effect", Some(there), gateway),
        // Nothing fences a cancel: its late effect is bounded by `latest`, its refusal is not.
        10 if matches!(call, Call::Start(..)) => {
            let late = there + back + rng.between(1, 60_000);
            fault("refused, then effect", Some(late), gateway)
        }
        11 => twisted("delivered twice", Twist::Twice),
        12 => twisted("answer of another", Twist::Other(rng.between(0, u64::MAX - 1))),
        13 if matches!(call, Call::Read(_) | Call::Abort(_)) => {
            let lagging = Gateway { http: 404, words: Words::Api };
            fault("lagging replica", None, Heard::Refused(lagging, there + back))
        }
        _ => {
            let late = wait + rng.between(1, latest(call));
            fault("arrives late", Some(late), timeout)
        }
    }
}

/// What the client says where the token is dead for good.
const NOT_PAIRED: Gateway = Gateway { http: 401, words: Words::Unpaired };

/// The refusal of a gateway, or of the client where the token is dead for good.
pub fn refusal(gateway: Gateway) -> Outcome<Answer> {
    let Gateway { http, words } = gateway;
    let (name, code) = match words {
        Words::None => ("", 0),
        Words::Api if http == 404 => ("ProductNotFoundException", 2003),
        Words::Api => ("ProductNotAllowedException", 2003),
        Words::Unpaired => (UNPAIRED, 0),
    };
    Outcome::Refused(ApiError { http, name: name.to_owned(), code, ..ApiError::default() })
}
