//! What should arrive and does not is noticed, told and mended, on the connection that there is.

use e2e::{Person, stage};

/// Script: the sender of a person's one connection that sends the camera's picture.
const CAMERA: &str =
    "tap.connections.find((one) => one.connectionState === 'connected').getSenders()[1]";

/// The picture stops on its way out, and the page has not been told. It cannot send it again before [`lets_it_send`].
fn empties_the_camera(person: &Person) {
    let script = format!(
        "(async () => {{
            const sender = {CAMERA};
            await sender.replaceTrack(null);
            const allowed = new Promise((allow) => {{ tap.allow = allow; }});
            sender.replaceTrack = async (track) => {{
                await allowed;
                return RTCRtpSender.prototype.replaceTrack.call(sender, track);
            }};
            return null;
        }})()"
    );
    person
        .evaluate::<()>(&script)
        .expect("the sender is emptied");
    person.until_true(&format!("{CAMERA}.track === null"));
}

fn lets_it_send(person: &Person) {
    let allowed = person.evaluate::<()>("tap.allow() ?? null");
    allowed.expect("the sender was held back");
}

#[test]
fn a_picture_that_stays_away_is_told_and_asked_for_and_comes_again() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    ann.enters("tea");
    bob.enters("tea");
    bob.tile("Ann").frames_advance();
    let made = [&ann, &bob].map(Person::connections_made);
    empties_the_camera(&ann);
    bob.tile("Ann").says("no picture arrives");
    lets_it_send(&ann);
    ann.until_true(&format!("{CAMERA}.track !== null"));
    bob.tile("Ann").says_no_more("no picture arrives");
    bob.tile("Ann").frames_advance();
    ann.tile("Bob").frames_advance();
    bob.hears(1);
    assert_eq!([&ann, &bob].map(Person::connections_made), made);
}
