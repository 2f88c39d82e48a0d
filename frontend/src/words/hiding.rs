//! Words of hiding one's address: what it means, what it costs, and where it cannot be done.

use call::CallView;
use call::view::Relay;

pub const HIDE: &str = "Hide my address";
pub const NO_RELAY: &str = "Your address cannot be hidden here, because this server has no relay. Turn “Hide my address” off to come in: the others can then learn it.";
pub const NO_RELAY_TO_MEET: &str = "Nobody was looked for: your address cannot be hidden, because this server has no relay. Go on only if whoever you meet may learn it.";
pub const RELAY_GONE: &str = "This server has no relay any more. Your address stays hidden, so nobody new can reach you. To change that, leave, and come in again without hiding it.";

/// The sentence at the choice.
pub fn hint(view: &CallView) -> &'static str {
    match (view.meeting, view.hiding.relay, view.hiding.wanted) {
        (None, Relay::Missing, true) => {
            "This server has no relay, so your address cannot be hidden here."
        }
        (None, _, false) => {
            "Otherwise the others can learn your network address. Hiding it takes the server’s relay, and may be slower."
        }
        (None, Relay::Unknown | Relay::Offered, true) => {
            "The others see only the address of the server’s relay. Everything goes over it, still encrypted, and may be slower."
        }
        (Some(_), Relay::Missing, _) => {
            "This server has no relay, so your address cannot be hidden: whoever you meet can learn it."
        }
        (Some(_), Relay::Unknown | Relay::Offered, true) => {
            "Whoever you meet sees only the address of the server’s relay. Everything goes over it, still encrypted, and may be slower."
        }
        (Some(_), Relay::Unknown | Relay::Offered, false) => {
            "Whoever you meet can learn your network address."
        }
    }
}
