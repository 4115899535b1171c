package openapi

import _ "embed" // the document

// Document is OpenAPI 3.1 as JSON.
//
//go:embed openapi.json
var Document []byte
