//! Asks for a password on the terminal, without showing what is typed. What is piped in is read as it
//! is.

use std::io::{self, IsTerminal, Write};

use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};

/// The line that is typed, or piped in.
///
/// # Errors
/// That of the terminal or the pipe.
pub fn for_password(prompt: &str) -> io::Result<String> {
    if io::stdin().is_terminal() {
        // Standard output is for the answer, which may go into a file.
        let mut terminal = io::stderr();
        write!(terminal, "{prompt}")?;
        let silence = Silence::begin()?;
        let line = line();
        drop(silence);
        writeln!(terminal)?;
        line
    } else {
        line()
    }
}

fn line() -> io::Result<String> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The terminal shows nothing of what is typed, until this is dropped.
struct Silence(Termios);

impl Silence {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_flags.remove(LocalFlags::ECHO);
        tcsetattr(io::stdin(), SetArg::TCSANOW, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // If it fails there is no terminal any more.
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &self.0);
    }
}
