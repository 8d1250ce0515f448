//! Answer bodies that break off or trickle.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Announces a whole body, gives half of it and fails, so that the connection closes.
pub(crate) struct Torn {
    half: Option<Bytes>,
    announced: u64,
    flushed: bool,
}

impl Torn {
    pub(crate) fn new(mut body: Bytes) -> Self {
        let announced = body.len() as u64;
        body.truncate(body.len() / 2);
        Self { half: Some(body), announced, flushed: false }
    }
}

impl Body for Torn {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        // Failing at once would take back what is not written yet: head and half come first.
        if !self.flushed {
            self.flushed = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other("torn by a fault script"))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

/// Gives a body byte by byte, or in as small pieces as a timer of milliseconds allows.
pub(crate) struct Dripping {
    rest: Bytes,
    piece: usize,
    ticks: Interval,
}

impl Dripping {
    pub(crate) fn new(body: Bytes, over: Duration) -> Self {
        let most = usize::try_from(over.as_millis()).unwrap_or(usize::MAX);
        let pieces = body.len().min(most).max(1);
        let period = over / u32::try_from(pieces).unwrap_or(u32::MAX);
        let mut ticks = interval(period.max(Duration::from_millis(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { piece: body.len().div_ceil(pieces), rest: body, ticks }
    }
}

impl Body for Dripping {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.ticks.poll_tick(cx));
        let piece = self.piece.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
