//! Random numbers: good ones for secrets (W3C webcrypto), cheap ones for chance.

use super::{console, page};

/// Bytes that nobody can guess.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let filled = page::window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).map(drop));
    if let Err(error) = filled {
        // Every browser with WebRTC has it, secure context or not.
        console::error(&format!("no random numbers: {error:?}"));
    }
    bytes
}
