// Package openapi holds the OpenAPI document of the REST API. `.ci/generate` makes it from the protos, their HTTP rules and
// overlay.yaml. Existing generators write OpenAPI 2.0 or 3.0 only, need annotations in the protos, or are experimental
// (grpc-gateway's protoc-gen-openapiv3), and none describes streams, tickets or the errors of this gateway.
//
// Glossary:
//
//	route     a path and its HTTP methods
//	overlay   what the document has in addition to the protos: examples, errors, streams, routes that are no RPC
//	document  openapi.json, which the gateway serves as /openapi.json
package openapi
