// Package memnet is a network of one address in memory, so that real clients and servers run in one testing/synctest bubble.
//
// Glossary:
//
//	dial    makes a pair of connections; the listener accepts the server's
//	bubble  goroutines with a clock of their own, which testing/synctest moves when all of them wait
package memnet
