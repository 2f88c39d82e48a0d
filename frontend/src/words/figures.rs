//! Measured figures with their units, as short as they can be said. All in whole numbers: what floating point takes to
//! be written would weigh more than the rest of it.

use std::time::Duration;

use call::view::Picture;

/// What flows each second, of bits per second: `48 kbit/s`, `1.2 Mbit/s`.
pub fn bitrate(bits: u32) -> String {
    match bits {
        0..=999_499 => format!("{} kbit/s", rounded(bits, 1_000)),
        _ => format!("{} Mbit/s", with_tenths(rounded(bits, 100_000))),
    }
}

/// How long something takes: `24 ms`, `1.2 s`.
pub fn duration(time: Duration) -> String {
    let micros = u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
    match micros {
        0..=999 => "under 1 ms".to_owned(),
        1_000..=999_499 => format!("{} ms", rounded(micros, 1_000)),
        _ => format!("{} s", with_tenths(rounded(micros, 100_000))),
    }
}

/// A part of the whole, of thousandths: `0%`, `0.4%`, `23%`.
pub fn share(per_mille: u16) -> String {
    format!("{}%", with_tenths(u32::from(per_mille)))
}

/// A picture's size and rate: `640×360 at 24/s`.
pub fn picture(picture: Picture) -> String {
    let Picture {
        width,
        height,
        frames_per_second,
    } = picture;
    format!("{width}×{height} at {frames_per_second}/s")
}

fn rounded(number: u32, unit: u32) -> u32 {
    number.saturating_add(unit / 2) / unit
}

/// Below ten the tenths matter, unless there are none.
fn with_tenths(tenths: u32) -> String {
    match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (whole @ 0..=9, rest) => format!("{whole}.{rest}"),
        (_, _) => rounded(tenths, 10).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn bitrates_grow_from_kilobits_to_megabits() {
        for (bits, said) in [
            (0, "0 kbit/s"),
            (499, "0 kbit/s"),
            (500, "1 kbit/s"),
            (47_900, "48 kbit/s"),
            (999_499, "999 kbit/s"),
            (999_500, "1 Mbit/s"),
            (1_249_999, "1.2 Mbit/s"),
            (9_960_000, "10 Mbit/s"),
            (12_500_000, "13 Mbit/s"),
            (u32::MAX, "4295 Mbit/s"),
        ] {
            assert_eq!(bitrate(bits), said, "{bits}");
        }
    }

    #[wasm_bindgen_test]
    fn durations_grow_from_milliseconds_to_seconds() {
        for (micros, said) in [
            (0, "under 1 ms"),
            (999, "under 1 ms"),
            (1_000, "1 ms"),
            (23_600, "24 ms"),
            (999_499, "999 ms"),
            (999_500, "1 s"),
            (1_250_000, "1.3 s"),
            (12_400_000, "12 s"),
        ] {
            assert_eq!(duration(Duration::from_micros(micros)), said, "{micros}");
        }
        assert_eq!(duration(Duration::MAX), "4295 s", "and nothing overflows");
    }

    #[wasm_bindgen_test]
    fn shares_have_tenths_only_where_they_matter() {
        for (per_mille, said) in [
            (0, "0%"),
            (4, "0.4%"),
            (10, "1%"),
            (99, "9.9%"),
            (234, "23%"),
            (1_000, "100%"),
        ] {
            assert_eq!(share(per_mille), said);
        }
    }

    #[wasm_bindgen_test]
    fn a_picture_is_its_size_and_rate() {
        let small = Picture {
            width: 640,
            height: 360,
            frames_per_second: 24,
        };
        assert_eq!(picture(small), "640×360 at 24/s");
    }
}
