// Package deployment is a Convex-compatible development deployment inside a Go process: functions written in Go, documents and
// files in memory, and Convex's own wire in front of them, so that any Convex client can talk to it. It serves
//
//   - function calls over HTTP: POST /api/query, /api/mutation, /api/action, /api/run/{module}/{function}, /api/function for
//     admins, and queries in the past and in batches: POST /api/query_ts, /api/query_at_ts, /api/query_batch;
//   - the sync protocol: GET /api/sync and /api/{version}/sync, a WebSocket with live queries, ordered mutations that run
//     once, actions, authentication, compression, and TransitionChunk messages for npm clients from 1.28.0 on;
//   - file storage: POST /api/storage/upload and GET /api/storage/{uuid}, and ctx.Storage for functions;
//   - admin keys (see Store.AdminKey), acting as a user with one, GET /api/check_admin_key, and the function spec, as the
//     queries _system/cli/modules:apiSpec and _system/cli/convexUrl:cloudUrl;
//   - tokens of OpenID Connect and custom JWT providers;
//   - GET /, /version, /instance_version, /instance_name, and POST /echo;
//   - a Clerk instance under /clerk, which is the issuer of tokens: its keys, its Backend API and its webhooks (see package
//     package convexgateway/dev/clerk), and POST /dev/token to sign in there; see Deployment.Token.
//
// What goes over the wire is Convex's (get-convex/convex-backend at 94a42c3), error texts included.
//
// # Signing in and out
//
// POST /dev/token {"user": "ada", "ttl": "60s", "claims": {…}} signs a user in at the Clerk instance and answers {"token"}. What
// follows is as with Clerk, with SecretKey as the bearer, below ClerkAPIURL:
//
//	GET    /sessions/sess_ada          the session's status
//	POST   /sessions/sess_ada/tokens   its next token, with the lifetime and claims that were asked for last
//	POST   /sessions/sess_ada/revoke   ends it; no more tokens
//	POST   /users/user_ada/ban         ends all sessions of the user
//	DELETE /users/user_ada             and forgets them
//
// Each end is told to the URL of SetWebhookURL, signed with WebhookSecret, before it is answered. Another POST /dev/token for the
// user is a new sign-in: the session, having the same id, is active again, and there are tokens for it.
//
// # Trouble for tests
//
// Function handlers may block and count, and Stats counts what clients did. A deployment misbehaves on demand: CutSockets,
// CloseSockets, Pause and Resume, Restart, FailNext, FailNextUpgrades, Delay, SetRedact. Config.Store lets a deployment go on
// where another ended.
//
// With Config.Controls the same is there over HTTP, for test suites in other languages. Bodies are JSON objects; fields may be
// left out, and an empty body too. The answer is {}, or 400 BadControlRequest. Nothing under /dev/ or /clerk/ pauses or fails.
//
//	POST /dev/control/cut            {}
//	POST /dev/control/close          {"code": 1013, "reason": "text"}   code 0 or none: an empty close frame
//	POST /dev/control/pause          {}
//	POST /dev/control/resume         {}
//	POST /dev/control/restart        {"keepSockets": true}              spares the connection that asks
//	POST /dev/control/fail           {"n": 1, "status": 503, "code": "ExpiredInQueue", "message": "text"}
//	POST /dev/control/fail_upgrades  {"n": 1, "status": 503}            status 0 or none drops the connection, here and above
//	POST /dev/control/delay          {"ms": 250}
//	POST /dev/control/redact         {"on": true}
//	GET  /dev/control/stats          Stats as {"sockets", "socketsOpened", "httpCalls": {"query messages:list": 1}, "queryRuns":
//	                                 {"messages:list": 1}, "authenticates", "frames"}
//	GET  /dev/control/admin_key      {"adminKey"}
//
// It also adds functions to the app:
//
//	testing:big {bytes}        query: a string of that many bytes
//	testing:log {}             query: logs one line of each level
//	testing:slow {ms}          mutation: waits, writes a row, returns ms
//	testing:upload {}          mutation: an upload URL
//	testing:url {storageId}    query: a download URL, or null
//	testing:delete {storageId} mutation: deletes a file
//
// # Where it is simpler than Convex
//
//   - Nothing is stored on disk. Records of mutations are kept as long as the Store is, not 14 days.
//   - Mutations are serialisable, by running again when what they read has changed before they could commit. Convex gives up
//     after four times; this deployment does not, and has no other limit on a transaction's time, reads or writes.
//   - No components, schemas, HTTP actions, scheduled functions, crons, search or vector indexes, environment variables. Of the
//     HTTP API, nothing but what is listed above: no GET /api/query, /metrics, /api/public_openapi.json or
//     /.well-known/jwks.json, and nothing that deploys.
//   - Functions cannot see a request's address, user agent, id or token. Clients are never told that they are too old.
//   - One admin key, for everything and for good: none for reading only or for some operations, and none is checked again
//     while a socket is open. Texts of key errors do not name the deployment.
//   - System tables are reachable through nothing but ctx.Storage and the two queries above; the function spec comes in the
//     order of identifiers.
//   - Files are at most 1 GiB. Actions have no storage.store and storage.get, functions no storage.getMetadata. A range that
//     reaches over a file's end is cut, and one that counts from the end is refused.
//   - Provider errors do not show URLs, algorithms or claims. Of a custom JWT provider's keys nothing is cached; OpenID
//     discovery has no other cache than Cache-Control's max-age.
//   - No limit on how many functions run at once in the deployment, and no rate limit.
//   - An error text shows one stack frame, without line and column; a value that breaks the rules of values is described in
//     this module's words.
//   - A mutation that blocks holds the sync socket's mutations up until its context ends, after 60 s.
//   - Compression is taken up for the same offers as Convex's and with the same parameters, but what is shorter than 128 bytes
//     goes uncompressed, as a sender may. A client's message may have 64 MiB, in frames of any size.
//   - What makes a transition too large for one message is estimated by the length of its results, not by memory.
//   - Pages ignore maximumRowsRead and maximumBytesRead, and never recommend or require a split.
package deployment
