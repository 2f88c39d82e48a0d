//! What the tutorials need beside their conversations, which the official client holds (`e2e/dialects`): the plain
//! WebSocket chat, a folder of one's own, pages from elsewhere, and the bounds of long-polling.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::symlink;

use backend::{Config, Origin};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use shared::limits::SOCKET_MESSAGE_BYTES;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::http::{Response, get, request};
use crate::support::raw::RawClient;
use crate::support::{TestServer, soon};

fn tutorials() -> Config {
    Config {
        tutorials: true,
        ..Config::default()
    }
}

/// Someone at the page of the plain WebSocket chat.
struct Chatter(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Chatter {
    async fn at(server: &TestServer, path: &str) -> Self {
        Self::from(server, path, None).await.unwrap()
    }

    async fn from(server: &TestServer, path: &str, origin: Option<&str>) -> Result<Self, Error> {
        let url = format!("ws://{}{path}", server.address);
        let mut request = url.into_client_request()?;
        if let Some(origin) = origin {
            let headers = request.headers_mut();
            headers.insert("Origin", origin.parse().unwrap());
        }
        let (socket, _) = soon("the upgrade", connect_async(request)).await?;
        Ok(Self(socket))
    }

    async fn says(&mut self, text: impl Into<String>) {
        self.0.send(Message::text(text.into())).await.unwrap();
    }

    async fn sends(&mut self, kind: &str, payload: impl Into<Value>) {
        let message = json!({ "type": kind, "payload": payload.into() });
        self.says(message.to_string()).await;
    }

    /// The next text, or the code of the close.
    async fn hears(&mut self) -> Result<String, Option<u16>> {
        loop {
            match soon("a message", self.0.next()).await {
                Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }
}

#[tokio::test]
async fn in_the_plain_chat_everyone_hears_everyone_and_themselves() {
    let server = TestServer::with(tutorials()).await;
    let mut ann = Chatter::at(&server, "/").await;
    let mut ben = Chatter::at(&server, "/ws").await;
    ann.sends("new_message", "before I have a name").await;
    ann.sends("nickname", "Ann").await;
    ann.sends("new_message", "hello").await;
    for person in [&mut ann, &mut ben] {
        let first = person.hears().await.unwrap();
        assert_eq!(first, "Anon : before I have a name");
        assert_eq!(person.hears().await.unwrap(), "Ann : hello");
    }
    ben.0.close(None).await.unwrap();
    ann.sends("new_message", "bye").await;
    assert_eq!(ann.hears().await.unwrap(), "Ann : bye");
}

#[tokio::test]
async fn the_stage_before_json_is_bare_text() {
    let server = TestServer::with(tutorials()).await;
    let mut ann = Chatter::at(&server, "/").await;
    let mut ben = Chatter::at(&server, "/").await;
    for text in [
        "hello",
        "7",
        "{\"kind\":\"x\"}",
        "\"quoted\"",
        "한글 🙂",
        "",
    ] {
        ann.says(text).await;
        assert_eq!(ben.hears().await.unwrap(), text);
        assert_eq!(ann.hears().await.unwrap(), text);
    }
}

#[tokio::test]
async fn a_name_that_is_none_changes_nothing_and_an_unknown_type_says_nothing() {
    let server = TestServer::with(tutorials()).await;
    let mut ann = Chatter::at(&server, "/").await;
    ann.sends("nickname", "Ann").await;
    ann.sends("nickname", "x".repeat(41)).await;
    ann.sends("shout", "hello").await;
    ann.sends("new_message", json!({ "a": 1 })).await;
    assert_eq!(ann.hears().await.unwrap(), "Ann : {\"a\":1}");
}

#[tokio::test]
async fn the_plain_chat_is_bounded_as_everything_is() {
    let server = TestServer::with(Config {
        event_rate: std::num::NonZeroU32::new(1),
        event_burst: std::num::NonZeroU32::new(8),
        max_connections_per_address: 2,
        ..tutorials()
    })
    .await;
    let mut ann = Chatter::at(&server, "/").await;
    let mut mallory = Chatter::at(&server, "/").await;
    assert!(Chatter::from(&server, "/", None).await.is_err());
    for _ in 0..100 {
        // The end may come before all is said.
        if mallory.0.send(Message::text("!")).await.is_err() {
            break;
        }
    }
    while mallory.hears().await.is_ok() {}
    let mut said = 0;
    ann.says("?").await;
    while ann.hears().await.unwrap() == "!" {
        said += 1;
    }
    assert!(said <= 9, "{said}");
    let trying = async {
        loop {
            // Her place is free as soon as the server has let go of her.
            if let Ok(next) = Chatter::from(&server, "/", None).await {
                return next;
            }
        }
    };
    let mut next = soon("a free place", trying).await;
    next.says("x".repeat(SOCKET_MESSAGE_BYTES + 1)).await;
    assert!(next.hears().await.is_err());
}

#[tokio::test]
async fn bytes_end_the_plain_chat_and_so_does_the_server() {
    let server = TestServer::with(tutorials()).await;
    let mut mallory = Chatter::at(&server, "/").await;
    mallory.0.send(Message::binary(vec![1])).await.unwrap();
    assert_eq!(mallory.hears().await, Err(Some(1003)));
    let mut ann = Chatter::at(&server, "/").await;
    server.stop().await;
    assert_eq!(ann.hears().await, Err(Some(1001)));
}

/// A connection on the default namespace.
async fn dialect(server: SocketAddr) -> RawClient {
    let mut client = RawClient::open(server, None).await.unwrap();
    client.send("40".to_owned()).await;
    assert!(client.text().await.unwrap().starts_with("40{"));
    client
}

#[tokio::test]
async fn however_many_come_and_go_everyone_hears_the_last_state_of_the_room_list() {
    const ROOMS: usize = 250;
    let server = TestServer::with(tutorials()).await;
    let mut visitor = dialect(server.address).await;
    let mut people = Vec::new();
    for room in 0..ROOMS {
        let mut person = dialect(server.address).await;
        person.send(format!(r#"420["enter_room","{room}"]"#)).await;
        people.push(person);
    }
    // The list names the oldest 200; before the last of them came, it was shorter.
    loop {
        let text = visitor.text().await.unwrap();
        let list = text.strip_prefix("42[\"room_change\",").unwrap();
        if list.matches(',').count() == 199 {
            break;
        }
    }
}

#[tokio::test]
async fn without_the_flag_there_are_no_dialects() {
    let server = TestServer::start().await;
    let mut client = RawClient::open(server.address, None).await.unwrap();
    client.send("40".to_owned()).await;
    // The root namespace is not there.
    let answer = client.text().await;
    let is_refused = answer.as_ref().is_none_or(|text| text.starts_with("44"));
    assert!(is_refused, "{answer:?}");
    for path in ["/", "/ws"] {
        assert!(Chatter::from(&server, path, None).await.is_err(), "{path}");
    }
    let polling = get(server.address, "/socket.io/?EIO=4&transport=polling", &[]).await;
    assert_eq!(polling.status, 400);
}

fn file(folder: &tempfile::TempDir, name: &str, content: &str) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

#[tokio::test]
async fn a_folder_of_ones_own_is_served_in_place_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    file(&folder, "index.html", "<script>main()</script>");
    file(&folder, "js/main 1.js", "main");
    file(&folder, "socket.io/socket.io.js", "io");
    file(&folder, "more/index.html", "more");
    file(&folder, ".env", "secret");
    let server = TestServer::with(Config {
        static_dir: Some(folder.path().to_owned()),
        ..tutorials()
    })
    .await;
    let get = async |path| get(server.address, path, &[]).await;
    // A room's name may be in the address.
    for path in ["/", "/index.html", "/foo"] {
        let page = get(path).await;
        assert_eq!((page.status, page.text()), (200, "<script>main()</script>"));
        let policy = page.header("content-security-policy");
        assert_eq!(policy, "frame-ancestors 'self'");
        assert_eq!(page.header("cache-control"), "no-cache");
    }
    let client = get("/socket.io/socket.io.js").await;
    assert_eq!((client.status, client.text()), (200, "io"));
    assert!(client.header("content-type").starts_with("text/javascript"));
    assert_eq!(get("/js/main%201.js").await.text(), "main");
    assert_eq!(get("/more/").await.text(), "more");
    let redirect = get("/more").await;
    assert_eq!(
        (redirect.status, redirect.header("location")),
        (308, "/more/")
    );
    for path in [
        "/.env",
        "/%2eenv",
        "/js/none.js",
        "/a/b",
        "/-/check",
        "//more",
    ] {
        assert_eq!(get(path).await.status, 404, "{path}");
    }
    assert_eq!(get("/healthz").await.status, 200);
    let polling = get("/socket.io/?EIO=4&transport=polling").await;
    assert!(polling.text().starts_with("0{\"sid\""));
    Chatter::at(&server, "/").await;
}

#[tokio::test]
async fn links_and_pipes_in_the_folder_lead_nowhere_else() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    file(&folder, "main.js", "main");
    file(&folder, ".env", "secret");
    file(&elsewhere, "secret.txt", "secret");
    let inside = |name: &str| folder.path().join(name);
    symlink(inside("main.js"), inside("link.js")).unwrap();
    symlink(inside(".env"), inside("env.txt")).unwrap();
    symlink(elsewhere.path(), inside("out")).unwrap();
    let mut mkfifo = std::process::Command::new("mkfifo");
    assert!(mkfifo.arg(inside("pipe.txt")).status().unwrap().success());
    let server = TestServer::with(Config {
        static_dir: Some(folder.path().to_owned()),
        ..tutorials()
    })
    .await;
    let get = async |path| get(server.address, path, &[]).await;
    assert_eq!(get("/link.js").await.text(), "main");
    for path in ["/env.txt", "/out/secret.txt", "/pipe.txt"] {
        assert_eq!(soon(path, get(path)).await.status, 404, "{path}");
    }
}

const PAGES: &str = "https://pages.example";

#[tokio::test]
async fn pages_of_an_origin_that_the_host_allows_may_poll_and_connect() {
    let server = TestServer::with(Config {
        allow_origins: vec![Origin::parse(PAGES).unwrap()],
        ..tutorials()
    })
    .await;
    let open = "/socket.io/?EIO=4&transport=polling";
    let ask = async |method, origin| {
        let headers = [
            ("Origin", origin),
            ("Access-Control-Request-Headers", "x-mine"),
        ];
        request(server.address, method, open, &headers).await
    };
    let shared = |response: &Response| {
        let origin = response.header("access-control-allow-origin").to_owned();
        (response.status, origin)
    };
    let opened = ask("GET", PAGES).await;
    assert_eq!(shared(&opened), (200, PAGES.to_owned()));
    assert_eq!(opened.header("vary"), "origin");
    let preflight = ask("OPTIONS", PAGES).await;
    assert_eq!(shared(&preflight), (204, PAGES.to_owned()));
    assert_eq!(
        preflight.header("access-control-allow-methods"),
        "GET, POST"
    );
    assert_eq!(preflight.header("access-control-allow-headers"), "x-mine");
    for method in ["GET", "OPTIONS"] {
        let stranger = ask(method, "https://evil.example").await;
        assert_eq!(shared(&stranger), (403, String::new()));
    }
    RawClient::open(server.address, Some(PAGES)).await.unwrap();
    Chatter::from(&server, "/", Some(PAGES)).await.unwrap();
    let evil = Some("https://evil.example");
    assert!(RawClient::open(server.address, evil).await.is_err());
    assert!(Chatter::from(&server, "/", evil).await.is_err());
}

/// Opens a session by long-polling; its id.
async fn session(server: SocketAddr) -> String {
    let opened = get(server, "/socket.io/?EIO=4&transport=polling", &[]).await;
    let packet: Value = serde_json::from_str(&opened.text()[1..]).unwrap();
    packet["sid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_goes_on_as_one_websocket_and_no_more() {
    let server = TestServer::with(tutorials()).await;
    let id = session(server.address).await;
    let upgrade = format!("/socket.io/?EIO=4&transport=websocket&sid={id}");
    let mut socket = Chatter::at(&server, &upgrade).await;
    assert!(Chatter::from(&server, &upgrade, None).await.is_err());
    socket.says("2probe").await;
    assert_eq!(socket.hears().await.unwrap(), "3probe");
    socket.says("5").await;
    socket.says("40").await;
    let mut heard = socket.hears().await.unwrap();
    if heard == "2" {
        // The first ping is due at once.
        heard = socket.hears().await.unwrap();
    }
    assert!(heard.starts_with("40{"), "{heard}");
    assert!(Chatter::from(&server, &upgrade, None).await.is_err());
}

#[tokio::test]
async fn a_session_that_is_not_there_is_not_known() {
    let server = TestServer::with(tutorials()).await;
    for transport in ["polling", "websocket"] {
        let path = format!("/socket.io/?EIO=4&transport={transport}&sid=AAAAAAAAAAAAAAAA");
        let answer = get(server.address, &path, &[]).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains("Session ID unknown"));
    }
}
