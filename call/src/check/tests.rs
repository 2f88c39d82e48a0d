//! The order of a check and its verdicts.
#![expect(clippy::unwrap_used)]

mod any_order;

use super::*;

fn turn(url: &str) -> IceServer {
    IceServer {
        urls: vec![url.to_owned()],
        username: Some("moim".to_owned()),
        credential: Some("secret".to_owned()),
    }
}

fn stun() -> IceServer {
    IceServer {
        urls: vec!["stun:stun.example".to_owned()],
        username: None,
        credential: None,
    }
}

fn good() -> Measured {
    Measured {
        up: 2_000_000,
        down: 1_900_000,
        round_trip: Some(Duration::from_millis(40)),
        picture: true,
    }
}

/// A check and what it wants at this moment.
struct Story {
    check: Check,
    running: Option<(Attempt, Job)>,
    alarm: Option<Alarm>,
    jobs: Vec<Job>,
    camera: bool,
}

impl Story {
    fn new() -> Self {
        Self {
            check: Check::new(),
            running: None,
            alarm: None,
            jobs: vec![],
            camera: false,
        }
    }

    fn begun() -> Self {
        let mut story = Self::new();
        story.input(CheckInput::Start);
        story
    }

    fn input(&mut self, input: CheckInput) {
        for output in self.check.handle(input) {
            match output {
                CheckOutput::Run(attempt, job) => {
                    self.camera |= job == Job::Camera;
                    self.jobs.push(job.clone());
                    self.running = Some((attempt, job));
                }
                CheckOutput::SetTimer(alarm, after) => {
                    assert!(!after.is_zero());
                    self.alarm = Some(alarm);
                }
                CheckOutput::CloseCamera => self.camera = false,
                CheckOutput::StopAll => {
                    self.running = None;
                    self.alarm = None;
                    self.camera = false;
                }
            }
        }
    }

    fn tell(&mut self, event: CheckEvent) {
        let (attempt, _) = self.running.clone().unwrap();
        self.input(CheckInput::Event(attempt, event));
    }

    fn time_passes(&mut self) {
        let alarm = self.alarm.take().unwrap();
        self.input(CheckInput::TimerRanOut(alarm));
    }

    /// Tells of the test that runs what is told when all is well.
    fn succeed(&mut self, servers: &[IceServer]) {
        match self.running.clone().unwrap().1 {
            Job::Camera => {
                self.tell(CheckEvent::Opened(Ok(())));
                self.tell(CheckEvent::Picture {
                    width: 1280,
                    height: 720,
                });
            }
            Job::Microphone => {
                self.tell(CheckEvent::Opened(Ok(())));
                self.tell(CheckEvent::Level(0.01));
                self.tell(CheckEvent::Level(0.5));
            }
            Job::Server => self.tell(CheckEvent::Server(ServerEvent::Answered {
                round_trip: Duration::from_millis(12),
                servers: servers.to_vec(),
            })),
            Job::Gather(target) => self.tell(gathered(match target.transport {
                Transport::Stun => CandidateKind::Reflexive,
                Transport::TurnUdp | Transport::TurnTcp | Transport::TurnTls => {
                    CandidateKind::Relay
                }
            })),
            Job::Call(_) => {
                self.tell(CheckEvent::Call(CallEvent::Connected));
                self.tell(CheckEvent::Call(CallEvent::Measured(good())));
            }
            Job::Speaker => self.tell(CheckEvent::Heard(true)),
        }
    }

    /// Until that job, with all well before it.
    fn until(&mut self, servers: &[IceServer], wanted: impl Fn(&Job) -> bool) {
        while !wanted(&self.running.as_ref().unwrap().1) {
            self.succeed(servers);
        }
    }

    fn status(&self, test: impl Fn(&Test) -> bool) -> Status {
        let view = self.check.view();
        let mut found = view.rows.iter().filter(|row| test(&row.test));
        let status = found.next().unwrap().status.clone();
        assert!(found.next().is_none());
        status
    }
}

fn gathered(kind: CandidateKind) -> CheckEvent {
    let address = Some("192.0.2.7".to_owned());
    CheckEvent::Gathering(GatheringEvent::Candidate(Candidate { kind, address }))
}

fn error(code: u16, from: Option<Family>) -> CheckEvent {
    CheckEvent::Gathering(GatheringEvent::Error(GatheringError { code, from }))
}

fn done() -> CheckEvent {
    CheckEvent::Gathering(GatheringEvent::Done { tells_errors: true })
}

/// A check of that one server, with all well up to it.
fn asking(server: &IceServer) -> Story {
    let mut story = Story::begun();
    story.until(std::slice::from_ref(server), |job| {
        matches!(job, Job::Gather(_))
    });
    story
}

fn is_ice(test: &Test) -> bool {
    matches!(test, Test::Ice(_))
}

#[test]
fn when_all_is_well_the_tests_run_in_their_order_and_the_speaker_comes_last() {
    let servers = [stun(), turn("turn:turn.example")];
    let mut story = Story::begun();
    while story.running.is_some() {
        story.succeed(&servers);
    }
    let by = |url: &str, transport| Target {
        server: IceServer {
            urls: vec![url.to_owned()],
            ..if transport == Transport::Stun {
                stun()
            } else {
                turn("")
            }
        },
        transport,
    };
    let udp = by("turn:turn.example?transport=udp", Transport::TurnUdp);
    assert_eq!(
        story.jobs,
        [
            Job::Camera,
            Job::Microphone,
            Job::Server,
            Job::Gather(by("stun:stun.example", Transport::Stun)),
            Job::Gather(udp.clone()),
            Job::Gather(by("turn:turn.example?transport=tcp", Transport::TurnTcp)),
            Job::Call(Some(udp)),
            Job::Speaker,
        ]
    );
    assert_eq!(story.check.view().summary(), Some(Summary::AllWell));
}

#[test]
fn nothing_runs_before_the_person_wants_it() {
    let check = Check::new();
    assert_eq!(check.view().stage, Stage::Ready);
    assert_eq!(check.view().summary(), None);
    assert!(
        check
            .view()
            .rows
            .iter()
            .all(|row| row.status == Status::Waiting)
    );
}

#[test]
fn the_camera_is_closed_before_the_person_is_asked_what_they_hear() {
    let mut story = Story::begun();
    story.until(&[], |job| *job == Job::Call(None));
    assert!(story.camera, "the call shows it");
    story.succeed(&[]);
    assert_eq!(story.running.clone().unwrap().1, Job::Speaker);
    assert!(!story.camera);
}

#[test]
fn a_device_that_is_denied_is_said_so_and_the_rest_goes_on() {
    let mut story = Story::begun();
    for _ in 0..2 {
        story.tell(CheckEvent::Opened(Err(MediaError::PermissionDenied)));
    }
    assert_eq!(story.running.clone().unwrap().1, Job::Server);
    let denied = Status::Failed(Problem::Device(MediaError::PermissionDenied));
    assert_eq!(story.status(|test| *test == Test::Camera), denied);
    while story.running.is_some() {
        story.succeed(&[]);
    }
    assert_eq!(story.check.view().summary(), Some(Summary::Attention(2)));
}

#[test]
fn what_is_open_and_gives_nothing_is_told_from_what_was_not_allowed_yet() {
    let mut story = Story::begun();
    story.time_passes();
    assert_eq!(
        story.status(|test| *test == Test::Camera),
        Status::Failed(Problem::Unanswered)
    );
    story.tell(CheckEvent::Opened(Ok(())));
    story.tell(CheckEvent::Level(0.02));
    story.time_passes();
    assert_eq!(
        story.status(|test| *test == Test::Microphone),
        Status::Failed(Problem::Silence)
    );

    story.input(CheckInput::Stop);
    story.input(CheckInput::Start);
    story.tell(CheckEvent::Opened(Ok(())));
    story.time_passes();
    assert_eq!(
        story.status(|test| *test == Test::Camera),
        Status::Failed(Problem::NoPicture)
    );
}

#[test]
fn without_stun_and_turn_it_says_so_and_calls_directly() {
    let mut story = Story::begun();
    while story.running.is_some() {
        story.succeed(&[]);
    }
    assert!(story.jobs.contains(&Job::Call(None)));
    assert_eq!(
        story.status(|test| *test == Test::IceServers),
        Status::Skipped(Skip::NoServers)
    );
    assert_eq!(story.check.view().summary(), Some(Summary::Untested(1)));
}

#[test]
fn a_server_that_does_not_answer_is_said_so_and_the_page_calls_itself_all_the_same() {
    let mut story = Story::begun();
    story.until(&[], |job| *job == Job::Server);
    story.tell(CheckEvent::Server(ServerEvent::Failed(
        RequestError::Disconnected,
    )));
    assert_eq!(
        story.running.clone().unwrap().1,
        Job::Server,
        "it may come back"
    );
    story.time_passes();
    assert_eq!(
        story.status(|test| *test == Test::Server),
        Status::Failed(Problem::NoAnswer)
    );
    assert_eq!(
        story.status(|test| *test == Test::IceServers),
        Status::Skipped(Skip::UnknownServers)
    );
    assert_eq!(story.running.clone().unwrap().1, Job::Call(None));
}

#[test]
fn a_server_that_is_lost_later_on_is_no_good_server() {
    let mut story = asking(&stun());
    story.input(CheckInput::ServerLost);
    assert_eq!(
        story.status(|test| *test == Test::Server),
        Status::Failed(Problem::ServerLost)
    );
    while story.running.is_some() {
        story.succeed(&[]);
    }
    assert_eq!(story.check.view().summary(), Some(Summary::Attention(1)));
}

#[test]
fn a_stun_server_that_sees_an_own_address_has_answered() {
    // Of the networks one has no address in common with the server.
    let mut story = asking(&stun());
    for address in ["192.0.2.2", "fd00::2"] {
        let candidate = Candidate {
            kind: CandidateKind::Host,
            address: Some(address.to_owned()),
        };
        story.tell(CheckEvent::Gathering(GatheringEvent::Candidate(candidate)));
    }
    story.tell(error(701, Some(Family::V6)));
    story.tell(done());
    assert_eq!(story.status(is_ice), Status::Passed(Finding::OwnAddress));
}

#[test]
fn a_stun_server_that_does_not_answer_is_told_from_one_that_cannot_be_found() {
    let mut story = asking(&stun());
    story.time_passes();
    assert_eq!(
        story.status(is_ice),
        Status::Failed(Problem::Silent(Transport::Stun))
    );

    let mut story = asking(&stun());
    story.tell(gathered(CandidateKind::Host));
    story.tell(error(701, Some(Family::V4)));
    story.tell(done());
    assert_eq!(
        story.status(is_ice),
        Status::Failed(Problem::Unreachable(Transport::Stun))
    );

    // Where errors are not told of, an end without an address says nothing good.
    let mut story = asking(&stun());
    story.tell(CheckEvent::Gathering(GatheringEvent::Done {
        tells_errors: false,
    }));
    assert_eq!(
        story.status(is_ice),
        Status::Failed(Problem::Silent(Transport::Stun))
    );
}

#[test]
fn what_a_turn_server_says_is_put_as_it_is_meant() {
    let server = turn("turn:turn.example?transport=udp");
    for (codes, problem) in [
        (vec![401], Problem::Credentials),
        (vec![701, 401], Problem::Credentials),
        (vec![403], Problem::Forbidden),
        (vec![438], Problem::StaleNonce),
        (vec![486], Problem::Quota),
        (vec![508], Problem::Capacity),
        (vec![400], Problem::Code(400)),
        (vec![701], Problem::Unreachable(Transport::TurnUdp)),
        (vec![], Problem::Silent(Transport::TurnUdp)),
    ] {
        let mut story = asking(&server);
        for code in &codes {
            story.tell(error(*code, Some(Family::V4)));
        }
        story.tell(done());
        assert_eq!(story.status(is_ice), Status::Failed(problem), "{codes:?}");
    }
}

#[test]
fn an_address_that_the_browser_makes_nothing_of_is_said_so() {
    let mut story = asking(&turn("turn:?transport=udp"));
    story.tell(CheckEvent::Gathering(GatheringEvent::Refused));
    assert_eq!(story.status(is_ice), Status::Failed(Problem::BadAddress));
}

#[test]
fn a_turn_server_that_answers_by_tcp_alone_carries_the_call() {
    let servers = [turn("turn:turn.example")];
    let mut story = asking(&servers[0]);
    story.time_passes();
    story.until(&servers, |job| matches!(job, Job::Call(_)));
    let Job::Call(Some(relay)) = story.running.clone().unwrap().1 else {
        panic!("over a relay");
    };
    assert_eq!(relay.transport, Transport::TurnTcp);
    story.tell(CheckEvent::Call(CallEvent::Unconnected));
    assert_eq!(
        story.status(|test| *test == Test::Call),
        Status::Failed(Problem::RelayCarriesNothing)
    );
}

#[test]
fn what_comes_too_late_of_a_test_or_its_time_is_ignored() {
    let mut story = Story::begun();
    let (first, _) = story.running.clone().unwrap();
    let alarm = story.alarm.unwrap();
    story.tell(CheckEvent::Opened(Ok(())));
    story.input(CheckInput::TimerRanOut(alarm));
    assert_eq!(story.status(|test| *test == Test::Camera), Status::Running);
    story.input(CheckInput::Skip);
    let denied = CheckEvent::Opened(Err(MediaError::PermissionDenied));
    story.input(CheckInput::Event(first, denied.clone()));
    assert_eq!(
        story.status(|test| *test == Test::Microphone),
        Status::Running
    );

    // Of a check that was begun anew, the first test is another attempt.
    story.input(CheckInput::Stop);
    story.input(CheckInput::Start);
    story.input(CheckInput::Event(first, denied));
    assert_eq!(story.status(|test| *test == Test::Camera), Status::Running);
}

#[test]
fn a_call_is_judged_by_what_it_carries() {
    let call = |measured| {
        let mut story = Story::begun();
        story.until(&[], |job| matches!(job, Job::Call(_)));
        story.tell(CheckEvent::Call(CallEvent::Connected));
        story.tell(CheckEvent::Call(CallEvent::Measured(measured)));
        story.status(|test| *test == Test::Call)
    };
    let thin = Measured {
        down: 90_000,
        ..good()
    };
    let slow = Measured {
        round_trip: Some(Duration::from_secs(2)),
        ..good()
    };
    let stalled = Measured {
        round_trip: None,
        ..good()
    };
    assert!(matches!(call(good()), Status::Passed(_)));
    assert_eq!(call(thin), Status::Failed(Problem::Thin(thin)));
    assert_eq!(call(slow), Status::Failed(Problem::Slow(slow)));
    assert_eq!(call(stalled), Status::Failed(Problem::Stalled));
}

#[test]
fn a_hostile_list_of_servers_is_cut() {
    let server = IceServer {
        urls: (0..1_000)
            .map(|n| format!("turn:turn{n}.example"))
            .collect(),
        ..turn("")
    };
    let targets = plan::targets(&[server.clone(), server]);
    assert_eq!(targets.len(), 16);
    let twice = plan::targets(&[stun(), stun()]);
    assert_eq!(twice.len(), 1);
}
