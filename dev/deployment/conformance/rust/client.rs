//! ConvexClient of the crate convex, over the sync socket.
//!
//! There is no test that mutations run exactly once: the client has another session id on each socket, so that a deployment
//! cannot recognise a repeated mutation. And a mutation that is called without a socket fails at once, and still runs later.

use conformance::{args, client, control, field, has, post, token, unique, until};
use convex::{FunctionResult, Value};
use serde_json::json;

fn value(value: impl Into<Value>) -> FunctionResult {
    FunctionResult::Value(value.into())
}

fn is_user(result: &FunctionResult, name: &str) -> bool {
    field(result, "subject") == Some(&format!("user_{name}").into())
}

#[tokio::test]
async fn query_mutation_action() {
    let mut client = client().await;
    let name = unique();
    let counter = args([("name", name.clone())]);
    assert_eq!(client.query("counter:get", counter.clone()).await.unwrap(), value(0.0));
    let add = args([("name", name), ("by", 2.5.into())]);
    assert_eq!(client.mutation("counter:add", add).await.unwrap(), value(2.5));
    assert_eq!(client.query("counter:get", counter).await.unwrap(), value(2.5));
    assert_eq!(client.action("actions:sleep", args([("ms", 1.0.into())])).await.unwrap(), value(1.0));
}

#[tokio::test]
async fn values_round_trip() {
    let mut client = client().await;
    for sent in [
        Value::Null,
        true.into(),
        "é 🙂 \u{2028}".into(),
        0.0.into(),
        (-0.0).into(),
        5e-324.into(),
        (-1e300).into(),
        f64::NAN.into(),
        f64::INFINITY.into(),
        f64::NEG_INFINITY.into(),
        0i64.into(),
        i64::MIN.into(),
        i64::MAX.into(),
        Vec::<u8>::new().into(),
        vec![0u8, 16, 131].into(),
        Value::Array(vec![Value::Array(vec![]), 1i64.into()]),
        Value::Object(args([("", Value::Null), ("with space", vec![255u8].into())])),
    ] {
        let received = client.query("values:echo", args([("value", sent.clone())])).await.unwrap();
        assert_eq!(received, FunctionResult::Value(sent));
    }
}

#[tokio::test]
async fn subscription_follows_writes_of_others() {
    let channel = args([("channel", unique())]);
    let mut reader = client().await;
    let mut live = reader.subscribe("messages:list", channel.clone()).await.unwrap();
    assert_eq!(until(&mut live, |_| true).await, FunctionResult::Value(Value::Array(vec![])));
    let mut writer = client().await;
    let mut message = channel.clone();
    message.insert("body".into(), "one".into());
    let FunctionResult::Value(id) = writer.mutation("messages:send", message).await.unwrap() else { panic!("no id") };
    let has_message = |result: &FunctionResult| match result {
        FunctionResult::Value(Value::Array(list)) => {
            matches!(&list[..], [Value::Object(message)] if message["_id"] == id && message["body"] == "one".into())
        }
        _ => false,
    };
    until(&mut live, has_message).await;
    assert_eq!(writer.mutation("messages:clear", channel).await.unwrap(), value(1i64));
    until(&mut live, |result| *result == FunctionResult::Value(Value::Array(vec![]))).await;
}

#[tokio::test]
async fn mutations_keep_their_order() {
    let client = client().await;
    let name = unique();
    let mut running = Vec::new();
    for _ in 0..50 {
        let mut client = client.clone();
        let add = args([("name", name.clone())]);
        running.push(tokio::spawn(async move { client.mutation("counter:add", add).await.unwrap() }));
        tokio::task::yield_now().await; // so that the client gets the mutation
    }
    for (i, mutation) in running.into_iter().enumerate() {
        assert_eq!(mutation.await.unwrap(), value((i + 1) as f64));
    }
}

#[tokio::test]
async fn errors_have_data_or_text() {
    let mut client = client().await;
    let data = Value::Object(args([("code", "FULL".into()), ("seats", 3i64.into())]));
    let thrown = args([("data", data.clone())]);
    for result in [
        client.query("errors:convex", thrown.clone()).await.unwrap(),
        client.mutation("errors:convexMutation", thrown).await.unwrap(),
    ] {
        let FunctionResult::ConvexError(error) = result else { panic!("{result:?} is no ConvexError") };
        assert_eq!(error.data, data);
    }
    for (result, text) in [
        (client.query("errors:crash", args([])).await.unwrap(), "Uncaught Error: boom"),
        (client.mutation("errors:crashMutation", args([])).await.unwrap(), "Uncaught Error: boom"),
        (client.action("internal:secret", args([])).await.unwrap(), "Could not find public function for 'internal:secret'"),
        (client.query("counter:get", args([])).await.unwrap(), "ArgumentValidationError"),
    ] {
        let FunctionResult::ErrorMessage(message) = result else { panic!("{result:?} is no error") };
        assert!(message.contains(text), "{message}");
    }
}

#[tokio::test]
async fn set_auth_changes_the_user() {
    if !has("DEPLOYMENT_TOKENS") {
        return;
    }
    let mut client = client().await;
    let mut live = client.subscribe("users:me", args([])).await.unwrap();
    assert_eq!(until(&mut live, |_| true).await, FunctionResult::Value(Value::Null));
    for user in ["ada", "bob"] {
        client.set_auth(Some(token(user))).await;
        until(&mut live, |me| is_user(me, user)).await;
    }
    client.set_auth(None).await;
    until(&mut live, |me| *me == FunctionResult::Value(Value::Null)).await;
}

#[tokio::test]
async fn a_lost_socket_is_replaced() {
    if !has("DEPLOYMENT_CONTROLS") {
        return;
    }
    let mut client = client().await;
    client.set_auth(Some(token("ada"))).await;
    let name = unique();
    let counter = args([("name", name.clone())]);
    let mut live = client.subscribe("counter:get", counter.clone()).await.unwrap();
    until(&mut live, |n| *n == value(0.0)).await;
    for (round, fault) in ["cut", "close", "restart"].into_iter().enumerate() {
        control(fault);
        post("/api/mutation", json!({ "path": "counter:add", "args": { "name": as_text(&name) } }));
        let expected = (2 * round + 1) as f64;
        until(&mut live, |n| *n == value(expected)).await;
        assert_eq!(client.mutation("counter:add", counter.clone()).await.unwrap(), value(expected + 1.0));
        assert!(is_user(&client.query("users:me", args([])).await.unwrap(), "ada"));
    }
}

#[tokio::test]
async fn large_results_arrive_complete() {
    if !has("DEPLOYMENT_CONTROLS") {
        return;
    }
    let mut client = client().await;
    let result = client.query("testing:big", args([("bytes", 6e6.into())])).await.unwrap();
    let FunctionResult::Value(Value::String(text)) = result else { panic!("no text") };
    assert_eq!(text.len(), 6_000_000);
}

fn as_text(value: &Value) -> &str {
    match value {
        Value::String(text) => text,
        _ => panic!("{value:?} is no text"),
    }
}
