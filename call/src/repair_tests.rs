//! When each remedy comes.

use super::*;

const START: Time = Time::since_unix_epoch(Duration::from_secs(1));

fn impolite() -> Repair {
    let mut repair = Repair::new(Politeness::Impolite, START);
    repair.opened(START);
    repair
}

#[test]
fn a_link_that_comes_to_nothing_is_repeated_then_given_up_then_replaced() {
    let mut repair = impolite();
    assert_eq!(repair.path(), Path::Connecting);
    assert_eq!(repair.tick(START), None);
    assert_eq!(repair.tick(START + CONNECT), Some(Remedy::Repeat));
    assert_eq!(repair.tick(START + CONNECT * 2), None);
    assert_eq!(repair.path(), Path::Failed);
    assert_eq!(
        repair.tick(START + CONNECT * 2 + FIRST_PAUSE),
        Some(Remedy::Replace)
    );
}

#[test]
fn pauses_grow_up_to_a_limit() {
    let mut repair = impolite();
    let mut pauses = Vec::new();
    for _ in 0..9 {
        repair.fail(START);
        pauses.extend(repair.deadline().map(|until| until.since(START).as_secs()));
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

#[test]
fn a_silent_path_is_given_time_then_restarted() {
    let mut repair = impolite();
    repair.state_changed(LinkState::Connected, START);
    repair.state_changed(LinkState::Disconnected, START);
    assert_eq!(repair.path(), Path::Reconnecting);
    assert_eq!(repair.tick(START), None);
    assert_eq!(repair.tick(START + SILENCE), Some(Remedy::Restart));
    repair.state_changed(LinkState::Connected, START + SILENCE);
    assert_eq!(repair.path(), Path::Connected);
    assert_eq!(repair.deadline(), None);
}

#[test]
fn the_polite_one_leaves_the_restart_to_the_other() {
    let mut repair = Repair::new(Politeness::Polite, START);
    repair.state_changed(LinkState::Connected, START);
    repair.state_changed(LinkState::Failed, START);
    assert_eq!(repair.tick(START), None);
    repair.exchanged(START);
    assert_eq!(repair.tick(START + COURTESY), None);
}

#[test]
fn signals_that_get_through_again_shorten_the_wait() {
    let mut repair = impolite();
    repair.state_changed(LinkState::Connected, START);
    assert_eq!(repair.reachable(START), None);
    repair.state_changed(LinkState::Disconnected, START);
    assert_eq!(repair.reachable(START), Some(Remedy::Restart));
    assert_eq!(repair.reachable(START), Some(Remedy::Repeat));
    repair.fail(START);
    assert_eq!(repair.reachable(START), Some(Remedy::Replace));
}

#[test]
fn a_peer_that_was_to_offer_and_did_not_is_offered() {
    let mut repair = Repair::new(Politeness::Impolite, START);
    assert_eq!(repair.tick(START), None);
    assert_eq!(repair.tick(START + OFFER), Some(Remedy::Replace));
}

/// A way that stood.
fn stood(politeness: Politeness) -> Repair {
    let mut repair = Repair::new(politeness, START);
    repair.opened(START);
    repair.state_changed(LinkState::Connected, START);
    repair
}

/// Does what is due until then, with a link on which nothing ever gets through; gives what and when.
fn remedies(repair: &mut Repair, until: Duration) -> Vec<(u64, Remedy)> {
    let mut done = Vec::new();
    while let Some(due) = repair.deadline().filter(|due| due.since(START) <= until) {
        if let Some(remedy) = repair.tick(due) {
            done.push((due.since(START).as_secs(), remedy));
            if remedy == Remedy::Replace {
                repair.opened(due);
            }
        }
    }
    done
}

#[test]
fn a_restart_that_comes_to_nothing_is_followed_by_others_then_by_a_new_link() {
    let mut repair = stood(Politeness::Impolite);
    repair.state_changed(LinkState::Disconnected, START);
    assert_eq!(
        remedies(&mut repair, Duration::from_secs(40)),
        [
            (3, Remedy::Restart),
            (9, Remedy::Restart),
            (17, Remedy::Restart),
            (27, Remedy::Restart),
            (39, Remedy::Replace),
        ]
    );
}

#[test]
fn a_way_that_stood_is_looked_for_without_long_pauses() {
    for politeness in [Politeness::Impolite, Politeness::Polite] {
        let mut repair = stood(politeness);
        repair.state_changed(LinkState::Disconnected, START);
        let tries: Vec<u64> = remedies(&mut repair, HOPE)
            .into_iter()
            .map(|(at, _)| at)
            .collect();
        for pair in tries.windows(2) {
            let pause = pair[1] - pair[0];
            // Browsers look for a path for 15 s each time.
            assert!((5..15).contains(&pause), "{tries:?}");
        }
    }
}

#[test]
fn hope_ends_and_then_pauses_grow() {
    let mut repair = stood(Politeness::Impolite);
    repair.state_changed(LinkState::Disconnected, START);
    let in_an_hour = remedies(&mut repair, Duration::from_secs(3_600));
    let replaced = in_an_hour
        .iter()
        .filter(|(at, remedy)| *at > 600 && *remedy == Remedy::Replace);
    assert!((35..50).contains(&replaced.count()), "{in_an_hour:?}");
    assert_eq!(repair.path(), Path::Failed);
}

#[test]
fn a_browser_that_stops_looking_is_told_to_go_on_soon() {
    let mut repair = stood(Politeness::Impolite);
    repair.state_changed(LinkState::Failed, START);
    assert_eq!(repair.tick(START), Some(Remedy::Restart));
    repair.state_changed(LinkState::Failed, START);
    assert_eq!(repair.tick(START), None, "but not at once");
    assert_eq!(repair.tick(START + FIRST_PAUSE), Some(Remedy::Restart));
}

#[test]
fn ice_that_failed_while_signals_did_not_get_through_is_restarted_when_they_do() {
    let mut repair = stood(Politeness::Impolite);
    repair.state_changed(LinkState::Failed, START);
    assert_eq!(repair.tick(START), Some(Remedy::Restart));
    repair.state_changed(LinkState::Failed, START);
    let later = START + Duration::from_secs(600);
    assert_eq!(repair.reachable(later), Some(Remedy::Restart));
    assert_eq!(repair.path(), Path::Reconnecting);
}

#[test]
fn another_network_leads_to_a_restart_of_what_stands() {
    let mut impolite = stood(Politeness::Impolite);
    impolite.network_changed(START);
    assert_eq!(impolite.path(), Path::Connected);
    assert_eq!(impolite.tick(START), Some(Remedy::Restart));
    assert_eq!(impolite.tick(START + HASTE), None);

    let mut polite = stood(Politeness::Polite);
    polite.network_changed(START);
    assert_eq!(polite.tick(START), None);
    let mut left_to_the_other = stood(Politeness::Polite);
    left_to_the_other.network_changed(START);
    left_to_the_other.exchanged(START);
    assert_eq!(left_to_the_other.tick(START + HASTE), None);
    assert_eq!(polite.tick(START + HASTE), Some(Remedy::Restart));
}

#[test]
fn another_network_shortens_every_wait() {
    type Begin = fn(&mut Repair);
    let begins: [(Begin, Remedy); 4] = [
        (
            |repair| repair.state_changed(LinkState::Disconnected, START),
            Remedy::Restart,
        ),
        (
            |repair| {
                repair.state_changed(LinkState::Failed, START);
                repair.tick(START);
            },
            Remedy::Restart,
        ),
        (|repair| repair.opened(START), Remedy::Replace),
        (|repair| repair.fail(START), Remedy::Replace),
    ];
    for (begin, remedy) in begins {
        let mut repair = stood(Politeness::Impolite);
        begin(&mut repair);
        assert_eq!(repair.tick(START), None);
        repair.network_changed(START);
        assert_eq!(repair.tick(START), Some(remedy));
    }
}

#[test]
fn a_path_without_sound_is_looked_for_anew_before_the_browser_calls_it_lost() {
    for (politeness, wait) in [
        (Politeness::Impolite, Duration::ZERO),
        (Politeness::Polite, COURTESY),
    ] {
        let mut repair = stood(politeness);
        repair.sound_ceased(START);
        assert_eq!(repair.path(), Path::Connected);
        assert_eq!(repair.deadline(), Some(START + wait));
        assert_eq!(repair.tick(START + wait), Some(Remedy::Restart));
        assert_eq!(repair.deadline(), None);
    }
}

#[test]
fn of_two_who_hear_nothing_any_more_one_acts() {
    let mut polite = stood(Politeness::Polite);
    polite.sound_ceased(START);
    polite.exchanged(START + COURTESY / 2);
    assert_eq!(polite.tick(START + COURTESY), None);
}

#[test]
fn a_change_while_signals_do_not_get_through_is_not_forgotten() {
    let mut repair = stood(Politeness::Impolite);
    repair.network_changed(START);
    let later = START + Duration::from_secs(60);
    assert_eq!(repair.reachable(later), Some(Remedy::Restart));
    assert_eq!(repair.reachable(later), None);
}

#[test]
fn a_sign_of_life_brings_a_long_pause_to_its_end_and_cannot_make_us_hurry() {
    let mut repair = stood(Politeness::Impolite);
    repair.state_changed(LinkState::Disconnected, START);
    for _ in 0..20 {
        repair.fail(START);
    }
    repair.opened(START + HOPE);
    repair.fail(START + HOPE);
    assert_eq!(repair.tick(START + HOPE + HOPEFUL_PAUSE), None);
    repair.sign_of_life(START + HOPE);
    assert_eq!(repair.tick(START + HOPE), None);
    let soon = START + HOPE + HOPEFUL_PAUSE;
    assert_eq!(repair.tick(soon), Some(Remedy::Replace));
}

#[test]
fn one_that_never_stood_is_not_hurried_by_signs_of_life() {
    let mut repair = impolite();
    for _ in 0..20 {
        repair.fail(START);
    }
    repair.sign_of_life(START);
    assert_eq!(repair.tick(START + HOPEFUL_PAUSE), None);
}

#[test]
fn of_two_who_can_be_told_again_one_acts_at_once_and_the_other_soon_if_need_be() {
    let later = START + Duration::from_secs(600);
    for lose in [LinkState::Disconnected, LinkState::Failed] {
        let mut impolite = stood(Politeness::Impolite);
        impolite.state_changed(lose, START);
        assert_eq!(impolite.reachable(later), Some(Remedy::Restart));

        let mut polite = stood(Politeness::Polite);
        polite.state_changed(lose, START);
        assert_eq!(polite.reachable(later), None);
        // Being told time and again is no reason to wait any longer.
        assert_eq!(polite.reachable(later + HASTE / 2), None);
        assert_eq!(polite.tick(later + HASTE), Some(Remedy::Restart));
    }
}

#[test]
fn with_other_servers_what_is_being_looked_for_is_looked_for_anew() {
    for (politeness, wait) in [
        (Politeness::Impolite, Duration::ZERO),
        (Politeness::Polite, HASTE),
    ] {
        let mut repair = stood(politeness);
        repair.state_changed(LinkState::Failed, START);
        assert_eq!(repair.tick(START + COURTESY), Some(Remedy::Restart));
        let later = START + RESTART / 2;
        repair.servers_changed(false, later);
        let at_once = repair.reachable(later);
        let soon = repair.tick(later + wait);
        assert_eq!(at_once.or(soon), Some(Remedy::Restart));
        assert_eq!(at_once.is_some(), wait.is_zero());
    }
}

#[test]
fn with_other_servers_a_relayed_way_is_looked_for_anew_and_a_direct_one_is_left_alone() {
    let mut relayed = stood(Politeness::Impolite);
    relayed.servers_changed(true, START);
    assert_eq!(relayed.path(), Path::Connected);
    assert_eq!(relayed.reachable(START), Some(Remedy::Restart));
    assert_eq!(relayed.reachable(START), None);

    let mut direct = stood(Politeness::Impolite);
    direct.servers_changed(false, START);
    assert_eq!(direct.reachable(START), None);
    assert_eq!(direct.deadline(), None);
}
