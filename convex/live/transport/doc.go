// Package transport is the socket of a sync session: one WebSocket connection that reads messages, and writes those queued.
package transport
