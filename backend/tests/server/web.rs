//! What browsers get over plain HTTP: the page, its files and their headers.

use std::fs;
use std::path::Path;

use backend::Config;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::http::{Response, get, request};
use crate::support::{TestServer, soon};

const PAGE: &str = "<!doctype html><script type=\"module\">alert(1)</script>";
const SCRIPT: &str = "/-/frontend-0123456789abcdef.js";

/// A server with a bundle as trunk makes it.
async fn server() -> (TestServer, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    fs::create_dir(folder.path().join("-")).unwrap();
    write("index.html", PAGE.as_bytes());
    write(&SCRIPT[1..], b"export default 1;");
    write(&format!("{}.br", &SCRIPT[1..]), b"as if in Brotli");
    write("-/frontend-0123456789abcdef_bg.wasm", b"\0asm");
    write("-/icon.svg", b"<svg/>");
    let server = with_page(folder.path()).await;
    (server, folder)
}

async fn with_page(folder: &Path) -> TestServer {
    TestServer::with(Config {
        page: Some(folder.to_owned()),
        ..Config::default()
    })
    .await
}

fn assert_is_page(response: &Response, path: &str) {
    assert_eq!(response.status, 200, "{path}");
    assert_eq!(response.text(), PAGE, "{path}");
    assert_eq!(response.header("content-type"), "text/html; charset=utf-8");
}

#[tokio::test]
async fn the_page_is_at_the_root_at_every_room_and_where_people_meet_or_check() {
    let (server, _folder) = server().await;
    for path in [
        "/",
        "/Lobby",
        "/%ED%95%9C%EA%B8%80%EB%B0%A9",
        "/-/meet",
        "/-/check",
        "/a%20b?x=y",
    ] {
        assert_is_page(&get(server.address, path, &[]).await, path);
    }
    let head = request(server.address, "HEAD", "/Lobby", &[]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(
        request(server.address, "POST", "/Lobby", &[]).await.status,
        405
    );
}

#[tokio::test]
async fn what_is_neither_page_nor_file_is_not_found() {
    let (server, _folder) = server().await;
    for path in [
        "/-/nothing.js",
        "/-/../index.html",
        "/-/%2e%2e/index.html",
        "/-/..%2findex.html",
        "/-/.hidden",
        "/-//index.html",
        "/-/",
    ] {
        assert_eq!(get(server.address, path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_path_that_can_be_no_room_is_not_found_and_the_page_says_so() {
    let (server, _folder) = server().await;
    let answer = get(server.address, "/tea/and/cake", &[]).await;
    assert_eq!(answer.status, 404);
    let page = get(server.address, "/", &[]).await;
    assert_eq!(answer.body, page.body);
}

#[tokio::test]
async fn the_page_is_fenced_in_and_its_own_inline_script_may_run() {
    let (server, _folder) = server().await;
    let page = get(server.address, "/", &[]).await;
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.split("; ").any(|found| found == part), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline"));
    let permissions = page.header("permissions-policy");
    for feature in [
        "camera",
        "microphone",
        "display-capture",
        "fullscreen",
        "autoplay",
    ] {
        assert!(permissions.contains(&format!("{feature}=(self)")));
    }
    for path in ["/", SCRIPT, "/healthz", "/-/nothing"] {
        let response = get(server.address, path, &[]).await;
        assert_eq!(response.header("x-content-type-options"), "nosniff");
        assert_eq!(response.header("referrer-policy"), "no-referrer");
        assert_eq!(response.header("cross-origin-opener-policy"), "same-origin");
    }
}

#[tokio::test]
async fn a_file_comes_in_brotli_to_those_who_accept_it() {
    let (server, _folder) = server().await;
    let plain = get(server.address, SCRIPT, &[]).await;
    assert_eq!(plain.text(), "export default 1;");
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(
        plain.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    let brotli = get(server.address, SCRIPT, &[("Accept-Encoding", "gzip, br")]).await;
    assert_eq!(brotli.text(), "as if in Brotli");
    assert_eq!(brotli.header("content-encoding"), "br");
    assert_ne!(brotli.header("etag"), plain.header("etag"));
    for response in [plain, brotli] {
        assert_eq!(response.header("vary"), "accept-encoding");
    }
    let wasm = "/-/frontend-0123456789abcdef_bg.wasm";
    let wasm = get(server.address, wasm, &[("Accept-Encoding", "br")]).await;
    assert_eq!(wasm.header("content-type"), "application/wasm");
    assert_eq!(wasm.body, b"\0asm");
}

#[tokio::test]
async fn files_are_kept_for_ever_and_the_page_is_asked_for_again() {
    let (server, _folder) = server().await;
    let file = get(server.address, SCRIPT, &[]).await;
    assert!(file.header("cache-control").contains("immutable"));
    let page = get(server.address, "/", &[]).await;
    assert_eq!(page.header("cache-control"), "no-cache");

    let tag = page.header("etag");
    let again = get(server.address, "/", &[("If-None-Match", tag)]).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let other = get(server.address, "/", &[("If-None-Match", "\"x\"")]).await;
    assert_is_page(&other, "/");
}

#[tokio::test]
async fn machines_find_what_they_ask_for() {
    let (server, _folder) = server().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(get(server.address, path, &[]).await.status, 200);
    }
    let robots = get(server.address, "/robots.txt", &[]).await;
    assert!(robots.text().contains("Disallow: /\n"));
    let icon = get(server.address, "/favicon.ico", &[]).await;
    assert_eq!((icon.status, icon.text()), (200, "<svg/>"));
    assert_eq!(icon.header("content-type"), "image/svg+xml");
    assert_eq!(icon.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn without_a_bundle_the_page_says_how_to_build_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = with_page(&folder.path().join("nothing")).await;
    let page = get(server.address, "/", &[]).await;
    assert_eq!(page.status, 503);
    assert!(page.text().contains("trunk build"), "{}", page.text());
    assert_eq!(get(server.address, "/favicon.ico", &[]).await.status, 404);
}

#[tokio::test]
async fn one_who_does_not_finish_a_request_is_not_waited_for() {
    let server = TestServer::start().await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nHost:").await.unwrap();
    let mut answer = Vec::new();
    soon("the close", slow.read_to_end(&mut answer))
        .await
        .unwrap();
}
