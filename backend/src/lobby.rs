//! The public list of open rooms, and its news: at most one a second, and only when the list has
//! changed. Which rooms are listed is left to the rooms.

use std::cmp::Reverse;
use std::time::Duration;

use shared::room::RoomSummary;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::names::RoomKey;
use crate::room_store::RoomStore;

/// The shortest time between two news.
const PAUSE: Duration = Duration::from_secs(1);

/// Most rooms that the list shows, so that nobody can make it a burden: those with the most people, for
/// whoever looks at the list looks for people. Among rooms alike the one that has been open longest stays,
/// so that nobody can push it out by opening others.
const LISTED_ROOMS: usize = 200;

/// The list as it was last published. Whoever watches it has seen just these states of it.
pub type List = Vec<RoomSummary>;

/// A room that is for the list.
#[derive(Debug)]
pub struct Listed {
    /// What the list shows of it.
    pub summary: RoomSummary,
    /// Greater than that of every room that was opened before it.
    pub number: u64,
}

/// Publishes the list of those rooms whenever it changes: the first change after a quiet second at
/// once, those that follow together.
pub async fn publish(rooms: &RoomStore, list: &watch::Sender<List>) -> ! {
    loop {
        rooms.list_may_have_changed().await;
        let now = shortlist(rooms.listed());
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

/// As many as the list shows, by name: a head count that changes shall not move the lines about.
fn shortlist(mut rooms: Vec<Listed>) -> List {
    rooms.sort_by_key(|room| (Reverse(room.summary.people), room.number));
    rooms.truncate(LISTED_ROOMS);
    let mut list: List = rooms.into_iter().map(|room| room.summary).collect();
    list.sort_by_cached_key(|summary| RoomKey::of(&summary.room));
    list
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use shared::RoomName;

    fn room(name: &str, people: usize, number: u64) -> Listed {
        let summary = RoomSummary {
            room: RoomName::new(name).unwrap(),
            people,
        };
        Listed { summary, number }
    }

    fn names(list: &[RoomSummary]) -> Vec<&str> {
        list.iter().map(|summary| summary.room.as_str()).collect()
    }

    #[test]
    fn a_list_that_is_not_too_long_is_by_name() {
        let rooms = vec![room("c", 1, 0), room("a", 1, 2), room("B", 5, 1)];
        assert_eq!(names(&shortlist(rooms)), ["a", "B", "c"]);
    }

    #[test]
    fn rooms_that_few_are_in_do_not_push_out_the_others_whatever_their_names() {
        let early = |number| room(&format!("0 {number:03}"), 1, number);
        let late = |number| room(&format!("1 {number:03}"), 1, number);
        let mut rooms: Vec<_> = (1000..1300).map(late).collect();
        rooms.push(room("zebra", 2, 2000));
        rooms.extend((0..150).map(early));
        let list = shortlist(rooms);
        assert_eq!(list.len(), LISTED_ROOMS);
        assert_eq!(names(&list)[..2], ["0 000", "0 001"]);
        assert_eq!(names(&list)[149..151], ["0 149", "1 1000"]);
        assert_eq!(names(&list)[198..], ["1 1048", "zebra"]);
    }
}
