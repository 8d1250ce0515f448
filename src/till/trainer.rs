//! The faults that a trainer can switch on in a sandbox, in the sandbox's own words.

/// Fault scripts, offered one by one. The sandbox documents their grammar.
pub const FAULTS: &[&str] = &[
    "lost-answer@start#1",
    "lost-request@start#1",
    "torn-body@start#1",
    "error-500=after@start#1",
    "html=after@start#1",
    "lost-answer@create#1",
    "lost-answer@cancel#1",
    "card-spent@start#1",
    "token-expired#1",
    "too-many#1",
    "restart#1",
    "latency=2000..4000",
    "slow-drip=3000@start",
];
