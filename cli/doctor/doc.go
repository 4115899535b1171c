// Package doctor checks a gateway's settings against the real systems: the deployment, the issuers, the NATS server, this
// machine, and the proxy in front of a running gateway. Every check has a time limit, and changes nothing.
//
// Glossary:
//
//	check    one thing that is tried, with a name and a time limit
//	finding  the outcome of a check: its status, what it saw, and what to do about it
//	fix      what to do about a failure or a warning
package doctor
