// What tsc refuses.
import { create } from "@bufbuild/protobuf";
import { ListRequestSchema, SendRequestSchema } from "../gen/convex/app/messages/messages_pb.js";

create(SendRequestSchema, { text: "hello" }); // refused
create(ListRequestSchema, { limit: "ten" }); // refused
create(SendRequestSchema, { body: "hello" });
