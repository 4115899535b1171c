// Package natstest runs a real NATS server inside a test.
package natstest
