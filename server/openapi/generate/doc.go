// Command generate is a protoc plugin that writes openapi.json: operations and schemas from the protos and their HTTP rules,
// and everything else from an overlay.
//
// Glossary:
//
//	rule      a google.api.HttpRule: the HTTP methods and paths of an RPC
//	binding   one method and path of a rule
//	overlay   YAML that is merged into the generated document
//	closed    of a schema: unknown fields are refused
package main
