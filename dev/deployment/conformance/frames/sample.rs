//! A frame of every kind, in an order that a client accepts: each Transition starts at the version where the last one ended.

use anyhow::Result;
use convex::Value;
use convex_sync_types::{
    AuthenticationToken, ClientMessage, ErrorPayload, LogLinesMessage, Query, QueryId, QuerySetModification,
    ServerMessage, SessionId, StateModification, StateVersion, Timestamp,
    types::{ClientEvent, SerializedArgs},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

type FromServer = ServerMessage<Value>;

/// One line for each frame.
pub fn lines() -> Result<String> {
    let mut lines = String::new();
    for frame in client_messages()? {
        lines += &format!("{}\n", json!({ "from": "client", "frame": Json::try_from(frame)? }));
    }
    for frame in server_messages() {
        lines += &format!("{}\n", json!({ "from": "server", "frame": Json::from(frame) }));
    }
    Ok(lines)
}

fn client_messages() -> Result<Vec<ClientMessage>> {
    let connect = |count, max_observed_timestamp, client_ts| ClientMessage::Connect {
        session_id: SessionId::new(Uuid::from_u128(0x6f1f9a37_6f0f_4f0f_8f11_0a3b1a2c3d4e)),
        connection_count: count,
        last_close_reason: "InitialConnect".into(),
        max_observed_timestamp,
        client_ts,
    };
    let authenticate = |token| ClientMessage::Authenticate { base_version: 0, token };
    let add = |id, journal| -> Result<_> {
        Ok(QuerySetModification::Add(Query {
            query_id: QueryId::new(id),
            udf_path: "values:echo".parse()?,
            args: args(json!({ "value": { "$integer": "AQAAAAAAAAA=" } }))?,
            journal,
            component_path: None,
        }))
    };
    Ok(vec![
        connect(0, None, None),
        connect(1, Some(timestamp(1)), Some(1_766_000_000_000)),
        authenticate(AuthenticationToken::None),
        authenticate(AuthenticationToken::User("not.a.token".into())),
        authenticate(AuthenticationToken::Admin("not-a-key".into(), None)),
        ClientMessage::ModifyQuerySet {
            base_version: 0,
            new_version: 1,
            modifications: vec![add(0, None)?, add(1, Some(None))?, QuerySetModification::Remove { query_id: QueryId::new(0) }],
        },
        ClientMessage::Mutation {
            request_id: 0,
            udf_path: "counter:add".parse()?,
            args: args(json!({ "name": "frames", "by": 1.0 }))?,
            component_path: None,
        },
        ClientMessage::Action {
            request_id: 1,
            udf_path: "actions.js:sleep".parse()?,
            args: args(json!({ "ms": 1.0 }))?,
            component_path: None,
        },
        ClientMessage::Event(ClientEvent { event_type: "ClientConnect".into(), event: json!({ "marks": [] }) }),
    ])
}

fn args(named: Json) -> Result<SerializedArgs> {
    Ok(SerializedArgs::from_args(vec![named])?)
}

fn server_messages() -> Vec<FromServer> {
    let mut steps = Steps(StateVersion::initial());
    let data = || Value::from("data");
    vec![
        steps.to(1, vec![updated(Value::from(1.0), None), failed(1, Some(data()))]),
        FromServer::Ping,
        response(0, Ok(Value::Null), Some(timestamp(2))),
        response(1, Err(ErrorPayload::ErrorData { message: "failed".into(), data: data() }), None),
        response(2, Err(ErrorPayload::Message("failed".into())), None),
        FromServer::ActionResponse { request_id: 3, result: Ok(Value::from(1i64)), log_lines: logs() },
        FromServer::ActionResponse { request_id: 4, result: Err(ErrorPayload::Message("failed".into())), log_lines: logs() },
        FromServer::ActionResponse {
            request_id: 5,
            result: Err(ErrorPayload::ErrorData { message: "failed".into(), data: Value::Null }),
            log_lines: logs(),
        },
        FromServer::TransitionChunk { chunk: "{\"type\":".into(), part_number: 0, total_parts: 2, transition_id: "10".into() },
        steps.to(1, vec![failed(0, Some(Value::Null)), StateModification::QueryRemoved { query_id: QueryId::new(1) }]),
        steps.to(1, vec![failed(0, None)]),
        steps.to(1, vec![]),
        steps.to(1, vec![updated(every_value(), Some("journal".into()))]),
        FromServer::AuthError { error_message: "no".into(), base_version: Some(0), auth_update_attempted: Some(true) },
        FromServer::AuthError { error_message: "no".into(), base_version: None, auth_update_attempted: None },
        FromServer::FatalError { error_message: "no".into() },
    ]
}

/// Transitions, each of which starts at the version where the one before ended.
struct Steps(StateVersion);

impl Steps {
    fn to(&mut self, query_set: u32, modifications: Vec<StateModification<Value>>) -> FromServer {
        let start_version = self.0;
        self.0 = StateVersion { query_set, identity: 0, ts: start_version.ts.succ().expect("a small timestamp") };
        FromServer::Transition {
            start_version,
            end_version: self.0,
            modifications,
            client_clock_skew: Some(-12),
            server_ts: Some(timestamp(1_766_000_000)),
        }
    }
}

fn updated(value: Value, journal: Option<String>) -> StateModification<Value> {
    StateModification::QueryUpdated { query_id: QueryId::new(0), value, log_lines: logs(), journal }
}

fn failed(id: u32, error_data: Option<Value>) -> StateModification<Value> {
    StateModification::QueryFailed {
        query_id: QueryId::new(id),
        error_message: "Server Error\nUncaught Error: boom\n".into(),
        log_lines: logs(),
        journal: None,
        error_data,
    }
}

fn response(request_id: u32, result: Result<Value, ErrorPayload<Value>>, ts: Option<Timestamp>) -> FromServer {
    FromServer::MutationResponse { request_id, result, ts, log_lines: logs() }
}

fn logs() -> LogLinesMessage {
    LogLinesMessage(vec!["[LOG] 'line'".into()])
}

fn every_value() -> Value {
    Value::Array(vec![
        Value::Null,
        true.into(),
        0.0.into(),
        (-0.0).into(),
        1e16.into(),
        1e-7.into(),
        f64::NAN.into(),
        f64::INFINITY.into(),
        i64::MIN.into(),
        "é🙂\u{2028}".into(),
        vec![0u8, 16, 131].into(),
        Value::Object([("a b".to_owned(), Value::Array(vec![]))].into()),
    ])
}

fn timestamp(ns: i64) -> Timestamp {
    Timestamp::try_from(ns).expect("not negative")
}
