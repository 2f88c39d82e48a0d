//! The framing against the server's own (`socketioxide-parser-common`, `engineioxide-core`), and
//! against garbage. Leaves the order of packets to the protocol's tests.

#![expect(clippy::unwrap_used)]

use engineioxide_core::{OpenPacket, Packet as EnginePacket, ProtocolVersion};
use proptest::prelude::*;
use serde_json::json;
use socketioxide_core::Value;
use socketioxide_core::packet::{Packet as SocketPacket, PacketData};
use socketioxide_core::parser::{Parse, ParseConfig, ParserState};
use socketioxide_parser_common::CommonParser;

use super::*;

const NAMESPACES: [&str; 3] = ["/", "/chat", "/모임"];

/// What the server makes of a frame of ours.
fn server_reads(frame: &str) -> SocketPacket {
    let message = EnginePacket::parse(ProtocolVersion::V4, frame.to_owned())
        .unwrap()
        .into_message();
    CommonParser
        .decode_str(&ParseConfig::default(), &ParserState::default(), message)
        .unwrap()
}

/// The frame in which the server sends this packet.
fn server_writes(packet: SocketPacket) -> String {
    let message = CommonParser.encode(packet);
    EnginePacket::Message(message.as_str().unwrap().clone()).into()
}

fn event_value(name: &str, payload: &serde_json::Value) -> Value {
    CommonParser.encode_value(payload, Some(name)).unwrap()
}

#[test]
fn the_server_reads_our_connect() {
    let auth = RawValue::from_string(json!({"token": "t0"}).to_string()).unwrap();
    for namespace in NAMESPACES {
        let plain = server_reads(&encode_connect(namespace, None));
        assert_eq!(plain, SocketPacket::connect(namespace, None));

        let with_auth = server_reads(&encode_connect(namespace, Some(&auth)));
        let value = Value::Str(auth.get().to_owned().into(), None);
        assert_eq!(with_auth, SocketPacket::connect(namespace, Some(value)));
    }
}

#[test]
fn the_server_reads_our_goodbye_and_our_pong() {
    for namespace in NAMESPACES {
        let packet = server_reads(&encode_disconnect(namespace));
        assert_eq!(packet, SocketPacket::disconnect(namespace));
    }
    let pong = EnginePacket::parse(ProtocolVersion::V4, PONG).unwrap();
    assert_eq!(pong, EnginePacket::Pong);
}

#[test]
fn we_read_the_servers_handshake() {
    let frame: String = EnginePacket::Open(OpenPacket::default()).into();
    let Ok(Packet::Open(handshake)) = decode(&frame, "/chat") else {
        panic!("{frame} is no handshake");
    };
    assert_eq!(handshake.ping_interval, 25_000);
    assert_eq!(handshake.ping_timeout, 20_000);
    assert_eq!(handshake.max_payload, Some(100_000));
}

#[test]
fn we_read_the_servers_packets_without_body() {
    for (packet, name) in [
        (EnginePacket::Close, "Close"),
        (EnginePacket::Ping, "Ping"),
        (EnginePacket::Noop, "Noop"),
    ] {
        let frame: String = packet.into();
        assert_eq!(format!("{:?}", decode(&frame, "/").unwrap()), name);
    }
}

#[test]
fn we_read_the_servers_answers_to_connect() {
    for namespace in NAMESPACES {
        let sid = Value::Str(json!({"sid": "abc"}).to_string().into(), None);
        let frame = server_writes(SocketPacket::connect(namespace, Some(sid)));
        assert!(matches!(
            decode(&frame, namespace),
            Ok(Packet::Connect { sid }) if sid == "abc"
        ));

        let frame = server_writes(SocketPacket::connect_error(namespace, "go \"away\""));
        assert!(matches!(
            decode(&frame, namespace),
            Ok(Packet::ConnectError(Refusal { message, data: None })) if message == "go \"away\""
        ));

        let frame = server_writes(SocketPacket::disconnect(namespace));
        assert!(matches!(decode(&frame, namespace), Ok(Packet::Disconnect)));
    }
}

#[test]
fn a_refusal_may_carry_data() {
    let frame = r#"44/chat,{"message":"full","data":{"retry":[1, 2]}}"#;
    let Ok(Packet::ConnectError(refusal)) = decode(frame, "/chat") else {
        panic!("{frame} is no refusal");
    };
    assert_eq!(refusal.message, "full");
    assert_eq!(refusal.data.unwrap().get(), r#"{"retry":[1, 2]}"#);
}

#[test]
fn an_event_or_ack_without_arguments_brings_null_and_more_arguments_bring_the_first() {
    for (frame, expected) in [
        (r#"42["tick"]"#, "null"),
        (r#"42["tick",1,2,3]"#, "1"),
        (r#"427["tick",{"a":  1}]"#, r#"{"a":  1}"#),
    ] {
        let Ok(Packet::Event { name, payload }) = decode(frame, "/") else {
            panic!("{frame} is no event");
        };
        assert_eq!((name.as_str(), payload.get()), ("tick", expected));
    }
    assert!(matches!(
        decode("437[]", "/"),
        Ok(Packet::Ack { id: 7, payload }) if payload.get() == "null"
    ));
}

#[test]
fn bad_frames_are_told_apart() {
    let bad_body = |frame| matches!(decode(frame, "/"), Err(PacketError::BadBody(_)));
    let error = |frame| decode(frame, "/").unwrap_err();

    assert_eq!(error(""), PacketError::NoType);
    assert_eq!(error("4"), PacketError::NoType);
    assert_eq!(error("3"), PacketError::UnknownType('3'));
    assert_eq!(error("한"), PacketError::UnknownType('한'));
    assert_eq!(error("49"), PacketError::UnknownType('9'));
    assert_eq!(error("bAAEC"), PacketError::Binary);
    assert_eq!(error(r#"451-["picture"]"#), PacketError::Binary);
    assert_eq!(error("2probe"), PacketError::UnexpectedBody);
    assert_eq!(error("41x"), PacketError::UnexpectedBody);
    assert_eq!(
        error("41/chat,"),
        PacketError::ForeignNamespace("/chat".to_owned())
    );
    assert_eq!(error("43[1]"), PacketError::BadAckId);
    assert_eq!(error("4399999999999999999999[1]"), PacketError::BadAckId);
    for frame in [
        "0",
        r#"0{"pingInterval":-1,"pingTimeout":1}"#,
        "40",
        r#"40{"sid":7}"#,
        "42",
        "42[]",
        "42[7]",
        r#"42["tick","#,
        r#"42{"tick":1}"#,
        r#"44"no""#,
    ] {
        assert!(bad_body(frame), "{frame}");
    }
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<String>().prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| json!(items)),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|fields| json!(fields)),
        ]
    })
}

fn any_namespace() -> impl Strategy<Value = String> {
    prop_oneof![Just("/".to_owned()), "/[^,]{0,20}"]
}

/// Mostly things that look like packets, up to some point.
fn garbage() -> impl Strategy<Value = String> {
    let almost = r#"[0-9b]{1,3}(/[a-z한]{0,3},?)?[0-9]{0,25}[\[\]{}",:a-z0-9한 ]{0,12}"#;
    prop_oneof![any::<String>(), almost]
}

proptest! {
    #[test]
    fn the_server_reads_our_events(
        namespace in any_namespace(), id in prop::option::of(0..i64::MAX),
        name in any::<String>(), payload in any_json(),
    ) {
        let arguments = json!([name, payload]).to_string();
        let ours_id = id.map(i64::unsigned_abs);
        let packet = server_reads(&encode_event(&namespace, ours_id, &arguments));

        prop_assert_eq!(packet.ns.as_str(), namespace);
        let PacketData::Event(value, read_id) = packet.inner else {
            panic!("no event: {:?}", packet.inner);
        };
        prop_assert_eq!(read_id, id);
        let read: serde_json::Value = serde_json::from_str(value.as_str().unwrap()).unwrap();
        prop_assert_eq!(read, json!([name, payload]));
    }

    #[test]
    fn we_read_the_servers_events_and_acks(
        namespace in any_namespace(), id in 0..i64::MAX,
        name in any::<String>(), payload in any_json(),
    ) {
        // An array would be spread over several arguments by the server.
        let payload = json!({ "payload": payload });
        let event = SocketPacket::event(namespace.clone(), event_value(&name, &payload));
        let Ok(Packet::Event { name: read_name, payload: read }) =
            decode(&server_writes(event), &namespace)
        else {
            panic!("no event");
        };
        prop_assert_eq!(read_name, name);
        prop_assert_eq!(read.get().parse::<serde_json::Value>().unwrap(), payload.clone());

        let value = CommonParser.encode_value(&payload, None).unwrap();
        let ack = SocketPacket::ack(namespace.clone(), value, id);
        let Ok(Packet::Ack { id: read_id, payload: read }) =
            decode(&server_writes(ack), &namespace)
        else {
            panic!("no ack");
        };
        prop_assert_eq!(read_id, id.unsigned_abs());
        prop_assert_eq!(read.get().parse::<serde_json::Value>().unwrap(), payload);
    }

    #[test]
    fn what_we_write_we_read(
        namespace in any_namespace(), id in prop::option::of(any::<u64>()),
        name in any::<String>(), payload in any_json(),
    ) {
        let frame = encode_event(&namespace, id, &json!([name, payload]).to_string());
        let Ok(Packet::Event { name: read_name, payload: read }) = decode(&frame, &namespace)
        else {
            panic!("no event: {frame}");
        };
        prop_assert_eq!(read_name, name);
        prop_assert_eq!(read.get(), payload.to_string());
    }

    #[test]
    fn garbage_never_panics(frame in garbage(), namespace in any_namespace()) {
        let _ = decode(&frame, &namespace);
    }
}
