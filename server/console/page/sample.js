// Functions of the development deployment's sample app, to try.

export const sample = [
  { kind: "subscribe", path: "messages:list", args: "{}" },
  { kind: "watch", path: "messages:list", args: '{\n  "limit": 1\n}' },
  { kind: "watch", path: "counter:get", args: '{\n  "name": "clicks"\n}' },
  { kind: "mutate", path: "messages:send", args: '{\n  "body": "hello"\n}' },
  { kind: "query", path: "users:me", args: "{}" },
  { kind: "mutate", path: "counter:add", args: '{\n  "name": "clicks"\n}' },
  { kind: "query", path: "values:echo", args: '{\n  "value": { "$integer": "KgAAAAAAAAA=" }\n}' },
  { kind: "query", path: "errors:convex", args: '{\n  "data": { "code": "NOT_FOUND" }\n}' },
  { kind: "action", path: "actions:sleep", args: '{\n  "ms": 500\n}' },
];
