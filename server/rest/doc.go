// Package rest is HTTP in front of the services, by grpc-gateway: unary routes by its generated handlers over a connection
// within the process, streams as server-sent events or newline-delimited JSON.
//
// Glossary:
//
//	exchange  an HTTP request and its response: what REST needs of it besides its call
//	conn      the connection within the process, which runs the interceptors of gRPC
//	route     a method and a path; those of unary RPCs are in http.yaml
//	form      how a stream is written: SSE or NDJSON
//	frame     one event in a form
//	refusal   an error of a request that did not reach the interceptors
package rest
