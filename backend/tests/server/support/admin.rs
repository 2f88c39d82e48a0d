//! The admin page as the server meets it: Socket.IO on the namespace `/admin`, spoken by hand. It keeps
//! all that it was ever sent.

use backend::Config;
use backend::config::AdminAccess;
use serde_json::{Value, json};

use super::raw::RawClient;
use super::{TestServer, soon};

/// "changeit", at bcrypt's lowest cost.
pub const HASH: &str = "$2b$04$7UvxavqAoXx34RmqrK6z3u8EbZI4/dY9acjSG7V6zZa2CF4pf.Ba2";

/// A server that lets an admin page in.
pub fn open_to_admin() -> Config {
    Config {
        admin: Some(AdminAccess {
            user: "root".to_owned(),
            password_hash: HASH.parse().unwrap(),
            read_only: false,
        }),
        ..Config::default()
    }
}

/// What the page sends to log in.
pub fn credentials(username: &str, password: &str) -> Value {
    json!({ "username": username, "password": password })
}

/// An event that the page was sent.
#[derive(Debug)]
pub struct Told {
    pub name: String,
    pub arguments: Vec<Value>,
}

pub struct AdminPage {
    client: RawClient,
    /// Socket.IO's id of this page.
    pub id: String,
    traffic: Vec<String>,
    next_ack: u64,
}

impl AdminPage {
    /// Logs in as the host.
    pub async fn log_in(server: &TestServer) -> Self {
        let answer = Self::connect(server, None, credentials("root", "changeit")).await;
        answer.expect("let in")
    }

    /// Connects as a page of that site, with anything in CONNECT; the error is the server's message.
    pub async fn connect(
        server: &TestServer,
        origin: Option<&str>,
        credentials: Value,
    ) -> Result<Self, String> {
        let mut client = RawClient::open(server.address, origin).await.unwrap();
        client.send(format!("40/admin,{credentials}")).await;
        let answer = client.text().await.unwrap();
        let (kind, payload) = answer.split_once("/admin,").unwrap();
        let payload: Value = serde_json::from_str(payload).unwrap();
        match kind {
            "40" => Ok(Self {
                client,
                id: payload["sid"].as_str().unwrap().to_owned(),
                traffic: vec![answer],
                next_ack: 0,
            }),
            "44" => Err(payload["message"].as_str().unwrap().to_owned()),
            _ => panic!("instead of an answer to CONNECT: {answer}"),
        }
    }

    /// The arguments of the next event of that name; all others are passed over.
    pub async fn told(&mut self, name: &str) -> Vec<Value> {
        // The server's figures keep coming.
        let telling = async {
            loop {
                let told = self.next().await;
                if told.name == name {
                    return told.arguments;
                }
            }
        };
        soon(name, telling).await
    }

    /// The next event that is about a namespace's sockets, but not that it sent or was sent something.
    pub async fn change(&mut self, nsp: &str) -> Told {
        let ends = ["connected", "disconnected", "updated", "joined", "left"];
        let changing = async {
            loop {
                let told = self.next().await;
                let about = match &told.arguments[0] {
                    Value::Object(socket) => socket.get("nsp").unwrap_or(&Value::Null),
                    other => other,
                };
                if ends.iter().any(|end| told.name.ends_with(end)) && about == nsp {
                    return told;
                }
            }
        };
        soon("a change", changing).await
    }

    /// The next event, whichever it is.
    pub async fn next(&mut self) -> Told {
        let text = self.text().await.expect("an event");
        let (name, arguments) = event(&text).unwrap_or_else(|| panic!("no event: {text}"));
        Told { name, arguments }
    }

    /// Sends an event and returns its answer; what comes before it is passed over.
    pub async fn ask(&mut self, event: Value) -> Value {
        let id = self.next_ack;
        self.next_ack += 1;
        self.client.send(format!("42/admin,{id}{event}")).await;
        let beginning = format!("43/admin,{id}[");
        let answering = async {
            loop {
                let text = self.text().await.expect("an answer");
                if let Some(answer) = text.strip_prefix(&beginning) {
                    return serde_json::from_str(answer.strip_suffix(']').unwrap()).unwrap();
                }
            }
        };
        soon("an answer", answering).await
    }

    /// All that it has been sent, once it has been told something that happens now.
    pub async fn traffic(&mut self) -> String {
        self.ask(json!(["emit"])).await;
        self.traffic.join("\n")
    }

    /// Reads until the server closes the namespace.
    pub async fn closed(&mut self) {
        let closing = async {
            while let Some(text) = self.text().await
                && text != "41/admin,"
            {}
        };
        soon("the close", closing).await;
    }

    async fn text(&mut self) -> Option<String> {
        let text = self.client.text().await?;
        self.traffic.push(text.clone());
        Some(text)
    }
}

fn event(text: &str) -> Option<(String, Vec<Value>)> {
    let mut arguments: Vec<Value> = serde_json::from_str(text.strip_prefix("42/admin,")?).ok()?;
    let name = arguments.remove(0).as_str()?.to_owned();
    Some((name, arguments))
}
