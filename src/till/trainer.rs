//! The faults that a trainer can switch on in a sandbox, in the sandbox's own words.

/// Fault scripts, offered one by one. The sandbox documents their grammar.
pub const FAULTS: &[&str] = &[
    "lost-answer@start#1",
    "lost-request@start#1",
    "torn-body@start#1",
    "error-500=after@start#1",
    "html=after@start#1",
    "refused-after=409@start#1",
    "refused-after=404-bare@start#1",
    "other-answer=unsent@start#1",
    "duplicate@start#1",
    "lost-answer@create#1",
    "lost-answer@cancel#1",
    "refused-after=403@cancel#1",
    "lag=10000",
    "card-spent@start#1",
    "token-expired#1",
    "too-many#1",
    "refused=403@start#1",
    "restart#1",
    "latency=2000..4000",
    "slow-drip=3000@start",
];
