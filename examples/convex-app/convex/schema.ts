import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

// Every function reads through an index, so that a write to one channel or counter reruns no query of another.
export default defineSchema({
  messages: defineTable({
    author: v.string(),
    body: v.string(),
    channel: v.string(),
  }).index("by_channel", ["channel"]),

  counters: defineTable({
    name: v.string(),
    value: v.number(),
  }).index("by_name", ["name"]),
});
