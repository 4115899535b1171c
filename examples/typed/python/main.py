"""A typed worker: it answers each new message of the channel work."""

import os
import uuid

import grpc

from convex.app.messages import messages_pb2 as pb
from convex.app.messages.messages_pb2_grpc import MessagesStub


def answers(messages: MessagesStub) -> None:
    """Follows the channel without end."""
    request = pb.SubscribeListRequest(args=pb.ListRequest(channel="work", limit=1))
    for event in messages.SubscribeList(request):
        if event.WhichOneof("event") == "value":
            for row in event.value.value:
                answer(messages, row)


def answer(messages: MessagesStub, row: pb.ListItem) -> None:
    if row.author != "worker":
        # The id of the message is that of the request: another run of the worker sends nothing twice.
        request_id = str(uuid.uuid5(uuid.NAMESPACE_OID, row.id))
        messages.Send(pb.SendRequest(body=f"done: {row.body}", channel="work", author="worker"), metadata=[("idempotency-key", request_id)])


if __name__ == "__main__":
    with grpc.insecure_channel(os.environ.get("GATEWAY", "127.0.0.1:50051")) as channel:
        answers(MessagesStub(channel))
