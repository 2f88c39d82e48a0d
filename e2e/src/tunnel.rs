//! A way into a network namespace, for what can only be spoken to over TCP: a port of loopback here leads to the same port of
//! loopback there. No outage of a line reaches it.

use std::{
    fs::File,
    io,
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    os::fd::AsFd,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

/// A port that is held until it is known where it leads.
pub struct Entrance {
    listener: TcpListener,
    port: u16,
}

/// An open way; dropping it lets nobody in any more.
pub struct Tunnel {
    port: u16,
    closed: Arc<AtomicBool>,
}

impl Entrance {
    /// A free port of loopback.
    #[track_caller]
    pub fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        Self { listener, port }
    }

    /// Which one.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Leads to the network in which that process is.
    #[track_caller]
    pub fn leads_to(self, process: u32) -> Tunnel {
        let there = format!("/proc/{process}/ns/net");
        let there = File::open(&there).unwrap_or_else(|error| panic!("{there}: {error}"));
        let Self { listener, port } = self;
        let tunnel = Tunnel {
            port,
            closed: Arc::default(),
        };
        let closed = tunnel.closed.clone();
        thread::spawn(move || {
            // This thread alone: its sockets are made there from now on, while the listener stays what it is.
            move_into_link_name_space(there.as_fd(), Some(LinkNameSpaceType::Network))
                .expect("who may make a namespace may enter it");
            for near in listener.incoming().map_while(Result::ok) {
                if closed.load(Ordering::Acquire) {
                    break;
                }
                // Where nobody listens any more, the near end is closed at once, which says the same.
                if let Ok(far) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
                    join(near, far);
                }
            }
        });
        tunnel
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Release);
        // Wakes the listener. An error means that it has ended already.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

/// Passes everything on, both ways, until both ends are closed.
fn join(near: TcpStream, far: TcpStream) {
    let Ok((near_again, far_again)) = near
        .try_clone()
        .and_then(|near| far.try_clone().map(|far| (near, far)))
    else {
        return;
    };
    for (mut from, mut to) in [(near, far_again), (far, near_again)] {
        thread::spawn(move || {
            // However it ended, the other end is told.
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    }
}
