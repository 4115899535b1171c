// Package openapi holds the OpenAPI document of the REST face. It is generated from the protos, their HTTP rules and
// overlay.yaml (`.ci/generate`): generators at hand either stop at OpenAPI 2.0 or 3.0, want annotations in the protos, or call
// themselves alpha (grpc-gateway's protoc-gen-openapiv3), and none knows of streams, tickets or this gateway's errors.
package openapi

import _ "embed" // the document

// Document is OpenAPI 3.1 as JSON.
//
//go:embed openapi.json
var Document []byte
