//! What has just happened, shown for a while. The words are the page's.

use std::collections::VecDeque;
use std::time::Duration;

use crate::time::Time;
use crate::view::{Notice, NoticeKind};

/// How long news of others is shown.
const NEWS: Duration = Duration::from_secs(6);

/// How long something is shown that the person may want to act on.
const PROBLEM: Duration = Duration::from_secs(12);

/// How long the server has to be out of reach for it to be worth a word: a restart takes less.
const HICCUP: Duration = Duration::from_secs(2);

/// Most notices at a time; the oldest gives way.
const MOST: usize = 5;

/// The notices on show.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    shown: VecDeque<(Time, Notice)>,
    /// When it is to be said that the server is out of reach, should it still be.
    outage: Option<Time>,
    next_key: u64,
}

impl Notices {
    /// Shows it; that the server is out of reach, once it has been so for a while. Of a hiccup that nobody was told
    /// of, the end is no news either.
    pub fn add(&mut self, kind: NoticeKind, now: Time) {
        if kind == NoticeKind::Reconnecting {
            self.outage = Some(now + HICCUP);
        } else if kind != NoticeKind::Reconnected || self.outage.take().is_none() {
            self.show(kind, now);
        }
    }

    fn show(&mut self, kind: NoticeKind, now: Time) {
        let kind = self.of_both_devices(kind);
        self.shown
            .retain(|(_, notice)| !replaces(&kind, &notice.kind));
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

    /// Takes back what was said of screens that are no longer shared.
    pub fn keep_screens_of(&mut self, shares: impl Fn(&str) -> bool) {
        self.shown.retain(
            |(_, notice)| !matches!(&notice.kind, NoticeKind::SharesScreen(name) if !shares(name)),
        );
    }

    pub fn dismiss(&mut self, key: u64) {
        self.shown.retain(|(_, notice)| notice.key != key);
    }

    pub fn clear(&mut self) {
        self.shown.clear();
        self.outage = None;
    }

    /// When the next one is to come or to go.
    pub fn deadline(&self) -> Option<Time> {
        let gone = self.shown.iter().map(|(until, _)| *until);
        gone.chain(self.outage).min()
    }

    pub fn tick(&mut self, now: Time) {
        if self.outage.take_if(|due| *due <= now).is_some() {
            self.show(NoticeKind::Reconnecting, now);
        }
        self.shown.retain(|(until, _)| *until > now);
    }

    /// Oldest first.
    pub fn view(&self) -> Vec<Notice> {
        self.shown
            .iter()
            .map(|(_, notice)| notice.clone())
            .collect()
    }

    /// One sentence where microphone and camera have the same problem.
    fn of_both_devices(&self, kind: NoticeKind) -> NoticeKind {
        let (error, of_the_other) = if let NoticeKind::MicrophoneProblem(error) = kind {
            (error, NoticeKind::CameraProblem(error))
        } else if let NoticeKind::CameraProblem(error) = kind {
            (error, NoticeKind::MicrophoneProblem(error))
        } else {
            return kind;
        };
        let is_both = self
            .shown
            .iter()
            .any(|(_, notice)| notice.kind == of_the_other);
        if is_both {
            NoticeKind::DevicesProblem(error)
        } else {
            kind
        }
    }
}

/// What a notice is about: of two about the same thing, only the newer is true.
#[derive(PartialEq, Eq)]
enum Subject<'a> {
    Person(&'a str),
    Screen(&'a str),
    Lock,
    Host,
    Server,
    Relay,
    Replacement,
    Microphone,
    Camera,
    Devices,
    OwnScreen,
    Moderation,
    Behaviour(&'a str),
}

fn subject(kind: &NoticeKind) -> Subject<'_> {
    match kind {
        NoticeKind::Met(name)
        | NoticeKind::Joined(name)
        | NoticeKind::Left(name)
        | NoticeKind::Lost(name)
        | NoticeKind::Removed(name) => Subject::Person(name),
        NoticeKind::SharesScreen(name) => Subject::Screen(name),
        NoticeKind::Locked | NoticeKind::Unlocked => Subject::Lock,
        NoticeKind::YouAreHost => Subject::Host,
        NoticeKind::Reconnecting | NoticeKind::Reconnected => Subject::Server,
        NoticeKind::RelayGone => Subject::Relay,
        NoticeKind::DeviceReplaced(_) => Subject::Replacement,
        NoticeKind::MicrophoneGone | NoticeKind::MicrophoneProblem(_) => Subject::Microphone,
        NoticeKind::CameraGone | NoticeKind::CameraProblem(_) => Subject::Camera,
        NoticeKind::DevicesProblem(_) => Subject::Devices,
        NoticeKind::ScreenProblem(_) => Subject::OwnScreen,
        NoticeKind::ModerationFailed | NoticeKind::ModerationUnavailable => Subject::Moderation,
        NoticeKind::PeerMisbehaves(name) => Subject::Behaviour(name),
    }
}

fn replaces(newer: &NoticeKind, older: &NoticeKind) -> bool {
    match (subject(newer), subject(older)) {
        (Subject::Devices, Subject::Microphone | Subject::Camera)
        | (Subject::Microphone | Subject::Camera, Subject::Devices) => true,
        (newer, older) => newer == older,
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
        NoticeKind::RelayGone
        | NoticeKind::MicrophoneGone
        | NoticeKind::CameraGone
        | NoticeKind::MicrophoneProblem(_)
        | NoticeKind::CameraProblem(_)
        | NoticeKind::DevicesProblem(_)
        | NoticeKind::ScreenProblem(_)
        | NoticeKind::ModerationFailed
        | NoticeKind::ModerationUnavailable
        | NoticeKind::PeerMisbehaves(_) => PROBLEM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::MediaError;

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
    fn a_server_that_is_soon_back_is_not_worth_a_word() {
        let mut notices = Notices::default();
        notices.add(NoticeKind::Reconnecting, START);
        assert_eq!(notices.deadline(), Some(START + HICCUP));
        notices.add(NoticeKind::Reconnected, START + HICCUP / 2);
        notices.tick(START + HICCUP);
        assert_eq!(kinds(&notices), []);
        assert_eq!(notices.deadline(), None);
    }

    #[test]
    fn a_server_that_stays_away_is_told_of_and_so_is_its_return() {
        let mut notices = Notices::default();
        for outage in 0..2 {
            let start = START + NEWS * outage;
            notices.add(NoticeKind::Reconnecting, start);
            notices.tick(start + HICCUP);
            assert_eq!(kinds(&notices), [NoticeKind::Reconnecting]);
            notices.add(NoticeKind::Reconnected, start + HICCUP);
            assert_eq!(kinds(&notices), [NoticeKind::Reconnected]);
        }
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

    fn kinds(notices: &Notices) -> Vec<NoticeKind> {
        notices.view().into_iter().map(|one| one.kind).collect()
    }

    #[test]
    fn news_of_the_same_thing_take_the_place_of_the_older() {
        let kim = || "Kim".to_owned();
        for (older, newer) in [
            (NoticeKind::Locked, NoticeKind::Unlocked),
            (NoticeKind::Unlocked, NoticeKind::Locked),
            (NoticeKind::Joined(kim()), NoticeKind::Left(kim())),
            (NoticeKind::Lost(kim()), NoticeKind::Joined(kim())),
            (NoticeKind::Joined(kim()), NoticeKind::Removed(kim())),
            (
                NoticeKind::CameraProblem(MediaError::InUse),
                NoticeKind::CameraGone,
            ),
        ] {
            let mut notices = Notices::default();
            notices.add(older, START);
            notices.add(NoticeKind::Joined("Lee".into()), START);
            notices.add(newer.clone(), START);
            assert_eq!(kinds(&notices), [NoticeKind::Joined("Lee".into()), newer]);
        }
    }

    #[test]
    fn news_of_different_things_stand_side_by_side() {
        let all = [
            NoticeKind::Joined("Kim".into()),
            NoticeKind::SharesScreen("Kim".into()),
            NoticeKind::CameraProblem(MediaError::InUse),
            NoticeKind::MicrophoneProblem(MediaError::NoDevice),
            NoticeKind::Locked,
        ];
        let mut notices = Notices::default();
        for kind in all.clone() {
            notices.add(kind, START);
        }
        assert_eq!(kinds(&notices), all);
    }

    #[test]
    fn what_is_wrong_with_both_devices_is_said_once() {
        let problems = [NoticeKind::CameraProblem, NoticeKind::MicrophoneProblem];
        for [first, second] in [problems, [problems[1], problems[0]]] {
            let mut notices = Notices::default();
            notices.add(first(MediaError::InsecurePage), START);
            notices.add(second(MediaError::InsecurePage), START);
            assert_eq!(
                kinds(&notices),
                [NoticeKind::DevicesProblem(MediaError::InsecurePage)]
            );
            // And once more, by another try.
            notices.add(first(MediaError::InsecurePage), START);
            notices.add(second(MediaError::InsecurePage), START);
            assert_eq!(
                kinds(&notices),
                [NoticeKind::DevicesProblem(MediaError::InsecurePage)]
            );
        }
    }

    #[test]
    fn a_screen_no_longer_shared_is_not_announced_any_more() {
        let mut notices = Notices::default();
        notices.add(NoticeKind::SharesScreen("Kim".into()), START);
        notices.add(NoticeKind::SharesScreen("Lee".into()), START);
        notices.keep_screens_of(|name| name == "Lee");
        assert_eq!(kinds(&notices), [NoticeKind::SharesScreen("Lee".into())]);
    }
}
