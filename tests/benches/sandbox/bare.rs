//! The handler to be compared with: axum that parses what it gets and serialises the same answers.
//!
//! No ledger, no tokens, no ids: the least that any server of this JSON has to do.

use std::io::{self, Write};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// Tells a child of this program to be the bare server, with so many threads. It reads the answers
/// from its input and writes its address.
pub const CHILD: &str = "KASSE_BENCH_BARE";

/// What is answered to create, preTransaction, start and get.
type Answers = Arc<[Value; 4]>;

/// Serves until it is killed.
pub fn serve(two_threads: bool) {
    let answers: [Value; 4] = serde_json::from_reader(io::stdin()).unwrap();
    let router = Router::new()
        .route("/api/v2/Smart/Transactions", post(create))
        .route("/api/v2/Smart/Transactions/{id}", get(read))
        .route("/api/v2/Smart/Transactions/{id}/preTransaction", post(apply))
        .route("/api/v2/Smart/Transactions/{id}/start/{payment_method}", post(start))
        .with_state(Arc::new(answers));
    let mut builder =
        if two_threads { Builder::new_multi_thread() } else { Builder::new_current_thread() };
    builder.worker_threads(2).enable_all().build().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("listening on http://{}", listener.local_addr().unwrap());
        io::stdout().flush().unwrap();
        let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
            stream.set_nodelay(true).unwrap();
        });
        axum::serve(listener, router).await.unwrap();
    });
}

async fn create(State(answers): State<Answers>, body: Bytes) -> Response {
    match serde_json::from_slice::<Value>(&body) {
        Ok(sale) if sale.is_object() => json(&answers[0]),
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn apply(State(answers): State<Answers>, Path(_): Path<String>) -> Response {
    json(&answers[1])
}

async fn start(State(answers): State<Answers>, Path(_): Path<(String, String)>) -> Response {
    json(&answers[2])
}

async fn read(State(answers): State<Answers>, Path(_): Path<String>) -> Response {
    json(&answers[3])
}

fn json(answer: &Value) -> Response {
    let body = serde_json::to_vec(answer).unwrap();
    ([(CONTENT_TYPE, "application/json; charset=UTF-8")], body).into_response()
}
