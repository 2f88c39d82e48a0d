//! The messages that RFC 5769 prints.

use core::net::SocketAddr;

use turn::wire::{
    Class, Encoder, Malformed, Message, Method, TransactionId,
    attribute::{NONCE, REALM, USERNAME, XOR_MAPPED_ADDRESS},
    long_term_key,
};

const PASSWORD: &[u8] = b"VOkJxbRl1RmTxUk/WvJxBt";

/// §2.1
const REQUEST: &str = "
    00 01 00 58 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
    80 22 00 10 53 54 55 4e 20 74 65 73 74 20 63 6c 69 65 6e 74
    00 24 00 04 6e 00 01 ff
    80 29 00 08 93 2f f9 b1 51 26 3b 36
    00 06 00 09 65 76 74 6a 3a 68 36 76 59 20 20 20
    00 08 00 14 9a ea a7 0c bf d8 cb 56 78 1e f2 b5 b2 d3 f2 49 c1 b5 71 a2
    80 28 00 04 e5 7a 3b cf";

/// §2.2
const RESPONSE_V4: &str = "
    01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
    80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
    00 20 00 08 00 01 a1 47 e1 12 a6 43
    00 08 00 14 2b 91 f5 99 fd 9e 90 c3 8c 74 89 f9 2a f9 ba 53 f0 6b e7 d7
    80 28 00 04 c0 7d 4c 96";

/// §2.3
const RESPONSE_V6: &str = "
    01 01 00 48 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
    80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
    00 20 00 14 00 02 a1 47 01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9
    00 08 00 14 a3 82 95 4e 4b e6 7b f1 17 84 c9 7c 82 92 c2 75 bf e3 ed 41
    80 28 00 04 c8 fb 0b 4c";

/// §2.4
const LONG_TERM: &str = "
    00 01 00 60 21 12 a4 42 78 ad 34 33 c6 ad 72 c0 29 da 41 2e
    00 06 00 12 e3 83 9e e3 83 88 e3 83 aa e3 83 83 e3 82 af e3 82 b9 00 00
    00 15 00 1c 66 2f 2f 34 39 39 6b 39 35 34 64 36 4f 4c 33 34 6f 4c 39 46 53 54 76 79 36 34 73 41
    00 14 00 0b 65 78 61 6d 70 6c 65 2e 6f 72 67 00
    00 08 00 14 f6 70 24 65 6d d6 4a 3e 02 b8 e0 71 2e 85 c9 a2 8c a8 96 66";

#[test]
fn a_request_with_short_term_credentials() {
    let bytes = bytes(REQUEST);
    let message = Message::read(&bytes).unwrap();
    let header = message.header();
    assert_eq!(
        (header.class, header.method),
        (Class::Request, Method::Binding)
    );
    assert_eq!(message.text(USERNAME), Some("evtj:h6vY"));
    assert!(message.has_fingerprint() && message.is_signed_with(PASSWORD));
    assert!(!message.is_signed_with(b"another"));
    // PRIORITY is ICE's, and no business of a server's.
    assert!(message.unknown_attributes().eq([0x0024]));
}

#[test]
fn responses_with_addresses_of_both_families() {
    for (text, address) in [
        (RESPONSE_V4, "192.0.2.1:32853"),
        (RESPONSE_V6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853"),
    ] {
        let bytes = bytes(text);
        let message = Message::read(&bytes).unwrap();
        assert_eq!(message.header().class, Class::Success);
        let expected: SocketAddr = address.parse().unwrap();
        assert_eq!(message.address(XOR_MAPPED_ADDRESS), Some(expected));
        assert!(message.has_fingerprint() && message.is_signed_with(PASSWORD));
        let written = Encoder::new(
            Class::Success,
            Method::Binding,
            message.header().transaction,
        )
        .attribute(0x8022, b"test vector")
        .address(XOR_MAPPED_ADDRESS, expected)
        .finish(Some(PASSWORD), true);
        // The RFC pads with a space; we with zeros, and signature and check differ by that.
        assert_eq!(written.len(), bytes.len());
        let signature_at = bytes.len() - 32;
        assert_eq!(written[36..signature_at], bytes[36..signature_at]);
    }
}

#[test]
fn a_request_with_long_term_credentials_byte_for_byte() {
    let bytes = bytes(LONG_TERM);
    let message = Message::read(&bytes).unwrap();
    let (name, realm) = ("マトリックス", "example.org");
    assert_eq!(message.text(USERNAME), Some(name));
    assert_eq!(message.text(REALM), Some(realm));
    // The password as SASLprep leaves it.
    let key = long_term_key(name, realm, "TheMatrIX");
    assert!(message.is_signed_with(&key));
    assert!(!message.is_signed_with(&long_term_key(name, realm, "theMatrIX")));
    let transaction = TransactionId(bytes[8..20].try_into().unwrap());
    let written = Encoder::new(Class::Request, Method::Binding, transaction)
        .attribute(USERNAME, name.as_bytes())
        .attribute(NONCE, b"f//499k954d6OL34oL9FSTvy64sA")
        .attribute(REALM, realm.as_bytes())
        .finish(Some(&key), false);
    assert_eq!(written, bytes);
}

#[test]
fn a_message_that_was_changed_on_the_way_is_told_by_its_fingerprint() {
    let whole = bytes(REQUEST);
    for place in 0..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 0x10;
        let is_taken = Message::read(&changed).is_ok_and(|message| message.has_fingerprint());
        assert!(!is_taken, "byte {place}");
    }
}

#[test]
fn what_stands_behind_the_signature_does_not_count() {
    let mut bytes = Encoder::new(Class::Request, Method::Allocate, TransactionId([1; 12]))
        .attribute(USERNAME, b"somebody")
        .finish(Some(b"key"), false);
    bytes.extend_from_slice(&[0x00, 0x14, 0, 4, b'm', b'o', b'i', b'm']);
    let length = u16::try_from(bytes.len() - 20).unwrap();
    bytes[2..4].copy_from_slice(&length.to_be_bytes());
    let message = Message::read(&bytes).unwrap();
    assert!(message.is_signed_with(b"key"));
    assert_eq!(message.text(USERNAME), Some("somebody"));
    assert_eq!(message.text(REALM), None);
}

#[test]
fn broken_attributes_are_told_from_what_is_no_stun() {
    let whole = bytes(LONG_TERM);
    assert_eq!(Message::read(&whole[..19]).err(), Some(Malformed::NotStun));
    assert_eq!(
        Message::read(&whole[..112]).err(),
        Some(Malformed::NotStun),
        "cut off"
    );
    let mut broken = whole.clone();
    broken[23] = 0xF0;
    let header = Message::read(&whole).unwrap().header();
    assert_eq!(
        Message::read(&broken).err(),
        Some(Malformed::Attributes(header)),
        "an attribute longer than the message"
    );
    let mut old = whole;
    old[4] = 0;
    assert_eq!(
        Message::read(&old).err(),
        Some(Malformed::NotStun),
        "no magic cookie"
    );
}

fn bytes(text: &str) -> Vec<u8> {
    text.split_whitespace()
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}
