//! Stories about the chat: whom a line reaches, and what is said of those it does not reach.

use super::*;
use crate::output::{LinkCommand, Output};

const START: Time = Time::since_unix_epoch(Duration::from_secs(1));
const KIM: PeerId = PeerId::from_bytes([1; 16]);
const EPOCH: Epoch = Epoch::from_bytes([1; 8]);
const LINK: LinkId = LinkId(7);

fn kim(channel: Option<LinkId>) -> Vec<Recipient> {
    vec![Recipient {
        peer: KIM,
        epoch: EPOCH,
        name: "Kim".to_owned(),
        channel,
    }]
}

fn sent(out: &Outbox) -> Vec<(LinkId, u32)> {
    out.outputs
        .iter()
        .filter_map(|output| {
            let Output::Link {
                link,
                command: LinkCommand::Send(PeerMessage::Chat { id, .. }),
            } = output
            else {
                return None;
            };
            Some((*link, *id))
        })
        .collect()
}

fn undelivered(chat: &Chat) -> Vec<String> {
    chat.view()
        .lines
        .into_iter()
        .flat_map(|line| match line.author {
            ChatAuthor::You { undelivered, .. } => undelivered,
            ChatAuthor::Peer { .. } => Vec::new(),
        })
        .collect()
}

#[test]
fn a_line_is_pending_until_its_receipt() {
    let mut chat = Chat::default();
    let mut out = Outbox::default();
    chat.say(" hello ", kim(Some(LINK)), START, &mut out);

    assert_eq!(sent(&out), [(LINK, 0)]);
    let line = &chat.view().lines[0];
    assert_eq!(&*line.text, "hello");
    let pending = |pending| ChatAuthor::You {
        undelivered: Vec::new(),
        pending,
    };
    assert_eq!(line.author, pending(true));

    chat.received(KIM, EPOCH, 0);
    assert_eq!(chat.view().lines[0].author, pending(false));
    assert_eq!(chat.deadline(), None);
}

#[test]
fn who_is_out_of_reach_is_named_and_gets_it_when_back() {
    let mut chat = Chat::default();
    let mut out = Outbox::default();
    chat.say("hello", kim(None), START, &mut out);
    assert_eq!(sent(&out), []);

    assert_eq!(chat.deadline(), Some(START + PATIENCE));
    chat.tick(START + PATIENCE, |_| false);
    assert_eq!(undelivered(&chat), ["Kim"]);

    chat.channel_opened(KIM, EPOCH, LINK, START + PATIENCE * 2, &mut out);
    assert_eq!(sent(&out), [(LINK, 0)]);
    chat.received(KIM, EPOCH, 0);
    assert_eq!(undelivered(&chat), [""; 0]);
}

#[test]
fn an_open_channel_gets_more_time() {
    let mut chat = Chat::default();
    chat.say("hello", kim(Some(LINK)), START, &mut Outbox::default());
    chat.tick(START + PATIENCE, |_| true);
    assert_eq!(undelivered(&chat), [""; 0]);
    assert_eq!(chat.deadline(), Some(START + LONG_PATIENCE));
    chat.tick(START + LONG_PATIENCE, |_| true);
    assert_eq!(undelivered(&chat), ["Kim"]);
}

#[test]
fn who_has_gone_without_it_does_not_get_it_later() {
    let mut chat = Chat::default();
    chat.say("hello", kim(None), START, &mut Outbox::default());
    chat.gone(KIM, EPOCH);
    assert_eq!(undelivered(&chat), ["Kim"]);

    let mut out = Outbox::default();
    chat.channel_opened(KIM, EPOCH, LINK, START, &mut out);
    assert_eq!(sent(&out), []);
}

#[test]
fn nothing_and_too_much_are_not_said() {
    let mut chat = Chat::default();
    let mut out = Outbox::default();
    chat.say(" \n ", kim(Some(LINK)), START, &mut out);
    chat.say(
        &"한".repeat(CHAT_CHARS + 1),
        kim(Some(LINK)),
        START,
        &mut out,
    );
    assert!(chat.view().lines.is_empty());
    chat.say(&"한".repeat(CHAT_CHARS), kim(Some(LINK)), START, &mut out);
    assert_eq!(chat.view().lines.len(), 1);
}

#[test]
fn lines_are_unread_while_the_panel_is_closed() {
    let mut chat = Chat::default();
    chat.heard(KIM, "Kim", "one".into(), false, START);
    chat.heard(KIM, "Kim", "two".into(), true, START);
    assert_eq!(chat.view().unread, 1);
    chat.read();
    assert_eq!(chat.view().unread, 0);
}

#[test]
fn the_oldest_lines_are_forgotten() {
    let mut chat = Chat::default();
    for _ in 0..=MOST_LINES {
        chat.heard(KIM, "Kim", "spam".into(), false, START);
    }
    let view = chat.view();
    assert_eq!(view.lines.len(), MOST_LINES);
    assert_eq!(view.lines[0].key, 1);
    assert!(view.forgotten);
}

#[test]
fn long_lines_are_forgotten_sooner() {
    let mut chat = Chat::default();
    chat.heard(KIM, "Kim", "first".into(), false, START);
    let fit = MOST_CHARS / CHAT_CHARS;
    for _ in 1..fit {
        chat.heard(KIM, "Kim", "한".repeat(CHAT_CHARS), false, START);
    }
    assert_eq!(chat.view().lines.len(), fit);
    assert!(!chat.view().forgotten);

    chat.heard(KIM, "Kim", "한".repeat(CHAT_CHARS), false, START);
    let view = chat.view();
    assert_eq!(view.lines.len(), fit);
    assert!(view.forgotten, "and it is said");
    for _ in 0..MOST_LINES {
        chat.heard(KIM, "Kim", "short".into(), false, START);
    }
    assert_eq!(chat.view().lines.len(), MOST_LINES, "there is room again");

    chat.begin_anew();
    chat.heard(KIM, "Kim", "hello".into(), false, START);
    assert!(!chat.view().forgotten);
}

#[test]
fn looking_at_the_chat_copies_no_text() {
    let mut chat = Chat::default();
    chat.heard(KIM, "Kim", "hello".into(), false, START);
    let (one, other) = (chat.view(), chat.view());
    assert!(std::ptr::eq(&*one.lines[0].text, &*other.lines[0].text));
}

#[test]
fn a_line_sent_again_is_seen_once() {
    let mut seen = Seen::default();
    let order = [0, 2, 1, 2, 0, u32::MAX, u32::MAX];
    let first: Vec<bool> = order.into_iter().map(|id| seen.first(id)).collect();
    assert_eq!(first, [true, true, true, false, false, true, false]);
}

#[test]
fn a_peer_cannot_make_the_page_remember_without_end() {
    let mut seen = Seen::default();
    for id in (0..10_000).map(|id| id * 2 + 1) {
        assert!(seen.first(id));
    }
    assert!(seen.above.len() <= Seen::MOST);
    assert!(!seen.first(2));
}
