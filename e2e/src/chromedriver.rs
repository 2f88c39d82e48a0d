//! The chromedriver process that serves one story. What is said to it is left to `browser`.

use std::{
    env,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
};

/// A running chromedriver; dropping it ends it.
pub struct Chromedriver {
    process: Child,
    port: u16,
}

impl Chromedriver {
    /// Starts the one at `CHROMEDRIVER`, else Debian's, on a free port.
    #[track_caller]
    pub fn start() -> Self {
        let path = program("CHROMEDRIVER", "/usr/bin/chromedriver");
        let mut process = Command::new(&path)
            .args(["--port=0", "--allowed-origins=*"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{} cannot be started: {error}. Install chromium and chromium-driver, or name it in CHROMEDRIVER", path.display())
            });
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| port_in(&line))
            .unwrap_or_else(|| panic!("{} ended without naming its port", path.display()));
        // What it says later is of no interest, but its pipe must not fill up.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { process, port }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The browser at `CHROME`, else Debian's.
pub fn chromium() -> PathBuf {
    program("CHROME", "/usr/bin/chromium")
}

fn program(variable: &str, otherwise: &str) -> PathBuf {
    env::var_os(variable).map_or_else(|| otherwise.into(), PathBuf::from)
}

/// "ChromeDriver was started successfully on port 33445."
fn port_in(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}
