//! A client's TCP stream, which does not wait for ever: once the client has taken nothing of what it was
//! sent for too long, reading and writing fail. Nothing else ends one that answers pings but does not
//! read. What is spoken on it is left to [`accept`](crate::accept).

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::trace::Trace;
use crate::unsent::Unsent;

/// The stream.
#[derive(Debug)]
pub struct ClientStream<S> {
    stream: S,
    patience: Duration,
    unsent: Unsent,
    trace: Arc<Trace>,
    flow: Flow,
    /// Whoever reads, to be told of the end: it may come while there is nothing to read.
    reader: Option<Waker>,
}

#[derive(Debug)]
enum Flow {
    /// The last write was taken, or there was none.
    Moving,
    /// The client takes nothing; then it has until that time.
    Stalled(Pin<Box<Sleep>>),
    GivenUp,
}

impl<S> ClientStream<S> {
    /// Gives the client that long to take something, counts off what it takes, and leaves a trace.
    #[must_use]
    pub fn new(stream: S, patience: Duration, unsent: Unsent, trace: Arc<Trace>) -> Self {
        Self {
            stream,
            patience,
            unsent,
            trace,
            flow: Flow::Moving,
            reader: None,
        }
    }

    fn check(&self) -> io::Result<()> {
        match self.flow {
            Flow::Moving | Flow::Stalled(_) => Ok(()),
            Flow::GivenUp => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the client takes nothing of what it is sent",
            )),
        }
    }

    fn account(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = written {
            self.flow = Flow::Moving;
            if let Ok(bytes) = written {
                self.unsent.taken(bytes);
            }
            return Poll::Ready(written);
        }
        if let Flow::Moving = self.flow {
            self.flow = Flow::Stalled(Box::pin(sleep(self.patience)));
        }
        if let Flow::Stalled(time) = &mut self.flow {
            ready!(time.as_mut().poll(cx));
        }
        self.flow = Flow::GivenUp;
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        Poll::Ready(self.check().map(|()| 0))
    }
}

impl<S> Drop for ClientStream<S> {
    fn drop(&mut self) {
        self.trace.ended();
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ClientStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check()?;
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if read.is_pending() {
            self.reader = Some(cx.waker().clone());
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ClientStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.account(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.account(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::log::Allowance;
    use std::net::Ipv4Addr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::{Instant, advance};

    const PATIENCE: Duration = Duration::from_secs(30);

    fn pair() -> (ClientStream<DuplexStream>, DuplexStream) {
        let (server, client) = duplex(10);
        let log = Arc::new(Allowance::new(1, 1));
        let trace = Trace::new(Ipv4Addr::LOCALHOST.into(), log);
        let stream = ClientStream::new(server, PATIENCE, Unsent::default(), trace);
        (stream, client)
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_given_up_by_writer_and_reader() {
        let (stream, _client) = pair();
        let start = Instant::now();
        let (mut reader, mut writer) = tokio::io::split(stream);
        let mut byte = [0];
        let (read, written) = tokio::join!(reader.read(&mut byte), writer.write_all(&[0; 11]));
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(start.elapsed(), PATIENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_client_gets_everything_and_an_idle_one_is_left_alone() {
        let (mut stream, mut client) = pair();
        let slow = async {
            for _ in 0..100 {
                advance(PATIENCE - Duration::from_secs(1)).await;
                client.read_exact(&mut [0]).await.unwrap();
            }
        };
        let (written, ()) = tokio::join!(stream.write_all(&[0; 100]), slow);
        written.unwrap();
        advance(10 * PATIENCE).await;
        client.write_all(&[7]).await.unwrap();
        assert_eq!(stream.read_u8().await.unwrap(), 7);
        stream.write_all(&[0; 10]).await.unwrap();
    }
}
