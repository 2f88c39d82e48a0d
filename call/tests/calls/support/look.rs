//! What the stories look at again and again.

use std::time::Duration;

use call::view::{ChatAuthor, NoticeKind, Path};

use super::world::World;

/// Long enough for everything that waits for nobody.
pub const SOON: Duration = Duration::from_secs(1);
/// Longer than any grace period.
pub const GRACE: Duration = Duration::from_secs(16);

pub fn notices(world: &World, page: usize) -> Vec<NoticeKind> {
    let notices = world.view(page).notices;
    notices.into_iter().map(|notice| notice.kind).collect()
}

pub fn heads(world: &World) -> Vec<usize> {
    (0..world.pages.len())
        .map(|page| world.view(page).head_count())
        .collect()
}

pub fn path(world: &World, from: usize, to: usize) -> Path {
    world.view(from).person(world.pages[to].id).unwrap().path
}

/// Whom the last line that this page said did not reach.
pub fn undelivered(world: &World, page: usize) -> Vec<String> {
    let lines = world.view(page).chat.lines.into_iter().rev();
    let mut own = lines.filter_map(|line| match line.author {
        ChatAuthor::You { undelivered, .. } => Some(undelivered),
        ChatAuthor::Peer { .. } => None,
    });
    own.next().unwrap()
}

pub fn said(world: &World, page: usize) -> Vec<String> {
    let lines = world.view(page).chat.lines;
    lines
        .into_iter()
        .map(|line| line.text.as_ref().to_owned())
        .collect()
}
