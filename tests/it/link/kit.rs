//! A bad line between the cashier and the program: latency, jitter, stalls and 9600 bit/s, both
//! ways, in a time of its own.
//!
//! Time passes only in [`Link::pass`], by steps, as fast as the machine allows; so a test over
//! minutes of a slow line takes seconds, and what it finds does not depend on their number.

use std::collections::VecDeque;

use crate::pty::kit::Pty;
use crate::sim::rng::Rng;

/// 9600 bit/s with start and stop bit, in bytes per second.
const RATE: u64 = 960;

/// How far a step goes, ms.
const STEP: u64 = 20;

/// What the line does to what it carries, ms.
pub struct Quality {
    pub latency: u64,
    /// On top of it, up to this much.
    pub jitter: u64,
    /// How long it stands still, up to this much.
    pub stall: u64,
    /// How many steps in a thousand begin so.
    pub stalls: u64,
}

pub struct Link {
    pub pty: Pty,
    quality: Quality,
    rng: Rng,
    now: u64,
    still_until: u64,
    /// When the last byte towards the program has been sent, in thousandths of bytes since the
    /// beginning.
    sent: u64,
    /// What is on its way to the program, and when it arrives.
    up: VecDeque<(u64, Vec<u8>)>,
    /// How often it stood still.
    pub stalls: u64,
}

impl Link {
    pub fn new(pty: Pty, quality: Quality, seed: u64) -> Self {
        let rng = Rng::new(seed);
        let up = VecDeque::new();
        Self { pty, quality, rng, now: 0, still_until: 0, sent: 0, up, stalls: 0 }
    }

    /// Sends bytes towards the program, cut anywhere. They arrive in order and all of them.
    pub fn type_bytes(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let most = u64::try_from(bytes.len()).unwrap().min(60);
            let count = usize::try_from(self.rng.between(1, most)).unwrap();
            let (packet, rest) = bytes.split_at(count);
            // The line carries them one after the other, however fast they are typed.
            let sent = self.sent.max(self.now * RATE) + u64::try_from(count).unwrap() * 1_000;
            self.sent = sent;
            let late = self.rng.between(0, self.quality.jitter);
            let due = sent / RATE + self.quality.latency + late;
            let after = self.up.back().map_or(0, |(due, _)| *due);
            self.up.push_back((due.max(after), packet.to_vec()));
            bytes = rest;
        }
    }

    /// True while something is on its way to the program.
    pub fn is_sending(&self) -> bool {
        !self.up.is_empty()
    }

    /// One step of the line's time.
    pub fn pass(&mut self) {
        self.now += STEP;
        if self.now >= self.still_until && self.rng.chance(self.quality.stalls) {
            self.still_until = self.now + self.rng.between(1, self.quality.stall);
            self.stalls += 1;
        }
        if self.now < self.still_until {
            return self.pty.allow(Some(0));
        }
        // Time in which nothing was sent is lost: a line does not save it up.
        self.pty.allow(Some(usize::try_from(RATE * STEP / 1000).unwrap()));
        while self.up.front().is_some_and(|(due, _)| *due <= self.now) {
            let (_, packet) = self.up.pop_front().unwrap();
            self.pty.type_bytes(packet);
        }
    }

    /// The line is good again.
    pub fn heal(self) -> Pty {
        self.pty.allow(None);
        self.pty
    }
}
