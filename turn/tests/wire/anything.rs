//! Whatever bytes come, nothing panics; and what is written is read again.

use core::net::{IpAddr, SocketAddr};

use proptest::{collection::vec, prelude::*};
use turn::{
    frame,
    wire::{
        Class, Encoder, Message, Method, TransactionId, XorAddress, channel_data, read_xor_address,
    },
};

fn any_address() -> impl Strategy<Value = SocketAddr> {
    (any::<IpAddr>(), any::<u16>()).prop_map(|(ip, port)| SocketAddr::new(ip, port))
}

fn any_class() -> impl Strategy<Value = Class> {
    prop_oneof![
        Just(Class::Request),
        Just(Class::Indication),
        Just(Class::Success),
        Just(Class::Error),
    ]
}

fn any_method() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::Binding),
        Just(Method::Allocate),
        Just(Method::Refresh),
        Just(Method::Send),
        Just(Method::Data),
        Just(Method::CreatePermission),
        Just(Method::ChannelBind),
        (0x00A_u16..=0xFFF).prop_map(Method::Other),
    ]
}

/// A message before it is written.
#[derive(Clone, Debug)]
struct Draft {
    class: Class,
    method: Method,
    transaction: TransactionId,
    /// But for MESSAGE-INTEGRITY and FINGERPRINT, which are put in by themselves.
    attributes: Vec<(u16, Vec<u8>)>,
    key: Option<Vec<u8>>,
    fingerprint: bool,
}

prop_compose! {
    fn any_message()(
        class in any_class(),
        method in any_method(),
        transaction in any::<[u8; 12]>().prop_map(TransactionId),
        attributes in vec((any_kind(), vec(any::<u8>(), 0..40)), 0..8),
        key in proptest::option::of(vec(any::<u8>(), 0..70)),
        fingerprint in any::<bool>(),
    ) -> Draft {
        Draft { class, method, transaction, attributes, key, fingerprint }
    }
}

fn any_kind() -> impl Strategy<Value = u16> {
    any::<u16>().prop_filter("put in by itself", |kind| !matches!(kind, 0x0008 | 0x8028))
}

fn write(draft: &Draft) -> Vec<u8> {
    let begun = Encoder::new(draft.class, draft.method, draft.transaction);
    draft
        .attributes
        .iter()
        .fold(begun, |encoder, (kind, value)| {
            encoder.attribute(*kind, value)
        })
        .finish(draft.key.as_deref(), draft.fingerprint)
}

/// Reads all that there is to read.
fn read_through(bytes: &[u8]) {
    let _ = frame(bytes);
    let _ = channel_data::read(bytes);
    if let Ok(message) = Message::read(bytes) {
        for (kind, value) in message.attributes() {
            let _ = message.text(kind);
            let _ = message.address(kind);
            let _ = read_xor_address(value, message.header().transaction);
        }
        let _ = message.unknown_attributes().count();
        let _ = message.is_signed_with(b"key");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..200)) {
        read_through(&bytes);
    }

    #[test]
    fn a_header_before_any_bytes_is_read_without_panic(
        kind in 0_u16..0x4000,
        transaction in any::<[u8; 12]>(),
        body in vec(any::<u8>(), 0..200),
    ) {
        let mut bytes = kind.to_be_bytes().to_vec();
        bytes.extend_from_slice(&u16::try_from(body.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(&[0x21, 0x12, 0xA4, 0x42]);
        bytes.extend_from_slice(&transaction);
        bytes.extend_from_slice(&body);
        read_through(&bytes);
    }

    #[test]
    fn messages_with_a_few_other_bytes_are_read_without_panic(
        message in any_message(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = write(&message);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        read_through(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        read_through(&bytes);
    }

    #[test]
    fn what_is_written_is_read_again(draft in any_message()) {
        let bytes = write(&draft);
        prop_assert_eq!(frame(&bytes), Ok(Some(bytes.len())));
        let read = Message::read(&bytes).unwrap();
        let header = read.header();
        prop_assert_eq!((header.class, header.method), (draft.class, draft.method));
        prop_assert_eq!(header.transaction, draft.transaction);
        let attributes: Vec<(u16, Vec<u8>)> = read
            .attributes()
            .map(|(kind, value)| (kind, value.to_vec()))
            .collect();
        prop_assert_eq!(attributes, draft.attributes);
        prop_assert_eq!(read.has_fingerprint(), draft.fingerprint);
        prop_assert_eq!(read.has_integrity(), draft.key.is_some());
        if let Some(key) = draft.key {
            prop_assert!(read.is_signed_with(&key));
            prop_assert!(!read.is_signed_with(b"a key that nobody has"));
        }
    }

    #[test]
    fn addresses_are_read_again(address in any_address(), id in any::<[u8; 12]>()) {
        let id = TransactionId(id);
        let value = XorAddress::new(address, id);
        prop_assert_eq!(read_xor_address(value.as_bytes(), id), Some(address));
    }

    #[test]
    fn channel_data_is_read_again(
        number in 0x4000_u16..=0x7FFF,
        data in vec(any::<u8>(), 0..100),
        padding in 0_usize..4,
    ) {
        let length = u16::try_from(data.len()).unwrap();
        let mut bytes = channel_data::header(number, length).to_vec();
        bytes.extend_from_slice(&data);
        bytes.extend_from_slice(&[0; 3][..padding.min(3)]);
        prop_assert_eq!(channel_data::read(&bytes), Some((number, data.as_slice())));
    }
}
