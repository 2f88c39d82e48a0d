//! Two people in a call, who shall not notice what others get up to.

use shared::PeerId;
use shared::signal::DescriptionId;
use shared::to_browser::{self, Welcome};
use shared::to_server::Offer;

use super::{Person, TestServer, enter, tab};

pub struct Bystanders {
    ann: Person,
    ben: Person,
    ids: [PeerId; 2],
    seq: u32,
}

impl Bystanders {
    /// The room that they are in.
    pub const ROOM: &str = "Calm";

    pub async fn meet(server: &TestServer) -> Self {
        let (mut ann, a) = enter(server, Self::ROOM, 101).await;
        let (ben, b) = enter(server, Self::ROOM, 102).await;
        let _: Welcome = ann.hear().await;
        Self {
            ann,
            ben,
            ids: [a.you, b.you],
            seq: 0,
        }
    }

    /// Someone of them, to be molested.
    pub fn someone(&self) -> PeerId {
        self.ids[0]
    }

    /// Asserts that they can still signal to each other and have heard nothing else since the last
    /// time.
    pub async fn are_undisturbed(&mut self) {
        let [a, b] = self.ids;
        let id = DescriptionId {
            generation: 0,
            seq: self.seq,
        };
        self.seq += 1;
        let offer = |to| Offer {
            to,
            to_epoch: tab(0).epoch,
            id,
            sdp: "v=0".to_owned(),
        };
        let heard = |from| to_browser::Offer {
            from,
            from_epoch: tab(0).epoch,
            id,
            sdp: "v=0".to_owned(),
        };
        self.ann.ask(offer(b)).await.unwrap();
        self.ben.ask(offer(a)).await.unwrap();
        self.ben.expect(heard(a)).await;
        self.ann.expect(heard(b)).await;
    }
}
