//! Convex Gateway from Rust: query, mutate, subscribe, sign in, and handle an error by its reason.

use std::{env, error::Error as _, time::Duration};

use serde_json::{Value, json};
use tokio::time::sleep;
use tonic::{
    Code, Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};
use tonic_types::StatusExt;

mod pb {
    tonic::include_proto!("convexgateway.v1");
}
use pb::{
    MutateRequest, QueryRequest, SubscribeRequest, ValueFormat, function_service_client::FunctionServiceClient,
    subscribe_response::Event,
};

type Gateway = FunctionServiceClient<InterceptedService<Channel, Credentials>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let target = env::var("GATEWAY").unwrap_or("127.0.0.1:50051".into());
    // With TLS: https://, and tonic's feature tls-native-roots
    let channel = Endpoint::from_shared(format!("http://{target}"))?
        .http2_keep_alive_interval(Duration::from_secs(30)) // detects dead connections: a stream may be idle for hours
        .keep_alive_timeout(Duration::from_secs(10))
        .keep_alive_while_idle(true)
        .connect_lazy();
    let gateway = FunctionServiceClient::with_interceptor(channel, Credentials::from_env()?);

    let me = query(&gateway, "users:me", json!({})).await?;
    match me["subject"].as_str() {
        Some(subject) => println!("signed in as {subject}"),
        None => println!("anonymous"),
    }

    let messages = query(&gateway, "messages:list", json!({"limit": 10})).await?;
    println!("query: {}", describe(&messages));

    match mutate(&gateway, "messages:send", json!({"body": ""})).await {
        Err(status) if reason(&status) == "CONVEX_ERROR" => {
            // thrown by the function, on purpose
            println!("refused: {} - {}", reason(&status), status.message());
        }
        other => return Err(format!("sending nothing: {other:?}").into()),
    }

    mutate(&gateway, "messages:send", json!({"body": "hello from Rust"})).await?;
    subscribe(&gateway, "messages:list", json!({"limit": 10}), |messages| {
        println!("subscribe: {}", describe(&messages));
    })
    .await?;
    Ok(())
}

/// Runs a query once. tonic reads no service config: its timeouts are set here, and nothing is retried.
async fn query(gateway: &Gateway, path: &str, args: Value) -> Result<Value, Status> {
    let mut request = Request::new(QueryRequest {
        path: path.into(),
        args_json: args.to_string().into(),
        value_format: ValueFormat::Json.into(),
        ..Default::default()
    });
    request.set_timeout(Duration::from_secs(30));
    let response = gateway.clone().query(request).await?.into_inner();
    decode(&response.value_json)
}

/// Runs a mutation once. After UNAVAILABLE it is sent again, up to 4 times, with the same request id, which keeps it from
/// running twice. An action is called as a query is.
async fn mutate(gateway: &Gateway, path: &str, args: Value) -> Result<Value, Status> {
    let message = MutateRequest {
        path: path.into(),
        args_json: args.to_string().into(),
        value_format: ValueFormat::Json.into(),
        request_id: format!("{:032x}", rand::random::<u128>()),
        ..Default::default()
    };
    let mut backoff = 0.5; // seconds
    loop {
        let mut request = Request::new(message.clone());
        request.set_timeout(Duration::from_secs(60));
        match gateway.clone().mutate(request).await {
            Ok(response) => return decode(&response.into_inner().value_json),
            Err(status) if !lost(&status) || backoff > 4.0 => return Err(status),
            Err(_) => pause(backoff).await,
        }
        backoff *= 2.0;
    }
}

/// Calls `next` with each new result of a query, until an error that trying again does not repair. A lost stream resumes
/// where it was.
async fn subscribe(gateway: &Gateway, path: &str, args: Value, mut next: impl FnMut(Value)) -> Result<(), Status> {
    let mut request = SubscribeRequest {
        path: path.into(),
        args_json: args.to_string().into(),
        value_format: ValueFormat::Json.into(),
        ..Default::default()
    };
    let mut backoff = 1.0; // seconds
    loop {
        if let Err(status) = follow(gateway, &mut request, &mut backoff, &mut next).await {
            println!("lost: {:?} {}", status.code(), reason(&status));
            if !lost(&status) {
                return Err(status);
            }
        }
        pause(backoff).await;
        backoff = f64::min(2.0 * backoff, 30.0);
    }
}

/// Follows one stream to its end. Each result puts its resume token into the request and resets the backoff.
async fn follow(
    gateway: &Gateway,
    request: &mut SubscribeRequest,
    backoff: &mut f64,
    next: &mut impl FnMut(Value),
) -> Result<(), Status> {
    let mut stream = gateway.clone().subscribe(request.clone()).await?.into_inner();
    while let Some(event) = stream.message().await? {
        if !event.resume_token.is_empty() {
            request.resume_token = event.resume_token;
            *backoff = 1.0;
        }
        match event.event {
            Some(Event::ValueJson(value)) => next(decode(&value)?),
            Some(Event::FunctionError(error)) => println!("the query failed: {}", error.reason), // the next write may repair it
            Some(Event::Unchanged(_)) => println!("resumed: unchanged"),
            _ => {}
        }
    }
    Ok(())
}

/// Whether another attempt may succeed: UNAVAILABLE, or an error of tonic's own, which may have any code.
fn lost(status: &Status) -> bool {
    status.code() == Code::Unavailable || status.source().is_some()
}

/// Waits for half of that time to all of it, in seconds.
async fn pause(backoff: f64) {
    sleep(Duration::from_secs_f64(backoff * rand::random_range(0.5..1.0))).await;
}

/// Puts a Clerk session token, if there is one, on every call.
#[derive(Clone)]
struct Credentials(Option<MetadataValue<Ascii>>);

impl Credentials {
    fn from_env() -> Result<Self, Box<dyn std::error::Error>> {
        let Ok(token) = env::var("TOKEN") else {
            return Ok(Self(None));
        };
        Ok(Self(Some(format!("Bearer {token}").parse()?)))
    }
}

impl Interceptor for Credentials {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(bearer) = &self.0 {
            request.metadata_mut().insert("authorization", bearer.clone());
        }
        Ok(request)
    }
}

/// The reason of the status's google.rpc.ErrorInfo, which is also in the trailer `error-reason`. Empty if the error is not
/// the gateway's, for instance if there is no connection.
fn reason(status: &Status) -> String {
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}

fn decode(json: &[u8]) -> Result<Value, Status> {
    serde_json::from_slice(json).map_err(|error| Status::internal(error.to_string()))
}

fn describe(messages: &Value) -> String {
    let messages = messages.as_array().map(Vec::as_slice).unwrap_or_default();
    match messages.last() {
        Some(last) => format!(
            "{} messages, the last: {}",
            messages.len(),
            last["body"].as_str().unwrap_or_default()
        ),
        None => "0 messages".into(),
    }
}
