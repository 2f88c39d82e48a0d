//! What a host can set, and how mistakes are answered.

use std::num::NonZeroU32;
use std::time::Duration;

use backend::config::{AdminAccess, PortRange, TurnMistake, TurnMode, TurnOptions};
use backend::{Config, Origin};
use clap::Parser;
use shared::room::{IceServer, Listing};

use crate::support::admin::HASH;

fn parse(arguments: &[&str]) -> Result<Config, clap::Error> {
    Config::try_parse_from(["moim"].iter().chain(arguments))
}

#[test]
fn what_is_not_set_is_as_documented() {
    let turn = TurnOptions {
        mode: None,
        ..TurnOptions::default()
    };
    let expected = Config {
        turn,
        ..Config::default()
    };
    assert_eq!(parse(&[]).unwrap(), expected);
}

#[test]
fn everything_can_be_set() {
    let config = parse(&[
        "--bind=127.0.0.1",
        "--port=8443",
        "--room-capacity=16",
        "--list-rooms=all",
        "--grace-period=500ms",
        "--turn=on",
        "--turn-port=5000",
        "--turn-relay-ports=6000-6000",
        "--turn-bandwidth=20",
        "--turn-address=192.0.2.1 2001:db8::1",
        "--turn-secret=xyzzy",
        "--turn-allow-private=false",
        "--turn-credential-lifetime=2h",
        "--ping-interval=2m",
        "--ping-timeout=7",
        "--max-connections=5",
        "--max-connections-per-address=3",
        "--event-rate=9",
        "--event-burst=10",
        "--admin-user=root",
        &format!("--admin-password-hash={HASH}"),
        "--admin-read-only",
        "--page=/srv/moim",
        "--tutorials",
        "--allow-origin=https://a.example/ http://b.example:8000",
        "--allow-origin=https://c.example",
        "--log=warn,backend=debug",
    ])
    .unwrap();
    let origins = [
        "https://a.example",
        "http://b.example:8000",
        "https://c.example",
    ];
    let expected = Config {
        bind: Some([127, 0, 0, 1].into()),
        port: 8443,
        room_capacity: 16,
        list_rooms: Listing::All,
        grace_period: Duration::from_millis(500),
        ice_servers: vec![],
        turn: TurnOptions {
            mode: Some(TurnMode::On),
            port: 5000,
            bandwidth: 20,
            relay_ports: PortRange {
                first: 6000,
                last: 6000,
            },
            addresses: ["192.0.2.1", "2001:db8::1"]
                .map(|address| address.parse().unwrap())
                .to_vec(),
            secret: Some("xyzzy".parse().unwrap()),
            allow_private: Some(false),
            external: vec![],
            credential_lifetime: Duration::from_secs(7200),
        },
        ping_interval: Duration::from_secs(120),
        ping_timeout: Duration::from_secs(7),
        max_connections: 5,
        max_connections_per_address: 3,
        event_rate: NonZeroU32::new(9),
        event_burst: NonZeroU32::new(10),
        admin: Some(AdminAccess {
            user: "root".to_owned(),
            password_hash: HASH.parse().unwrap(),
            read_only: true,
        }),
        page: Some("/srv/moim".into()),
        tutorials: true,
        static_dir: None,
        allow_origins: origins
            .map(|origin| Origin::parse(origin).unwrap())
            .to_vec(),
        log: "warn,backend=debug".to_owned(),
    };
    assert_eq!(config, expected);
}

#[test]
fn a_folder_is_served_in_place_of_the_page_and_not_beside_it() {
    let config = parse(&["--static-dir=/srv/tutorial"]).unwrap();
    assert_eq!(config.static_dir, Some("/srv/tutorial".into()));
    assert!(parse(&["--static-dir=/srv/tutorial", "--page=/srv/moim"]).is_err());
}

#[test]
fn another_turn_server_needs_a_secret_that_it_knows() {
    let config = parse(&[
        "--turn-external=turn:turn.example turns:turn.example:443?transport=tcp",
        "--turn-secret=xyzzy",
    ])
    .unwrap();
    let urls = ["turn:turn.example", "turns:turn.example:443?transport=tcp"];
    assert_eq!(config.turn.external, urls);
    let error = parse(&["--turn-external=turn:turn.example"]).unwrap_err();
    assert!(error.to_string().contains("--turn-secret"), "{error}");
}

#[test]
fn options_of_the_relay_contradict_each_other_before_anything_is_opened() {
    let check = |arguments: &[&str]| parse(arguments).unwrap().turn.check();
    let external = ["--turn-external=turn:turn.example", "--turn-secret=xyzzy"];
    assert_eq!(check(&external), Ok(()));
    let both = [&external[..], &["--turn=on"]].concat();
    assert_eq!(check(&both), Err(TurnMistake::Both));
    let each = "--turn-address=192.0.2.1 2001:db8::1";
    assert_eq!(check(&[each]), Ok(()));
    for second in ["--turn-address=192.0.2.2", "--turn-address=2001:db8::2"] {
        assert_eq!(check(&[each, second]), Err(TurnMistake::TooManyAddresses));
    }
}

#[test]
fn what_is_set_for_a_relay_that_does_not_run_can_be_told() {
    let set = |arguments: &[&str]| parse(arguments).unwrap().turn.of_the_built_in();
    assert!(set(&["--turn=off", "--turn-secret=xyzzy"]).is_empty());
    assert_eq!(
        set(&["--turn=off", "--turn-port=5349", "--turn-allow-private"]),
        ["--turn-port", "--turn-allow-private"]
    );
}

#[test]
fn secrets_are_not_shown() {
    let config = parse(&["--turn-secret=xyzzy"]).unwrap();
    assert!(!format!("{config:?}").contains("xyzzy"));
    assert_eq!(config.turn.allow_private, None);
    let config = parse(&["--turn-allow-private"]).unwrap();
    assert_eq!(config.turn.allow_private, Some(true));
}

fn ice(url: &str, credentials: Option<(&str, &str)>) -> IceServer {
    IceServer {
        urls: vec![url.to_owned()],
        username: credentials.map(|(username, _)| username.to_owned()),
        credential: credentials.map(|(_, credential)| credential.to_owned()),
    }
}

#[test]
fn ice_servers_are_urls_with_or_without_credentials() {
    let config = parse(&[
        "--ice-server=stun:stun.example",
        "--ice-server=turn:[2001:db8::1]:3478?transport=tcp,username=ann,credential=a,b=c?d",
        "--ice-server=stun:192.0.2.1:3478 turns:turn.example:443,username=u,credential=p",
    ])
    .unwrap();
    let expected = [
        ice("stun:stun.example", None),
        ice(
            "turn:[2001:db8::1]:3478?transport=tcp",
            Some(("ann", "a,b=c?d")),
        ),
        ice("stun:192.0.2.1:3478", None),
        ice("turns:turn.example:443", Some(("u", "p"))),
    ];
    assert_eq!(config.ice_servers, expected);
}

#[test]
fn a_bad_value_is_answered_by_one_sentence_that_says_what_is_wrong() {
    let cases = [
        ("--port=70000", "70000"),
        ("--room-capacity=1", "a room holds 2 to 16 people"),
        ("--room-capacity=17", "a room holds 2 to 16 people"),
        ("--list-rooms=some", "choose opt-in, all or off"),
        (
            "--grace-period=soon",
            "give a time such as 15s, 500ms or 2m",
        ),
        ("--turn=perhaps", "choose on or off"),
        ("--turn-port=70000", "70000"),
        ("--turn-relay-ports=9-8", "the lower first"),
        ("--turn-relay-ports=0-8", "the lower first"),
        ("--turn-relay-ports=8", "the lower first"),
        ("--turn-address=turn.example", "give an IP address"),
        ("--turn-address=0.0.0.0", "the address of one machine"),
        ("--turn-secret=", "give a long secret"),
        ("--turn-external=stun:turn.example", "begins with turn:"),
        ("--turn-credential-lifetime=0", "longer than none"),
        ("--ping-interval=0", "longer than none"),
        ("--max-connections=0", "a number from 1 on"),
        ("--event-rate=0", "0"),
        ("--bind=localhost", "invalid IP address"),
        ("--log=backend=loud", "invalid"),
        ("--allow-origin=pages.example", "give scheme and host"),
        (
            "--allow-origin=https://a.example/page",
            "give scheme and host",
        ),
        ("--allow-origin=*", "give scheme and host"),
        ("--ice-server=https://stun.example", "begins with stun:"),
        ("--ice-server=stun:", "comes a host"),
        ("--ice-server=stun:h:99999", "port is not a number"),
        ("--ice-server=stun:h?transport=udp", "only a TURN URL"),
        ("--ice-server=turn:h?transport=x", "?transport=udp or tcp"),
        ("--ice-server=turn:h", "needs ,username="),
        ("--ice-server=turn:h,username=u", "comes ,username="),
        (
            "--ice-server=turn:h,user=u,credential=p",
            "comes ,username=",
        ),
    ];
    for (argument, sentence) in cases {
        let error = parse(&[argument]).unwrap_err().to_string();
        let flag = argument.split('=').next().unwrap();
        assert!(error.contains(flag), "{argument}: {error}");
        assert!(error.contains(sentence), "{argument}: {error}");
    }
}

#[test]
fn an_admin_has_a_name_and_a_password() {
    let hash = format!("--admin-password-hash={HASH}");
    let admin = parse(&["--admin-user=root", &hash]).unwrap().admin;
    assert!(!admin.unwrap().read_only);
    let cases: [(&[&str], &str); 5] = [
        (&["--admin-user=root"], "--admin-password-hash"),
        (&[&hash], "--admin-user"),
        (&["--admin-read-only"], "--admin-user"),
        (&["--admin-user=", &hash], "at least one letter"),
        (
            &["--admin-user=root", "--admin-password-hash=changeit"],
            "moim hash-password",
        ),
    ];
    for (arguments, sentence) in cases {
        let error = parse(arguments).unwrap_err().to_string();
        assert!(error.contains(sentence), "{arguments:?}: {error}");
    }
}

#[test]
fn rates_follow_from_the_rooms_size() {
    let of = |room_capacity| Config {
        room_capacity,
        ..Config::default()
    };
    assert!(of(16).event_burst_or_default() > of(6).event_burst_or_default());
    assert!(of(16).event_rate_or_default() > of(6).event_rate_or_default());
}
