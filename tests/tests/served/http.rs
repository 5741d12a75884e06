//! What the relay serves over HTTP: the application, its health, its figures.

use std::fs;
use std::path::Path;

use liaison_server::router::API;
use liaison_shared::DocumentId;
use liaison_tests::http::request;
use liaison_tests::relay::{CLAIRE, TestRelay};
use liaison_tests::writing::{Writing, dossier};
use reqwest::{Client, Response};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const WASM: &str = "liaison-app-0123456789abcdef_bg.wasm";
const SCRIPT_HASH: &str = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=";

fn application(folder: &Path) {
    let write = |name: &str, content: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("index.html", "<!doctype html><p>Liaison</p>");
    write(WASM, "plain wasm");
    write(&format!("{WASM}.br"), "brotli wasm");
    write(&format!("{WASM}.gz"), "gzip wasm");
    write("sw.js", "// worker");
    write("manifest.webmanifest", "{}");
    write("icons/icon.svg", "<svg/>");
    write("build.json", &format!(r#"{{"version":"v","script_hashes":["{SCRIPT_HASH}"],"precache":[]}}"#));
    fs::write(folder.with_file_name("secret.txt"), "outside").unwrap();
}

async fn get(relay: &TestRelay, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Client::new().get(relay.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn files_come_in_the_best_form_the_browser_takes() {
    let relay = TestRelay::with_files(application).await;
    let path = format!("/{WASM}");
    let mut tags = Vec::new();
    for (accept, encoding, body) in
        [("br, gzip", "br", "brotli wasm"), ("gzip", "gzip", "gzip wasm"), ("identity", "", "plain wasm")]
    {
        let response = get(&relay, &path, &[("accept-encoding", accept)]).await;
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "content-encoding"), encoding);
        assert_eq!(header(&response, "content-type"), "application/wasm");
        assert_eq!(header(&response, "vary"), "accept-encoding");
        assert_eq!(header(&response, "cache-control"), "no-cache");
        tags.push(header(&response, "etag").to_owned());
        assert_eq!(response.text().await.unwrap(), body);
        let tag = tags.last().unwrap();
        let again = get(&relay, &path, &[("accept-encoding", accept), ("if-none-match", tag)]).await;
        assert_eq!(again.status(), 304);
        assert!(again.bytes().await.unwrap().is_empty());
    }
    tags.dedup();
    assert_eq!(tags.len(), 3, "each form has its own entity tag");
    // The tag of one form is not that of another.
    let other = get(&relay, &path, &[("accept-encoding", "br"), ("if-none-match", &tags[2])]).await;
    assert_eq!(other.status(), 200);
}

#[tokio::test]
async fn names_without_a_hash_are_asked_for_again_and_have_their_type() {
    let relay = TestRelay::with_files(application).await;
    for (path, mime) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/icons/icon.svg", "image/svg+xml"),
        ("/build.json", "application/json"),
    ] {
        let response = get(&relay, path, &[]).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(header(&response, "content-type"), mime);
        assert_eq!(header(&response, "cache-control"), "no-cache", "{path}");
    }
}

#[tokio::test]
async fn a_visit_to_a_route_gets_the_page_and_a_missing_file_does_not() {
    let relay = TestRelay::with_files(application).await;
    let html = [("accept", "text/html,application/xhtml+xml")];
    let visit = get(&relay, "/dossiers/0011", &html).await;
    assert_eq!(visit.status(), 200);
    assert!(visit.text().await.unwrap().contains("Liaison"));
    assert_eq!(get(&relay, "/missing.js", &[("accept", "*/*")]).await.status(), 404);
    for path in ["/api/nothing", "/metrics/nothing", "/sync/nothing"] {
        let response = get(&relay, path, &html).await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "not_found");
    }
}

#[tokio::test]
async fn no_address_leads_out_of_the_folder() {
    let relay = TestRelay::with_files(application).await;
    for path in ["/../secret.txt", "/icons/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//etc/passwd"]
    {
        // By hand: an HTTP client would tidy the address up.
        let mut stream = TcpStream::connect(relay.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 400"), "{path}: {answer}");
        assert!(!answer.contains("outside"), "{path}");
    }
}

/// The policy, on whatever a browser could show, and no cookie.
fn carries_the_policy(response: &Response) {
    let policy = header(response, "content-security-policy");
    assert!(policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' '{SCRIPT_HASH}';")), "{policy}");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
    // The picture of a link is shown as an image with this kind of address.
    assert!(policy.contains("img-src 'self' data:"), "{policy}");
    assert_eq!(header(response, "x-content-type-options"), "nosniff");
    assert_eq!(header(response, "referrer-policy"), "no-referrer");
    assert!(header(response, "permissions-policy").contains("payment=()"));
    assert_eq!(header(response, "cross-origin-opener-policy"), "same-origin");
    assert_eq!(header(response, "strict-transport-security"), "", "not without TLS in front");
    assert!(!response.headers().contains_key("set-cookie"));
}

#[tokio::test]
async fn every_response_carries_the_policy() {
    let relay = TestRelay::with_files(application).await;
    for path in ["/", "/healthz", "/metrics", "/sync", "/sw.js", "/missing.js", "/dossiers/0011"] {
        carries_the_policy(&get(&relay, path, &[]).await);
    }
    let claire = relay.login(CLAIRE).await;
    let bearer = format!("Bearer {}", claire.token);
    for route in API {
        let path = route.path.replace("{id}", &"0".repeat(32));
        for token in ["", bearer.as_str()] {
            let mut request = request(relay.address, route.method, &path).body("{}");
            // Not the one that would end the session for the rest of the list.
            if !token.is_empty() && route.path != "/logout" {
                request = request.header("authorization", token);
            }
            let response = request.header("content-type", "application/json").send().await.unwrap();
            carries_the_policy(&response);
            assert_eq!(header(&response, "cache-control"), "no-store", "{} {path}", route.method);
            assert_ne!(response.status(), 500);
        }
    }
    for path in ["/api/nothing", "/api/login"] {
        let response = get(&relay, path, &[]).await;
        carries_the_policy(&response);
        assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_relay_without_an_application_says_what_is_missing() {
    let relay = TestRelay::start().await;
    let response = get(&relay, "/", &[]).await;
    assert_eq!(response.status(), 404);
    assert!(response.text().await.unwrap().contains("n’est pas construite"));
}

#[tokio::test]
async fn health_and_figures_follow_the_log() {
    let relay = TestRelay::start().await;
    let mut client = relay.client(CLAIRE).await;
    let mut writing = Writing::new(DocumentId::client(dossier(1)), client.session.pen(1));
    client.push(writing.id(), &[writing.genesis(), writing.nom("Petit")]).await;
    client.push_raw("nothing", vec![vec![1]]).await.unwrap();
    let health: Value = get(&relay, "/healthz", &[]).await.json().await.unwrap();
    assert_eq!((health["status"].as_str(), health["head"].as_u64()), (Some("ok"), Some(2)));
    let figures = get(&relay, "/metrics", &[]).await.text().await.unwrap();
    for line in [
        "liaison_connections 1",
        "liaison_log_head 2",
        "liaison_changes_appended_total 2",
        "liaison_changes_refused_total{reason=\"unknown_document\"} 1",
        "liaison_append_batch_changes_count 1",
        "liaison_append_seconds_count 1",
    ] {
        assert!(figures.lines().any(|found| found == line), "{line} is not in\n{figures}");
    }
    assert!(!figures.contains("example.fr"));
}

#[tokio::test]
async fn requests_that_are_none_are_refused_in_french() {
    let relay = TestRelay::start().await;
    let post = |body: String, mime: &'static str| {
        Client::new().post(relay.url("/api/login")).header("content-type", mime).body(body).send()
    };
    for (body, mime, status, code) in [
        ("{}".to_owned(), "text/plain", 415, "json_expected"),
        ("{}".to_owned(), "application/json", 422, "invalid_request"),
        ("{".to_owned(), "application/json", 422, "invalid_request"),
        (" ".repeat(20_000), "application/json", 413, "too_large"),
    ] {
        let response = post(body, mime).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{code}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["code"], code);
        assert!(answer["message"].as_str().unwrap().starts_with("La demande"));
    }
    assert_eq!(get(&relay, "/api/login", &[]).await.status(), 405);
    assert_eq!(get(&relay, "/sync", &[]).await.status(), 426);
    let upgrade = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("origin", "https://ailleurs.example"),
    ];
    assert_eq!(get(&relay, "/sync", &upgrade).await.status(), 403);
}
