//! The deployment under test.

use std::{
    collections::BTreeMap,
    env,
    io::{Read, Write},
    net::TcpStream,
    process,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use convex::{ConvexClient, FunctionResult, QuerySubscription, Value};
use futures::StreamExt;
use serde_json::{Value as Json, json};

const TIMEOUT: Duration = Duration::from_secs(20);

fn url() -> String {
    env::var("DEPLOYMENT_URL").expect("DEPLOYMENT_URL is not set")
}

pub async fn client() -> ConvexClient {
    ConvexClient::new(&url()).await.expect("connects")
}

/// Waits for a result. A subscription repeats its newest one whenever anything on the socket has changed.
pub async fn until(live: &mut QuerySubscription, wanted: impl Fn(&FunctionResult) -> bool) -> FunctionResult {
    let found = async {
        loop {
            let result = live.next().await.expect("the subscription has ended");
            if wanted(&result) {
                return result;
            }
        }
    };
    tokio::time::timeout(TIMEOUT, found).await.expect("no such result in time")
}

/// Whether the deployment has something that a test needs; a test that returns for want of it says so.
pub fn has(variable: &str) -> bool {
    let there = env::var(variable).is_ok_and(|value| !value.is_empty());
    if !there {
        eprintln!("NOT TESTED: {variable} is not set");
    }
    there
}

/// Posts a JSON body to the deployment and returns the answer's.
pub fn post(path: &str, body: Json) -> Json {
    post_to(&(url() + path), body)
}

fn post_to(url: &str, body: Json) -> Json {
    let (host, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("an http URL with a path");
    let body = body.to_string();
    let mut stream = TcpStream::connect(host).expect("connects");
    write!(
        stream,
        "POST /{path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len(),
    )
    .expect("writes");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("reads");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
    assert!(head.contains(" 200 "), "{path}: {answer}");
    serde_json::from_str(body).expect("JSON")
}

/// Turns on a fault of the deployment: cut, close, restart and others.
pub fn control(action: &str) {
    post(&format!("/dev/control/{action}"), json!({}));
}

/// A session token of a user, valid for a minute.
pub fn token(user: &str) -> String {
    let tokens = env::var("DEPLOYMENT_TOKENS").expect("DEPLOYMENT_TOKENS is not set");
    post_to(&tokens, json!({ "user": user }))["token"].as_str().expect("a token").to_owned()
}

/// A counter or channel that no other test uses.
pub fn unique() -> Value {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("rs{}n{}", process::id(), LAST.fetch_add(1, Ordering::Relaxed)).into()
}

/// Arguments of a call.
pub fn args<const N: usize>(fields: [(&str, Value); N]) -> BTreeMap<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A field of an object.
pub fn field<'a>(result: &'a FunctionResult, name: &str) -> Option<&'a Value> {
    match result {
        FunctionResult::Value(Value::Object(fields)) => fields.get(name),
        _ => None,
    }
}
