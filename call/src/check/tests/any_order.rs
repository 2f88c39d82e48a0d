//! What holds whatever happens: one test at a time, an end to each, nothing left running.

use proptest::prelude::*;

use super::*;

/// What may happen, in any order.
#[derive(Clone, Debug)]
enum Chance {
    Succeeds,
    TimePasses,
    Input(CheckInput),
    /// Of the test that runs, or, `true`, of the first one ever.
    Event(bool, CheckEvent),
}

fn chance() -> impl Strategy<Value = Chance> {
    let event = prop_oneof![
        Just(CheckEvent::Opened(Ok(()))),
        Just(CheckEvent::Opened(Err(MediaError::InUse))),
        Just(CheckEvent::Picture {
            width: 1,
            height: 1
        }),
        (0.0..1.0).prop_map(CheckEvent::Level),
        Just(CheckEvent::Server(ServerEvent::OutOfDate)),
        Just(CheckEvent::Server(ServerEvent::Answered {
            round_trip: Duration::ZERO,
            servers: vec![stun(), turn("turns:turn.example")],
        })),
        Just(gathered(CandidateKind::Host)),
        Just(gathered(CandidateKind::Relay)),
        Just(error(701, None)),
        Just(done()),
        Just(CheckEvent::Call(CallEvent::Connected)),
        Just(CheckEvent::Call(CallEvent::Unconnected)),
        Just(CheckEvent::Heard(false)),
    ];
    prop_oneof![
        2 => Just(Chance::Succeeds),
        2 => Just(Chance::TimePasses),
        1 => Just(Chance::Input(CheckInput::Start)),
        1 => Just(Chance::Input(CheckInput::Stop)),
        1 => Just(Chance::Input(CheckInput::Skip)),
        1 => Just(Chance::Input(CheckInput::ServerLost)),
        1 => Just(Chance::Input(CheckInput::TimerRanOut(Alarm(1)))),
        4 => (any::<bool>(), event).prop_map(|(late, event)| Chance::Event(late, event)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_test_runs_at_a_time_each_ends_and_leaving_stops_all(
        chances in proptest::collection::vec(chance(), 0..80),
    ) {
        let mut story = Story::new();
        for chance in chances {
            match chance {
                Chance::Succeeds if story.running.is_some() => story.succeed(&[stun(), turn("turn:a")]),
                Chance::TimePasses if story.alarm.is_some() => story.time_passes(),
                Chance::Succeeds | Chance::TimePasses => {}
                Chance::Input(input) => story.input(input),
                Chance::Event(late, event) => {
                    let attempt = match &story.running {
                        Some((attempt, _)) if !late => *attempt,
                        Some(_) | None => Attempt(1),
                    };
                    story.input(CheckInput::Event(attempt, event));
                }
            }
            let view = story.check.view();
            let running = view.rows.iter().filter(|row| row.status == Status::Running).count();
            prop_assert_eq!(running, usize::from(view.stage == Stage::Running));
            prop_assert_eq!(story.running.is_some(), view.stage == Stage::Running);
            prop_assert_eq!(story.alarm.is_some(), view.stage == Stage::Running);
            prop_assert!(view.stage == Stage::Running || !story.camera);
            let waiting = view.rows.iter().filter(|row| row.status == Status::Waiting).count();
            prop_assert!(view.stage != Stage::Done || waiting == 0);
        }
        // Time alone brings it to its end, a moment for each row at most twice.
        for _ in 0..2 * (story.check.view().rows.len() + 1) {
            if story.running.is_some() {
                story.time_passes();
            }
        }
        prop_assert!(story.running.is_none());
        story.input(CheckInput::Start);
        story.input(CheckInput::Stop);
        prop_assert!(story.running.is_none() && story.alarm.is_none() && !story.camera);
    }
}
