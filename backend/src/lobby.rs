//! The public list of open rooms, and its news: at most one a second, and only when the list has
//! changed. Which rooms are listed is left to the rooms.

use std::time::Duration;

use shared::room::RoomSummary;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::room_store::RoomStore;

/// The shortest time between two news.
const PAUSE: Duration = Duration::from_secs(1);

/// Most rooms that the list shows, so that nobody can make it a burden.
const LISTED_ROOMS: usize = 200;

/// The list as it was last published. Whoever watches it has seen just these states of it.
pub type List = Vec<RoomSummary>;

/// Publishes the list of those rooms whenever it changes: the first change after a quiet second at
/// once, those that follow together.
pub async fn publish(rooms: &RoomStore, list: &watch::Sender<List>) -> ! {
    loop {
        rooms.list_may_have_changed().await;
        let mut now = rooms.summaries();
        now.truncate(LISTED_ROOMS);
        let changed = list.send_if_modified(|published| {
            let changed = *published != now;
            *published = now;
            changed
        });
        if changed {
            sleep(PAUSE).await;
        }
    }
}
