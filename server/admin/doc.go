// Package admin serves an operator's commands on the admin port: which streams are open, to disconnect some, to block a function, to drain. Commands
// act on all replicas, by way of the exchange between them; lists and the drain are of the replica that is asked.
//
// Glossary:
//
//	operator  who has the admin token, or a client certificate that the admin port's authority has signed
//	command   what changes something; each is an audit line
//	block     a function that is refused until a time
package admin
