// Package connlimit bounds the connections of several listeners together.
//
// Glossary:
//
//	limit    how many connections may be open on all listeners that share it
//	refused  of a connection: closed as soon as it was accepted
package connlimit
