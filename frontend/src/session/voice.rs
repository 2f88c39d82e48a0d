//! Whether somebody speaks, told from how loud their microphone hears. Pure: levels and times come
//! in, changes come out.

use std::time::Duration;

use call::Time;

/// At this level somebody begins to speak …
const LOUD: f64 = 0.3;

/// … and below this one they may have stopped. In between, whatever was holds on.
const QUIET: f64 = 0.2;

/// So long it has to be loud, so that a knock on the table is no voice.
const ATTACK: Duration = Duration::from_millis(100);

/// So long it has to be quiet, so that a breath between words is no silence.
const RELEASE: Duration = Duration::from_millis(900);

/// Hears voices.
#[derive(Debug, Default)]
pub struct Voice {
    speaking: bool,
    /// Since when the level contradicts `speaking`.
    contradicted: Option<Time>,
}

impl Voice {
    /// Takes a level between 0 and 1; tells when somebody starts or stops speaking.
    pub fn hear(&mut self, level: f64, now: Time) -> Option<bool> {
        let (contradicts, patience) = if self.speaking {
            (level < QUIET, RELEASE)
        } else {
            (level >= LOUD, ATTACK)
        };
        if !contradicts {
            self.contradicted = None;
            return None;
        }
        let since = *self.contradicted.get_or_insert(now);
        if now.since(since) < patience {
            return None;
        }
        self.contradicted = None;
        self.speaking = !self.speaking;
        Some(self.speaking)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// Hears these levels, one each 50 ms; tells the changes with the number of their level.
    fn changes(levels: &[f64]) -> Vec<(usize, bool)> {
        let mut voice = Voice::default();
        let start = Time::since_unix_epoch(Duration::from_secs(1));
        (0..)
            .zip(levels)
            .filter_map(|(index, &level)| {
                let now = start + Duration::from_millis(50) * index;
                Some((index as usize, voice.hear(level, now)?))
            })
            .collect()
    }

    #[wasm_bindgen_test]
    fn speech_is_noticed_and_its_end_too() {
        let mut levels = vec![0.5; 10];
        levels.extend([0.0; 40]);
        assert_eq!(changes(&levels), [(2, true), (28, false)]);
    }

    #[wasm_bindgen_test]
    fn a_knock_is_no_voice() {
        assert_eq!(changes(&[0.0, 0.9, 0.9, 0.0, 0.0, 0.9, 0.0]), []);
    }

    #[wasm_bindgen_test]
    fn breathing_between_words_is_no_silence() {
        let mut levels = vec![0.5; 4];
        for _ in 0..5 {
            levels.extend([0.0; 12]);
            levels.push(0.25);
        }
        assert_eq!(changes(&levels), [(2, true)]);
    }

    #[wasm_bindgen_test]
    fn between_loud_and_quiet_nothing_changes() {
        assert_eq!(changes(&[0.25; 50]), []);
    }
}
