// Package server assembles a gateway: its settings (Config, Upstream), its parts and ports (New), and its run from the first
// call to the last drained stream (Serve). What calls do is in the packages below.
//
// Glossary:
//
//	deployment  the Convex deployment behind the gateway
//	upstream    the direction of the deployment and the issuers; "downstream" is that of clients
//	part        what a step of New makes; closers has what must be closed of it, newest first
//	ready       the issuers' keys are fetched and the deployment has answered
//	draining    the gateway is stopping: streams end with DRAINING, spread over the drain period, and running calls finish
//	admin port  metrics and profiles, without authentication
package server
