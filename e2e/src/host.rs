//! The real server, started in this process on a free port, serving the release bundle.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use backend::Config;
use tokio::{runtime::Runtime, sync::oneshot, task::JoinHandle};

use crate::runtime;

/// A running server; dropping it ends it.
pub struct Host {
    config: Config,
    address: SocketAddr,
    running: Option<Running>,
}

struct Running {
    runtime: Runtime,
    server: JoinHandle<()>,
    shutdown: oneshot::Sender<()>,
}

impl Host {
    /// Starts it.
    ///
    /// # Panics
    /// When there is no bundle to serve, too.
    #[track_caller]
    pub fn start(mut config: Config) -> Self {
        if let Some(folder) = other_page_folder() {
            config.page = Some(folder);
        }
        let page = page_folder().join("index.html");
        assert!(
            config.static_dir.is_some() || page.is_file(),
            "{} is missing: run `cargo xtask test browser`, which builds the page first",
            page.display()
        );
        let (address, running) = run(config.clone(), runtime::ANY_PORT);
        Self {
            config,
            address,
            running: Some(running),
        }
    }

    /// Where it listens on loopback.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Ends it as a crash would: nobody is told, all sockets close.
    #[track_caller]
    pub fn crash(&mut self) {
        let running = self.running.take().expect("it runs");
        running.runtime.shutdown_background();
    }

    /// Ends it as its host would.
    #[track_caller]
    pub fn stop(&mut self) {
        let running = self.running.take().expect("it runs");
        // An error would mean that it has ended already.
        let _ = running.shutdown.send(());
        let ended = running.runtime.block_on(async {
            tokio::time::timeout(Duration::from_secs(10), running.server).await
        });
        ended.expect("it ends within 10 s").expect("it ends well");
    }

    /// Starts it again, at the same address.
    #[track_caller]
    pub fn start_again(&mut self) {
        assert!(self.running.is_none(), "it runs");
        self.running = Some(run(self.config.clone(), self.address).1);
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.runtime.shutdown_background();
        }
    }
}

/// Where the bundle is: in `E2E_PAGE`, else where trunk leaves it.
pub fn page_folder() -> PathBuf {
    other_page_folder().unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../dist"))
}

fn other_page_folder() -> Option<PathBuf> {
    std::env::var_os("E2E_PAGE").map(PathBuf::from)
}

#[track_caller]
fn run(config: Config, address: SocketAddr) -> (SocketAddr, Running) {
    let runtime = runtime::small();
    let (address, listener) = runtime::listen(&runtime, address);
    let (shutdown, told) = oneshot::channel::<()>();
    let server = runtime.spawn(async move {
        let stop = async {
            // Dropping the sender is no wish to stop.
            if told.await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        if let Err(error) = backend::run(config, listener, stop).await {
            panic!("the server stopped: {error}");
        }
    });
    (
        address,
        Running {
            runtime,
            server,
            shutdown,
        },
    )
}
