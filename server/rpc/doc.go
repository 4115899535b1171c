// Package rpc is the gRPC services, one RPC a file, and the interceptors in front of them.
//
// Glossary:
//
//	interceptor   code that runs around every call: the call's own, the credential's, the rate's
//	invocation    a checked request of a function: path, canonical arguments, format of the value
//	format        how values are encoded: as google.protobuf.Value (Struct lane), or as JSON text (JSON lane)
//	event         one message of a Subscribe stream, encoded once for all streams that share it
//	link          the state of the connection to the deployment: connecting, connected, reconnecting
//	resume token  identifies a result; a client sends it back to get "unchanged" in place of an equal result
package rpc
