//! How the uplink is shared among the peers of a mesh. Each person sends everything once for each
//! other person, over a line that seldom carries more than some megabits a second upwards, with a
//! processor that encodes each copy by itself.

use crate::output::SendLimits;

/// For all cameras together, in bits per second.
const CAMERAS: u32 = 3_500_000;

/// What a 720p picture of a face can use, and the least that shows one.
const CAMERA: std::ops::RangeInclusive<u32> = 150_000..=1_700_000;

/// For all copies of a shared screen together.
const SCREENS: u32 = 6_000_000;

/// What a screen at 1080p can use, and the least that leaves text readable.
const SCREEN: std::ops::RangeInclusive<u32> = 400_000..=2_500_000;

/// What one peer gets of the uplink when there are that many.
pub(crate) fn share(peers: usize) -> SendLimits {
    let peers = u32::try_from(peers.max(1)).unwrap_or(u32::MAX);
    SendLimits {
        microphone: if peers <= 3 { 48_000 } else { 32_000 },
        camera: (CAMERAS / peers).clamp(*CAMERA.start(), *CAMERA.end()),
        screen: (SCREENS / peers).clamp(*SCREEN.start(), *SCREEN.end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_people_get_the_best_and_six_get_a_share() {
        let camera = |peers| share(peers).camera;
        assert_eq!(camera(1), 1_700_000);
        assert_eq!(camera(2), 1_700_000);
        assert_eq!(camera(5), 700_000);
        assert_eq!(camera(15), 233_333);
        assert_eq!(share(0), share(1));
    }

    #[test]
    fn more_peers_never_get_more_each() {
        for peers in 1..40 {
            let (fewer, more) = (share(peers), share(peers + 1));
            assert!(more.camera <= fewer.camera);
            assert!(more.screen <= fewer.screen);
            assert!(more.microphone <= fewer.microphone);
        }
    }
}
