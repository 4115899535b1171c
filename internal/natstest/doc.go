// Package natstest runs a real NATS server inside a test.
//
// Glossary:
//
//	server  a NATS server on a free port of this machine, until the test ends
package natstest
