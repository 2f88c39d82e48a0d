//! Whether a call would work, tested before there is one: [`Check`] says what to try next, one test at a
//! time, and judges what came of it. Trying it is the driver's, and saying it in words the page's.

mod gathering;
mod measured;
mod plan;
#[cfg(test)]
mod tests;
mod view;

use std::time::Duration;

use shared::room::IceServer;

use crate::input::RequestError;
use crate::media::MediaError;
use gathering::Gathering;
pub use gathering::{Candidate, CandidateKind, Family, GatheringError, GatheringEvent};
pub use measured::{CallEvent, Measured};
pub use plan::{Target, Transport};
pub use view::{CheckView, Finding, Problem, Row, Skip, Stage, Status, Summary, Test};

/// How long the person may take to answer the browser's question for a device.
const PERMISSION: Duration = Duration::from_secs(60);

/// How long an open camera may take to its first picture.
const PICTURE: Duration = Duration::from_secs(10);

/// How long somebody is listened for.
const SOUND: Duration = Duration::from_secs(10);

/// How long the server may take, from nothing to its answer.
const SERVER: Duration = Duration::from_secs(15);

/// How long a STUN or TURN server may take. Browsers themselves would try for up to 40 s.
const GATHERING: Duration = Duration::from_secs(10);

/// How long the page may take to connect with itself, and then to measure.
const CALL: Duration = Duration::from_secs(20);

/// How long the person may take to say whether they heard something.
const ANSWER: Duration = Duration::from_secs(120);

/// At this level (0 to 1) a microphone hears something.
const SOUND_LEVEL: f64 = 0.15;

/// Which attempt at a test is meant: what comes of an earlier one comes too late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attempt(u32);

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckInput {
    /// The person wants to begin, or to begin again.
    Start,
    /// The page is being left.
    Stop,
    /// The person wants the test that runs to be passed over.
    Skip,
    /// Something came of a test.
    Event(Attempt, CheckEvent),
    /// The connection to the server is lost.
    ServerLost,
    /// A timer that was set by [`CheckOutput::SetTimer`] ran out.
    TimerRanOut(Alarm),
}

/// Which setting of the timer is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alarm(u32);

/// Something that came of a test.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckEvent {
    /// The camera or the microphone was opened, or not.
    Opened(Result<(), MediaError>),
    /// The camera shows pictures of this size.
    Picture {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// The microphone hears this, 0 to 1.
    Level(f64),
    /// Of the server.
    Server(ServerEvent),
    /// Of a STUN or TURN server.
    Gathering(GatheringEvent),
    /// Of the page's call with itself.
    Call(CallEvent),
    /// The person heard the tone, or not.
    Heard(bool),
}

/// What came of asking the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerEvent {
    /// It answered.
    Answered {
        /// From the question to its answer.
        round_trip: Duration,
        /// What it answered.
        servers: Vec<IceServer>,
    },
    /// It did not.
    Failed(RequestError),
    /// It speaks another version of the protocol.
    OutOfDate,
    /// The browser sees no network at all.
    Offline,
}

/// What is to be done. Whatever a test began ends with the next [`CheckOutput::Run`].
#[derive(Clone, Debug, PartialEq)]
pub enum CheckOutput {
    /// Run this test, and end the one before.
    Run(Attempt, Job),
    /// Set the one timer anew.
    SetTimer(Alarm, Duration),
    /// The camera is not needed any more.
    CloseCamera,
    /// End everything: tests, devices, connections, the timer.
    StopAll,
}

/// What a test has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// Open the camera and look for a picture. It stays open until [`CheckOutput::CloseCamera`].
    Camera,
    /// Open the microphone and listen.
    Microphone,
    /// Connect to the server and ask it for the STUN and TURN servers.
    Server,
    /// Gather candidates from this server alone.
    Gather(Target),
    /// Connect the page with itself: over that relay, else directly.
    Call(Option<Target>),
    /// Play a tone.
    Speaker,
}

/// A check.
#[derive(Debug, Default)]
pub struct Check {
    rows: Vec<Row>,
    stage: State,
    attempts: u32,
    alarms: u32,
    relays: Vec<Target>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Ready,
    Running {
        row: usize,
        attempt: Attempt,
        alarm: Alarm,
        probe: Probe,
    },
    Done,
}

/// What is known of the test that runs.
#[derive(Debug)]
enum Probe {
    Camera(Device),
    Microphone(Device),
    Server,
    Gathering(Target, Gathering),
    Call { relayed: bool, connected: bool },
    Speaker,
}

#[derive(Debug, PartialEq, Eq)]
enum Device {
    Asked,
    Open,
}

impl Check {
    /// One that has not begun.
    #[must_use]
    pub fn new() -> Self {
        Self {
            rows: plan::rows(),
            ..Self::default()
        }
    }

    /// What it looks like.
    #[must_use]
    pub fn view(&self) -> CheckView {
        CheckView {
            stage: match self.stage {
                State::Ready => Stage::Ready,
                State::Running { .. } => Stage::Running,
                State::Done => Stage::Done,
            },
            rows: self.rows.clone(),
        }
    }

    /// Takes in what happened; says what is to be done.
    #[must_use]
    pub fn handle(&mut self, input: CheckInput) -> Vec<CheckOutput> {
        match input {
            CheckInput::Start => self.start(),
            CheckInput::Stop => self.stop(),
            CheckInput::Skip => self.conclude(Status::Skipped(Skip::ByPerson)),
            CheckInput::Event(of, event) => match &self.stage {
                State::Running { attempt, .. } if *attempt == of => self.hear(event),
                State::Running { .. } | State::Ready | State::Done => vec![],
            },
            CheckInput::ServerLost => self.server_lost(),
            CheckInput::TimerRanOut(of) => match &self.stage {
                State::Running { alarm, .. } if *alarm == of => self.out_of_time(),
                State::Running { .. } | State::Ready | State::Done => vec![],
            },
        }
    }

    fn start(&mut self) -> Vec<CheckOutput> {
        let mut outputs = match self.stage {
            State::Running { .. } => return vec![],
            State::Ready | State::Done => vec![CheckOutput::StopAll],
        };
        self.rows = plan::rows();
        self.relays.clear();
        outputs.extend(self.run(0));
        outputs
    }

    fn stop(&mut self) -> Vec<CheckOutput> {
        self.rows = plan::rows();
        self.stage = State::Ready;
        vec![CheckOutput::StopAll]
    }

    /// Runs the first test that waits, from that row on; ends the check when there is none.
    fn run(&mut self, from: usize) -> Vec<CheckOutput> {
        let waits = |row: &Row| row.status == Status::Waiting;
        let Some(row) = (from..self.rows.len()).find(|&row| waits(&self.rows[row])) else {
            self.stage = State::Done;
            return vec![CheckOutput::StopAll];
        };
        let (job, probe, patience) = self.begin(&self.rows[row].test);
        self.rows[row].status = Status::Running;
        self.attempts += 1;
        let attempt = Attempt(self.attempts);
        self.stage = State::Running {
            row,
            attempt,
            alarm: Alarm(self.alarms),
            probe,
        };
        let mut outputs = Vec::new();
        if job == Job::Speaker {
            // The person may take their time: nothing shall film them meanwhile.
            outputs.push(CheckOutput::CloseCamera);
        }
        outputs.extend([CheckOutput::Run(attempt, job), self.set_timer(patience)]);
        outputs
    }

    fn begin(&self, test: &Test) -> (Job, Probe, Duration) {
        match test {
            Test::Camera => (Job::Camera, Probe::Camera(Device::Asked), PERMISSION),
            Test::Microphone => (
                Job::Microphone,
                Probe::Microphone(Device::Asked),
                PERMISSION,
            ),
            // What stands for servers that are not known yet is replaced before its turn comes.
            Test::Server | Test::IceServers => (Job::Server, Probe::Server, SERVER),
            Test::Ice(target) => (
                Job::Gather(target.clone()),
                Probe::Gathering(target.clone(), Gathering::default()),
                GATHERING,
            ),
            Test::Call => {
                let relay = plan::best_relay(&self.relays);
                let probe = Probe::Call {
                    relayed: relay.is_some(),
                    connected: false,
                };
                (Job::Call(relay), probe, CALL)
            }
            Test::Speaker => (Job::Speaker, Probe::Speaker, ANSWER),
        }
    }

    fn set_timer(&mut self, after: Duration) -> CheckOutput {
        self.alarms += 1;
        if let State::Running { alarm, .. } = &mut self.stage {
            *alarm = Alarm(self.alarms);
        }
        CheckOutput::SetTimer(Alarm(self.alarms), after)
    }

    fn hear(&mut self, event: CheckEvent) -> Vec<CheckOutput> {
        let State::Running { probe, .. } = &mut self.stage else {
            return vec![];
        };
        match (probe, event) {
            (Probe::Camera(device @ Device::Asked), CheckEvent::Opened(Ok(()))) => {
                *device = Device::Open;
                vec![self.set_timer(PICTURE)]
            }
            (Probe::Microphone(device @ Device::Asked), CheckEvent::Opened(Ok(()))) => {
                *device = Device::Open;
                vec![self.set_timer(SOUND)]
            }
            (Probe::Camera(_) | Probe::Microphone(_), CheckEvent::Opened(Err(error))) => {
                self.conclude(Status::Failed(Problem::Device(error)))
            }
            (Probe::Camera(_), CheckEvent::Picture { width, height }) => {
                self.conclude(Status::Passed(Finding::Picture { width, height }))
            }
            (Probe::Microphone(Device::Open), CheckEvent::Level(level)) if level >= SOUND_LEVEL => {
                self.conclude(Status::Passed(Finding::Sound))
            }
            (Probe::Server, CheckEvent::Server(event)) => self.hear_server(event),
            (Probe::Gathering(target, gathering), CheckEvent::Gathering(event)) => {
                match gathering.hear(target.transport, event) {
                    Some(status) => self.conclude(status),
                    None => vec![],
                }
            }
            (
                Probe::Call {
                    connected: connected @ false,
                    ..
                },
                CheckEvent::Call(CallEvent::Connected),
            ) => {
                *connected = true;
                vec![self.set_timer(CALL)]
            }
            (Probe::Call { relayed, .. }, CheckEvent::Call(CallEvent::Unconnected)) => {
                let problem = Problem::unconnected(*relayed);
                self.conclude(Status::Failed(problem))
            }
            (Probe::Call { relayed, .. }, CheckEvent::Call(CallEvent::Measured(measured))) => {
                let status = measured.judged(*relayed);
                self.conclude(status)
            }
            (Probe::Speaker, CheckEvent::Heard(heard)) => self.conclude(if heard {
                Status::Passed(Finding::Heard)
            } else {
                Status::Failed(Problem::NotHeard)
            }),
            // What belongs to another sort of test, or says nothing yet.
            (
                Probe::Camera(_)
                | Probe::Microphone(_)
                | Probe::Server
                | Probe::Gathering(..)
                | Probe::Call { .. }
                | Probe::Speaker,
                _,
            ) => vec![],
        }
    }

    fn hear_server(&mut self, event: ServerEvent) -> Vec<CheckOutput> {
        match event {
            ServerEvent::Answered {
                round_trip,
                servers,
            } => {
                self.learn_of(&servers);
                self.conclude(Status::Passed(Finding::Server { round_trip }))
            }
            // It is connected to again, until the time is up.
            ServerEvent::Failed(RequestError::Disconnected) => vec![],
            ServerEvent::Failed(RequestError::TimedOut) => self.no_server(Problem::NoAnswer),
            ServerEvent::Failed(RequestError::Rejected(_)) => self.no_server(Problem::Rejected),
            ServerEvent::OutOfDate => self.no_server(Problem::OutOfDate),
            ServerEvent::Offline => self.no_server(Problem::Offline),
        }
    }

    fn out_of_time(&mut self) -> Vec<CheckOutput> {
        let State::Running { probe, .. } = &mut self.stage else {
            return vec![];
        };
        let status = match probe {
            Probe::Camera(Device::Asked) | Probe::Microphone(Device::Asked) => {
                Status::Failed(Problem::Unanswered)
            }
            Probe::Camera(Device::Open) => Status::Failed(Problem::NoPicture),
            Probe::Microphone(Device::Open) => Status::Failed(Problem::Silence),
            Probe::Server => return self.no_server(Problem::NoAnswer),
            Probe::Gathering(target, gathering) => gathering.out_of_time(target.transport),
            Probe::Call { relayed, connected } => Status::Failed(if *connected {
                Problem::Stalled
            } else {
                Problem::unconnected(*relayed)
            }),
            Probe::Speaker => Status::Skipped(Skip::NoReply),
        };
        self.conclude(status)
    }

    /// The test that runs has ended so; the next one runs.
    fn conclude(&mut self, status: Status) -> Vec<CheckOutput> {
        let State::Running { row, probe, .. } = &self.stage else {
            return vec![];
        };
        if let (Probe::Gathering(target, _), Status::Passed(Finding::Relay { .. })) =
            (probe, &status)
        {
            self.relays.push(target.clone());
        }
        let row = *row;
        if self.rows[row].test == Test::Server && matches!(status, Status::Skipped(_)) {
            self.forget_servers();
        }
        self.rows[row].status = status;
        self.run(row + 1)
    }

    fn no_server(&mut self, problem: Problem) -> Vec<CheckOutput> {
        self.forget_servers();
        self.conclude(Status::Failed(problem))
    }

    /// The STUN and TURN servers take the place of what stood for them.
    fn learn_of(&mut self, servers: &[IceServer]) {
        let Some(place) = self.place_of_servers() else {
            return;
        };
        let targets = plan::targets(servers);
        if targets.is_empty() {
            self.rows[place].status = Status::Skipped(Skip::NoServers);
        } else {
            let rows = targets
                .into_iter()
                .map(|target| Row::new(Test::Ice(target)));
            self.rows.splice(place..=place, rows);
        }
    }

    fn forget_servers(&mut self) {
        if let Some(place) = self.place_of_servers() {
            self.rows[place].status = Status::Skipped(Skip::UnknownServers);
        }
    }

    fn place_of_servers(&self) -> Option<usize> {
        (self.rows.iter()).position(|row| row.test == Test::IceServers)
    }

    /// What was found before does not hold any more; the other tests need no server.
    fn server_lost(&mut self) -> Vec<CheckOutput> {
        if let State::Running { .. } = self.stage {
            let found =
                |row: &&mut Row| matches!(row.status, Status::Passed(Finding::Server { .. }));
            if let Some(row) = self.rows.iter_mut().find(found) {
                row.status = Status::Failed(Problem::ServerLost);
            }
        }
        vec![]
    }
}
