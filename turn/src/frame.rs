//! Telling messages apart in a stream (RFC 8656 §12.6, RFC 8489 §6.2.2).

use crate::wire::{HEADER, channel_data, padding};

/// What a client sends over TCP is neither STUN nor ChannelData: nothing behind it can be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither STUN nor ChannelData")]
pub struct NotStun;

/// How long the message is that these bytes of a stream begin with, ChannelData with its padding: at most 65,552 bytes, and always
/// a multiple of four. None while there are too few bytes to tell, which is fewer than eight.
///
/// Most letters look like the number of a channel. Who has none is known to [`Relay::frame`](crate::Relay::frame).
pub fn frame(bytes: &[u8]) -> Result<Option<usize>, NotStun> {
    let Some(first) = bytes.first() else {
        return Ok(None);
    };
    let length = bytes
        .get(2..4)
        .and_then(|length| length.try_into().ok())
        .map(|length| usize::from(u16::from_be_bytes(length)));
    if channel_data::is_channel_data(*first) {
        Ok(length.map(|length| 4 + length + padding(length)))
    } else if *first >= 0x80 || length.is_some_and(|length| !length.is_multiple_of(4)) {
        Err(NotStun)
    } else {
        match bytes.get(4..8) {
            Some([0x21, 0x12, 0xA4, 0x42]) => Ok(length.map(|length| HEADER + length)),
            Some(_) => Err(NotStun),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channel_data_counts_with_its_padding() {
        assert_eq!(frame(&[0x40, 0, 0]), Ok(None));
        assert_eq!(frame(&[0x40, 0, 0, 0]), Ok(Some(4)));
        assert_eq!(frame(&[0x7F, 0xFF, 0, 5, 1]), Ok(Some(12)));
        assert_eq!(frame(&[0x40, 0, 0xFF, 0xFF]), Ok(Some(65_540)));
    }

    #[test]
    fn a_stun_message_is_known_by_its_first_eight_bytes() {
        assert_eq!(frame(&[]), Ok(None));
        assert_eq!(frame(&[0, 1, 0, 8, 0x21, 0x12, 0xA4]), Ok(None));
        assert_eq!(frame(&[0, 1, 0, 8, 0x21, 0x12, 0xA4, 0x42]), Ok(Some(28)));
        let longest = [0, 1, 0xFF, 0xFC, 0x21, 0x12, 0xA4, 0x42];
        assert_eq!(frame(&longest), Ok(Some(65_552)));
    }

    #[test]
    fn other_things_are_told_at_once() {
        assert_eq!(frame(&[0x16, 3, 1, 2, 0, 1, 0, 1]), Err(NotStun), "TLS");
        assert_eq!(frame(&[0x80]), Err(NotStun));
        assert_eq!(frame(&[0, 1, 0, 7]), Err(NotStun), "no multiple of four");
        assert_eq!(frame(&[0, 1, 0, 8, 0, 0, 0, 0]), Err(NotStun));
    }
}
