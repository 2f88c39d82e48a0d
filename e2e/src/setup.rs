//! What a person's browser is like: devices, permission, window. Chosen by the story; turned into Chromium's switches
//! here, into what Firefox wants in `firefox`.

use std::{net::Ipv4Addr, path::PathBuf};

use crate::lab::{self, Line};

/// How a browser is to be started. The default: a camera and a microphone, allowed; a wide window; sound may play.
#[derive(Clone, Debug)]
pub struct Setup {
    pub(crate) engine: Engine,
    pub(crate) cameras: u8,
    pub(crate) permission: Permission,
    pub(crate) autoplay: Autoplay,
    pub(crate) window: (u32, u32),
    pub(crate) phone: bool,
    pub(crate) picture: Picture,
    pub(crate) shim: Option<Shim>,
    pub(crate) insecure: bool,
    pub(crate) log_network: bool,
    pub(crate) shared_tab: Option<&'static str>,
    pub(crate) starter: Option<PathBuf>,
    pub(crate) tells_no_looks: bool,
}

/// Which browser it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Everything in a setup can be had of it.
    Chromium,
    /// With one camera that works, and a screen to share.
    Firefox,
}

/// What the browser answers when a page asks for devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Yes.
    Granted,
    /// No.
    Denied,
}

/// Whether pages may play sound before a gesture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Autoplay {
    /// Yes, which spares most stories a click.
    Allowed,
    /// As people's browsers do: not without a gesture or a running capture.
    AsUsual,
}

/// What the camera gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// The size that the page asks for.
    Full,
    /// 320×240, 10 times a second.
    Small,
    /// 160×120, 5 times a second, for a room with many people on one machine.
    Tiny,
}

impl Picture {
    /// Width, height and pictures a second, where it is not for the page to say.
    pub(crate) fn constraints(self) -> Option<(u32, u32, u32)> {
        match self {
            Self::Full => None,
            Self::Small => Some((320, 240, 10)),
            Self::Tiny => Some((160, 120, 5)),
        }
    }
}

/// What Chromium's fake devices cannot show, played by a stand-in for parts of `navigator.mediaDevices` (`shims.js`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shim {
    /// There is no microphone: `NotFoundError` for audio.
    NoMicrophone,
    /// The microphone is there and hears nothing: it is muted by a switch.
    SilentMicrophone,
    /// Another program holds the camera: `NotReadableError` for video.
    CameraInUse,
    /// The microphone hears someone who talks, with pauses; the fake one beeps too shortly to count as a voice.
    Talks,
    /// Devices that `tap.unplug(kind)` can pull out: their tracks end, the list shrinks, `devicechange` fires.
    Unpluggable,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            engine: Engine::Chromium,
            cameras: 1,
            permission: Permission::Granted,
            autoplay: Autoplay::Allowed,
            window: (1280, 800),
            phone: false,
            picture: Picture::Small,
            shim: None,
            insecure: false,
            log_network: false,
            shared_tab: None,
            starter: None,
            tells_no_looks: false,
        }
    }
}

impl Setup {
    /// With that browser.
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// With this many cameras (and one microphone).
    #[must_use]
    pub fn cameras(mut self, count: u8) -> Self {
        self.cameras = count;
        self
    }

    /// With this answer to the question for devices.
    #[must_use]
    pub fn permission(mut self, permission: Permission) -> Self {
        self.permission = permission;
        self
    }

    /// With this rule for sound.
    #[must_use]
    pub fn autoplay(mut self, autoplay: Autoplay) -> Self {
        self.autoplay = autoplay;
        self
    }

    /// With a window of this size, in CSS pixels.
    #[must_use]
    pub fn window(mut self, width: u32, height: u32) -> Self {
        self.window = (width, height);
        self
    }

    /// With a phone's screen of this size, in CSS pixels, held upright, and touch.
    #[must_use]
    pub fn phone(mut self, width: u32, height: u32) -> Self {
        self.window = (width, height);
        self.phone = true;
        self
    }

    /// With pictures of that size. Stories make do with small ones: two cores cannot encode several 720p pictures at once.
    #[must_use]
    pub fn picture(mut self, picture: Picture) -> Self {
        self.picture = picture;
        self
    }

    /// With that stand-in for what fake devices cannot show.
    #[must_use]
    pub fn shim(mut self, shim: Shim) -> Self {
        self.shim = Some(shim);
        self
    }

    /// With the server at a plain-HTTP name that is not loopback's, where browsers give no devices.
    #[must_use]
    pub fn insecure(mut self) -> Self {
        self.insecure = true;
        self
    }

    /// With a log of every request, for [`requests`](crate::Person::requests).
    #[must_use]
    pub fn log_network(mut self) -> Self {
        self.log_network = true;
        self
    }

    /// With the tab of that title as what is chosen when the page asks for a screen.
    #[must_use]
    pub fn shares_the_tab_titled(mut self, title: &'static str) -> Self {
        self.shared_tab = Some(title);
        self
    }

    /// With pages that never tell a peer how large they show it: they are sent everything.
    #[must_use]
    pub fn tells_no_looks(mut self) -> Self {
        self.tells_no_looks = true;
        self
    }

    /// On a line of the laboratory, where that program starts the browser.
    #[must_use]
    pub(crate) fn on_a_line(mut self, starter: PathBuf) -> Self {
        self.starter = Some(starter);
        self
    }

    /// Where a server at that port is reached, as `http://HOST:PORT`.
    pub(crate) fn origin(&self, port: u16) -> String {
        if self.insecure {
            format!("http://{INSECURE_NAME}:{port}")
        } else if self.starter.is_some() {
            format!("http://{}:{port}", Line::SERVER)
        } else {
            format!("http://{}:{port}", Ipv4Addr::LOCALHOST)
        }
    }

    pub(crate) fn switches(&self) -> Vec<String> {
        let mut switches: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-default-apps",
            "--disable-search-engine-choice-screen",
            "--disable-renderer-backgrounding",
            "--disable-backgrounding-occluded-windows",
            "--no-first-run",
            "--lang=en-US",
            // mDNS names resolve in a local network, not within one machine without a resolver for them.
            "--disable-features=WebRtcHideLocalIpsWithMdns,Translate,MediaRouter,OptimizationHints",
        ]
        .map(str::to_owned)
        .to_vec();
        let rate = match self.picture.constraints() {
            Some((_, _, rate)) => format!("fps={rate},"),
            None => String::new(),
        };
        let cameras = self.cameras;
        switches.push(format!(
            "--use-fake-device-for-media-stream={rate}device-count={cameras}"
        ));
        match (self.shared_tab, self.permission) {
            // The fake answers to everything, and would choose a screen. Permission is given over DevTools then.
            (Some(title), _) => {
                switches.push(format!("--auto-select-tab-capture-source-by-title={title}"))
            }
            (None, Permission::Granted) => {
                switches.push("--use-fake-ui-for-media-stream".to_owned())
            }
            (None, Permission::Denied) => {
                switches.push("--use-fake-ui-for-media-stream=deny".to_owned())
            }
        }
        if self.autoplay == Autoplay::Allowed {
            switches.push("--autoplay-policy=no-user-gesture-required".to_owned());
        }
        let (width, height) = self.window;
        switches.push(format!("--window-size={width},{height}"));
        if self.insecure {
            switches.push(format!(
                "--host-resolver-rules=MAP {INSECURE_NAME} 127.0.0.1"
            ));
        }
        if self.starter.is_some() {
            // No outage reaches a pipe.
            switches.push("--remote-debugging-pipe".to_owned());
            // Only loopback and https:// have devices by themselves.
            let origins = lab::PORTS.map(|port| self.origin(port)).join(",");
            switches.push(format!(
                "--unsafely-treat-insecure-origin-as-secure={origins}"
            ));
        }
        switches
    }
}

const INSECURE_NAME: &str = "moim.test";
