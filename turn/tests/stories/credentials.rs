//! Who is believed.

use turn::{
    Credentials, Secret,
    wire::{
        Method,
        attribute::{NONCE, REALM, USERNAME},
    },
};

use super::world::*;

#[test]
fn credentials_are_those_of_turn_rest() {
    // openssl dgst -sha1 -hmac "north star" -binary | base64
    let credentials = Secret::new(SECRET).credentials("alice", 1_700_003_600);
    assert_eq!(credentials.username, "1700003600:alice");
    assert_eq!(credentials.password, "pqJAXZZNkn73eJqmP30HsC7rAr4=");
    assert_eq!(format!("{:?}", Secret::new(SECRET)), "Secret(…)");
}

#[test]
fn a_wrong_password_is_refused() {
    let mut world = World::new();
    let mut mallory = Caller::new("198.51.100.7:4000", "alice");
    mallory.credentials.password = "guessed".to_owned();
    let reply = mallory.try_allocate(&mut world);
    assert_eq!(reply.error(), Some(401));
    assert!(!reply.message().has_integrity());
    assert!(world.bound.is_empty());
}

#[test]
fn names_that_we_did_not_make_are_refused() {
    let mut world = World::new();
    for name in [
        "alice",
        "",
        ":alice",
        "+1700003600:alice",
        "soon:alice",
        "1e99:alice",
    ] {
        let mut mallory = Caller::new("198.51.100.7:4000", "alice");
        mallory.credentials.username = name.to_owned();
        assert_eq!(
            mallory.try_allocate(&mut world).error(),
            Some(401),
            "{name}"
        );
    }
    let mut mallory = Caller::new("198.51.100.8:4000", "alice");
    mallory.credentials.username = "1".repeat(509);
    assert_eq!(mallory.try_allocate(&mut world).error(), Some(400));
}

#[test]
fn a_request_that_is_signed_must_say_by_whom() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.knock(&mut world);
    let name = alice.credentials.username.clone();
    let nonce = alice.nonce.clone();
    let parts: [(u16, &str); 3] = [(USERNAME, &name), (REALM, REALM_NAME), (NONCE, &nonce)];
    for missing in parts {
        let request = transport(alice.begin(Method::Allocate), 17);
        let request = parts
            .iter()
            .filter(|part| **part != missing)
            .fold(request, |request, (kind, value)| {
                request.attribute(*kind, value.as_bytes())
            })
            .finish(Some(&alice.key()), false);
        let reply = world.ask(alice.client, &request).unwrap();
        assert_eq!(reply.error(), Some(400), "without {missing:?}");
        assert!(!reply.message().has_integrity());
    }
}

#[test]
fn another_realm_is_refused() {
    let mut world = World::with(|config| config.realm = "elsewhere".to_owned());
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    assert_eq!(alice.try_allocate(&mut world).error(), Some(401));
}

#[test]
fn credentials_that_have_run_out_keep_an_allocation_but_make_none() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.credentials = expiring(&world, "alice", 100);
    alice.allocate(&mut world);
    world.later(99);
    let mut bob = Caller::new("198.51.100.8:4000", "bob");
    bob.credentials = expiring(&world, "bob", 1);
    world.later(1);

    let reply = bob.try_allocate(&mut world);
    assert_eq!(reply.error(), Some(401));
    assert!(!reply.message().has_integrity());
    assert_eq!(alice.refresh(&mut world, 600).lifetime(), 600);
    assert_eq!(alice.permit(&mut world, &[PEER]).error(), None);
    assert_eq!(alice.bind_channel(&mut world, 0x4000, PEER).error(), None);
    assert_eq!(alice.refresh(&mut world, 0).lifetime(), 0);
    assert_eq!(alice.try_allocate(&mut world).error(), Some(401));
}

#[test]
fn a_stale_nonce_is_replaced() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);
    alice.refresh(&mut world, 3_600);
    world.later(3_599);
    assert_eq!(alice.refresh(&mut world, 3_600).error(), None);
    world.later(1);
    let reply = alice.refresh(&mut world, 3_600);
    assert_eq!(reply.error(), Some(438));
    assert_eq!(reply.text(REALM), REALM_NAME);
    assert!(!reply.message().has_integrity());
    alice.nonce = reply.text(NONCE);
    assert_eq!(alice.refresh(&mut world, 3_600).error(), None);
}

#[test]
fn a_request_that_was_overheard_is_of_no_use_elsewhere() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.knock(&mut world);
    let request = transport(alice.begin(Method::Allocate), 17);
    let request = alice.sign(request);
    for elsewhere in ["198.51.100.66:4000", "198.51.100.7:4001"] {
        let reply = world.ask(client(elsewhere), &request).unwrap();
        assert_eq!(reply.error(), Some(438), "{elsewhere}");
    }
    assert!(world.bound.is_empty());
    assert_eq!(world.relay.counters().refused_stale_nonce, 2);
}

#[test]
fn an_allocation_obeys_its_own_user_alone() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);

    let mut mallory = Caller::new("198.51.100.7:4000", "mallory");
    mallory.nonce = alice.nonce.clone();
    let refusals = [
        mallory.refresh(&mut world, 0),
        mallory.permit(&mut world, &[PEER]),
        mallory.bind_channel(&mut world, 0x4000, PEER),
    ];
    for reply in refusals {
        assert_eq!(reply.error(), Some(441));
        assert!(reply.message().is_signed_with(&mallory.key()));
    }
    assert_eq!(mallory.try_allocate(&mut world).error(), Some(437));
    assert!(world.unbound.is_empty());
    assert_eq!(alice.refresh(&mut world, 600).error(), None);
}

#[test]
fn what_was_changed_on_the_way_is_refused() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.knock(&mut world);
    let request = transport(alice.begin(Method::Allocate), 17)
        .attribute(USERNAME, alice.credentials.username.as_bytes())
        .attribute(REALM, REALM_NAME.as_bytes())
        .attribute(NONCE, alice.nonce.as_bytes())
        .finish(Some(&alice.key()), false);
    for place in 0..request.len() {
        let mut changed = request.clone();
        changed[place] ^= 1;
        world.later(1);
        let reply = world.ask(alice.client, &changed);
        assert!(
            reply.is_none_or(|reply| reply.error().is_some()),
            "byte {place}"
        );
    }
    assert!(world.bound.is_empty());
}

#[test]
fn an_answer_to_a_stranger_is_hardly_longer_than_the_question() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    let request = alice.begin(Method::Allocate).finish(None, false);
    let reply = world.ask(alice.client, &request).unwrap();
    assert_eq!(request.len(), 20);
    assert_eq!(reply.0.len(), 84);
}

fn expiring(world: &World, name: &str, seconds: u64) -> Credentials {
    Secret::new(SECRET).credentials(name, world.now.unix_seconds + seconds)
}
