//! No request ever leaves for a third party, and the content security policy is kept without a single violation.

use e2e::{Role, Setup, stage};

use crate::see_each_other;

#[test]
fn nothing_is_asked_of_anyone_but_the_server_and_the_policy_is_kept() {
    let stage = stage!();
    let ann = stage.person_with("Ann", Setup::default().log_network());
    let bob = stage.person_with("Bob", Setup::default().log_network());
    let policy: String = {
        ann.opens("/");
        ann.evaluate("fetch('/').then((page) => page.headers.get('content-security-policy') ?? '')")
            .expect("the page is served")
    };
    assert!(
        policy.contains("default-src 'self'"),
        "the policy is {policy:?}"
    );
    assert!(
        !policy.contains("unsafe-inline"),
        "the policy is {policy:?}"
    );

    ann.textbox("Room name").fill("tea");
    ann.textbox("Your name").fill("Ann");
    ann.button("Join").click();
    ann.joins();
    bob.enters("tea");
    see_each_other(&ann, &bob);
    for panel in ["Chat", "People", "Devices"] {
        ann.controls().button(panel).click();
        ann.find(Role::Region, panel).appears();
    }
    ann.controls().button("Share screen").click();
    bob.tile("Ann’s screen").frames_advance();
    ann.leaves();
    ann.button("Back to start").click();
    ann.textbox("Room name").appears();

    for person in [&ann, &bob] {
        let host = person
            .origin()
            .strip_prefix("http://")
            .expect("plain HTTP")
            .to_owned();
        let requests = person.requests();
        assert!(
            requests.iter().any(|url| url.ends_with(".wasm")),
            "the log sees what is loaded: {requests:?}"
        );
        for url in requests {
            let own = [
                format!("http://{host}/"),
                format!("ws://{host}/"),
                "data:".to_owned(),
                "blob:".to_owned(),
            ]
            .iter()
            .any(|beginning| url.starts_with(beginning));
            assert!(own, "{} asked for {url}", person.name());
        }
        let violations: Vec<String> = person.evaluate("tap.violations").expect("the tap answers");
        assert!(violations.is_empty(), "{violations:?}");
        let console = person.console();
        let bad: Vec<_> = console
            .iter()
            .filter(|line| line.starts_with("SEVERE") || line.starts_with("WARNING"))
            .collect();
        assert!(bad.is_empty(), "{bad:#?}");
    }
}
