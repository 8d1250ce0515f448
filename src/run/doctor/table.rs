//! What was found, and how it is told: an aligned table for people, JSON for programs.
//!
//! Owns the texts' harmlessness: nothing in here can act on a terminal or shows a card number.

use std::fmt::Write as _;

use serde::Serialize;

use crate::text::{mask_cards, sanitise, width};

/// How bad a finding is; the order says which is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// Not looked at, for a reason that is told.
    Skipped,
    /// As it should be.
    Ok,
    /// The till sells, but it should be looked at.
    Warning,
    /// The till does not sell, or not rightly.
    Problem,
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::Skipped => "–",
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    check: &'static str,
    verdict: Verdict,
    found: String,
    /// What to do; empty where nothing is to be done.
    advice: String,
}

/// All that was found, in the order of looking.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn ok(&mut self, check: &'static str, found: impl Into<String>) {
        self.add(check, Verdict::Ok, &found.into(), "");
    }

    pub(super) fn skipped(&mut self, check: &'static str, found: impl Into<String>) {
        self.add(check, Verdict::Skipped, &found.into(), "");
    }

    pub(super) fn warning(&mut self, check: &'static str, found: impl Into<String>, advice: &str) {
        self.add(check, Verdict::Warning, &found.into(), advice);
    }

    pub(super) fn problem(&mut self, check: &'static str, found: impl Into<String>, advice: &str) {
        self.add(check, Verdict::Problem, &found.into(), advice);
    }

    fn add(&mut self, check: &'static str, verdict: Verdict, found: &str, advice: &str) {
        let harmless = |text: &str| mask_cards(&sanitise(text), true);
        let (found, advice) = (harmless(found), harmless(advice));
        self.0.push(Finding { check, verdict, found, advice });
    }

    /// The worst verdict; [`Verdict::Skipped`] if nothing was looked at.
    pub(super) fn worst(&self) -> Verdict {
        self.0.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Skipped)
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.0.iter().filter(|finding| finding.verdict == verdict).count()
    }

    /// Verdict, check and finding in columns; what to do stands below the finding. Long findings
    /// go on below themselves where the terminal has only so many `columns`.
    pub(super) fn table(&self, columns: usize) -> String {
        let widest = |text: fn(&Finding) -> &str| {
            self.0.iter().map(|finding| width(text(finding))).max().unwrap_or(0)
        };
        let (verdicts, checks) = (widest(|f| f.verdict.word()), widest(|f| f.check));
        let mut out = String::new();
        for Finding { check, verdict, found, advice } in &self.0 {
            let room = columns.saturating_sub(verdicts + checks + 4);
            let (mut word, mut name) = (verdict.word(), *check);
            let advice = Some(format!("→ {advice}")).filter(|_| !advice.is_empty());
            let rows = wrapped(found, room).into_iter();
            for row in rows.chain(advice.into_iter().flat_map(|advice| wrapped(&advice, room))) {
                // Writing to a String cannot fail.
                let _ = writeln!(out, "{word:verdicts$}  {name:checks$}  {row}");
                (word, name) = ("", "");
            }
        }
        let _ = writeln!(out, "\n{}", self.summary());
        out
    }

    fn summary(&self) -> String {
        let some = |count: usize, word: &str| match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        };
        let bad = [
            some(self.count(Verdict::Problem), "problem"),
            some(self.count(Verdict::Warning), "warning"),
        ];
        let bad: Vec<_> = bad.into_iter().flatten().collect();
        if bad.is_empty() { "The till is healthy.".to_owned() } else { bad.join(", ") + "." }
    }

    /// An object: `version`, `verdict` (the worst) and `findings`.
    pub(super) fn json(&self) -> String {
        let report = serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"),
            "verdict": self.worst(),
            "findings": self.0,
        });
        format!("{report:#}\n")
    }
}

/// `text` in rows of at most `room` columns, broken between words; a longer word stays whole.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    for word in text.split(' ') {
        match rows.last_mut() {
            Some(row) if row.is_empty() || width(row) + 1 + width(word) <= room => {
                if !row.is_empty() {
                    row.push(' ');
                }
                row.push_str(word);
            }
            _ => rows.push(word.to_owned()),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_the_worst_counts() {
        let mut findings = Findings::default();
        findings.ok("state", "/x");
        assert_eq!(findings.table(80), "ok  state  /x\n\nThe till is healthy.\n");
        findings.problem("configuration", "a\u{1b}[2Jb 9276004424644352", "mend it");
        findings.skipped("log", "off");
        let table = "ok       state          /x\n\
                     problem  configuration  ab 9276 **** **** 4352\n\
                     \u{20}                       → mend it\n\
                     –        log            off\n\n1 problem.\n";
        assert_eq!(findings.table(80), table);
        let narrow = "problem  configuration  ab 9276\n\
                      \u{20}                       **** ****\n\
                      \u{20}                       4352\n\
                      \u{20}                       → mend it\n";
        assert!(findings.table(34).contains(narrow), "{}", findings.table(34));
        assert_eq!(findings.worst(), Verdict::Problem);
        assert!(findings.json().contains(r#""verdict": "skipped""#));
    }
}
