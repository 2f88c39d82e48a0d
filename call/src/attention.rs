//! What of a peer's pictures the page shows, and when the peer is told of it: that more is wanted at once, that less
//! would do only after it has stayed so for a moment. Windows are resized, and tabs left, for seconds at a time.

use std::time::Duration;

use shared::PeerMessage;
use shared::peer::{CameraState, Look, MediaState};

use crate::output::Slot;
use crate::time::Time;

/// How long less has to do before the peer is told.
const LINGER: Duration = Duration::from_secs(1);

/// How long it is between two messages at least.
const PAUSE: Duration = Duration::from_millis(250);

/// Boxes are told of in steps of so many pixels, rounded up: many sizes that a window passes through are one.
const STEP: u16 = 32;

/// How two pictures are looked at: the camera's and the screen's.
pub(crate) type Looks = [Look; 2];

/// What is looked at of one peer.
#[derive(Debug, Default)]
pub(crate) struct Attention {
    shown: Looks,
    /// Which of the two the peer sends. The other may begin at any time, and shall be there at once.
    is_sent: [bool; 2],
    /// What the peer goes by.
    told: Looks,
    told_at: Option<Time>,
    /// Since when something else holds than what the peer was told.
    differs_since: Option<Time>,
}

impl Attention {
    /// The page shows a picture so from now on.
    pub fn shows(&mut self, slot: Slot, look: Look) {
        if let Some(place) = place(slot) {
            self.shown[place] = rounded(look);
        }
    }

    /// The peer sends that from now on.
    pub fn sends(&mut self, media: MediaState) {
        self.is_sent = [media.camera == CameraState::On, media.screen];
    }

    /// There is a channel on which nothing has been said.
    pub fn begin_anew(&mut self) {
        self.told = Looks::default();
        self.told_at = None;
        self.differs_since = None;
    }

    /// What to tell the peer now, if anything. `sound_only`: whether no picture is wanted, however it is shown.
    pub fn tell(&mut self, sound_only: bool, now: Time) -> Option<PeerMessage> {
        let wanted = self.wanted(sound_only);
        if wanted == self.told {
            self.differs_since = None;
            return None;
        }
        self.differs_since.get_or_insert(now);
        if self.deadline(sound_only).is_none_or(|due| now < due) {
            return None;
        }
        self.told = wanted;
        self.told_at = Some(now);
        self.differs_since = None;
        let [camera, screen] = wanted;
        Some(PeerMessage::View { camera, screen })
    }

    /// When there will be something to tell.
    pub fn deadline(&self, sound_only: bool) -> Option<Time> {
        let since = self.differs_since?;
        let wanted = self.wanted(sound_only);
        let is_more = (wanted.iter().zip(&self.told)).any(|(wanted, told)| is_more(*wanted, *told));
        let lingered = if is_more { since } else { since + LINGER };
        let rested = self.told_at.map_or(since, |at| at + PAUSE);
        Some(lingered.max(rested))
    }

    /// Whether the peer is to send anything of that slot.
    pub fn expects(&self, slot: Slot) -> bool {
        place(slot).is_none_or(|place| self.told[place] != Look::Hidden)
    }

    fn wanted(&self, sound_only: bool) -> Looks {
        if sound_only {
            return [Look::Hidden; 2];
        }
        [0, 1].map(|place| {
            if self.is_sent[place] {
                self.shown[place]
            } else {
                Look::Full
            }
        })
    }
}

fn place(slot: Slot) -> Option<usize> {
    match slot {
        Slot::Camera => Some(0),
        Slot::Screen => Some(1),
        Slot::Microphone | Slot::ScreenSound => None,
    }
}

fn rounded(look: Look) -> Look {
    let round = |length: u16| length.div_ceil(STEP).saturating_mul(STEP);
    match look {
        Look::Within {
            width: 0,
            height: _,
        }
        | Look::Within {
            width: _,
            height: 0,
        } => Look::Hidden,
        Look::Within { width, height } => Look::Within {
            width: round(width),
            height: round(height),
        },
        Look::Full | Look::Hidden => look,
    }
}

/// Whether one look takes more than another.
fn is_more(one: Look, other: Look) -> bool {
    match (one, other) {
        (Look::Hidden, _) | (Look::Full, Look::Full) | (Look::Within { .. }, Look::Full) => false,
        (_, Look::Hidden) | (Look::Full, _) => true,
        (
            Look::Within { width, height },
            Look::Within {
                width: other_width,
                height: other_height,
            },
        ) => width > other_width || height > other_height,
    }
}

#[cfg(test)]
mod tests {
    use shared::peer::MicrophoneState;

    use super::*;

    const START: Time = Time::since_unix_epoch(Duration::from_secs(1_000));

    fn within(width: u16, height: u16) -> Look {
        Look::Within { width, height }
    }

    fn view(camera: Look) -> Option<PeerMessage> {
        let screen = Look::Full;
        Some(PeerMessage::View { camera, screen })
    }

    /// Of a peer that sends both.
    fn attention() -> Attention {
        let mut attention = Attention::default();
        attention.sends(media(true));
        attention
    }

    fn media(screen: bool) -> MediaState {
        MediaState {
            microphone: MicrophoneState::On,
            camera: CameraState::On,
            screen,
        }
    }

    fn at(millis: u64) -> Time {
        START + Duration::from_millis(millis)
    }

    #[test]
    fn until_the_page_shows_anything_nothing_is_told() {
        let mut attention = Attention::default();
        assert_eq!(attention.tell(false, START), None);
        assert_eq!(attention.deadline(false), None);
        assert!(attention.expects(Slot::Camera));
    }

    #[test]
    fn less_is_told_after_a_moment_and_more_at_once() {
        let mut attention = attention();
        attention.shows(Slot::Camera, within(300, 170));
        assert_eq!(attention.tell(false, START), None);
        assert_eq!(attention.deadline(false), Some(at(1_000)));
        assert_eq!(attention.tell(false, at(1_000)), view(within(320, 192)));
        attention.shows(Slot::Camera, Look::Hidden);
        assert_eq!(attention.tell(false, at(5_000)), None);
        assert!(attention.expects(Slot::Camera), "it still comes");
        assert_eq!(attention.tell(false, at(6_000)), view(Look::Hidden));
        assert!(!attention.expects(Slot::Camera));
        attention.shows(Slot::Camera, within(300, 170));
        assert_eq!(attention.tell(false, at(9_000)), view(within(320, 192)));
        assert_eq!(attention.deadline(false), None);
    }

    #[test]
    fn a_tab_that_is_left_for_a_moment_is_not_told_of() {
        let mut attention = attention();
        attention.shows(Slot::Camera, Look::Hidden);
        assert_eq!(attention.tell(false, START), None);
        attention.shows(Slot::Camera, Look::Full);
        assert_eq!(attention.tell(false, at(500)), None);
        attention.shows(Slot::Camera, Look::Hidden);
        assert_eq!(
            attention.tell(false, at(1_200)),
            None,
            "its time begins anew"
        );
        assert_eq!(attention.deadline(false), Some(at(2_200)));
    }

    #[test]
    fn a_window_that_is_being_resized_is_told_of_now_and_then() {
        let mut attention = attention();
        let mut told = 0;
        for step in 0..100_u16 {
            let millis = u64::from(step) * 16;
            attention.shows(Slot::Camera, within(10 * step + 1, 10 * step + 1));
            told += usize::from(attention.tell(false, at(millis)).is_some());
        }
        assert!((1..=7).contains(&told), "{told}");
    }

    #[test]
    fn a_screen_that_is_not_shared_yet_will_be_seen_at_once() {
        let mut attention = attention();
        attention.shows(Slot::Screen, Look::Hidden);
        attention.tell(false, START);
        assert!(attention.tell(false, at(1_000)).is_some());
        attention.sends(media(false));
        let all = attention.tell(false, at(2_000));
        assert_eq!(all, view(Look::Full));
        attention.sends(media(true));
        assert!(attention.expects(Slot::Screen));
    }

    #[test]
    fn for_sound_alone_nothing_is_looked_at() {
        let mut attention = Attention::default();
        attention.tell(true, START);
        let told = attention.tell(true, at(1_000));
        let hidden = PeerMessage::View {
            camera: Look::Hidden,
            screen: Look::Hidden,
        };
        assert_eq!(told, Some(hidden));
        assert_eq!(attention.tell(false, at(2_000)), view(Look::Full));
        attention.begin_anew();
        assert!(attention.expects(Slot::Screen));
        assert!(attention.expects(Slot::Microphone), "always");
    }
}
