//! A typed worker: it answers each new message of the channel work.

use crate::convex::app::messages::list_event::Event;
use crate::convex::app::messages::messages_client::MessagesClient;
use crate::convex::app::messages::{ListItem, ListRequest, SendRequest, SubscribeListRequest};
use tonic::transport::Channel;
use tonic::{Request, Status};

/// Follows the channel until the stream ends.
pub async fn answers(mut messages: MessagesClient<Channel>) -> Result<(), Status> {
    let args = ListRequest { channel: Some("work".into()), limit: Some(1.0) };
    let request = SubscribeListRequest { args: Some(args), ..Default::default() };
    let mut events = messages.subscribe_list(request).await?.into_inner();
    while let Some(event) = events.message().await? {
        if let Some(Event::Value(list)) = event.event {
            for row in list.value {
                answer(&mut messages, row).await?;
            }
        }
    }
    Ok(())
}

async fn answer(messages: &mut MessagesClient<Channel>, row: ListItem) -> Result<(), Status> {
    if row.author == "worker" {
        return Ok(());
    }
    let body = format!("done: {}", row.body);
    let mut request = Request::new(SendRequest { body, channel: Some("work".into()), author: Some("worker".into()) });
    // The request id is made of the message's: another run of the worker sends nothing twice.
    let id = format!("answer-to-{}", row.id).parse().map_err(|_| Status::internal("the id is no text of HTTP"))?;
    request.metadata_mut().insert("idempotency-key", id);
    messages.send(request).await?;
    Ok(())
}
