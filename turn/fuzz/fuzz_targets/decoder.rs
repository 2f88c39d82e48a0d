//! Any bytes as a message: nothing panics, and a message's attributes written again are the same message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use turn::{
    frame,
    wire::{Encoder, Message, channel_data},
};

fuzz_target!(|bytes: &[u8]| {
    let framed = frame(bytes);
    let _ = channel_data::read(bytes);
    let Ok(message) = Message::read(bytes) else {
        return;
    };
    assert_eq!(framed, Ok(Some(bytes.len())));
    let _ = message.is_signed_with(b"key");
    let header = message.header();
    let mut encoder = Encoder::new(header.class, header.method, header.transaction);
    for (kind, value) in message.attributes() {
        let _ = message.text(kind);
        let _ = message.address(kind);
        encoder = encoder.attribute(kind, value);
    }
    let written = encoder.finish(Some(b"key"), true);
    let again = Message::read(&written);
    assert!(again.is_ok_and(|again| again.is_signed_with(b"key")));
});
