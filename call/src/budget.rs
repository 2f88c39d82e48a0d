//! How the uplink is shared among the peers of a mesh. Each person sends everything once for each
//! other person, over a line that seldom carries more than some megabits a second upwards, with a
//! processor that encodes each copy by itself. So each peer gets what it looks at, as far as its path
//! and the uplink carry it: sound first, then screens, whose text must stay readable, then cameras.

use shared::peer::Look;

use crate::output::{PictureLimits, PictureSize, SendLimits};

/// For everything together, in bits per second.
const UPLINK: u32 = 6_000_000;

/// For all copies of a shared screen together: cameras keep something.
const SCREENS: u32 = 5_000_000;

/// For all cameras together.
const CAMERAS: u32 = 3_500_000;

/// What a voice takes, and what it takes where there are many.
const VOICE: u32 = 48_000;
const VOICE_AMONG_MANY: u32 = 32_000;

/// The least that a picture gets which is looked at: one can tell that somebody is there …
const LEAST_CAMERA: u32 = 50_000;

/// … and read.
const LEAST_SCREEN: u32 = 150_000;

/// A quality that a picture may have.
#[derive(Clone, Copy, Debug)]
struct Rung {
    /// From top to bottom, of a picture that is wider than high.
    height: u16,
    frame_rate: u8,
    /// With less it looks worse than the next smaller one does, in bits per second.
    least: u32,
    /// More makes it no better.
    most: u32,
}

/// Of faces. Small ones move less: few look at them closely.
const CAMERA: [Rung; 6] = [
    rung(720, 30, 800_000, 1_700_000),
    rung(540, 30, 500_000, 1_000_000),
    rung(360, 30, 250_000, 600_000),
    rung(270, 24, 150_000, 350_000),
    rung(180, 15, 80_000, 200_000),
    rung(90, 10, 0, 80_000),
];

/// Of screens. They keep their size, in which text can be read, and give up movement instead.
const SCREEN: [Rung; 3] = [
    rung(1080, 15, 1_000_000, 2_500_000),
    rung(720, 15, 600_000, 1_500_000),
    rung(360, 15, 0, 500_000),
];

/// How often a screen is sent for less than so many bits per second.
const STILL_SCREEN: [(u32, u8); 2] = [(300_000, 3), (700_000, 8)];

/// How much a picture may be stretched, in per cent.
const STRETCH: u32 = 115;

const fn rung(height: u16, frame_rate: u8, least: u32, most: u32) -> Rung {
    Rung {
        height,
        frame_rate,
        least,
        most,
    }
}

/// What one peer looks at, and what the path to it carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Demand {
    /// The camera's picture.
    pub camera: Look,
    /// The screen's.
    pub screen: Look,
    /// In bits per second; `None` for as much as one likes.
    pub carries: Option<u32>,
}

/// What each peer gets, in the order of the demands. `shares_screen`: whether there is a screen to send.
pub(crate) fn share(demands: &[Demand], shares_screen: bool) -> Vec<SendLimits> {
    let peers = u32::try_from(demands.len()).unwrap_or(u32::MAX);
    let microphone = if peers <= 3 { VOICE } else { VOICE_AMONG_MANY };
    let uplink = UPLINK.saturating_sub(microphone.saturating_mul(peers));
    let carries = |demand: &Demand| {
        let carries = demand.carries.unwrap_or(u32::MAX);
        carries.saturating_sub(microphone)
    };
    let useful = |rungs: &[Rung], look: Look| covering(rungs, look).map_or(0, |rung| rung.most);

    let wanted = |demand: &Demand| useful(&SCREEN, demand.screen).min(carries(demand));
    let wanted: Vec<u32> = demands.iter().map(wanted).collect();
    let screens = fill(&wanted, SCREENS.min(uplink));

    let taken = |screen: u32| if shares_screen { screen } else { 0 };
    let all_taken = screens
        .iter()
        .fold(0_u32, |sum, screen| sum.saturating_add(taken(*screen)));
    let left = CAMERAS.min(uplink.saturating_sub(all_taken));
    let wanted: Vec<u32> = (demands.iter().zip(&screens))
        .map(|(demand, screen)| {
            useful(&CAMERA, demand.camera).min(carries(demand).saturating_sub(taken(*screen)))
        })
        .collect();
    let cameras = fill(&wanted, left);

    (demands.iter().zip(screens).zip(cameras))
        .map(|((demand, screen), camera)| SendLimits {
            microphone,
            camera: camera_limits(demand.camera, camera.max(LEAST_CAMERA)),
            screen: screen_limits(demand.screen, screen.max(LEAST_SCREEN)),
        })
        .collect()
}

/// Gives each what it wants or an equal share of what the others leave, whichever is less.
fn fill(wanted: &[u32], mut left: u32) -> Vec<u32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|place| wanted[*place]);
    let mut given = vec![0; wanted.len()];
    for (served, place) in order.into_iter().enumerate() {
        let waiting = u32::try_from(wanted.len() - served).unwrap_or(u32::MAX);
        given[place] = wanted[place].min(left / waiting);
        left -= given[place];
    }
    given
}

fn camera_limits(look: Look, bitrate: u32) -> Option<PictureLimits> {
    let covering = covering(&CAMERA, look)?;
    let rung = CAMERA
        .into_iter()
        .find(|rung| rung.height <= covering.height && rung.least <= bitrate)
        .unwrap_or(covering);
    Some(PictureLimits {
        bitrate: bitrate.min(covering.most),
        frame_rate: rung.frame_rate,
        size: size(look, rung.height),
    })
}

fn screen_limits(look: Look, bitrate: u32) -> Option<PictureLimits> {
    let covering = covering(&SCREEN, look)?;
    let frame_rate = STILL_SCREEN
        .into_iter()
        .find(|(below, _)| bitrate < *below)
        .map_or(covering.frame_rate, |(_, frame_rate)| frame_rate);
    Some(PictureLimits {
        bitrate: bitrate.min(covering.most),
        frame_rate,
        size: match look {
            Look::Within { width, height } => Some(PictureSize { width, height }),
            Look::Full | Look::Hidden => None,
        },
    })
}

/// The smallest that is large enough for such a look; of what is hidden, none.
fn covering(rungs: &[Rung], look: Look) -> Option<Rung> {
    match look {
        Look::Full => rungs.first().copied(),
        Look::Within { width, height } => {
            let needed = needed_height(width, height);
            let is_enough = |rung: &&Rung| u32::from(rung.height) * STRETCH >= needed * 100;
            let enough = rungs.iter().rev().find(is_enough);
            enough.or(rungs.first()).copied()
        }
        Look::Hidden => None,
    }
}

/// How high a picture of 16 to 9 has to be to fill such a box.
fn needed_height(width: u16, height: u16) -> u32 {
    u32::from(height).max(u32::from(width) * 9 / 16)
}

/// The box in which the picture is shown, or a smaller one of its shape where a picture of that height has to do.
fn size(look: Look, height: u16) -> Option<PictureSize> {
    let full = PictureSize {
        width: CAMERA[0].height * 16 / 9,
        height: CAMERA[0].height,
    };
    let shown = match look {
        Look::Full if height == full.height => return None,
        Look::Full | Look::Hidden => full,
        Look::Within { width, height } => PictureSize { width, height },
    };
    let needed = needed_height(shown.width, shown.height);
    if u32::from(height) * STRETCH >= needed * 100 {
        return Some(shown);
    }
    let shrunk = |length: u16| {
        let length = u32::from(length) * u32::from(height) / needed;
        u16::try_from(length).unwrap_or(u16::MAX).max(1)
    };
    Some(PictureSize {
        width: shrunk(shown.width),
        height: shrunk(shown.height),
    })
}

#[cfg(test)]
#[path = "budget_tests.rs"]
mod tests;
