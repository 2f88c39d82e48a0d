//! By how much a captured picture is made smaller before it is sent, given how large it is shown. In few steps:
//! an encoder that is told of each pixel by which a window grows would begin anew each time.

use crate::output::{PictureSize, Slot};

/// The steps of `scaleResolutionDownBy`.
const STEPS: [f64; 8] = [1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0];

/// How much a picture may be stretched on the screen before one sees it.
const STRETCH: f64 = 1.15;

/// The factor for a picture of that slot, `captured` so large and shown in a box of that `size`
/// (W3C webrtc-pc `RTCRtpEncodingParameters.scaleResolutionDownBy`): 1 or more. A camera's picture fills its box and is cut
/// where it reaches beyond; a screen's fits into it. What makes no sense gives 1.
#[must_use]
pub fn scale_down_by(slot: Slot, captured: PictureSize, size: PictureSize) -> f64 {
    let by_width = f64::from(captured.width) / f64::from(size.width.max(1));
    let by_height = f64::from(captured.height) / f64::from(size.height.max(1));
    let exact = match slot {
        Slot::Screen => by_width.max(by_height),
        Slot::Microphone | Slot::Camera | Slot::ScreenSound => by_width.min(by_height),
    };
    let steps = STEPS.into_iter().rev();
    let fitting = steps.into_iter().find(|step| *step <= exact * STRETCH);
    fitting.unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn size(width: u16, height: u16) -> PictureSize {
        PictureSize { width, height }
    }

    fn camera(captured: (u16, u16), shown: (u16, u16)) -> f64 {
        scale_down_by(
            Slot::Camera,
            size(captured.0, captured.1),
            size(shown.0, shown.1),
        )
    }

    #[test]
    fn a_picture_is_sent_about_as_large_as_it_is_shown() {
        assert_eq!(camera((1280, 720), (1920, 1080)), 1.0);
        assert_eq!(camera((1280, 720), (1280, 720)), 1.0);
        assert_eq!(camera((1280, 720), (620, 349)), 2.0);
        assert_eq!(camera((1280, 720), (320, 180)), 4.0);
        assert_eq!(camera((1280, 720), (90, 50)), 12.0);
    }

    #[test]
    fn a_camera_fills_its_box_and_a_screen_fits_into_it() {
        let (captured, upright) = (size(1280, 720), size(320, 720));
        assert_eq!(scale_down_by(Slot::Camera, captured, upright), 1.0);
        assert_eq!(scale_down_by(Slot::Screen, captured, upright), 4.0);
    }

    proptest! {
        #[test]
        fn it_is_never_shown_more_than_a_little_larger_than_sent(
            width in 1..5_000_u16, height in 1..5_000_u16,
            shown_width in 0..5_000_u16, shown_height in 0..5_000_u16,
        ) {
            let (captured, shown) = (size(width, height), size(shown_width, shown_height));
            let by = scale_down_by(Slot::Camera, captured, shown);
            prop_assert!(STEPS.contains(&by));
            let stretch = (f64::from(shown_width.max(1)) * by / f64::from(width))
                .max(f64::from(shown_height.max(1)) * by / f64::from(height));
            prop_assert!(by == 1.0 || stretch <= STRETCH + 0.001);
            let larger = size(shown_width.saturating_add(100), shown_height.saturating_add(100));
            prop_assert!(scale_down_by(Slot::Camera, captured, larger) <= by);
        }
    }
}
