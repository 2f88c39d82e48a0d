//! ChannelData messages: four bytes before the data (RFC 8656 §12.4).

/// The numbers that channels may have: those of RFC 5766 §11. RFC 8656 §12 gives clients the first quarter of them, so that channels
/// can be told from DTLS and RTP where all come to one socket (RFC 7983). To a TURN server come STUN and channels alone, and clients that
/// number them as they did before, coturn's among them, are to be served as well.
pub const CHANNELS: core::ops::RangeInclusive<u16> = 0x4000..=0x7FFF;

/// Whether something that begins with this byte is ChannelData.
pub fn is_channel_data(first: u8) -> bool {
    matches!(first, 0x40..=0x7F)
}

/// Number and data. None for what is cut off, or has no such number. More bytes than the header says are padding.
pub fn read(message: &[u8]) -> Option<(u16, &[u8])> {
    let ([n0, n1, l0, l1], rest) = message.split_first_chunk::<4>()?;
    let number = u16::from_be_bytes([*n0, *n1]);
    let length = usize::from(u16::from_be_bytes([*l0, *l1]));
    let data = rest.get(..length)?;
    CHANNELS.contains(&number).then_some((number, data))
}

/// What goes before so many bytes of data.
pub fn header(number: u16, length: u16) -> [u8; 4] {
    let ([n0, n1], [l0, l1]) = (number.to_be_bytes(), length.to_be_bytes());
    [n0, n1, l0, l1]
}
