//! The life of a room as the people in it see it: joining, leaving, counts, capacity, the host.

#![allow(clippy::unwrap_used)]

mod support;

use shared::room::Presence;
use shared::to_browser::{Bye, ByeReason, Welcome};
use shared::to_server::LeaveRoom;
use support::{TestServer, enter, tab};

#[tokio::test]
async fn two_people_meet_and_part() {
    let server = TestServer::start().await;
    let (mut ann, alone) = enter(&server, "Lobby", 1).await;
    assert_eq!(alone.you, tab(1).id("lobby"));
    assert_eq!(alone.members.len(), 1);
    assert_eq!(alone.state.host, alone.you);

    let (ben, joined) = enter(&server, "lobby", 2).await;
    assert_eq!(joined.room.as_str(), "Lobby", "the opener's spelling");
    let ids: Vec<_> = joined.members.iter().map(|member| member.id).collect();
    assert_eq!(ids, [alone.you, joined.you], "the oldest first");
    assert_eq!(joined.members[1].presence, Presence::Present);
    ann.expect(Welcome {
        member: joined.members[1].clone(),
    })
    .await;

    ben.ask(LeaveRoom {}).await.unwrap();
    ann.expect(Bye {
        peer: joined.you,
        reason: ByeReason::Left,
    })
    .await;
}
