//! What has just happened, shown for a while. The words are the page's.

use std::collections::VecDeque;
use std::time::Duration;

use crate::time::Time;
use crate::view::{Notice, NoticeKind};

/// How long news of others is shown.
const NEWS: Duration = Duration::from_secs(6);

/// How long something is shown that the person may want to act on.
const PROBLEM: Duration = Duration::from_secs(12);

/// Most notices at a time; the oldest gives way.
const MOST: usize = 5;

/// The notices on show.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    shown: VecDeque<(Time, Notice)>,
    next_key: u64,
}

impl Notices {
    pub fn add(&mut self, kind: NoticeKind, now: Time) {
        if kind == NoticeKind::Reconnected {
            self.shown
                .retain(|(_, notice)| notice.kind != NoticeKind::Reconnecting);
        }
        self.shown.retain(|(_, notice)| notice.kind != kind);
        let notice = Notice {
            key: self.next_key,
            kind,
        };
        self.next_key += 1;
        self.shown.push_back((now + how_long(&notice.kind), notice));
        if self.shown.len() > MOST {
            self.shown.pop_front();
        }
    }

    pub fn dismiss(&mut self, key: u64) {
        self.shown.retain(|(_, notice)| notice.key != key);
    }

    pub fn clear(&mut self) {
        self.shown.clear();
    }

    /// When the next one is to go.
    pub fn deadline(&self) -> Option<Time> {
        self.shown.iter().map(|(until, _)| *until).min()
    }

    pub fn tick(&mut self, now: Time) {
        self.shown.retain(|(until, _)| *until > now);
    }

    /// Oldest first.
    pub fn view(&self) -> Vec<Notice> {
        self.shown
            .iter()
            .map(|(_, notice)| notice.clone())
            .collect()
    }
}

fn how_long(kind: &NoticeKind) -> Duration {
    match kind {
        NoticeKind::Met(_)
        | NoticeKind::Joined(_)
        | NoticeKind::Left(_)
        | NoticeKind::Lost(_)
        | NoticeKind::Removed(_)
        | NoticeKind::SharesScreen(_)
        | NoticeKind::Locked
        | NoticeKind::Unlocked
        | NoticeKind::YouAreHost
        | NoticeKind::Reconnecting
        | NoticeKind::Reconnected
        | NoticeKind::DeviceReplaced(_) => NEWS,
        NoticeKind::MicrophoneGone
        | NoticeKind::CameraGone
        | NoticeKind::MicrophoneProblem(_)
        | NoticeKind::CameraProblem(_)
        | NoticeKind::ScreenProblem(_)
        | NoticeKind::ModerationFailed
        | NoticeKind::PeerMisbehaves(_) => PROBLEM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time::since_unix_epoch(Duration::from_secs(1));

    #[test]
    fn a_notice_is_shown_for_a_while() {
        let mut notices = Notices::default();
        notices.add(NoticeKind::Joined("Kim".into()), START);
        notices.add(NoticeKind::CameraGone, START);

        assert_eq!(notices.deadline(), Some(START + NEWS));
        notices.tick(START + NEWS);
        let left: Vec<_> = notices.view().into_iter().map(|one| one.kind).collect();
        assert_eq!(left, [NoticeKind::CameraGone]);
    }

    #[test]
    fn the_oldest_gives_way_to_the_sixth() {
        let mut notices = Notices::default();
        for number in 0..6 {
            notices.add(NoticeKind::Joined(format!("Kim {number}")), START);
        }
        let shown = notices.view();
        assert_eq!(shown.len(), MOST);
        assert_eq!(shown[0].kind, NoticeKind::Joined("Kim 1".into()));
        notices.dismiss(shown[0].key);
        assert_eq!(notices.view().len(), MOST - 1);
    }

    #[test]
    fn being_back_takes_the_place_of_being_lost() {
        let mut notices = Notices::default();
        notices.add(NoticeKind::Reconnecting, START);
        notices.add(NoticeKind::Reconnected, START);
        let shown = notices.view();
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].kind, NoticeKind::Reconnected);
    }
}
