//! Whole calls against each other: whatever is delayed, crossed, cut, resumed or loaded again, all
//! who are in the room end connected with each other, once, with four m-lines.

use std::time::Duration;

use crate::support::browser::M_LINES;
use crate::support::world::World;
use call::output::LinkId;
use call::view::{ChatAuthor, Path};
use proptest::prelude::*;

/// Something that happens to the people of a call.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Join(usize),
    Leave(usize),
    Cut(usize),
    Reload { page: usize, with_goodbye: bool },
    BreakPath(usize, usize),
    RestartServer,
    Say(usize),
    ShareScreen(usize),
}

fn turn(pages: usize) -> impl Strategy<Value = Turn> {
    let page = 0..pages;
    prop_oneof![
        6 => page.clone().prop_map(Turn::Join),
        2 => page.clone().prop_map(Turn::Leave),
        4 => page.clone().prop_map(Turn::Cut),
        2 => (page.clone(), any::<bool>())
            .prop_map(|(page, with_goodbye)| Turn::Reload { page, with_goodbye }),
        3 => (page.clone(), page.clone()).prop_map(|(one, other)| Turn::BreakPath(one, other)),
        1 => Just(Turn::RestartServer),
        2 => page.clone().prop_map(Turn::Say),
        1 => page.prop_map(Turn::ShareScreen),
    ]
}

/// Turns, each followed by some of what it leads to.
fn story(pages: usize) -> impl Strategy<Value = Vec<(Turn, Vec<usize>)>> {
    let steps = prop_oneof![
        3 => proptest::collection::vec(0..10_000_usize, 0..12),
        1 => proptest::collection::vec(0..10_000_usize, 20..80),
    ];
    proptest::collection::vec((turn(pages), steps), 1..14)
}

fn choices() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(0..10_000_usize, 1..60)
}

fn play(pages: usize, story: &[(Turn, Vec<usize>)], rest: &[usize]) {
    let mut world = World::new(pages);
    // Mostly everyone is there from the start, at the same time.
    for page in 0..pages {
        if !rest[page % rest.len()].is_multiple_of(4) {
            world.join(page);
        }
    }
    for (turn, steps) in story {
        match *turn {
            Turn::Join(page) => world.join(page),
            Turn::Leave(page) => world.wish(page, call::Intent::Leave),
            Turn::Cut(page) => world.cut(page),
            Turn::Reload { page, with_goodbye } => world.reload(page, with_goodbye),
            Turn::BreakPath(one, other) => world.break_path(one, other),
            Turn::RestartServer => world.restart_server(),
            Turn::Say(page) => world.say(page, "on the way"),
            Turn::ShareScreen(page) => world.wish(page, call::Intent::ShareScreen),
        }
        for step in steps {
            world.step(*step);
        }
    }
    let mut choices = rest.iter().copied().cycle();
    world.rest(&mut choices);
    check_all_connected(&world);
    check_chat(&mut world, &mut choices);
}

fn check_all_connected(world: &World) {
    let pages = 0..world.pages.len();
    let present: Vec<usize> = pages
        .clone()
        .filter(|page| world.is_in_call(*page))
        .collect();
    assert_eq!(
        world.server.people(),
        present.len(),
        "ghosts, or lost people"
    );
    for page in pages {
        let view = world.view(page);
        let open = world
            .connections
            .values()
            .filter(|connection| connection.page == page);
        if !present.contains(&page) {
            assert_eq!(view.head_count(), 0);
            assert_eq!(open.count(), 0, "page {page} leaks: {:?}", view.phase);
            continue;
        }
        assert_eq!(view.head_count(), present.len(), "page {page} counts wrong");
        assert_eq!(open.count(), present.len() - 1, "page {page} leaks");
        for other in present.iter().copied().filter(|other| *other != page) {
            let connection = world.connection(page, other);
            let person = view.person(world.pages[other].id).unwrap();
            assert_eq!(person.path, Path::Connected, "{page} to {other}");
            assert_eq!(person.link, Some::<LinkId>(connection.link));
            assert_eq!(connection.transceivers(), M_LINES);
            assert!(connection.channel_is_open);
            assert!(connection.matches(world.connection(other, page)));
            assert!(connection.limits.is_some());
            assert_eq!(person.presence, shared::room::Presence::Present);
            let theirs = world.view(other).local;
            assert_eq!(
                person.screen,
                theirs.screen == call::view::LocalScreen::Shared
            );
            assert!(person.camera.is_some(), "{other} has not said Hello");
        }
    }
}

fn check_chat(world: &mut World, choices: &mut impl Iterator<Item = usize>) {
    let pages = 0..world.pages.len();
    let present: Vec<usize> = pages.filter(|page| world.is_in_call(*page)).collect();
    for page in &present {
        world.say(*page, &format!("from {page}"));
    }
    world.rest(choices);
    for page in &present {
        let lines = world.view(*page).chat.lines;
        for from in &present {
            let text = format!("from {from}");
            let found: Vec<_> = lines.iter().filter(|line| *line.text == *text).collect();
            assert_eq!(found.len(), 1, "{page} should hear {from} once");
            if from == page {
                let arrived = ChatAuthor::You {
                    undelivered: Vec::new(),
                    pending: false,
                };
                assert_eq!(found[0].author, arrived);
            }
        }
    }
}

/// How many stories of each kind: some hundreds, or `CALL_CASES`.
fn cases() -> u32 {
    let asked = std::env::var("CALL_CASES").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(300)
}

/// Where nothing is lost, nobody needs to be patient: no repair, no repetition.
const SOON: Duration = Duration::from_secs(1);

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_end_connected(story in story(2), rest in choices()) {
        play(2, &story, &rest);
    }

    #[test]
    fn three_end_connected(story in story(3), rest in choices()) {
        play(3, &story, &rest);
    }

    #[test]
    fn four_end_connected(story in story(4), rest in choices()) {
        play(4, &story, &rest);
    }

    #[test]
    fn where_nothing_is_lost_all_connect_at_once(order in Just([0, 1, 2, 3]).prop_shuffle(), choices in choices()) {
        let mut world = World::new(4);
        let mut choices = choices.into_iter().cycle();
        for page in order {
            world.join(page);
            for _ in 0..choices.next().unwrap() % 30 {
                world.step_without_timers(choices.next().unwrap());
            }
        }
        world.pass_choosing(SOON, &mut choices);
        check_all_connected(&world);
        prop_assert_eq!(world.opened(), 4 * 3, "each pair needs one link, and no second try");
    }

    #[test]
    fn a_connection_to_a_peer_outlives_those_to_the_server(
        cuts in proptest::collection::vec((0..4_usize, 0..40_usize), 1..12),
        restart in any::<bool>(),
        choices in choices(),
    ) {
        let mut world = World::in_call(4);
        let before = world.connection_numbers();
        let mut choices = choices.into_iter().cycle();
        if restart {
            world.restart_server();
        }
        for (page, steps) in cuts {
            world.cut(page);
            for _ in 0..steps {
                world.step_without_timers(choices.next().unwrap());
                let heads: Vec<usize> = (0..4).map(|page| world.view(page).head_count()).collect();
                prop_assert_eq!(heads, [4; 4]);
            }
        }
        world.pass_choosing(SOON, &mut choices);
        check_all_connected(&world);
        prop_assert_eq!(before, world.connection_numbers());
    }
}
