//! Who is who, across lost connections, reloads and several tabs.

use std::time::Duration;

use backend::Config;
use shared::Rejection;
use shared::room::Presence;
use shared::to_browser::{Bye, ByeReason, PresenceChange, Replaced, RoomStateChange, Welcome};
use shared::to_server::{LeaveRoom, LockRoom};

use crate::support::raw::RawClient;
use crate::support::{Person, TestServer, enter, tab};

/// Over before anyone asks.
const NO_GRACE: Duration = Duration::from_millis(1);

#[tokio::test]
async fn one_whose_connection_is_lost_is_away_and_resumes() {
    let server = TestServer::start().await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    let (ben, joined) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;

    let presence = |presence| PresenceChange {
        peer: joined.you,
        presence,
    };
    ben.vanish().await;
    ann.expect(presence(Presence::Away)).await;

    ann.ask(LockRoom { locked: true }).await.unwrap();
    let _: RoomStateChange = ann.hear().await;
    let back = Person::connect(&server).await;
    let resumed = back.join(tab(2).join("Lobby")).await;
    assert_eq!(resumed.you, joined.you);
    assert_eq!(resumed.members.len(), 2);
    assert_eq!(resumed.members[1].presence, Presence::Present);
    ann.expect(presence(Presence::Present)).await;
    ann.heard_nothing().await;
}

#[tokio::test]
async fn one_who_does_not_come_back_is_gone_after_the_grace_period() {
    let server = TestServer::with(Config {
        grace_period: NO_GRACE,
        ..Config::default()
    })
    .await;
    let (ann, host) = enter(&server, "Lobby", 1).await;
    let (mut ben, joined) = enter(&server, "Lobby", 2).await;
    ann.vanish().await;
    ben.expect(PresenceChange {
        peer: host.you,
        presence: Presence::Away,
    })
    .await;
    ben.expect(Bye {
        peer: host.you,
        reason: ByeReason::Lost,
    })
    .await;
    let change: RoomStateChange = ben.hear().await;
    assert_eq!(change.state.host, joined.you);
}

#[tokio::test]
async fn one_who_gives_no_sign_of_life_is_away() {
    let server = TestServer::with(Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_secs(3),
        ..Config::default()
    })
    .await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    let mut silent = RawClient::connect(server.address).await;
    let joined = silent.ask(&tab(2).join("Lobby")).await.unwrap();
    let _: Welcome = ann.hear().await;
    // From here on it answers no ping, because nobody reads.
    ann.expect(PresenceChange {
        peer: joined.you,
        presence: Presence::Away,
    })
    .await;
}

#[tokio::test]
async fn a_leave_just_before_the_connection_closes_is_a_leave() {
    let server = TestServer::start().await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    for _ in 0..20 {
        let (ben, joined) = enter(&server, "Lobby", 2).await;
        let _: Welcome = ann.hear().await;
        ben.tell(LeaveRoom {}).await;
        ben.vanish().await;
        ann.expect(Bye {
            peer: joined.you,
            reason: ByeReason::Left,
        })
        .await;
    }
}

#[tokio::test]
async fn a_newer_connection_takes_over_and_the_older_ones_end_goes_unnoticed() {
    let server = TestServer::start().await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    let (mut ben, joined) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;

    let newer = Person::connect(&server).await;
    let again = newer.join(tab(2).join("Lobby")).await;
    assert_eq!(again.you, joined.you);
    assert_eq!(again.members.len(), 2);
    ben.expect(Replaced {}).await;
    ben.closed().await;
    ann.expect(PresenceChange {
        peer: joined.you,
        presence: Presence::Present,
    })
    .await;
    ann.heard_nothing().await;

    newer.vanish().await;
    ann.expect(PresenceChange {
        peer: joined.you,
        presence: Presence::Away,
    })
    .await;
}

#[tokio::test]
async fn a_reloaded_page_is_the_same_person_under_a_new_epoch() {
    let server = TestServer::start().await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    let (mut ben, joined) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;

    let reloaded = Person::connect(&server).await;
    let again = reloaded.join(tab(2).reloaded(1).join("Lobby")).await;
    assert_eq!(again.members.len(), 2, "no ghost beside them");
    let welcome: Welcome = ann.hear().await;
    assert_eq!(welcome.member.id, joined.you);
    assert_eq!(welcome.member.epoch, tab(2).reloaded(1).epoch);
    ben.expect(Replaced {}).await;

    let stale = Person::connect(&server).await;
    let refused = stale.ask(tab(2).join("Lobby")).await;
    assert_eq!(refused, Err(Rejection::StaleEpoch));
    ann.heard_nothing().await;
}

#[tokio::test]
async fn one_who_came_back_in_time_and_was_lost_again_has_a_whole_new_grace_period() {
    let server = TestServer::with(Config {
        grace_period: Duration::from_secs(4),
        ..Config::default()
    })
    .await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    let (ben, _) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;
    ben.vanish().await;
    let _: PresenceChange = ann.hear().await;
    let back = Person::connect(&server).await;
    back.join(tab(2).join("Lobby")).await;
    let _: PresenceChange = ann.hear().await;
    back.vanish().await;
    let lost = std::time::Instant::now();
    let _: PresenceChange = ann.hear().await;
    let _: Bye = ann.hear().await;
    assert!(lost.elapsed() >= Duration::from_secs(4));
}
