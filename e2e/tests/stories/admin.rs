//! The Socket.IO admin page, as its makers ship it, on a site of its own.

use std::path::PathBuf;

use backend::Origin;
use backend::config::AdminAccess;
use e2e::{Person, Role, Setup, Site, stage};

use crate::two_in;

/// "changeit", at bcrypt's lowest cost.
const HASH: &str = "$2b$04$7UvxavqAoXx34RmqrK6z3u8EbZI4/dY9acjSG7V6zZa2CF4pf.Ba2";

/// The folder that the page is in.
#[track_caller]
fn admin_page() -> PathBuf {
    std::env::var_os("ADMIN_PAGE")
        .map(PathBuf::from)
        .filter(|folder| folder.join("index.html").is_file())
        .expect("`cargo xtask test browser` gets the admin page and says in ADMIN_PAGE where it is")
}

fn access() -> AdminAccess {
    AdminAccess {
        user: "root".to_owned(),
        password_hash: HASH.parse().expect("it is a hash"),
        read_only: false,
    }
}

#[track_caller]
fn logs_in(host: &Person, server: &str, password: &str) {
    host.textbox("Server URL").fill(server);
    host.textbox("Username").fill("root");
    host.textbox("Password").fill(password);
    // As it is to be read: the style makes capitals of it.
    host.button("CONNECT").click();
}

#[test]
fn the_host_sees_who_is_in_which_room_and_puts_them_out() {
    let stage = stage!(|config| config.admin = Some(access()));
    let (ann, bob) = two_in(&stage, "tea");
    let site = Site::of(admin_page());
    // By a name that is not loopback's: to the server it is any other site.
    let host = stage.person_with("Host", Setup::default().insecure());
    let (name, _) = host.origin().rsplit_once(':').expect("a port");
    host.goes_to(&format!("{name}:{}/", site.port()));

    host.find(Role::Switch, "Advanced options").click();
    host.find(Role::Switch, "WebSocket only?").click();
    logs_in(&host, ann.origin(), "guess");
    host.reads("Invalid credentials");
    logs_in(&host, ann.origin(), "changeit");
    host.the(Role::Dialog).disappears();

    host.find(Role::Link, "Rooms").click();
    host.find(Role::Cell, "2").appears();
    host.find(Role::Cell, "tea").click();
    let sockets = "[...document.querySelectorAll('td')].filter((cell) => cell.innerText === '127.0.0.1').length";
    host.until_true(&format!("{sockets} === 2"));
    bob.leaves();
    host.until_true(&format!("{sockets} === 1"));

    // The button to clear the room is an icon without a name.
    let clear = "document.querySelector('main button:has(.mdi-tag-off-outline)').click() ?? null";
    host.evaluate::<()>(clear).expect("there is the button");
    ann.heading("The host removed you from tea").appears();
    host.until_true(&format!("{sockets} === 0"));

    host.find(Role::Link, "Events").click();
    host.reads("Event name: leave_room");
}

#[test]
fn a_page_that_the_host_allows_logs_in_without_further_ado() {
    let site = Site::of(admin_page());
    let address = format!("http://moim.test:{}", site.port());
    let mut stage = stage!(|config| {
        config.admin = Some(access());
        config.tutorials = true;
        config.allow_origins = vec![Origin::parse(&address).expect("it is an origin")];
    });
    let server = format!("http://127.0.0.1:{}", stage.host().port());
    let host = stage.person_with("Host", Setup::default().insecure());
    host.goes_to(&address);
    logs_in(&host, &server, "changeit");
    host.the(Role::Dialog).disappears();
    host.find(Role::Link, "Servers").click();
    host.reads("HEALTHY");
}
