// Package deployment is a Convex-compatible development deployment inside a Go process: functions written in Go, documents and
// files in memory, and Convex's HTTP API and sync protocol, so that any Convex client can use it. It serves
//
//   - function calls over HTTP: POST /api/query, /api/mutation, /api/action, /api/run/{module}/{function}, /api/function for
//     admins, and queries in the past and in batches: POST /api/query_ts, /api/query_at_ts, /api/query_batch;
//   - the sync protocol: GET /api/sync and /api/{version}/sync, a WebSocket with live queries, ordered mutations that run
//     once, actions, authentication, compression, and TransitionChunk messages for npm clients from 1.28.0 on;
//   - file storage: POST /api/storage/upload and GET /api/storage/{uuid}, and ctx.Storage for functions;
//   - admin keys (see Store.AdminKey), acting as a user with one, GET /api/check_admin_key, and for admins the system queries
//     _system/cli/modules:apiSpec (the function spec), _system/cli/convexUrl:cloudUrl and _system/frontend/backendState:backendState,
//     and POST /api/v1/pause_deployment and /api/v1/unpause_deployment;
//   - tokens of OpenID Connect and custom JWT providers;
//   - GET /, /version, /instance_version, /instance_name, and POST /echo;
//   - a Clerk instance under /clerk, which is the issuer of tokens: its keys, its Backend API and its webhooks (see package
//     convexgateway/dev/clerk), and POST /dev/token to sign in there; see Deployment.Token.
//
// Messages and error texts are Convex's (get-convex/convex-backend at 94a42c3): testdata/golden is what the real backend answered to
// 1,931 requests and messages, all of which a test replays; recorded_test.go is what it did besides.
//
// The parts: package store is the database, sync the WebSockets, app the functions and their runner, credential the verification
// of tokens and admin keys, call what passes between them, v the validators, serde how JSON is read; HTTP is here.
//
// Glossary:
//
//	control     a fault over HTTP, below /dev/control/
//	faults      what tests make a deployment do: close sockets, pause, restart, fail, delay, redact
//	issuer      the Clerk instance that signs the deployment's own tokens
//	redact      to send no error texts but a ConvexError's data, and no log lines, as in production
//	slot        room for one running function; there are some for each kind
//	stop        to run no functions, as when a deployment's user has paused it
//	store       what outlasts a deployment: the database, the issuer, the admin key
//
// # Signing in and out
//
// POST /dev/token {"user": "ada", "ttl": "60s", "claims": {…}} signs a user in at the Clerk instance and answers {"token"}. The
// rest is as with Clerk, with SecretKey as the bearer token, below ClerkAPIURL:
//
//	GET    /sessions/sess_ada          the session's status
//	POST   /sessions/sess_ada/tokens   its next token, with the lifetime and claims of the last sign-in
//	POST   /sessions/sess_ada/revoke   ends it; no more tokens
//	POST   /users/user_ada/ban         ends all sessions of the user
//	DELETE /users/user_ada             deletes the user and the sessions
//
// The end of a session is sent to the URL of SetWebhookURL, signed with WebhookSecret, before the request is answered. Another
// POST /dev/token for the user is a new sign-in: the session of the same id is active again, and has tokens.
//
// # Faults for tests
//
// Function handlers may block and count, and Stats counts sockets, messages and calls. CutSockets, CloseSockets, Pause and
// Resume, Restart, Stop, Deploy, FailNext, FailNextUpgrades, Delay and SetRedact are faults that a test turns on. With
// Config.Store a deployment continues with the data of another.
//
// With Config.Controls the faults are available over HTTP, too, for test suites in other languages. Bodies are JSON objects; fields
// may be left out, and so may the body. The answer is {}, or 400 BadControlRequest. Requests under /dev/ and /clerk/ neither pause
// nor fail.
//
//	POST /dev/control/cut            {}
//	POST /dev/control/close          {"code": 1013, "reason": "text"}   code 0 or none: an empty close frame
//	POST /dev/control/pause          {}
//	POST /dev/control/resume         {}
//	POST /dev/control/restart        {"keepSockets": true}              keeps the connection of this request
//	POST /dev/control/stop           {"state": "paused"}            or usage_limit, disabled_free_plan, disabled_paid_plan, suspended;
//	                                 none runs functions again
//	POST /dev/control/fail           {"n": 1, "status": 503, "code": "ExpiredInQueue", "message": "text"}
//	POST /dev/control/fail_upgrades  {"n": 1, "status": 503}            status 0 or none drops the connection, here and above
//	POST /dev/control/delay          {"ms": 250}
//	POST /dev/control/redact         {"on": true}
//	GET  /dev/control/stats          Stats as {"sockets", "socketsOpened", "httpCalls": {"query messages:list": 1}, "queryRuns":
//	                                 {"messages:list": 1}, "authenticates", "frames"}
//	GET  /dev/control/admin_key      {"adminKey"}
//
// Config.Controls also adds functions to the app:
//
//	testing:big {bytes}        query: a string of that many bytes
//	testing:log {}             query: logs one line of each level
//	testing:slowCounter {name, ms, id?} query: waits, and returns counter:get of the name
//	testing:slow {ms}          mutation: waits, writes a row, returns ms
//	testing:upload {}          mutation: an upload URL
//	testing:url {storageId}    query: a download URL, or null
//	testing:delete {storageId} mutation: deletes a file
//	testing:rows {paginationOpts} query: a page of rows, ordered by position
//	testing:insertRow {position} mutation: inserts a row, returns its id
//	testing:deleteRow {id}     mutation: deletes a row
//
// # Where it is simpler than Convex
//
//   - Nothing is stored on disk. Records of mutations are kept as long as the Store, not 14 days.
//   - Functions are Go: their stack frames are one, without line and column, and they have no limits on time, memory, reads and
//     writes. A mutation that blocks delays the following mutations of its socket until its context ends, after 60 s.
//   - Nothing commits in the background, so timestamps move with the app's own commits only.
//   - No components, schemas, HTTP actions, scheduled functions, crons, search or vector indexes, environment variables. The
//     HTTP API is what is listed above: no /metrics, /api/public_openapi.json, /api/shapes2, and nothing that deploys over HTTP.
//   - Functions have no access to a request's address, user agent, id or token.
//   - One admin key, for everything and without end: none for reading only or for some operations, and none is checked again
//     while a socket is open. Texts of key errors do not name the deployment.
//   - System tables are accessible only through ctx.Storage and the system queries above; the function spec is in the order of
//     identifiers.
//   - Files are at most 1 GiB. Actions have no storage.store and storage.get, functions no storage.getMetadata.
//   - The keys of a custom JWT provider are not cached; OpenID discovery is cached for Cache-Control's max-age.
//   - Equal queries that run at once take a slot each, and there is no limit on bytes written a second.
//   - Compression is negotiated as by Convex, but messages of less than 128 bytes are sent uncompressed, as a sender may.
//   - Pages ignore maximumRowsRead and maximumBytesRead, and never recommend or require a split.
package deployment
