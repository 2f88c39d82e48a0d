//! Words of doing with sound alone.

pub const SOUND_ONLY: &str = "Sound only";
pub const HINT: &str = "No pictures come or go, neither yours nor the others’. For a line that carries little, or costs much.";
pub const END: &str = "Sound only: show pictures again";
pub const NOT_SHOWN: &str = "not shown: sound only";
pub const NOT_SHOWN_WHY: &str =
    "You do with sound alone. The button with the loudspeaker at the top brings pictures back.";
