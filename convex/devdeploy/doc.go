// Package devdeploy is a Convex-compatible development deployment inside a Go process: functions written in Go, documents
// in memory, and Convex's own wire in front of them, so that any Convex client can talk to it. It serves
//
//   - function calls over HTTP: POST /api/query, /api/mutation, /api/action;
//   - the sync protocol: GET /api/sync and /api/{version}/sync, a WebSocket with live queries, ordered mutations that run
//     once, actions, and authentication;
//   - GET /, /version, /instance_version, /instance_name;
//   - a token issuer shaped like Clerk's under /clerk, and POST /dev/token for tokens of it.
//
// What goes over the wire is Convex's (get-convex/convex-backend at 94a42c3), error texts included. What is simpler:
//
//   - Nothing is stored on disk, and records of mutations are kept as long as the Store is.
//   - Mutations are serialisable, by running again when what they read has changed before they could commit. Convex gives up
//     after four times; this deployment does not, and has no other limit on a transaction's time, reads or writes.
//   - No admin keys, components, schemas, file storage, HTTP actions, scheduled functions, search or vector indexes; nothing
//     of the HTTP API but what is listed above; no TransitionChunk messages.
//   - No limit on how many functions run at once in the deployment, and no rate limit.
//   - A custom JWT provider cannot be configured; discovery has no other cache than Cache-Control's max-age.
//   - An error text shows one stack frame, without line and column.
//   - A mutation that blocks holds the sync socket's mutations up until its context ends, after 60 s.
//
// Function handlers may block and count, which makes the package a good peer for tests of Convex clients: see also Stats,
// CutSockets, CloseSockets, and Config.Store for restarts.
package devdeploy
