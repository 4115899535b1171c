// Package rpc is the gRPC services, one RPC a file, and the interceptors in front of them.
//
// Glossary:
//
//	invocation    a checked request of a function: path, canonical arguments, format of the value
//	format        how a caller wants values: in google.protobuf.Value (Struct lane), or as JSON text (JSON lane)
//	event         one message of a Subscribe stream, encoded once for all streams that share it
//	resume token  what a client sends back to learn that a result has not changed
//	interceptor   what every call passes: the call's, the credential's, the rate's
package rpc
