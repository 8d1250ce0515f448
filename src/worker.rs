//! The background worker: carries out the till's wishes and brings the answers back.
//!
//! Owns one runtime thread on which all calls (and the embedded sandbox) live, so that no key ever
//! waits for the network. Must not decide anything: a call is carried out once, as asked, and
//! exactly one event answers it, even if the work itself breaks down.

mod export;
mod tries;

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use serde::Serialize;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use crate::client::Client;
use crate::exchange::Exchange;
use crate::pin::{Pin, PinHash};
use crate::printer::{Job, News, Queue, Tell};
use crate::receipt::{self, CodePage, Profile};
use crate::shop::CodeKind;
use crate::till::{Answer, Call, CallId, Event, Finished, HistoryPage, ServerKind, Slip};
use crate::wire::{DownReason, Outcome, ReceiptLine};
pub use tries::TriesFile;

/// Takes what the worker reports, from any thread.
pub type Report = Arc<dyn Fn(Event) + Send + Sync>;

/// The thread on which everything asynchronous runs. Ends when dropped.
#[derive(Debug)]
pub struct Background {
    handle: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Background {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system refuses a thread or an event queue.
    pub fn start() -> io::Result<Self> {
        let runtime: Runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::Builder::new().name("background".to_owned()).spawn(move || {
            // Ends when the sender is used or dropped; both mean "stop".
            let _ = runtime.block_on(stopped);
            runtime.shutdown_background();
        })?;
        Ok(Self { handle, stop: Some(stop), thread: Some(thread) })
    }

    /// Runs `work` on the thread and waits for it.
    ///
    /// # Errors
    /// When the work broke down.
    pub fn run<F>(&self, work: F) -> io::Result<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (done, result) = std::sync::mpsc::sync_channel(1);
        self.handle.spawn(async move {
            let _ = done.send(work.await);
        });
        result.recv().map_err(|_| io::Error::other("background work broke down"))
    }

    /// Starts `work` on the thread.
    pub fn spawn<F>(&self, work: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.handle.spawn(work);
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the printer understands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Paper {
    /// Plain text.
    #[default]
    Text,
    /// ESC/POS commands with this character set.
    EscPos(CodePage),
}

/// Where and how receipts are printed.
#[derive(Debug, Clone, Default)]
pub struct Printing {
    /// Device or file; `None`: no printer.
    pub device: Option<PathBuf>,
    /// Printer commands or plain text.
    pub format: Paper,
    /// Columns.
    pub width: usize,
    /// What every receipt carries.
    pub profile: Profile,
}

/// The paid sales of this till, from where they are kept. Asked on threads that may wait.
pub trait PastSales: Send + Sync {
    /// At most `limit` of them, the newest first, whose numbers are smaller than `before`.
    ///
    /// # Errors
    /// In words: they cannot be read.
    fn page(&self, before: Option<i64>, limit: usize) -> Result<HistoryPage, String>;

    /// The one whose transaction has this id (`STX_…`) and this reference; `None`: it is not of
    /// this till.
    ///
    /// # Errors
    /// In words: it cannot be read.
    fn find(&self, id: &str, reference: &str) -> Result<Option<Finished>, String>;
}

/// Carries out effects for one console.
pub struct Worker {
    handle: Handle,
    client: Client,
    printing: Arc<Printing>,
    /// The printer's jobs; `None`: there is no printer.
    queue: Option<Queue>,
    /// What a PIN is held against; without one, none is right.
    pin: Option<Arc<PinHash>>,
    /// Where wrong PINs are counted.
    tries: Option<Arc<TriesFile>>,
    report: Report,
    exports: Option<PathBuf>,
    /// Without them, every question about them fails.
    past: Option<Arc<dyn PastSales>>,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("client", &self.client).finish_non_exhaustive()
    }
}

impl Worker {
    /// A worker on `background` that asks `client` and tells `report`.
    #[must_use]
    pub fn new(
        background: &Background,
        client: Client,
        printing: Printing,
        report: Report,
    ) -> Self {
        let handle = background.handle.clone();
        let queue = printing.device.as_deref().and_then(|device| {
            let report = Arc::clone(&report);
            let tell: Tell = Box::new(move |news| {
                report(match news {
                    News::Waits(waiting) => Event::PrintWaits(waiting),
                    News::Printed(printed) => Event::Printed(printed),
                });
            });
            // Without a thread there is no printer, and each job says so.
            Queue::start(device, tell).ok()
        });
        let printing = Arc::new(printing);
        let (pin, tries, exports, past) = (None, None, None, None);
        Self { handle, client, printing, queue, pin, tries, report, exports, past }
    }

    /// The same worker, which asks `past` for paid sales.
    #[must_use]
    pub fn with_past(self, past: Arc<dyn PastSales>) -> Self {
        Self { past: Some(past), ..self }
    }

    /// The same worker, writing exchanges to files in `dir`.
    #[must_use]
    pub fn exporting_to(self, dir: PathBuf) -> Self {
        Self { exports: Some(dir), ..self }
    }

    /// The same worker, which holds typed PINs against this hash.
    #[must_use]
    pub fn with_pin(self, hash: Option<PinHash>) -> Self {
        Self { pin: hash.map(Arc::new), ..self }
    }

    /// The same worker, which counts wrong PINs in this file.
    #[must_use]
    pub fn counting_in(self, tries: TriesFile) -> Self {
        Self { tries: Some(Arc::new(tries)), ..self }
    }

    /// Starts the check of a PIN. One [`Event::PinChecked`] with its id follows.
    pub fn check_pin(&self, id: CallId, pin: Pin) {
        let (hash, report) = (self.pin.clone(), Arc::clone(&self.report));
        let tries = self.tries.clone();
        let work = self.handle.spawn_blocking(move || {
            // Counted first: a program that is killed during the check has had its try.
            if let Some(tries) = &tries {
                tries.begin();
            }
            let right = hash.is_some_and(|hash| hash.is_of(&pin));
            if let Some(tries) = tries.filter(|_| right) {
                tries.right();
            }
            right
        });
        self.handle.spawn(async move {
            // A check that breaks down has not found the PIN to be right.
            report(Event::PinChecked(id, work.await.unwrap_or(false)));
        });
    }

    /// Starts a call. One [`Event::Answer`] with its id follows.
    pub fn call(&self, id: CallId, call: Call) {
        let (client, past) = (self.client.clone(), self.past.clone());
        let span = tracing::info_span!("call", id = id.0, name = call.name());
        let work = async move {
            let begun = Instant::now();
            let outcome = carry_out(&client, past, call).await;
            let ms = begun.elapsed().as_millis();
            tracing::info!(outcome = %logged(&outcome), ms, "done");
            outcome
        };
        // Whoever logs for the caller logs for the call.
        self.answer(id, work.instrument(span).with_current_subscriber());
    }

    /// Reports what `work` answers. If it panics, it is not known what it had done by then: that is
    /// an outcome like any other, because the till waits for one.
    fn answer(&self, id: CallId, work: impl Future<Output = Outcome<Answer>> + Send + 'static) {
        let report = Arc::clone(&self.report);
        let work = self.handle.spawn(work);
        self.handle.spawn(async move {
            let broken = Outcome::Unknown(DownReason::Internal);
            report(Event::answer(id, work.await.unwrap_or(broken)));
        });
    }

    /// Starts writing exchanges to a file. One [`Event::Exported`] follows.
    pub fn export(&self, exchanges: Vec<Arc<Exchange>>) {
        let (dir, report) = (self.exports.clone(), Arc::clone(&self.report));
        let work = self.handle.spawn_blocking(move || match dir {
            Some(dir) => export::write(&dir, &exchanges).map_err(|error| error.to_string()),
            None => Err("no directory".to_owned()),
        });
        self.handle.spawn(async move {
            let result = work.await.unwrap_or_else(|_| Err("writing broke down".to_owned()));
            report(Event::Exported(result));
        });
    }

    /// Puts a receipt into the printer's queue. One [`Event::Printed`] follows, perhaps after
    /// [`Event::PrintWaits`].
    pub fn print(&self, finished: Box<Finished>) {
        let size = size(&*finished);
        self.print_lines(finished.reference.clone(), size, move |profile| {
            let mut lines = receipt::for_customer(&finished, profile);
            lines.extend(receipt::merchant_copy(&finished, profile.lang));
            lines
        });
    }

    /// As [`Worker::print`], for what the server wrote.
    pub fn print_slip(&self, slip: Box<Slip>) {
        self.print_lines("-".to_owned(), size(&*slip), move |_| receipt::slip(&slip));
    }

    /// What is to be printed; outlives the worker.
    #[must_use]
    pub fn printer(&self) -> Queue {
        self.queue.clone().unwrap_or_default()
    }

    fn print_lines(
        &self,
        name: String,
        size: usize,
        compose: impl FnOnce(&Profile) -> Vec<ReceiptLine> + Send + 'static,
    ) {
        let printing = Arc::clone(&self.printing);
        let bytes = Box::new(move || {
            let rows = receipt::layout(&compose(&printing.profile), printing.width);
            match printing.format {
                Paper::Text => receipt::plain(&rows).into_bytes(),
                Paper::EscPos(page) => receipt::encode(&rows, page),
            }
        });
        let pushed = match &self.queue {
            Some(queue) => queue.push(Job { name, size, bytes }),
            None => Err("no printer".to_owned()),
        };
        if let Err(why) = pushed {
            (self.report)(Event::Printed(Err(why)));
        }
    }
}

/// Bytes of a value as JSON, about what it takes in memory.
fn size(value: &impl Serialize) -> usize {
    struct Count(usize);

    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    // Plain data always has a text, and counting cannot fail.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

/// What the log says of an outcome: no words of the server but its codes.
fn logged(outcome: &Outcome<Answer>) -> String {
    match outcome {
        Outcome::Ok(Answer::Transaction(answer)) => format!("ok status={:?}", answer.status),
        Outcome::Ok(_) => "ok".to_owned(),
        Outcome::Refused(error) => format!("refused http={} code={}", error.http, error.code),
        Outcome::Unknown(reason) => format!("unknown reason={reason:?}"),
        Outcome::Down(reason) => format!("down reason={reason:?}"),
    }
}

/// Answers from what is kept; nothing of it has reached a server.
async fn look_up<T: Into<Answer> + Send + 'static>(
    past: Option<Arc<dyn PastSales>>,
    read: impl FnOnce(&dyn PastSales) -> Result<T, String> + Send + 'static,
) -> Outcome<Answer> {
    let reading = tokio::task::spawn_blocking(move || match past {
        Some(past) => read(past.as_ref()),
        None => Err("nothing is kept".to_owned()),
    });
    match reading.await.unwrap_or_else(|_| Err("reading broke down".to_owned())) {
        Ok(answer) => Outcome::Ok(answer.into()),
        Err(why) => {
            tracing::error!(%why, "paid sales cannot be read");
            Outcome::Down(DownReason::Internal)
        }
    }
}

async fn carry_out(
    client: &Client,
    past: Option<Arc<dyn PastSales>>,
    call: Call,
) -> Outcome<Answer> {
    fn of<T: Into<Answer>>(outcome: Outcome<T>) -> Outcome<Answer> {
        outcome.map(Into::into)
    }
    match call {
        Call::Connect => of(client.connect().await.map(|it| ServerKind::of(it.sandbox))),
        Call::Create(body) => of(client.create(&body).await),
        Call::Update(id, body) => of(client.update(&id, &body).await),
        Call::Find(reference) => of(client.find(&reference).await),
        Call::Siblings(reference) => of(client.siblings(&reference).await),
        Call::PreTransaction(id) => of(client.pre_transaction(&id).await),
        Call::Start(id, method) => of(client.start(&id, method).await),
        Call::Read(id) => of(client.read(&id).await),
        Call::Abort(id) => of(client.abort(&id).await),
        Call::Cancel(id) => of(client.cancel(&id).await),
        Call::CancelTrx(id, number) => of(client.cancel_trx(&id, number).await),
        Call::Terminal(job) => of(client.terminal(job).await),
        Call::List(typed, offset) => of(client.list(&typed, offset).await),
        Call::SetFaults(faults) => of(client.set_faults(faults).await),
        Call::FindCard(number) => of(client.find_card(number.reveal()).await),
        Call::Register => of(client.register().await),
        Call::Poll => of(client.poll().await),
        Call::CardLock(id) => of(client.card_lock(&id).await),
        Call::CheckCode(CodeKind::Csc, number, code) => {
            of(client.check_csc(number.reveal(), code.reveal()).await)
        }
        Call::CheckCode(CodeKind::Passcode, number, code) => {
            of(client.check_passcode(number.reveal(), code.reveal()).await)
        }
        Call::Programmes => of(client.card_groups().await),
        Call::CheckIns => of(client.check_ins().await),
        Call::History { before, limit } => {
            look_up(past, move |past| past.page(before, limit)).await
        }
        Call::OwnSale { id, reference } => {
            look_up(past, move |past| Ok(past.find(&id, &reference)?.map(Box::new))).await
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use std::sync::mpsc::channel;
    use std::time::Duration;

    use secrecy::SecretString;

    use super::*;
    use crate::client::{Deadlines, Settings};
    use crate::wire::StartMethod;

    #[test]
    fn work_that_breaks_down_is_an_unknown_outcome_and_the_next_call_is_carried_out() {
        let background = Background::start().unwrap();
        let client = Client::new(&Settings {
            // Nobody listens on port 1.
            url: "http://127.0.0.1:1".to_owned(),
            client_id: "till".to_owned(),
            client_secret: SecretString::from("secret"),
            device_uuid: None,
            token_file: None,
            ca_file: None,
            deadlines: Deadlines { connect: 2_000, call: 2_000, cashless: 2_000 },
        });
        let (sender, events) = channel();
        let report: Report = Arc::new(move |event| drop(sender.send(event)));
        let worker = Worker::new(&background, client.unwrap(), Printing::default(), report);
        let next = || events.recv_timeout(Duration::from_secs(10)).unwrap();

        worker.answer(CallId(1), async { panic!("a fault of our own") });
        let unknown = Outcome::<Answer>::Unknown(DownReason::Internal);
        assert_eq!(next(), Event::answer(CallId(1), unknown));

        worker.call(CallId(2), Call::Start("STX_1".to_owned(), StartMethod::Cash));
        let Event::Answer(CallId(2), outcome) = next() else {
            panic!("the answer to the second call")
        };
        assert!(matches!(*outcome, Outcome::Down(_)), "{outcome:?}");
    }
}
