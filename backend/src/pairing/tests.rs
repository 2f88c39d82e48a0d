//! Who is paired with whom, told as stories, and what must hold whatever happens.

use proptest::prelude::*;
use shared::Secret;

use super::*;

/// A connection's number.
type Contact = u32;

fn tab(who: u8) -> TabId {
    TabId::of(&Secret::from_bytes([who; 32]))
}

fn seeker(who: u8, last: Option<u8>, since: Instant) -> Seeker<Contact> {
    Seeker {
        kind: MeetingKind::Text,
        who: tab(who),
        last: last.map(tab),
        since,
        contact: who.into(),
    }
}

/// Those whom the queue brings together now, by their contacts.
fn pairs(queue: &mut Queue<Contact>, now: Instant) -> Vec<[Contact; 2]> {
    std::iter::from_fn(|| queue.next_pair(now))
        .map(|pair| pair.map(|seeker| seeker.contact))
        .collect()
}

#[test]
fn first_come_first_paired() {
    let now = Instant::now();
    let mut queue = Queue::new();
    queue.ask(seeker(1, None, now));
    assert_eq!(pairs(&mut queue, now), [[0; 2]; 0]);
    queue.ask(seeker(2, None, now));
    assert_eq!(pairs(&mut queue, now), [[1, 2]]);
    queue.ask(seeker(3, None, now));
    assert_eq!(
        pairs(&mut queue, now),
        [[0; 2]; 0],
        "those two wait no more"
    );
}

#[test]
fn whoever_wants_to_write_does_not_meet_whoever_wants_to_be_seen() {
    let now = Instant::now();
    let mut queue = Queue::new();
    let video = |who| Seeker {
        kind: MeetingKind::Video,
        ..seeker(who, None, now)
    };
    queue.ask(seeker(1, None, now));
    queue.ask(video(2));
    assert_eq!(pairs(&mut queue, now), [[0; 2]; 0]);
    queue.ask(video(3));
    assert_eq!(pairs(&mut queue, now), [[2, 3]]);
    queue.ask(video(1));
    queue.ask(video(4));
    assert_eq!(
        pairs(&mut queue, now),
        [[1, 4]],
        "they thought better of it"
    );
}

#[test]
fn two_who_just_met_are_paired_with_others_first_and_again_when_nobody_else_comes() {
    let start = Instant::now();
    let mut queue = Queue::new();
    queue.ask(seeker(1, Some(2), start));
    queue.ask(seeker(2, Some(1), start));
    assert_eq!(pairs(&mut queue, start), [[0; 2]; 0]);
    queue.ask(seeker(3, None, start));
    assert_eq!(pairs(&mut queue, start), [[1, 3]], "the one in front first");

    let later = start + Duration::from_secs(1);
    queue.ask(seeker(1, Some(2), later));
    assert_eq!(pairs(&mut queue, start + PATIENCE), [[0; 2]; 0]);
    assert_eq!(pairs(&mut queue, later + PATIENCE), [[2, 1]]);
}

#[test]
fn one_who_forgot_whom_they_met_is_remembered_by_the_other() {
    let now = Instant::now();
    let mut queue = Queue::new();
    queue.ask(seeker(1, None, now));
    queue.ask(seeker(2, Some(1), now));
    assert_eq!(pairs(&mut queue, now), [[0; 2]; 0]);
}

#[test]
fn one_who_comes_back_on_another_connection_keeps_the_place_and_meets_nobody_twice() {
    let now = Instant::now();
    let mut queue = Queue::new();
    queue.ask(seeker(1, Some(2), now));
    queue.ask(seeker(2, None, now));
    let again = Seeker {
        contact: 100,
        ..seeker(1, Some(2), now + PATIENCE)
    };
    let before = queue.ask(again);
    assert_eq!(before.map(|before| before.contact), Some(1));
    queue.ask(seeker(3, None, now));
    assert_eq!(pairs(&mut queue, now), [[100, 3]]);
}

/// Something that happens at the door.
#[derive(Clone, Debug)]
enum Step {
    /// That tab asks, on a new connection.
    Ask { who: u8, kind: MeetingKind },
    /// The connection of one who waits (by their place) is gone.
    Vanish(usize),
    /// Time passes.
    Pass(Duration),
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![Just(MeetingKind::Text), Just(MeetingKind::Video)];
    prop_oneof![
        6 => (0..8u8, kind).prop_map(|(who, kind)| Step::Ask { who, kind }),
        1 => any::<usize>().prop_map(Step::Vanish),
        1 => (0..5u64).prop_map(|seconds| Step::Pass(Duration::from_secs(seconds))),
    ]
}

/// What the test knows of one who waits.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Entry {
    who: u8,
    kind: MeetingKind,
    contact: Contact,
    since: Instant,
}

/// The test's own book: everyone who waits, the one who came first in front, and whom each met last.
#[derive(Default)]
struct Book {
    waiting: Vec<Entry>,
    last: [Option<u8>; 8],
}

impl Book {
    fn ask(&mut self, new: Entry) -> Option<Contact> {
        let same = |entry: &Entry| entry.who == new.who;
        let at = self.waiting.iter().position(same);
        if let Some(at) = at
            && self.waiting[at].kind == new.kind
        {
            return Some(std::mem::replace(
                &mut self.waiting[at].contact,
                new.contact,
            ));
        }
        let before = at.map(|at| self.waiting.remove(at).contact);
        self.waiting.push(new);
        before
    }

    fn may_meet(&self, one: Entry, other: Entry, now: Instant) -> bool {
        let last = |entry: Entry| self.last[usize::from(entry.who)];
        let strangers = last(one) != Some(other.who) && last(other) != Some(one.who);
        let patience_is_over = one.since.max(other.since) + PATIENCE <= now;
        one.kind == other.kind && (strangers || patience_is_over)
    }

    /// The first of those who wait who can be paired with any behind them, with the first of these.
    fn next_pair(&self, now: Instant) -> Option<[Entry; 2]> {
        self.waiting.iter().enumerate().find_map(|(at, &one)| {
            let mut behind = self.waiting[at + 1..].iter().copied();
            let other = behind.find(|&other| self.may_meet(one, other, now))?;
            Some([one, other])
        })
    }

    fn meet(&mut self, [one, other]: [Entry; 2]) {
        self.waiting.retain(|entry| ![one, other].contains(entry));
        self.last[usize::from(one.who)] = Some(other.who);
        self.last[usize::from(other.who)] = Some(one.who);
    }
}

proptest! {
    /// People ask, ask again, vanish and wait: the queue does what the book says. In the book nobody is paired
    /// with themselves, with one who is gone, or too soon with the one they met last; who came first goes first.
    #[test]
    fn whatever_happens(steps in prop::collection::vec(step(), 0..200)) {
        let mut now = Instant::now();
        let mut queue = Queue::new();
        let mut book = Book::default();
        for (contact, step) in (0..).zip(steps) {
            match step {
                Step::Ask { who, kind } => {
                    let last = book.last[usize::from(who)];
                    let before = queue.ask(Seeker { kind, contact, ..seeker(who, last, now) });
                    let expected = book.ask(Entry { who, kind, contact, since: now });
                    prop_assert_eq!(before.map(|before| before.contact), expected);
                }
                Step::Vanish(_) if book.waiting.is_empty() => {}
                Step::Vanish(at) => {
                    let gone = book.waiting.remove(at % book.waiting.len()).contact;
                    queue.forget(|&contact| contact == gone);
                }
                Step::Pass(time) => now += time,
            }
            loop {
                let expected = book.next_pair(now);
                let pair = queue.next_pair(now).map(|pair| pair.map(|seeker| seeker.contact));
                prop_assert_eq!(pair, expected.map(|pair| pair.map(|entry| entry.contact)));
                let Some(pair) = expected else {
                    break;
                };
                prop_assert_ne!(pair[0].who, pair[1].who);
                book.meet(pair);
            }
            for kind in [MeetingKind::Text, MeetingKind::Video] {
                let waiting = book.waiting.iter().filter(|entry| entry.kind == kind).count();
                prop_assert!(waiting <= 3, "{} who cannot meet each other", waiting);
            }
        }
    }
}
