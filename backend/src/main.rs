//! The binary `moim`: reads the configuration, opens the port, and runs the server until it is told to
//! stop. The server itself is the library. Apart from that, it makes the hash of a password.

mod ask;

use std::io::IsTerminal;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::Context;
use backend::Config;
use backend::password::PasswordHash;
use clap::error::ErrorKind;
use clap::{Command, CommandFactory, FromArgMatches};
use tokio::net::TcpListener;
use tracing::info;

/// The command beside the server.
const HASH_PASSWORD: &str = "hash-password";

// One thread: a machine's core does twice the call set-ups without the wake-ups between threads that
// a pool of workers costs for every message, and even a large house needs a fraction of one core.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let given = command_line().get_matches();
    if given.subcommand_name() == Some(HASH_PASSWORD) {
        return hash_password();
    }
    let config = Config::from_arg_matches(&given).unwrap_or_else(|error| error.exit());
    if let Err(mistake) = config.turn.check() {
        command_line()
            .error(ErrorKind::ArgumentConflict, mistake)
            .exit();
    }
    tracing_subscriber::fmt()
        .with_env_filter(backend::log_filter(&config))
        .with_ansi(std::io::stdout().is_terminal())
        .init();
    let listener = listen(&config)
        .await
        .with_context(|| format!("cannot listen on port {}", config.port))?;
    backend::ask_for_more_open_files(&config);
    let stop = stop_signal()?;
    // Whoever reads this may come, and may end it.
    info!("Moim is at {}", url(listener.local_addr()?));
    backend::run(config, listener, stop).await?;
    info!("closed");
    Ok(())
}

/// The server's options, and the command, which is to work whatever the environment has of these.
fn command_line() -> Command {
    Config::command()
        .args_conflicts_with_subcommands(true)
        .subcommand_negates_reqs(true)
        .subcommand(Command::new(HASH_PASSWORD).about(
            "Ask for a password, or read it from a pipe, and print its hash for --admin-password-hash",
        ))
}

fn hash_password() -> anyhow::Result<()> {
    let password = ask::for_password("Password: ").context("cannot read the password")?;
    println!("{}", PasswordHash::of(&password)?);
    Ok(())
}

/// Listens on the address that is asked for; else on all of them, where the machine has no IPv6 on
/// those of IPv4.
async fn listen(config: &Config) -> std::io::Result<TcpListener> {
    if let Some(address) = config.bind {
        return TcpListener::bind((address, config.port)).await;
    }
    match TcpListener::bind((Ipv6Addr::UNSPECIFIED, config.port)).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Err(error),
        Err(_) => TcpListener::bind((Ipv4Addr::UNSPECIFIED, config.port)).await,
    }
}

/// Where to point a browser on this machine.
fn url(address: SocketAddr) -> String {
    let port = address.port();
    if address.ip().is_unspecified() || address.ip().is_loopback() {
        format!("http://localhost:{port}")
    } else {
        format!("http://{address}")
    }
}

/// Waits for SIGINT or SIGTERM.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
