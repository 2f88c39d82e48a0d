//! The stage for one story: its server, its chromedriver, its people. Stories take turns, because each drives several
//! browsers that encode video.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Runtime;

use crate::{
    browser::Browser,
    driver::Driver,
    host::Host,
    lab::Line,
    person::Person,
    program::{CHROMIUM, FIREFOX},
    runtime,
    setup::{Engine, Setup},
};

static TURN: Mutex<()> = Mutex::new(());

/// Dropping it ends everything that it started.
pub struct Stage {
    story: Arc<str>,
    port: u16,
    runtime: Arc<Runtime>,
    chromedriver: Arc<Driver>,
    host: Option<Host>,
    _turn: MutexGuard<'static, ()>,
}

/// The stage for the test that this stands in. An argument adjusts the server's configuration:
/// `stage!(|config| config.room_capacity = 2)`.
#[macro_export]
macro_rules! stage {
    () => {
        $crate::stage!(|_config| ())
    };
    ($adjust:expr) => {{
        fn here() {}
        $crate::Stage::open(std::any::type_name_of_val(&here), $adjust)
    }};
}

impl Stage {
    /// With the real server; better called as [`stage!`].
    #[track_caller]
    pub fn open(story: &str, adjust: impl FnOnce(&mut backend::Config)) -> Self {
        let turn = turn();
        let mut config = backend::Config::default();
        adjust(&mut config);
        let host = Host::start(config);
        Self::set(turn, story, host.port(), Some(host))
    }

    /// With whatever serves that port of loopback.
    #[track_caller]
    pub fn at(story: &str, port: u16) -> Self {
        Self::set(turn(), story, port, None)
    }

    /// Someone with an ordinary browser.
    #[track_caller]
    pub fn person(&self, name: &str) -> Person {
        self.person_with(name, Setup::default())
    }

    /// Someone with a browser of that setup.
    #[track_caller]
    pub fn person_with(&self, name: &str, setup: Setup) -> Person {
        self.seat(name, &setup, None)
    }

    /// Someone with a browser of that setup, on that line of the laboratory.
    #[track_caller]
    pub(crate) fn person_on(&self, name: &str, setup: Setup, line: Line) -> Person {
        let program = match setup.engine {
            Engine::Chromium => line.starter_of(&CHROMIUM.path()),
            // Whoever starts it is there already.
            Engine::Firefox => FIREFOX.path(),
        };
        self.seat(name, &setup.on_a_line(program), Some(line))
    }

    /// The server.
    #[track_caller]
    pub fn host(&mut self) -> &mut Host {
        self.host
            .as_mut()
            .expect("this stage has no server of its own")
    }

    #[track_caller]
    fn seat(&self, name: &str, setup: &Setup, line: Option<Line>) -> Person {
        let (runtime, chromedriver) = (self.runtime.clone(), self.chromedriver.clone());
        let browser = Browser::open(runtime, chromedriver, setup, line.as_ref());
        let origin = setup.origin(self.port);
        Person::new(name, self.story.clone(), origin, browser, line)
    }

    #[track_caller]
    fn set(turn: MutexGuard<'static, ()>, story: &str, port: u16, host: Option<Host>) -> Self {
        Self {
            story: title(story).into(),
            port,
            runtime: Arc::new(runtime::small()),
            chromedriver: Arc::new(Driver::chromedriver()),
            host,
            _turn: turn,
        }
    }
}

fn turn() -> MutexGuard<'static, ()> {
    // A story that panicked leaves nothing behind that the next could trip over.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `stories::call::two_people::here` is `call-two_people`.
fn title(path: &str) -> String {
    let path = path.strip_suffix("::here").unwrap_or(path);
    let story: Vec<&str> = path.split("::").skip(1).collect();
    if story.is_empty() {
        path.to_owned()
    } else {
        story.join("-")
    }
}
