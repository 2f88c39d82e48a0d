//! ChannelData messages: four bytes before the data (RFC 8656 §12.4).

/// The numbers that channels may have.
pub const CHANNELS: core::ops::RangeInclusive<u16> = 0x4000..=0x4FFF;

/// Whether something that begins with this byte is ChannelData.
pub fn is_channel_data(first: u8) -> bool {
    matches!(first, 0x40..=0x4F)
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
