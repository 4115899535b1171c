// A typed worker: it answers each new message of the channel work.
import type { Client } from "@connectrpc/connect";
import type { ListItem, Messages } from "../gen/convex/app/messages/messages_pb.js";

/** Follows the channel without end. */
export async function answers(messages: Client<typeof Messages>): Promise<void> {
  for await (const { event } of messages.subscribeList({ args: { channel: "work", limit: 1 } })) {
    if (event.case === "value") {
      for (const row of event.value.value) {
        await answer(messages, row);
      }
    }
  }
}

async function answer(messages: Client<typeof Messages>, row: ListItem): Promise<void> {
  if (row.author !== "worker") {
    // The request id is made of the message's: another run of the worker sends nothing twice.
    const headers = { "idempotency-key": `answer-to-${row.id}` };
    await messages.send({ body: `done: ${row.body}`, channel: "work", author: "worker" }, { headers });
  }
}
