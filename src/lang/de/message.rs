//! German: the notices. Each says what happened, what is safe, and what to press.

use std::borrow::Cow;

use super::back;
use crate::lang::{LONGEST_WORDS, Lang, server_words};
use crate::money::Money;
use crate::shop::CodeKind;
use crate::text::fit;
use crate::till::{Action, Command, Message, Role, Settings};
use crate::wire::{ApiError, TerminalJob};

const LANG: Lang = Lang::De;

// One match over all notices: one that is forgotten does not compile.
#[allow(clippy::too_many_lines)]
pub(in crate::lang) fn message(message: &Message, settings: &Settings) -> String {
    let key = |command| LANG.key_of(command, &settings.keymap);
    let money = |amount: Money| format!("{} {}", LANG.amount(amount), settings.currency);
    match message {
        Message::NotFound(code) => format!(
            "Kein Artikel {code}: er wurde nicht gebucht. {} sucht nach Namen.",
            key(Command::Search)
        ),
        Message::UnknownCode(code) => {
            format!("Kein Artikel {code}: nicht gebucht. {} legt ihn an.", key(Command::Teach))
        }
        Message::ArticleLocked { name, note } => {
            format!("{name} ist gesperrt: nicht gebucht. {note}").trim_end().to_owned()
        }
        Message::NoRate { name, class } => {
            format!("{name}: die Steuerklasse {class} hat heute keinen Satz. Nicht gebucht.")
        }
        Message::Incomplete { name, number } => format!(
            "{name} braucht Artikel {number}, der nicht verkauft werden kann: nicht gebucht."
        ),
        Message::NotSold(name) => format!("{name} wurde nicht verkauft."),
        Message::ArticleNote { name, note } => format!("{name}: {note}"),
        Message::PriceIsFixed(name) => format!(
            "{name} hat einen Preis. {} macht eine Zahl zur Menge, {} löscht sie.",
            key(Command::Multiply),
            key(Command::Clear)
        ),
        Message::ScanOverQuestion => {
            "Das wurde nicht gebucht: eine Frage ist offen. → beantwortet sie, Enter nie."
                .to_owned()
        }
        Message::QuantityOutOfRange(most) => format!("Eine Menge liegt zwischen 1 und {most}."),
        Message::PercentOutOfRange => "Ein Rabatt liegt zwischen 0 und 100 %.".to_owned(),
        Message::NothingToTeach => {
            "Erst die Ware scannen: diese Taste legt zu einem unbekannten Code einen Artikel an."
                .to_owned()
        }
        Message::NameMissing(most) => format!("Einen Namen mit 1 bis {most} Zeichen tippen."),
        Message::NoVatKnown => {
            "Kein Steuersatz für einen neuen Artikel bekannt: in der Konfiguration nennen."
                .to_owned()
        }
        Message::WrongCheckDigit(code) => {
            format!("{code}: Prüfziffer falsch, nicht gebucht. Neu scannen oder tippen.")
        }
        Message::InStoreUnknown(code) => format!(
            "{code} ist ein Haus-Code ohne Regel: er wurde nicht gebucht. {} sucht nach Namen.",
            key(Command::Search)
        ),
        Message::CardCode { pays_out: false } => format!(
            "Dieser Code lädt Karten: er wurde nicht gebucht. Betrag tippen, dann {}.",
            key(Command::TopUp)
        ),
        Message::CardCode { pays_out: true } => format!(
            "Dieser Code zahlt Karten aus: er wurde nicht gebucht. Mit der Karte zahlen: {}.",
            key(Command::Subtotal)
        ),
        Message::NoHits(words) => {
            format!("Kein Artikel heißt \"{words}\". Weniger Buchstaben tippen.")
        }
        Message::BankCard => "Das war eine Bankkarte. Sie wurde nicht gelesen, behalten oder \
                          gesendet. Bitte die Kundenkarte durchziehen."
            .to_owned(),
        Message::UnreadableSwipe => {
            "Diese Karte war nicht lesbar. Neu durchziehen oder Nummer tippen.".to_owned()
        }
        Message::NotAQuantity => {
            "Das war keine Stückzahl (1 bis 9999) und wurde nicht gebucht.".to_owned()
        }
        Message::NumberMissing(command) => {
            let example = if *command == Command::TopUp { "15" } else { "3" };
            format!("Erst eine Zahl tippen: {example} und {}.", key(*command))
        }
        Message::AmountOutOfRange { min, max } => {
            format!("Der Betrag muss zwischen {} und {} liegen.", money(*min), money(*max))
        }
        Message::TooManyDigits => {
            "Ein Betrag hat höchstens 6 Ziffern: das war wohl ein Scan. Nichts bezahlt.".to_owned()
        }
        Message::BasketTooLarge => {
            "Zu viele Stück oder zu große Summe: das wurde nicht gebucht.".to_owned()
        }
        Message::CardSaleFixed => {
            "Geld auf einer Karte hat einen festen Preis und keinen Rabatt: Zeile stornieren."
                .to_owned()
        }
        Message::WeightOutOfRange => {
            "Gewicht in Gramm tippen (512) oder in Kilogramm mit Komma (0,512).".to_owned()
        }
        Message::CouponUsed => "Dieser Gutschein zählt in diesem Verkauf schon.".to_owned(),
        Message::NoDiscount => "Dieser Rabatt zieht hier nichts ab.".to_owned(),
        Message::TooManyDiscounts => "Der Verkauf hat schon zu viele Rabatte.".to_owned(),
        Message::SeveralHits(count) => {
            format!("{count} Artikel passen: ↓ wählt einen, Enter nimmt ihn.")
        }
        Message::EntryTooLong => "Das war zu lang für einen Code: nicht gebucht.".to_owned(),
        Message::InputLost => {
            "Eingaben verworfen: zu viele auf einmal. Nichts davon wirkt. Korb prüfen!".to_owned()
        }
        Message::PostFirst => {
            format!("Es ist noch etwas getippt. Enter bucht es, {} löscht es.", key(Command::Clear))
        }
        Message::PiecesWait(pieces) => {
            let what = if *pieces < 0 { "zur Rücknahme warten" } else { "warten" };
            format!(
                "{} × {what} auf einen Artikel: scannen, oder {} löscht sie.",
                pieces.unsigned_abs(),
                key(Command::Clear)
            )
        }
        Message::ReturnDropped => "Nichts wurde zurückgenommen.".to_owned(),
        Message::WindowTooSmall => {
            "Das Fenster war zu klein: was inzwischen gescannt oder getippt \
                                wurde, gilt nicht."
                .to_owned()
        }
        Message::RefusedBefore => {
            format!("Neu tippen, oder {} löscht es: dann genau der Betrag.", key(Command::Clear))
        }
        Message::BasketEmpty => {
            "Der Warenkorb ist leer: nichts zu zahlen. Artikel scannen.".to_owned()
        }
        Message::SumNegative => "Mehr Retouren als Ware: Auszahlen geht hier nicht. Artikel dazu, \
                             oder Retoure stornieren."
            .to_owned(),
        Message::NoLine => "Keine Zeile gewählt.".to_owned(),
        Message::Voided { quantity, name } => format!("Storniert: {quantity} × {name}"),
        Message::Discarded => "Alle Zeilen storniert.".to_owned(),
        Message::NoCard(_) => {
            "Erst die Kundenkarte durchziehen oder ihre Nummer tippen.".to_owned()
        }
        Message::CardInvalid => {
            "Der Server kennt diese Karte nicht. Der Verkauf geht ohne sie weiter.".to_owned()
        }
        Message::CardLocked => {
            "Diese Karte ist gesperrt. Der Verkauf geht ohne sie weiter.".to_owned()
        }
        Message::CardInactive => {
            "Diese Karte ist nicht im Umlauf: die Zahlung wird evtl. abgelehnt.".to_owned()
        }
        Message::CardExpired(day) => format!(
            "Diese Karte ist am {} abgelaufen: die Zahlung wird evtl. abgelehnt.",
            LANG.time(day)
        ),
        Message::CardExpires(day) => {
            format!("Diese Karte läuft am {} ab. Der Kunde sollte es wissen.", LANG.time(day))
        }
        Message::CardRemoved => "Die Karte ist aus dem Verkauf genommen.".to_owned(),
        Message::CheckInInvalid => {
            "Der Server kennt diesen Check-in nicht. Der Verkauf geht ohne ihn weiter.".to_owned()
        }
        Message::NewCardRefused => "Von diesem Programm lässt sich mit einem Verkauf keine Karte \
                                anlegen. Der Verkauf geht ohne sie weiter."
            .to_owned(),
        Message::NewCardIsEmpty => format!(
            "Die neue Karte entsteht beim Bezahlen: noch ist nichts darauf. {} geht weiter.",
            key(Command::Total)
        ),
        Message::NotACode => "Ein Code hat genau vier Ziffern. Nichts gesendet.".to_owned(),
        Message::CodeRight(CodeKind::Csc) => "Der Code der Rückseite ist richtig.".to_owned(),
        Message::CodeRight(CodeKind::Passcode) => "Der Passcode ist richtig.".to_owned(),
        Message::CodeWrong(code, off) => format!(
            "{} ist FALSCH: die Karte darf nicht benutzt werden.{}",
            match code {
                CodeKind::Csc => "Der Code der Rückseite",
                CodeKind::Passcode => "Der Passcode",
            },
            if *off { " Sie ist aus dem Verkauf, der ohne sie weitergeht." } else { "" }
        ),
        Message::PasscodeMissing => format!(
            "Ohne Passcode zahlt die Karte nicht. {} fragt neu; {}, \"{}\" verkauft ohne sie.",
            key(Command::Subtotal),
            key(Command::Menu),
            LANG.label(Command::RemoveCard)
        ),
        Message::ApplyAgain => format!(
            "Warenkorb geändert: die Karte ist nicht mehr angerechnet. {} oder {} rechnet neu an.",
            key(Command::Subtotal),
            key(Command::Total)
        ),
        Message::TooLittle(missing) => format!("Es fehlen {}. Nichts bezahlt.", money(*missing)),
        Message::TooMuch(change) => {
            format!("Das Rückgeld wäre {}. Nichts bezahlt. Betrag prüfen.", money(*change))
        }
        Message::ExactOnly => format!(
            "So wird genau der Betrag gezahlt: keine Eingabe. Nichts bezahlt. {} löscht sie.",
            key(Command::Clear)
        ),
        Message::EnterNeverPays => format!("Enter zahlt nie. {} zahlt.", key(Command::Total)),
        Message::ScanInTender => format!(
            "Scan abgelehnt: er wurde nicht gebucht. {} geht zurück zum Warenkorb.",
            key(Command::Clear)
        ),
        Message::ScanWhilePaying => {
            "Jetzt nicht: die Zahlung läuft. Das wurde nicht gebucht.".to_owned()
        }
        Message::Busy => "Einen Moment: der Server wird gefragt.".to_owned(),
        Message::LoyaltyNeedsRemainder(rest) => format!(
            "Die Karte reicht nicht: {} bleiben. {} nimmt Bargeld, {} das Kartenterminal.",
            money(*rest),
            key(Command::Cash),
            key(Command::Cashless)
        ),
        Message::PaymentFailed => format!(
            "Zahlung GESCHEITERT: nichts wurde genommen. Warenkorb bleibt. {} versucht es neu.",
            key(Command::Total)
        ),
        Message::TerminalFailed(said) => {
            let said = if said.is_empty() {
                "abgelehnt, abgebrochen oder Zeit abgelaufen".to_owned()
            } else {
                fit(said, LONGEST_WORDS, false)
            };
            format!(
                "Am Terminal NICHT bezahlt: {said}. Warenkorb bleibt. {} versucht es neu, {} nimmt \
                 Bargeld.",
                key(Command::Cashless),
                key(Command::Cash)
            )
        }
        Message::BrokenOff => format!(
            "Abgebrochen: nichts bezahlt. Warenkorb bleibt. {} versucht es neu, {} nimmt Bargeld.",
            key(Command::Cashless),
            key(Command::Cash)
        ),
        Message::TerminalBusy => "Das Terminal arbeitet: abwarten oder bar kassieren.".to_owned(),
        Message::TerminalJobDone(job) => format!(
            "{}: fertig. Den Bericht zeigt {}.",
            terminal_job(*job),
            key(Command::Transactions)
        ),
        Message::TerminalJobFailed(job) => {
            format!("{}: das Terminal meldet einen FEHLER. Bericht lesen.", terminal_job(*job))
        }
        Message::ShopCopy => format!(
            "Händlerbeleg des Terminals aufbewahren: zweimal {} druckt beide Belege.",
            key(Command::History)
        ),
        Message::SetUpAgain => format!(
            "Der Verkauf ist am Server neu angelegt. Betrag prüfen, dann {}.",
            key(Command::Total)
        ),
        Message::GivenUp => format!(
            "Beim Server aufgegeben: dort zahlt sie nicht mehr. {} zahlt den Verkauf neu.",
            key(Command::Total)
        ),
        Message::Refused(Action::PayAtTerminal, error) => format!(
            "{}. {} versucht es neu, {} nimmt Bargeld.",
            refused(Action::PayAtTerminal, error),
            key(Command::Cashless),
            key(Command::Cash)
        ),
        Message::Refused(action, error) => refused(*action, error),
        Message::NoAnswer(Action::EndOfDay, reason) => format!(
            "Kassenschnitt: keine Antwort ({}). Ob das Terminal den Tag geschlossen hat, zeigt {}. \
             Vorher nicht wiederholen.",
            LANG.reason(*reason),
            key(Command::Transactions)
        ),
        Message::NoAnswer(Action::AbortPayment, reason) => format!(
            "Abbrechen: keine Antwort ({}). Das Terminal entscheidet: abwarten. → fragt noch einmal.",
            LANG.reason(*reason)
        ),
        Message::Down(action, reason) => format!(
            "{}: Server nicht erreichbar ({}). Dort ist nichts geschehen, nichts ist verloren. {}",
            what(*action),
            LANG.reason(*reason),
            again(*action, &key)
        ),
        Message::NoAnswer(action, reason) => format!(
            "{}: keine Antwort ({}). Es floss kein Geld. {}",
            what(*action),
            LANG.reason(*reason),
            again(*action, &key)
        ),
        Message::Connected => "Der Server antwortet.".to_owned(),
        Message::Paired => "Die Kasse ist gekoppelt und bereit.".to_owned(),
        Message::PairingAside => format!(
            "Noch nicht gekoppelt; die Kasse fragt weiter. {}, \"{}\" zeigt den Code wieder.",
            key(Command::Menu),
            LANG.label(Command::Connect)
        ),
        Message::Parked => format!("Verkauf geparkt. {} holt ihn zurück.", key(Command::Park)),
        Message::VatChanged { lines, from, to } => format!(
            "Steuersatz von heute: {} statt {} ({lines} {}). Die Summe bleibt gleich.",
            LANG.percent(*to),
            LANG.percent(*from),
            if *lines == 1 { "Zeile" } else { "Zeilen" }
        ),
        Message::Recalled => "Der geparkte Verkauf ist zurück.".to_owned(),
        Message::NothingParked => "Es ist kein Verkauf geparkt.".to_owned(),
        Message::TooManyParked(sales) => {
            format!("{sales} Verkäufe sind geparkt, mehr geht nicht: erst diesen abschließen.")
        }
        Message::TooManyOpen(open) => {
            format!("{open} Ausgänge sind offen, mehr geht nicht: erst muss einer bekannt sein.")
        }
        Message::MoreErrors(errors) => {
            format!("{errors} weitere Fehler sind nicht gemerkt: erst den Korb ansehen.")
        }
        Message::FinishFirst => "Erst diesen Verkauf beenden oder parken.".to_owned(),
        Message::NoHistory => "Es gibt noch keinen fertigen Verkauf.".to_owned(),
        Message::NoReceipt => "Der Server hat dazu keinen Beleg geschrieben.".to_owned(),
        Message::NoPrinter => "Kein Drucker eingerichtet.".to_owned(),
        Message::Printed => "Der Beleg ist gedruckt.".to_owned(),
        Message::SwitchedOff(command) => {
            format!("\"{}\" ist an dieser Kasse abgeschaltet.", LANG.label(*command))
        }
        Message::Exported(file) => format!("Geschrieben nach {file}, neben dem Journal."),
        Message::ExportFailed(why) => format!(
            "Die Anfragen ließen sich nicht schreiben ({}).",
            fit(why, LONGEST_WORDS, false)
        ),
        Message::ArticlesUpdated(count) => format!("Artikel aktualisiert: {}.", LANG.count(*count)),
        Message::ArticlesUnread(why) => format!(
            "Neue Artikel wurden importiert, sind aber nicht lesbar ({}). Die Kasse verkauft die \
             bisherigen.",
            fit(why, LONGEST_WORDS, false)
        ),
        Message::NotTaught(why) => format!(
            "Der neue Artikel wird verkauft, bis kasse endet, ließ sich aber nicht speichern ({}).",
            fit(why, LONGEST_WORDS, false)
        ),
        Message::PrintFailed(why) => format!(
            "Nicht gedruckt: {why}. Der Verkauf ist sicher. {} druckt neu.",
            key(Command::History)
        ),
        Message::PrinterWaits(count) => format!(
            "Der Drucker nimmt nichts an; wartende Belege: {count}. Die Verkäufe sind sicher. Strom, \
             Papier und Kabel prüfen: es geht von selbst weiter. {} druckt später noch einmal.",
            key(Command::History)
        ),
        Message::RoleMissing(command, role) => {
            let role = match role {
                Role::Trainee | Role::Cashier => "dem Kassenpersonal",
                Role::Supervisor => "der Kassenaufsicht",
            };
            format!("\"{}\" ist {role} vorbehalten.", LANG.label(*command))
        }
        Message::NotHere(command) => format!("{} bewirkt hier nichts.", key(*command)),
        Message::HowToQuit => {
            format!("Zum Beenden: {}, dann \"{}\".", key(Command::Menu), LANG.label(Command::Quit))
        }
        Message::CardBlocked => format!(
            "Mit dieser Karte ist ein Ausgang unbekannt: sie darf noch nicht wieder zahlen. {}, \
             \"{}\" zeigt ihn.",
            key(Command::Menu),
            LANG.label(Command::Unresolved)
        ),
        Message::Detached => {
            "Beiseitegelegt; wir fragen weiter nach. Der Nächste kann bedient werden.".to_owned()
        }
        Message::ResolvedPaid(sum) => format!(
            "Der offene Verkauf über {} IST BEZAHLT. Sein Beleg: {}.",
            money(*sum),
            key(Command::History)
        ),
        Message::ResolvedUnpaid(sum) => format!(
            "Der offene Verkauf über {} wurde NICHT bezahlt. Er ist geparkt: {} holt ihn zurück.",
            money(*sum),
            key(Command::Park)
        ),
        Message::WrittenOff(sum) => format!(
            "Ohne Ausgang ausgebucht: {}. Es KANN BEZAHLT SEIN; der Server wird weiter gefragt.",
            money(*sum)
        ),
        Message::WrittenOffWasPaid(due) => format!(
            "Eine ausgebuchte Zahlung WURDE GEBUCHT: {}. Stornieren oder zurückgeben ({}, \"{}\").",
            money(*due),
            key(Command::Menu),
            LANG.label(Command::Transactions)
        ),
        Message::PaidElsewhere(sum) => format!(
            "Laut Server ist dieser Verkauf schon bezahlt: {}. Eine Kopie dieser Kasse hat ihn \
             verkauft. NICHT noch einmal kassieren; \"{}\" räumt ihn hier ab.",
            money(*sum),
            LANG.label(Command::DiscardSale)
        ),
        Message::NothingUnresolved => "Alle Ausgänge sind bekannt.".to_owned(),
        Message::OutcomesOpen => format!(
            "Noch nicht: ein Ausgang ist unbekannt. {}, \"{}\" zeigt ihn.",
            key(Command::Menu),
            LANG.label(Command::Unresolved)
        ),
        Message::Cancelled(sum) => format!("Am Server storniert: {}.", money(*sum)),
        Message::GiveBack(back) => back::give_back(back, &money, &key),
        Message::CancelledButCard(sum) => format!(
            "Am Server storniert: {}. Ob die Buchung auf der Kundenkarte zurückgenommen wurde, ist \
             NICHT bekannt: {} zeigt die Karte.",
            money(*sum),
            key(Command::Card)
        ),
        Message::CancellingAtTerminal => {
            "Das Terminal soll das Geld zurückgeben. Bankkarte bereithalten.".to_owned()
        }
        Message::CancelChecking => {
            "Der Storno wurde abgelehnt. Wir fragen beim Server nach, wie der Verkauf steht."
                .to_owned()
        }
        Message::CancelRefused(error) => {
            format!("Der Server sagt, er ist noch bezahlt: NICHT storniert. {}", reason_of(error))
        }
        Message::CancelOpen => format!(
            "Der Server sagt nicht, ob ein Verkauf storniert wurde. Noch nichts zurückgeben: {}, \
             \"{}\" zeigt ihn, → entscheidet dort. Verkaufen und Beenden gehen weiter.",
            key(Command::Menu),
            LANG.label(Command::Unresolved)
        ),
        Message::PerhapsCancelled => {
            "Gilt als nicht storniert, kann aber storniert sein. Im Journal \
                                  steht, dass Sie so entschieden haben."
                .to_owned()
        }
        Message::NoReceiptNumber => {
            "Nichts wurde storniert: die Belegnummer des Terminals ist nicht \
                                 bekannt. Die Zahlung am Terminal selbst zurücknehmen."
                .to_owned()
        }
        Message::LeavingOpen(count) => format!(
            "Unbekannte Ausgänge: {count}. Sie bleiben im Journal; beim nächsten Start \
             fragen wir nach."
        ),
        Message::AlreadyCancelled => "Dieser Verkauf ist schon storniert.".to_owned(),
        Message::NotPaid => "Nur Bezahltes kann storniert werden.".to_owned(),
        Message::CancelUnderWay => {
            "Dieser Verkauf wird schon storniert; erst den Ausgang abwarten.".to_owned()
        }
        Message::CancelUnknown => {
            "Ob storniert wurde, ist noch unbekannt: wir fragen beim Server nach.".to_owned()
        }
        Message::NotCancelled => {
            "Der Server sagt, er ist noch bezahlt: NICHT storniert.".to_owned()
        }
        Message::SandboxOnly => "Störungen zum Üben hat nur eine Sandbox.".to_owned(),
        Message::Saving => {
            "Noch nicht: die Platte ist langsam, ein Eintrag wird noch gesichert.".to_owned()
        }
        Message::Stopped(why) => format!(
            "ANGEHALTEN: das Journal ist nicht schreibbar ({why}). Es wird nichts verkauft und \
             nichts gesendet. Platz schaffen oder reparieren, dann kasse neu starten."
        ),
        Message::NotWhilePaying => "Nicht, solange eine Zahlung offen ist.".to_owned(),
    }
}

const fn terminal_job(job: TerminalJob) -> &'static str {
    match job {
        TerminalJob::Diagnosis => "Diagnose",
        TerminalJob::EndOfDay => "Kassenschnitt",
    }
}

fn what(action: Action) -> Cow<'static, str> {
    Cow::Borrowed(match action {
        Action::Connect => "Verbinden",
        Action::Prepare => "Verkauf vorbereiten",
        Action::Apply => "Karte anrechnen",
        Action::Pay => "Zahlen",
        Action::PayAtTerminal => "Zahlen am Terminal",
        Action::AbortPayment => "Abbrechen",
        Action::Diagnosis => terminal_job(TerminalJob::Diagnosis),
        Action::EndOfDay => terminal_job(TerminalJob::EndOfDay),
        Action::List => "Transaktionen auflisten",
        Action::FindCard => "Karte abfragen",
        Action::CardLock => "Sperre erfragen",
        Action::CheckCode(_) => "Code prüfen",
        Action::Fetch(command) => {
            return Cow::Owned(format!("„{}“ auflisten", super::commands::command(command).0));
        }
        Action::Abort => "Transaktion aufgeben",
        Action::Cancel => "Storno",
        Action::Faults => "Störungen schalten",
    })
}

fn again(action: Action, key: &impl Fn(Command) -> String) -> String {
    let key = action.again().map_or_else(|| "→".to_owned(), key);
    format!("{key} versucht es neu.")
}

/// What is safe comes first and the server's words are cut, so that code and support id stay on
/// the screen.
fn refused(action: Action, error: &ApiError) -> String {
    let safe = match action {
        Action::Pay | Action::PayAtTerminal => "nichts wurde genommen",
        Action::AbortPayment => "die Zahlung läuft weiter",
        Action::Diagnosis | Action::List => "nichts hat sich geändert",
        // A gateway may refuse what a terminal has done.
        Action::EndOfDay => "vor dem Wiederholen in den Vorgängen nachsehen",
        _ => "der Warenkorb bleibt",
    };
    format!("{}: abgelehnt, {safe}: {}", what(action), reason_of(error))
}

fn reason_of(error: &ApiError) -> String {
    server_words(error, "Code", "Support-ID")
}
