// Package server assembles a gateway from its parts and runs it: settings, ports, readiness, drain, metrics and the admin port.
// What a call is and does is in the packages below it.
//
// Glossary:
//
//	gateway     one process that serves gRPC and REST in front of one deployment
//	upstream    the deployment, and the issuers of its callers' tokens
//	step        makes one part of a gateway; what it made is closed if a later step fails
//	closer      closes one part; closers run in reverse order
//	ready       the issuers' keys and the deployment have been reached once
//	drain       the time between the order to stop and the end: streams end, calls finish
//	admin port  metrics and profiles, without authentication
package server
