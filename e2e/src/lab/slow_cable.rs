//! A cable on which everything takes its time: two network devices, and between them this process, with which every frame
//! waits. The kernel's own means for it (netem) is missing where modules are. Between what it is laid, is left to the
//! [`Line`](super::Line).

use std::{sync::Arc, time::Duration};

use tokio::{
    join,
    runtime::Runtime,
    sync::mpsc,
    time::{Instant, sleep_until},
};
use tokio_tun::Tun;

use super::ip;
use crate::runtime;

/// No frame of Ethernet is longer.
const LONGEST_FRAME: usize = 2048;

/// It is there until it is dropped.
pub(super) struct SlowCable {
    /// What carries the frames.
    _runtime: Runtime,
}

impl SlowCable {
    /// From one device of that namespace to another, both of which it makes: a frame that goes into one comes out of the
    /// other so much later, either way, and none overtakes another.
    #[track_caller]
    pub fn lay(delay: Duration, namespace: &str, ends: [&str; 2]) -> Self {
        let runtime = runtime::small();
        let [one, other] = ends.map(|name| Arc::new(device(&runtime, namespace, name)));
        runtime.spawn(carry(one.clone(), other.clone(), delay));
        runtime.spawn(carry(other, one, delay));
        Self { _runtime: runtime }
    }
}

/// A TAP device, which is as good as an interface with a cable, and gone with what holds it. The kernel hands frames out of it
/// whole: no checksum is left to hardware, and none is longer than a cable's.
#[track_caller]
fn device(runtime: &Runtime, namespace: &str, name: &str) -> Tun {
    let _in_runtime = runtime.enter();
    let device = Tun::builder()
        .tap()
        .build()
        .ok()
        .and_then(|mut all| all.pop());
    let device = device.expect("/dev/net/tun makes a device");
    let here = device.name();
    ip::must(&format!("ip link set {here} netns {namespace} name {name}"));
    ip::must(&format!("ip -n {namespace} link set {name} up"));
    device
}

async fn carry(from: Arc<Tun>, to: Arc<Tun>, delay: Duration) {
    let (enter, mut leave) = mpsc::unbounded_channel();
    let entering = async move {
        let mut frame = [0; LONGEST_FRAME];
        // An error is its end: the device is gone with its namespace.
        while let Ok(length) = from.recv(&mut frame).await {
            let frame = frame[..length].to_vec();
            if enter.send((Instant::now() + delay, frame)).is_err() {
                return;
            }
        }
    };
    let leaving = async move {
        while let Some((due, frame)) = leave.recv().await {
            sleep_until(due).await;
            // What cannot be sent is lost, as on any cable.
            let _ = to.send(&frame).await;
        }
    };
    join!(entering, leaving);
}
