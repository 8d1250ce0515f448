//! German: every command as a short label and as one line of help.

use crate::till::{Command, DiscountBy, DiscountOf};

pub(in crate::lang) const fn command(command: Command) -> (&'static str, &'static str) {
    match command {
        Command::Post => ("buchen", "Bucht die Eingabe: Artikel, Karte, Suche; zahlt nie"),
        Command::Multiply => ("mal", "Die getippte Zahl wird zur Menge: 3* und scannen"),
        Command::Total => ("Summe", "Zum Zahlschritt; dort: zahlt den getippten Betrag"),
        Command::VoidOrReturn => {
            ("Storno", "Storniert die gewählte Zeile; nach einer Zahl: Retoure")
        }
        Command::Subtotal => ("anrechnen", "Zwischensumme: rechnet die Karte an, zeigt den Rest"),
        Command::Clear => ("löschen", "Löscht die Eingabe; nochmals: ein Schritt zurück"),
        Command::Up => ("auf", "Wählt die Zeile darüber"),
        Command::Down => ("ab", "Wählt die Zeile darunter"),
        Command::PageUp => ("Seite auf", "Eine Seite nach oben"),
        Command::PageDown => ("Seite ab", "Eine Seite nach unten"),
        Command::Help => ("Hilfe", "Tasten, und wie ein Verkauf läuft"),
        Command::Search => ("suchen", "Preisauskunft; Buchstaben suchen Artikel und verkaufen"),
        Command::Card => ("Karte", "Karte und Guthaben"),
        Command::TopUp => ("Aufladung", "Lädt die getippte Zahl auf die Karte: 15, diese Taste"),
        Command::Cash => ("Bar", "Zahlung in bar"),
        Command::Cashless => ("Terminal", "Zahlung am Kartenterminal"),
        Command::Loyalty => ("Guthaben", "Die Karte zahlt alles"),
        Command::VoidLine => ("Storno", "Storniert die gewählte Zeile"),
        Command::Quantity => ("Menge", "Die getippte Zahl wird zur Menge der gewählten Zeile"),
        Command::Price => ("Preis", "Preisänderung: die Zeile kostet je Stück, was getippt ist"),
        Command::Discount(DiscountOf::Line, DiscountBy::Percent) => {
            ("Rabatt %", "Prozent Rabatt auf die gewählte Zeile: 10, Taste; 0: keiner")
        }
        Command::Discount(DiscountOf::Line, DiscountBy::Amount) => {
            ("Rabatt", "Betrag Rabatt auf die gewählte Zeile; 0 nimmt ihn zurück")
        }
        Command::Discount(DiscountOf::Line, DiscountBy::Deal) => {
            ("Festpreis", "Festpreis: die gewählte Zeile kostet das; 0: wie vorher")
        }
        Command::Discount(DiscountOf::Sale, DiscountBy::Percent) => {
            ("Ges.rabatt %", "Prozent Rabatt auf den Verkauf; 0 nimmt den letzten zurück")
        }
        Command::Discount(DiscountOf::Sale, DiscountBy::Amount) => {
            ("Gesamtrabatt", "Betrag Rabatt auf den Verkauf; 0 nimmt den letzten zurück")
        }
        Command::Discount(DiscountOf::Sale, DiscountBy::Deal) => {
            ("Gesamtpreis", "Festpreis: der ganze Verkauf kostet das; 0: wie vorher")
        }
        Command::LineNote => ("Zeilennotiz", "Schreibt eine Notiz zur gewählten Zeile"),
        Command::SaleNote => ("Notiz", "Schreibt eine Notiz zum Verkauf"),
        Command::Quick(_) => ("Taste", "Schnelltaste {n}: verkauft, wofür sie steht"),
        Command::QuickKeys => ("Schnellwahl", "Die Seite der Schnelltasten, zum Auswählen"),
        Command::Teach => ("Artikel neu", "Artikel anlegen: aus dem unbekannten Code vom Scanner"),
        Command::Park => ("parken", "Parkt den Verkauf; bei leerem Korb: holt einen zurück"),
        Command::Menu => ("Menü", "Alle Befehle, falls das Terminal F-Tasten schluckt"),
        Command::History => ("Verlauf", "Fertige Verkäufe, ihre Belege, Nachdruck"),
        Command::Lock => ("sperren", "Sperrt den Bildschirm"),
        Command::Note(_) => ("Schein", "Im Zahlschritt: Kunde gibt diesen Schein; zahlt sofort"),
        Command::NewCard => ("neue Karte", "Legt mit dem Verkauf eine Karte an: Programm wählen"),
        Command::CheckIns => ("Check-ins", "Eingecheckte Kunden: wählt, wer zahlt"),
        Command::RemoveCard => ("Karte weg", "Nimmt die Karte aus dem Verkauf"),
        Command::DiscardSale => ("alles Storno", "Storniert alle Zeilen und beginnt neu"),
        Command::Unresolved => ("Ausgänge", "Zahlungen, deren Ausgang noch unbekannt ist"),
        Command::CancelSale => ("Storno", "Im Verlauf: storniert den bezahlten Verkauf"),
        Command::AbortPayment => {
            ("abbrechen", "Bittet den Server, die Terminalzahlung abzubrechen")
        }
        Command::WriteOff => ("ausbuchen", "Macht ohne den Ausgang einer Zahlung weiter"),
        Command::Transactions => ("Liste", "Die Transaktionen am Server: suchen, drucken, Storno"),
        Command::Diagnosis => ("Diagnose", "Diagnose des Kartenterminals"),
        Command::EndOfDay => ("Abschluss", "Kassenschnitt: das Kartenterminal schließt den Tag"),
        Command::Faults => ("Störungen", "Sandbox: schaltet Störungen zum Üben"),
        Command::Connect => ("Verbindung", "Prüft die Verbindung zum Server"),
        Command::Wire => ("Anfragen", "Anfragen an den Server, seine Antworten; schreibt curl"),
        Command::Quit => ("beenden", "Verlässt das Programm"),
    }
}
