//! A ledger in a file: what was answered is still there after a restart, a kill, a full restart.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::sync::Arc;

use kasse::sandbox::{self, CARD_BONUS, CARD_RICH, Options, SandboxError, StateError};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::sandbox::kit::{Kit, bakery, found, line, sale};

fn kept(path: &Path) -> Options {
    Options { state: Some(path.to_owned()), ..Options::default() }
}

#[tokio::test]
async fn a_demo_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.jsonl");
    let kit = Kit::with(kept(&path)).await;
    let (paid, applied) =
        (kit.create(&bakery(Some(CARD_BONUS))).await, kit.create(&bakery(Some(CARD_RICH))).await);
    kit.step(&paid, "preTransaction").await;
    let receipt = kit.step(&paid, "start/cash").await.body;
    kit.step(&applied, "preTransaction").await;
    kit.stop().await.unwrap();

    let kit = Kit::with(kept(&path)).await;
    assert_eq!(kit.read(&paid).await, receipt);
    assert_eq!(kit.holds(CARD_BONUS), (0, 78));
    assert_eq!(kit.step(&paid, "start/cash").await.status, 409);
    assert_eq!(kit.step(&applied, "start/loyalty").await.body["status"], "ok");
    assert_eq!(kit.step(&paid, "cancel").await.body["status"], "cancelled");
    kit.stop().await.unwrap();

    let kit = Kit::with(kept(&path)).await;
    assert_eq!(kit.holds(CARD_BONUS), (200, 20));
    assert_eq!(kit.ledger.loyalty_transactions(), 3);
    kit.stop().await.unwrap();

    let kit = Kit::with(Options { fresh: true, ..kept(&path) }).await;
    assert_eq!(kit.get(&format!("/api/v2/Smart/Transactions/{paid}")).await.status, 404);
    assert_eq!(kit.ledger.loyalty_transactions(), 0);
}

#[tokio::test]
async fn every_answer_is_in_the_file_before_it_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.jsonl");
    let kit = Kit::with(kept(&path)).await;
    let id = kit.create(&bakery(Some(CARD_BONUS))).await;
    for (step, status) in
        [("preTransaction", "processing"), ("start/cashless", "ok"), ("cancel", "cancelled")]
    {
        assert_eq!(kit.step(&id, step).await.status, 200);
        let ledger = found(&path);
        let sale = serde_json::to_value(ledger.transaction(&id).unwrap()).unwrap();
        assert_eq!(sale, kit.read(&id).await);
        assert_eq!(sale["status"], status);
        assert_eq!(ledger.bookings(), kit.ledger.bookings());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tills_at_once_leave_one_true_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.jsonl");
    let kit = Arc::new(Kit::with(kept(&path)).await);
    let mut tills = JoinSet::new();
    for till in 0..20_i64 {
        let kit = Arc::clone(&kit);
        tills.spawn(async move {
            let id = kit.create(&sale(Some(CARD_RICH), &[line(1, None, 1, 100 + till, 7)])).await;
            assert_eq!(kit.step(&id, "start/loyalty").await.status, 200);
        });
    }
    tills.join_all().await;
    let ledger = found(&path);
    assert_eq!(ledger.bookings(), kit.ledger.bookings());
    assert_eq!(ledger.transactions(), kit.ledger.transactions());
    assert_eq!(ledger.balance(CARD_RICH), kit.ledger.balance(CARD_RICH));
}

#[tokio::test]
async fn tokens_do_not_survive_and_do_not_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.jsonl");
    let grant = serde_json::json!({ "grant_type": "client_credentials", "client_id": "sandbox",
                                    "client_secret": "sandbox" });
    let mut tokens: Vec<Value> = Vec::new();
    for _ in 0..3 {
        let kit = Kit::with(kept(&path)).await;
        tokens.push(kit.post("/oauth/token", &grant).await.body["access_token"].clone());
        kit.stop().await.unwrap();
    }
    assert!(tokens[0] != tokens[1] && tokens[1] != tokens[2] && tokens[0] != tokens[2]);
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_told_before_anything_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.jsonl");
    let kit = Kit::with(kept(&path)).await;
    let taken = sandbox::bind(kept(&path)).await;
    assert!(matches!(taken, Err(SandboxError::State(StateError::InUse(_)))));
    kit.stop().await.unwrap();
    std::fs::write(&path, "no ledger\n").unwrap();
    let damaged = sandbox::bind(kept(&path)).await;
    assert!(matches!(damaged, Err(SandboxError::State(StateError::Damaged { line: 1, .. }))));
}

#[tokio::test]
async fn a_taken_port_leaves_the_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.jsonl");
    let kit = Kit::start().await;
    let listen = kit.url.strip_prefix("http://").unwrap().parse().unwrap();
    let taken = sandbox::bind(Options { listen, fresh: true, ..kept(&path) }).await;
    assert!(matches!(taken, Err(SandboxError::AddressInUse(_))));
    assert!(!path.exists());
}
